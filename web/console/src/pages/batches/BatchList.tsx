/** Every batch: what was handed over where, and how far it is. */
import '../../styles/segments.css';
import type { Batch } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { EmptyTeach, Mark, PageHead, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';

export const STATES = ['draft', 'frozen', 'handed_over', 'closed'] as const;

export function BatchState({ state }: { state: string }) {
  const { t } = useTranslation();
  const tone = ({ draft: 'busy', frozen: 'info', handed_over: 'good' } as const)[state as 'draft'] ?? 'plain';
  return <Mark tone={tone}>{t(`batches.state.${state}`, { defaultValue: state })}</Mark>;
}

export function Component() {
  const { t } = useTranslation();
  const may = useCan('batches:write');
  const columns: Column<Batch>[] = [
    { key: 'name', title: t('common.name'), render: (b) => <Link to={`/batches/${b.id}`}>{b.name || b.id}</Link>, sheet: (b) => b.name },
    { key: 'state', title: t('batches.stateTitle'), render: (b) => <BatchState state={b.state} />, sheet: (b) => b.state },
    { key: 'to', title: t('batches.destinationTitle'), render: (b) => t(`batches.destination.${b.destination}`, { defaultValue: b.destination }), sheet: (b) => b.destination },
    { key: 'matched', title: t('batches.step.matched'), align: 'right', render: (b) => formatNumber(b.funnel.matched), sheet: (b) => b.funnel.matched },
    { key: 'handed', title: t('batches.step.handed_over'), align: 'right', render: (b) => <span className="strong">{formatNumber(b.funnel.handed_over)}</span>, sheet: (b) => b.funnel.handed_over },
    { key: 'held', title: t('batches.heldOut'), align: 'right', render: (b) => formatNumber(b.funnel.losses.held_out ?? 0), sheet: (b) => b.funnel.losses.held_out ?? 0 },
    { key: 'exports', title: t('batches.exports'), align: 'right', render: (b) => (b.exports > 1 ? <Mark tone="warn">{t('batches.repeats', { n: b.exports })}</Mark> : formatNumber(b.exports)), sheet: (b) => b.exports },
    { key: 'created', title: t('batches.createdAt'), render: (b) => <Time at={b.created_at} />, sheet: (b) => b.created_at },
    { key: 'handed_at', title: t('batches.handedAt'), hidden: true, render: (b) => <Time at={b.handed_at} />, sheet: (b) => b.handed_at },
  ];
  const action = may ? (
    <Link to="/batches/new">
      <Button type="primary">{t('batches.new')}</Button>
    </Link>
  ) : null;
  return (
    <>
      <PageHead title={t('nav.batches')} note={t('batches.note')} actions={action} />
      <ResourceList<Batch>
        page="batches"
        label={t('nav.batches')}
        path="/batches"
        columns={columns}
        rowKey={(b) => b.id}
        refresh={10_000}
        exportName="batches"
        filters={[{ kind: 'select', name: 'state', label: t('batches.stateTitle'), options: STATES.map((value) => ({ value, label: t(`batches.state.${value}`) })) }]}
        empty={<EmptyTeach title={t('batches.empty')} text={t('batches.emptyText')} actions={action} />}
      />
    </>
  );
}
