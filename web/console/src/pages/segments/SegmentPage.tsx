/**
 * One segment: how many they are and as of when, who came and left, the members themselves, why somebody is in or not,
 * and what uses it.
 */
import '../../styles/insight.css';
import '../../styles/segments.css';
import type { Segment } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatDate, formatNumber, today } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan, useSession, useZone } from '../../app/session';
import { AsOf, Card, Facts, Mark, PageHead, Time } from '../../ui/bits';
import { Tile } from '../../ui/figures';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { ChangesTab } from './page/ChangesTab';
import { MembersTab } from './page/MembersTab';
import { MoreActions } from './page/MoreActions';
import { SizesTab } from './page/SizesTab';
import { WhyTab } from './page/WhyTab';
import { SegmentState } from './SegmentList';
import { useBatchesOf } from './useBatchesOf';

function Definition({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  return (
    <div className="pad stack">
      <div>
        <h3 className="sub-title">{t('segments.inWords')}</h3>
        <p className="live-sentence">{segment.sentence ?? segment.text ?? '–'}</p>
      </div>
      {segment.text ? (
        <div>
          <h3 className="sub-title">{t('segments.textForm')}</h3>
          <pre className="mono segment-text" tabIndex={0}>
            {segment.text}
          </pre>
        </div>
      ) : null}
      <div>
        <h3 className="sub-title">{t('segments.usedBy')}</h3>
        <UsedBy segment={segment} />
      </div>
      <Facts
        rows={[
          [t('segments.kindShort'), [t(`segments.kind.${segment.kind}`), segment.every ? `${t(`segments.everyOf.${segment.every}`)} ${segment.at ?? ''}` : ''].filter(Boolean).join(' · ')],
          [t('segments.createdAt'), <Time key="c" at={segment.created_at} />],
          [t('segments.updatedAt'), <Time key="u" at={segment.updated_at} />],
        ]}
      />
    </div>
  );
}

const PLACES: Record<string, string> = { segment: '/segments', batch: '/batches' };

function UsedBy({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const batches = useBatchesOf(segment.id);
  const uses = [...(segment.used_by ?? []), ...batches.map((b) => ({ kind: 'batch', id: b.id, name: b.name }))];
  if (uses.length === 0) return <p className="muted">{t('segments.usedByNone')}</p>;
  return (
    <ul className="key-rows">
      {uses.map((use) => {
        const kind = use.kind ?? 'segment';
        const place = PLACES[kind];
        return (
          <li key={`${kind} ${use.id}`}>
            <span className="muted">{t(`segments.useKind.${kind}`, { defaultValue: kind })}</span>
            <span className="grow">{place ? <Link to={`${place}/${use.id}`}>{use.name || use.id}</Link> : use.name || use.id}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Figures({ segment, day, open }: { segment: Segment; day: string; open: (tab: string, only?: boolean) => void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const batches = useBatchesOf(segment.id);
  const uses = (segment.use_count ?? segment.used_by?.length ?? 0) + batches.length;
  // Who was there when it was made did not come: on the first day that is said.
  const began = segment.kind !== 'static' && !segment.building && formatDate(segment.created_at, zone) === day;
  const atFirst = (segment.size ?? 0) - (segment.entered_today ?? 0) + (segment.left_today ?? 0);
  return (
    <div className="tiles tiles-head">
      <Tile label={t('segments.size')} value={formatNumber(segment.size)} note={<AsOf at={segment.size_at} />} onOpen={() => open('members')} />
      <Tile label={t('segments.enteredToday')} value={formatNumber(segment.entered_today)} note={began ? t('segments.atFirst', { n: formatNumber(atFirst) }) : undefined} onOpen={() => open('members', true)} />
      <Tile label={t('segments.leftToday')} value={formatNumber(segment.left_today)} onOpen={() => open('changes')} />
      <Tile label={t('segments.uses')} value={formatNumber(uses)} note={batches.length > 0 ? t('segments.inBatches', { n: formatNumber(batches.length) }) : undefined} onOpen={() => open('about')} />
    </div>
  );
}

function OneSegment() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const [params, setParams] = useSearchParams();
  const may = useCan('segments:write');
  const mayHand = useCan('batches:write');
  const zone = useZone();
  const answer = useQuery<Segment>({
    queryKey: ['segment', merchant.id, id, language],
    queryFn: () => api.get<Segment>(`/segments/${encodeURIComponent(id)}`),
    refetchInterval: (query) => (query.state.data?.building ? 1_500 : 15_000),
  });
  const back = (
    <Link to="/segments" className="back-link">
      ← {t('nav.segments')}
    </Link>
  );
  const segment = answer.data;
  if (!segment) {
    return (
      <>
        <PageHead title={t('segments.one')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const open = (tab: string, only = false) => setParams({ ...(tab === 'members' ? {} : { tab }), ...(only ? { entered: 'today' } : {}) }, { replace: true });
  const archived = segment.state === 'archived';
  // A living one is known up to the server's now: its day is today, also where the server runs in another time.
  const day = segment.kind === 'living' && segment.size_at ? formatDate(segment.size_at, zone) : today(zone);
  return (
    <>
      <PageHead
        title={segment.name}
        back={back}
        note={
          <>
            <SegmentState segment={segment} /> <Mark tone="plain">{t(`segments.kind.${segment.kind}`)}</Mark> {segment.description ?? ''}
          </>
        }
        actions={
          <>
            {mayHand && !archived ? (
              <Link to={`/batches/new?segment=${segment.id}`}>
                <Button type="primary">{t('segments.handOver')}</Button>
              </Link>
            ) : null}
            {archived ? null : (
              <Link to={`/segments/${segment.id}/portrait`}>
                <Button>{t('portrait.link')}</Button>
              </Link>
            )}
            {may && !archived && segment.expr ? (
              <Link to={`/segments/${segment.id}/edit`}>
                <Button>{t('segments.edit')}</Button>
              </Link>
            ) : null}
            {may ? <MoreActions segment={segment} /> : null}
          </>
        }
      />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      <div className="stack">
        <Figures segment={segment} day={day} open={open} />
        <Card flush className="tabs-card">
          <TabBar
            label={segment.name}
            active={params.get('tab') ?? 'members'}
            onChange={(tab) => open(tab)}
            tabs={[
              {
                key: 'members',
                label: t('segments.tab.members'),
                // While everybody is judged for the first time nobody is in yet: that is no empty segment.
                content: () => (segment.building ? <Skeleton active /> : <MembersTab segment={segment} day={day} />),
              },
              { key: 'changes', label: t('segments.tab.changes'), content: () => <ChangesTab id={segment.id} /> },
              { key: 'sizes', label: t('segments.tab.sizes'), content: () => <SizesTab id={segment.id} day={day} /> },
              { key: 'why', label: t('segments.tab.why'), content: () => <WhyTab id={segment.id} /> },
              { key: 'about', label: t('segments.tab.about'), content: () => <Definition segment={segment} /> },
            ]}
          />
        </Card>
      </div>
    </>
  );
}

export function Component() {
  const { id } = useParams();
  return <OneSegment key={id} />;
}
