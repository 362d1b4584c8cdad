/** How two to five segments overlap: every combination, to the person. */
import type { Overlap } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatNumber, formatShare } from '../../app/format';
import { useSession } from '../../app/session';
import { EmptyTeach } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { useSegmentNames } from './builder/SegmentRow';

const MOST = 5;

export function OverlapTable({ ids, nameOf }: { ids: string[]; nameOf: (id: string) => string }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const asked = [...ids].sort();
  const answer = useQuery<Overlap>({
    queryKey: ['segments', 'overlap', merchant.id, asked.join()],
    queryFn: ({ signal }) => api.post<Overlap>('/segments/overlap', { ids: asked }, { signal }),
  });
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data) return <Skeleton active />;
  const rows = [...answer.data.sizes].sort((a, b) => a.ids.length - b.ids.length || b.count - a.count);
  const most = Math.max(1, ...rows.map((r) => r.count));
  const alone = (id: string) => rows.find((r) => r.ids.length === 1 && r.ids[0] === id)?.count ?? 0;
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    { key: 'ids', title: t('segments.overlapOf'), render: (r) => r.ids.map(nameOf).join(' ∩ ') },
    {
      key: 'count',
      title: t('segments.size'),
      align: 'right',
      render: (r) => (
        <span className="bar-cell">
          <span className="amount strong">{formatNumber(r.count)}</span>
          <span className="bar-track" aria-hidden="true">
            <span style={{ width: `${(r.count * 100) / most}%` }} />
          </span>
        </span>
      ),
    },
    {
      key: 'share',
      title: t('segments.overlapShare'),
      render: (r) => (r.ids.length === 1 ? '–' : r.ids.map((id) => t('segments.overlapShareOf', { name: nameOf(id), share: formatShare(r.count, alone(id)) })).join(t('members.listComma'))),
    },
  ];
  return <DataTable label={t('segments.overlap')} columns={columns} rows={rows} rowKey={(r) => r.ids.join()} />;
}

export function OverlapPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const names = useSegmentNames();
  const chosen = params.get('of')?.split(',').filter(Boolean) ?? [];
  const nameOf = (id: string) => names.data?.find((s) => s.id === id)?.name ?? id;
  return (
    <div className="stack">
      <div>
        <div className="field-label">{t('segments.overlapChoose')}</div>
        <Select
          mode="multiple"
          className="full"
          aria-label={t('segments.overlapChoose')}
          placeholder={t('segments.overlapChoose')}
          value={chosen}
          maxCount={MOST}
          loading={names.isPending}
          options={(names.data ?? []).filter((s) => s.state !== 'archived').map((s) => ({ value: s.id, label: s.name }))}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(ids: string[]) => setParams({ tab: 'overlap', ...(ids.length > 0 ? { of: ids.join(',') } : {}) }, { replace: true })}
        />
      </div>
      {chosen.length < 2 ? <EmptyTeach title={t('segments.overlapNone')} text={t('segments.overlapNoneText')} /> : <OverlapTable ids={chosen} nameOf={nameOf} />}
    </div>
  );
}
