/**
 * What distinguishes a segment: every attribute's share in it beside all members, or beside another segment, with how
 * sure that is. Whatever stands out most is told first.
 */
import '../../styles/insight.css';
import '../../styles/portrait.css';
import type { PortraitBar, Segment, SegmentPortrait } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatNumber, nextDay, today } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useSession, useZone } from '../../app/session';
import { AsOf, EmptyTeach, PageHead } from '../../ui/bits';
import { ChartCard } from '../../ui/chart/ChartCard';
import { ProblemAlert } from '../../ui/problem';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { AttributeCard, useBarColumns } from './AttributeCard';
import { Bars, Legend, type Named } from './Bars';
import { distinct } from './lift';
import { MetricsCard } from './MetricsCard';

const SPANS = ['all', '30', '90', '365'] as const;
const DIMENSIONS = ['demand', 'buyer', 'purchase', 'dynamic'] as const;
/** Bars that are told first. */
const FIRST = 12;

function Outstanding({ data, names, exprOf }: { data: SegmentPortrait; names: [string, string]; exprOf: (bar: PortraitBar) => unknown }) {
  const { t } = useTranslation();
  const columns = useBarColumns(names);
  const rows: Named[] = distinct(data.attributes, FIRST).map(({ attribute, bar }) => ({ key: `${attribute.key} ${bar.value}`, label: `${attribute.label} · ${bar.label}`, bar }));
  return (
    <ChartCard
      title={t('portrait.outstanding')}
      note={t('portrait.outstandingNote', { n: formatNumber(data.method.comparisons), percent: Math.round(data.method.false_marks * 100) })}
      columns={columns.filter((c) => !c.hidden)}
      exported={columns}
      rows={rows}
      rowKey={(r) => r.key}
      file="portrait-outstanding"
    >
      {rows.length === 0 ? (
        <EmptyTeach title={t('portrait.nothing')} text={t('portrait.nothingText')} />
      ) : (
        <>
          <Legend names={names} />
          <Bars bars={rows} label={t('portrait.outstanding')} names={names} exprOf={exprOf} />
        </>
      )}
    </ChartCard>
  );
}

function Told({ data, segment, names }: { data: SegmentPortrait; segment: Segment; names: [string, string] }) {
  const { t } = useTranslation();
  const within = (expr: unknown) => ({ op: 'and', args: [{ op: 'in_segment', id: segment.id }, expr] });
  const exprOf = (bar: PortraitBar) => within(bar.expr);
  return (
    <div className="stack">
      <MetricsCard data={data} names={names} />
      <Outstanding data={data} names={names} exprOf={exprOf} />
      {DIMENSIONS.map((dimension) => {
        const attributes = data.attributes.filter((a) => a.dimension === dimension);
        return attributes.length === 0 ? null : (
          <section key={dimension} className="stack">
            <h2 className="portrait-dimension">{t(`portrait.dimension.${dimension}`)}</h2>
            <div className="portrait-cards">
              {attributes.map((attribute) => (
                <AttributeCard key={attribute.key} attribute={attribute} names={names} exprOf={exprOf} missingExpr={attribute.missing_expr ? within(attribute.missing_expr) : null} />
              ))}
            </div>
          </section>
        );
      })}
      <p className="muted small">{t('portrait.method')}</p>
    </div>
  );
}

function OnePortrait() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const zone = useZone();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const [params, setParams] = useSearchParams();
  const others = useSegmentNames();
  const against = params.get('against');
  const span = SPANS.find((s) => s === params.get('days')) ?? 'all';
  const to = nextDay(today(zone));
  const from = span === 'all' ? null : new Date(Date.parse(`${to}T00:00:00Z`) - Number(span) * 86_400_000).toISOString().slice(0, 10);
  const segment = useQuery<Segment>({ queryKey: ['segment', merchant.id, id, language], queryFn: () => api.get<Segment>(`/segments/${encodeURIComponent(id)}`) });
  const answer = useQuery<SegmentPortrait>({
    queryKey: ['portrait', merchant.id, id, against, from, to, language],
    queryFn: ({ signal }) => api.post<SegmentPortrait>('/segments/portrait', { segment: id, ...(against ? { against: { segment: against } } : {}), ...(from ? { from, to } : {}) }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const set = (key: string, value: string | null) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (value) next.set(key, value);
      else next.delete(key);
      return next;
    }, { replace: true });
  const name = segment.data?.name ?? '';
  const otherName = against ? (others.data?.find((s) => s.id === against)?.name ?? against) : t('portrait.everybody');
  return (
    <>
      <PageHead
        title={name ? t('portrait.titleOf', { name }) : t('portrait.title')}
        back={
          <Link to={`/segments/${id}`} className="back-link">
            ← {name || t('segments.one')}
          </Link>
        }
        note={t('portrait.note')}
        actions={answer.data ? <AsOf at={answer.data.known_at} busy={answer.isFetching} /> : null}
      />
      <div className="row-gap portrait-tools">
        <Select
          className="portrait-against"
          aria-label={t('portrait.against')}
          value={against ?? ''}
          loading={others.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={[{ value: '', label: t('portrait.againstAll') }, ...(others.data ?? []).filter((s) => s.id !== id && s.state !== 'archived').map((s) => ({ value: s.id, label: t('portrait.againstOf', { name: s.name }) }))]}
          onChange={(value: string) => set('against', value || null)}
        />
        <Select
          className="portrait-window"
          aria-label={t('portrait.window')}
          value={span}
          options={SPANS.map((s) => ({ value: s, label: s === 'all' ? t('portrait.allTime') : t('portrait.lastDays', { n: s }) }))}
          onChange={(value) => set('days', value === 'all' ? null : value)}
        />
      </div>
      <ProblemAlert error={segment.error ?? answer.error} retry={() => void (segment.error ? segment.refetch() : answer.refetch())} />
      {answer.data && segment.data ? <Told data={answer.data} segment={segment.data} names={[name, otherName]} /> : answer.error || segment.error ? null : <Skeleton active />}
    </>
  );
}

export function Component() {
  const { id } = useParams();
  return <OnePortrait key={id} />;
}
