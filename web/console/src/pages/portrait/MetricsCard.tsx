/** What the group buys and does, beside the other: sales, cart, favourite, conversion. */
import type { PortraitMetric, SegmentPortrait } from '@api';
import { useTranslation } from 'react-i18next';
import { formatBigMoney, formatMoney, formatNumber, plainMoney } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { ChartCard } from '../../ui/chart/ChartCard';
import type { Column } from '../../ui/DataTable';
import { Tile } from '../../ui/figures';
import { LiftCell } from './LiftCell';
import { type Fixed, percent } from './lift';

/** A figure as a sheet has it: money as decimals, its currency beside it. */
function metricSheet(m: PortraitMetric, key: 'group' | 'against', currency: string): string | number {
  const { value } = m[key];
  if (value === null || value === undefined) return '';
  return m.kind === 'money' ? plainMoney({ amount: Math.round(value), currency }) : value;
}

export function MetricsCard({ data, names, fixed, file }: { data: SegmentPortrait; names: [string, string]; fixed: Fixed; file: string }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { currency } = data.group.sales;
  const value = (m: PortraitMetric, key: 'group' | 'against') => {
    const told = m[key].value;
    if (told === null || told === undefined) return '–';
    if (m.kind === 'share') return percent(told);
    return m.kind === 'money' ? formatMoney({ amount: Math.round(told), currency }) : told.toFixed(2);
  };
  const side = (key: 'group' | 'against', name: string): Column<PortraitMetric> => ({
    key,
    title: name,
    align: 'right',
    render: (m) => <span className="amount">{value(m, key)}</span>,
    sheet: (m) => metricSheet(m, key, currency),
  });
  const columns: Column<PortraitMetric>[] = [
    { key: 'label', title: t('portrait.metric'), render: (m) => m.label, sheet: (m) => m.label },
    side('group', names[0]),
    side('against', names[1]),
    { key: 'lift', title: t('portrait.lift'), align: 'right', render: (m) => <LiftCell lift={m.lift} fixed={fixed(m.key)} />, sheet: (m) => m.lift?.ratio ?? '' },
  ];
  const low: Column<PortraitMetric>[] = [
    { key: 'unit', title: t('portrait.currency'), render: (m) => (m.kind === 'money' ? currency : ''), sheet: (m) => (m.kind === 'money' ? currency : '') },
    { key: 'low', title: t('portrait.low'), render: (m) => m.lift?.low, sheet: (m) => m.lift?.low ?? '' },
    { key: 'high', title: t('portrait.high'), render: (m) => m.lift?.high, sheet: (m) => m.lift?.high ?? '' },
  ];
  // What no source reports is not known to be none.
  const acts = (key: string, count: number) => (data.metrics.find((m) => m.key === key)?.against.value == null ? '–' : formatNumber(count));
  return (
    <>
      <div className="tiles tiles-head">
        <Tile label={t('portrait.members', { name: names[0] })} value={formatNumber(data.group.members)} note={t('portrait.besideOf', { n: formatNumber(data.against.members), name: names[1] })} />
        <Tile label={t('portrait.sales')} value={formatBigMoney(data.group.sales, language)} exact={formatMoney(data.group.sales)} note={t('portrait.orders', { n: formatNumber(data.group.orders) })} />
        <Tile label={t('portrait.carts')} value={acts('cart_share', data.group.carts)} />
        <Tile label={t('portrait.favourites')} value={acts('favourite_share', data.group.favourites)} />
      </div>
      <ChartCard
        title={t('portrait.metrics')}
        note={t('portrait.metricsNote')}
        columns={columns}
        exported={[...columns, ...low]}
        rows={data.metrics}
        rowKey={(m) => m.key}
        file={`${file}-${t('portrait.metrics')}`}
        both
      >
        {null}
      </ChartCard>
    </>
  );
}
