/** How it went day by day: what is wanting of all wishes together, or one wish beside what there was. */
import type { PortraitDay, PortraitDays, PortraitTarget } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Select, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatDate, formatNumber, formatTime } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useSession, useZone } from '../../app/session';
import { Card, EmptyTeach } from '../../ui/bits';
import { Chart } from '../../ui/chart/Chart';
import { ChartCard } from '../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../ui/chart/parts';
import type { Column } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { useColours } from '../insight/frame/use';
import { percent } from '../portrait/lift';
import { points } from './points';

const wishOf = (day: PortraitDay, key: string) => day.wishes.find((w) => `${w.attribute} ${w.values.join(' ')}` === key);

export function Progress({ target }: { target: PortraitTarget }) {
  const { t } = useTranslation();
  const zone = useZone();
  const c = useColours();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const [which, setWhich] = useState('');
  const answer = useQuery<PortraitDays>({
    queryKey: ['portrait-days', merchant.id, target.id, language],
    queryFn: ({ signal }) => api.get<PortraitDays>(`/portrait-targets/${target.id}/days`, {}, signal),
    // The first day is recorded by a task while the page is looked at.
    refetchInterval: (query) => (query.state.data?.items.length ? 60_000 : 1_500),
  });
  const days = answer.data?.items ?? [];
  const names = which ? [t('targets.now'), t('targets.wished')] : [t('targets.shortfall')];
  const option = useMemo(() => {
    const line = (name: string, colour: string | undefined, data: (number | null)[], dashed = false) => ({
      type: 'line',
      name,
      data,
      symbolSize: 6,
      lineStyle: { width: 2, color: colour, type: dashed ? 'dashed' : 'solid' },
      itemStyle: { color: colour },
    });
    const hundred = (share: number | null | undefined) => (share == null ? null : Math.round(share * 1000) / 10);
    const series = which
      ? [line(names[0] ?? '', c.accent, days.map((d) => hundred(wishOf(d, which)?.share))), line(names[1] ?? '', c.muted, days.map((d) => hundred(wishOf(d, which)?.wished)), true)]
      : [line(names[0] ?? '', c.accent, days.map((d) => hundred(d.shortfall)))];
    return {
      ...base(c, names),
      tooltip: tooltip(c, (told) => {
        const day = days[told[0]?.dataIndex ?? 0];
        if (!day) return '';
        const lines = told.map((one) => `${safe(one.seriesName)} ${one.value == null ? '–' : safe(String(one.value))}${which ? '%' : ''}`);
        return [safe(formatDate(day.at, zone)), ...lines, safe(t('portrait.people', { n: formatNumber(day.members) }))].join('<br>');
      }),
      xAxis: categories(c, days.map((d) => formatDate(d.at, zone).slice(5))),
      yAxis: values(c, (n) => (which ? `${n}%` : String(n)), { scale: Boolean(which), min: which ? undefined : 0 }),
      series,
    };
  }, [c, days, names.join(), t, which, zone]);
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.isPending) return <Skeleton active />;
  if (days.length === 0) {
    return (
      <Card title={t('targets.progress')}>
        <EmptyTeach title={t('targets.noDays')} text={t('targets.noDaysText')} />
      </Card>
    );
  }
  const each: Column<PortraitDay>[] = target.wishes.map((wish) => {
    const key = `${wish.attribute} ${wish.values.join(' ')}`;
    const title = `${wish.attribute_label} · ${wish.label}`;
    return { key, title, align: 'right', render: (d) => percent(wishOf(d, key)?.share), sheet: (d) => wishOf(d, key)?.share ?? '' };
  });
  const columns: Column<PortraitDay>[] = [
    { key: 'day', title: t('segments.day'), render: (d) => formatDate(d.at, zone), sheet: (d) => formatDate(d.at, zone) },
    { key: 'known', title: t('portrait.knownAt'), render: (d) => formatTime(d.known_at, zone), sheet: (d) => formatTime(d.known_at, zone) },
    { key: 'members', title: t('targets.members'), align: 'right', render: (d) => formatNumber(d.members), sheet: (d) => d.members },
    { key: 'shortfall', title: t('targets.shortfall'), align: 'right', render: (d) => t('targets.points', { n: points(d.shortfall) }), sheet: (d) => d.shortfall },
    ...each,
  ];
  return (
    <ChartCard
      title={t('targets.progress')}
      note={t('targets.progressNote')}
      columns={columns}
      rows={days}
      rowKey={(d) => d.at}
      file={`${target.name}-${t('targets.progress')}`}
      tools={
        <Select
          size="small"
          className="target-which"
          aria-label={t('targets.which')}
          value={which}
          options={[{ value: '', label: t('targets.shortfall') }, ...each.map((column) => ({ value: column.key, label: column.title }))]}
          onChange={setWhich}
          popupMatchSelectWidth={false}
        />
      }
    >
      <Chart label={t('targets.progressLabel', { n: days.length })} option={option} height={240} />
    </ChartCard>
  );
}
