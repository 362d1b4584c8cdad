/** All segments: how many each is, who came and went today, what uses it; and the ready ones to start from. */
import '../../styles/insight.css';
import '../../styles/segments.css';
import '../../styles/targets.css';
import type { Segment } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { Card, EmptyTeach, Mark, PageHead, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { TabBar } from '../../ui/TabBar';
import { TargetsTab } from '../targets/TargetsTab';
import { OverlapPage } from './Overlap';
import { Ready } from './Ready';
import { useBatchCounts } from './useBatchesOf';

export function SegmentState({ segment }: { segment: Pick<Segment, 'state' | 'building'> }) {
  const { t } = useTranslation();
  const state = segment.building ? 'building' : segment.state;
  const tone = { active: 'good', building: 'busy', archived: 'plain' } as const;
  return <Mark tone={tone[state as keyof typeof tone] ?? 'plain'}>{t(`segments.state.${state}`, { defaultValue: state })}</Mark>;
}

/** +12 / −3 */
export function Moves({ entered, left }: { entered?: number | null; left?: number | null }) {
  const { t } = useTranslation();
  if (entered == null && left == null) return <span className="muted">–</span>;
  return (
    <span className="amount">
      <span className={entered ? 'good-text' : 'muted'} title={t('segments.entered')}>
        +{formatNumber(entered ?? 0)}
      </span>{' '}
      <span className={left ? 'bad-text' : 'muted'} title={t('segments.left')}>
        −{formatNumber(left ?? 0)}
      </span>
    </span>
  );
}

function useColumns(): Column<Segment>[] {
  const { t } = useTranslation();
  const batches = useBatchCounts();
  const uses = (s: Segment) => (s.use_count ?? s.used_by?.length ?? 0) + (batches.get(s.id) ?? 0);
  return [
    {
      key: 'name',
      title: t('common.name'),
      render: (s) => (
        <span className="cell-two segment-name">
          <Link to={`/segments/${s.id}`}>{s.name}</Link>
          {s.description ?? s.sentence ? <span className="muted small cell-title">{s.description || s.sentence}</span> : null}
        </span>
      ),
      sheet: (s) => s.name,
    },
    { key: 'size', title: t('segments.size'), align: 'right', render: (s) => <span className="amount strong">{formatNumber(s.size)}</span>, sheet: (s) => s.size },
    { key: 'today', title: t('segments.today'), align: 'right', render: (s) => <Moves entered={s.entered_today} left={s.left_today} />, sheet: (s) => s.entered_today },
    { key: 'kind', title: t('segments.kindShort'), render: (s) => t(`segments.kind.${s.kind}`), sheet: (s) => t(`segments.kind.${s.kind}`) },
    { key: 'state', title: t('segments.stateTitle'), render: (s) => <SegmentState segment={s} />, sheet: (s) => s.state },
    { key: 'uses', title: t('segments.uses'), align: 'right', render: (s) => formatNumber(uses(s)), sheet: uses },
    { key: 'as_of', title: t('segments.sizeAt'), render: (s) => <Time at={s.size_at} />, sheet: (s) => s.size_at },
    { key: 'updated', title: t('segments.updatedAt'), hidden: true, render: (s) => <Time at={s.updated_at} />, sheet: (s) => s.updated_at },
  ];
}

function All() {
  const { t } = useTranslation();
  const may = useCan('segments:write');
  const columns = useColumns();
  return (
    <ResourceList<Segment>
      page="segments"
      label={t('nav.segments')}
      path="/segments"
      columns={columns}
      rowKey={(s) => s.id}
      exportName="segments"
      refresh={15_000}
      filters={[
        { kind: 'select', name: 'kind', label: t('segments.kindShort'), options: ['living', 'static', 'scheduled'].map((value) => ({ value, label: t(`segments.kind.${value}`) })) },
        { kind: 'select', name: 'state', label: t('segments.stateTitle'), options: ['archived', 'all'].map((value) => ({ value, label: t(value === 'all' ? 'common.all' : 'segments.state.archived') })) },
      ]}
      empty={
        <EmptyTeach
          title={t('segments.empty')}
          text={t('segments.emptyText')}
          actions={
            <>
              {may ? (
                <Link to="/segments/new">
                  <Button type="primary">{t('segments.new')}</Button>
                </Link>
              ) : null}
              <Link to="/segments?tab=ready">
                <Button>{t('segments.ready')}</Button>
              </Link>
            </>
          }
        />
      }
    />
  );
}

export function Component() {
  const { t } = useTranslation();
  const may = useCan('segments:write');
  const [params, setParams] = useSearchParams();
  return (
    <>
      <PageHead
        title={t('nav.segments')}
        note={t('segments.note')}
        actions={
          may ? (
            <Link to="/segments/new">
              <Button type="primary">{t('segments.new')}</Button>
            </Link>
          ) : null
        }
      />
      <Card flush className="tabs-card">
        <TabBar
          label={t('nav.segments')}
          active={params.get('tab') ?? 'all'}
          onChange={(tab) => setParams(tab === 'all' ? {} : { tab }, { replace: true })}
          tabs={[
            { key: 'all', label: t('segments.all'), content: () => <All /> },
            { key: 'ready', label: t('segments.ready'), content: () => <div className="pad"><Ready /></div> },
            { key: 'overlap', label: t('segments.overlap'), content: () => <div className="pad"><OverlapPage /></div> },
            { key: 'targets', label: t('targets.title'), content: () => <TargetsTab /> },
          ]}
        />
      </Card>
    </>
  );
}
