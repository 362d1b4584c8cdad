/**
 * What distinguishes a segment: every attribute's share in it beside all members, or beside another segment, with how
 * sure that is. Whatever stands out most is told first.
 */
import '../../styles/insight.css';
import '../../styles/portrait.css';
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import type { PortraitBar, Segment, SegmentPortrait } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatNumber, nextDay, today } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useSession, useZone } from '../../app/session';
import { useAct } from '../../ui/act';
import { AsOf, downloadBlob, EmptyTeach, PageHead } from '../../ui/bits';
import { ChartCard } from '../../ui/chart/ChartCard';
import { ProblemAlert } from '../../ui/problem';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { AttributeCard, useBarColumns } from './AttributeCard';
import { Bars, Legend, type Named } from './Bars';
import { distinct, fixedBy, nameOf, type Told } from './lift';
import { MetricsCard } from './MetricsCard';

const SPANS = ['all', '30', '90', '365'] as const;
const DIMENSIONS = ['demand', 'buyer', 'purchase', 'dynamic'] as const;
/** Bars that are told first, of those that are more and of those that are less. */
const FIRST = 8;

interface ToldProps {
  data: SegmentPortrait;
  segment: Segment;
  names: [string, string];
  /** How the files of its cards are named. */
  file: string;
}

const named = ({ attribute, bar }: Told): Named => ({ key: `${attribute.key} ${bar.value}`, label: `${attribute.label} · ${attribute.key === 'stage' ? nameOf(bar) : bar.label}`, bar });

function Outstanding({ data, segment, names, file, exprOf }: ToldProps & { exprOf: (bar: PortraitBar) => unknown }) {
  const { t } = useTranslation();
  const columns = useBarColumns(names);
  const found = distinct(data.attributes, FIRST, segment.expr);
  const [more, less] = [found.more.map(named), found.less.map(named)];
  return (
    <ChartCard
      title={t('portrait.outstanding')}
      note={t('portrait.outstandingNote', { n: formatNumber(data.method.comparisons), percent: Math.round(data.method.false_marks * 100) })}
      columns={columns.filter((c) => !c.hidden)}
      exported={columns}
      rows={[...more, ...less]}
      rowKey={(r) => r.key}
      file={`${file}-${t('portrait.outstanding')}`}
    >
      {more.length + less.length === 0 ? (
        <EmptyTeach title={t('portrait.nothing')} text={t('portrait.nothingText')} />
      ) : (
        <>
          <Legend names={names} />
          {[
            { rows: more, title: t('portrait.more', { name: names[1] }) },
            { rows: less, title: t('portrait.less', { name: names[1] }) },
          ].map(({ rows, title }) =>
            rows.length === 0 ? null : (
              <div key={title}>
                <h3 className="sub-title">{title}</h3>
                <Bars bars={rows} label={title} names={names} exprOf={exprOf} />
              </div>
            ),
          )}
        </>
      )}
    </ChartCard>
  );
}

function Cards({ data, segment, names, file }: ToldProps) {
  const { t } = useTranslation();
  const within = (expr: unknown) => ({ op: 'and', args: [{ op: 'in_segment', id: segment.id }, expr] });
  const exprOf = (bar: PortraitBar) => within(bar.expr);
  const fixed = fixedBy(segment.expr);
  return (
    <div className="stack">
      <MetricsCard data={data} names={names} fixed={fixed} file={file} />
      <Outstanding data={data} segment={segment} names={names} file={file} exprOf={exprOf} />
      {DIMENSIONS.map((dimension) => {
        const attributes = data.attributes.filter((a) => a.dimension === dimension);
        return attributes.length === 0 ? null : (
          <section key={dimension} className="stack">
            <h2 className="portrait-dimension">{t(`portrait.dimension.${dimension}`)}</h2>
            <div className="portrait-cards">
              {attributes.map((attribute) => (
                <AttributeCard key={attribute.key} fixed={(bar) => fixed(attribute.key, bar)} file={file} attribute={attribute} names={names} exprOf={exprOf} missingExpr={attribute.missing_expr ? within(attribute.missing_expr) : null} />
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
  const asked = { segment: id, ...(against ? { against: { segment: against } } : {}), ...(from ? { from, to } : {}) };
  const answer = useQuery<SegmentPortrait>({
    queryKey: ['portrait', merchant.id, id, against, from, to, language],
    queryFn: ({ signal }) => api.post<SegmentPortrait>('/segments/portrait', asked, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const set = (key: string, value: string | null) =>
    setParams(() => {
      // Of the address as it is: two choices in a row, the page not drawn anew between them, both hold.
      const next = new URLSearchParams(window.location.search);
      if (value) next.set(key, value);
      else next.delete(key);
      return next;
    }, { replace: true });
  const name = segment.data?.name ?? '';
  const otherName = against ? (others.data?.find((s) => s.id === against)?.name ?? against) : t('portrait.everybody');
  const names: [string, string] = [name, otherName];
  const spanName = (s: (typeof SPANS)[number]) => (s === 'all' ? t('portrait.allTime') : t('portrait.lastDays', { n: s }));
  const file = t('portrait.file', { name, other: otherName, day: today(zone) }).replace(/[\\/:*?"<>|]/g, '-');
  // The whole of it, also what the page has no room for, as the server writes it.
  const save = useAct<'csv' | 'xlsx', Blob>((client, format) => client.download('/segments/portrait/export', { format }, asked), {
    onDone: (blob, format) => downloadBlob(blob, `${file}.${format}`),
  });
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
        actions={
          answer.data && name ? (
            <>
              <AsOf at={answer.data.known_at} busy={answer.isFetching} />
              <Dropdown
                trigger={['click']}
                menu={{
                  items: (['xlsx', 'csv'] as const).map((format) => ({ key: format, label: t(`portrait.exportAs.${format}`) })),
                  onClick: ({ key }) => save.mutate(key === 'xlsx' ? 'xlsx' : 'csv'),
                }}
              >
                <Button icon={<DownloadOutlined aria-hidden="true" />} loading={save.isPending}>
                  {t('portrait.exportAll')}
                </Button>
              </Dropdown>
            </>
          ) : null
        }
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
          options={SPANS.map((s) => ({ value: s, label: spanName(s) }))}
          onChange={(value) => set('days', value === 'all' ? null : value)}
        />
      </div>
      <ProblemAlert error={segment.error ?? answer.error} retry={() => void (segment.error ? segment.refetch() : answer.refetch())} />
      {answer.data && segment.data ? <Cards data={answer.data} segment={segment.data} names={names} file={file} /> : answer.error || segment.error ? null : <Skeleton active />}
    </>
  );
}

export function Component() {
  const { id } = useParams();
  return <OnePortrait key={id} />;
}
