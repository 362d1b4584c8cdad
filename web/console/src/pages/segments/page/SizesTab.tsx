/** How many they were day by day, and how many came and left. */
import type { SegmentSize } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Segmented, Skeleton } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '../../../app/api';
import { formatDate, formatNumber, nextDay } from '../../../app/format';
import { useSession, useZone } from '../../../app/session';
import { EmptyTeach } from '../../../ui/bits';
import { Chart } from '../../../ui/chart/Chart';
import { ChartCard } from '../../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../../ui/chart/parts';
import type { Column } from '../../../ui/DataTable';
import { ProblemAlert } from '../../../ui/problem';
import { useColours } from '../../insight/frame/use';

const SPANS = [30, 90, 365] as const;

export function SizesTab({ id, day }: { id: string; day: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const { merchant } = useSession();
  const c = useColours();
  const [params, setParams] = useSearchParams();
  const span = SPANS.find((n) => String(n) === params.get('days')) ?? 30;
  const to = nextDay(day);
  const from = new Date(Date.parse(`${to}T00:00:00Z`) - span * 86_400_000).toISOString().slice(0, 10);
  const answer = useQuery<SegmentSize[]>({
    queryKey: ['segment', merchant.id, id, 'sizes', from, to],
    queryFn: async ({ signal }) => {
      const got = await api.get<SegmentSize[] | { items: SegmentSize[] }>(`/segments/${id}/sizes`, { from, to }, signal);
      return Array.isArray(got) ? got : got.items;
    },
  });
  const rows = useMemo(() => [...(answer.data ?? [])].sort((a, b) => (a.at < b.at ? -1 : 1)), [answer.data]);
  const option = useMemo(() => {
    const days = rows.map((r) => formatDate(r.at, zone).slice(5));
    const names = [t('segments.size'), t('segments.entered'), t('segments.left')];
    // There are no halves of people.
    const whole = (n: number) => (Number.isInteger(n) ? formatNumber(n) : '');
    const nameTextStyle = { color: c.muted, fontSize: 12, align: 'left' };
    return {
      ...base(c, names),
      tooltip: tooltip(c, (told) => {
        const row = rows[told[0]?.dataIndex ?? 0];
        return `${safe(row ? formatDate(row.at, zone) : '')}<br>${row ? [row.size, row.entered, row.left].map((n, i) => `${safe(names[i] ?? '')} ${formatNumber(n)}`).join('<br>') : ''}`;
      }),
      // Who is in above, who came and went below: the one is a hundred times the other.
      grid: [
        { left: 4, right: 12, top: 56, height: 160, containLabel: true },
        { left: 4, right: 12, top: 252, bottom: 4, containLabel: true },
      ],
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      xAxis: [categories(c, days, { axisLabel: { show: false } }), categories(c, days, { gridIndex: 1 })],
      yAxis: [values(c, whole, { name: names[0], nameTextStyle, scale: true, minInterval: 1 }), values(c, (n) => whole(Math.abs(n)), { name: t('segments.tab.changes'), nameTextStyle, gridIndex: 1, splitNumber: 2, minInterval: 1 })],
      series: [
        { type: 'line', name: names[0], data: rows.map((r) => r.size), symbolSize: 5, lineStyle: { width: 2, color: c.accent }, itemStyle: { color: c.accent } },
        { type: 'bar', xAxisIndex: 1, yAxisIndex: 1, name: names[1], stack: 'moves', data: rows.map((r) => r.entered), itemStyle: { color: c.series[1] }, barMaxWidth: 18 },
        { type: 'bar', xAxisIndex: 1, yAxisIndex: 1, name: names[2], stack: 'moves', data: rows.map((r) => -r.left), itemStyle: { color: c.series[3] }, barMaxWidth: 18 },
      ],
    };
  }, [c, rows, t, zone]);
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.isPending) return <Skeleton active className="pad" />;
  if (rows.length === 0) return <EmptyTeach title={t('segments.noSizes')} text={t('segments.noSizesText')} />;
  const columns: Column<SegmentSize>[] = [
    { key: 'day', title: t('segments.day'), render: (r) => formatDate(r.at, zone), sheet: (r) => formatDate(r.at, zone) },
    { key: 'size', title: t('segments.size'), align: 'right', render: (r) => formatNumber(r.size), sheet: (r) => r.size },
    { key: 'entered', title: t('segments.entered'), align: 'right', render: (r) => formatNumber(r.entered), sheet: (r) => r.entered },
    { key: 'left', title: t('segments.left'), align: 'right', render: (r) => formatNumber(r.left), sheet: (r) => r.left },
  ];
  return (
    <ChartCard
      title={t('segments.sizeTitle')}
      columns={columns}
      rows={rows}
      rowKey={(r) => r.at}
      file="segment-sizes"
      tools={
        <Segmented
          size="small"
          value={span}
          aria-label={t('segments.tab.sizes')}
          options={SPANS.map((n) => ({ value: n, label: t('builder.window.days', { n }) }))}
          onChange={(n) => setParams({ tab: 'sizes', days: String(n) }, { replace: true })}
        />
      }
    >
      <Chart label={t('segments.sizeLabel', { n: rows.length })} option={option} height={370} />
    </ChartCard>
  );
}
