/** How the shop does: sales, orders, who buys again, who is new; against the days before; month by month. */
import type { DashboardReport } from '@api';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { formatNumber, formatShare, plainMoney } from '../../app/format';
import { useCan } from '../../app/session';
import { Amount, Card } from '../../ui/bits';
import { Chart } from '../../ui/chart/Chart';
import { ChartCard } from '../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../ui/chart/parts';
import type { Column } from '../../ui/DataTable';
import { Split } from '../../ui/figures';
import { HeadFigures } from './HeadFigures';
import { InsightPage } from './frame/InsightPage';
import { Count, MembersDrawer, useOpenMembers } from './frame/members';
import type { Period } from './frame/period';
import { useColours, useMoney } from './frame/use';
import { useReport } from './frame/useReport';

const MEASURES = ['received', 'paid', 'orders', 'buyers', 'new_buyers'] as const;
type Measure = (typeof MEASURES)[number];

export const MEMBER_FIGURES = ['known', 'registered_in_window', 'bought_ever', 'never_bought', 'buyers', 'repeat_buyers', 'new_buyers', 'returning_buyers'] as const;

type Month = DashboardReport['trend'][number];

/** The days of a month that lie in the window, half open. */
function daysOf(month: string, period: Period): { from: string; to: string } {
  const [year = 0, m = 0] = month.split('-').map(Number);
  const first = `${month}-01`;
  const next = m === 12 ? `${year + 1}-01-01` : `${year}-${String(m + 1).padStart(2, '0')}-01`;
  const { from, to } = period.span;
  return { from: from && from > first ? from : first, to: to < next ? to : next };
}

function Trend({ data, before, period }: { data: DashboardReport; before: DashboardReport | undefined; period: Period }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const open = useOpenMembers();
  const can = useCan('members:read');
  const c = useColours();
  const money = useMoney(data.currency);
  const wanted = params.get('measure');
  const measure: Measure = MEASURES.find((m) => m === wanted) ?? 'received';
  const isMoney = measure === 'received' || measure === 'paid';
  // Only the same months of a year before stand under each other; a span of other months has no place in this chart.
  const yearAgo = useMemo(() => {
    if (period.compare !== 'year' || !before) return null;
    const known = new Map(before.trend.map((m) => [m.month, m]));
    return data.trend.map((m) => known.get(`${Number(m.month.slice(0, 4)) - 1}${m.month.slice(4)}`)?.[measure] ?? 0);
  }, [before, data, measure, period.compare]);
  const option = useMemo(() => {
    const say = (n: number) => (isMoney ? money.exact(n) : formatNumber(n));
    const short = (n: number) => (isMoney ? money.axis(n) : formatNumber(n));
    const names = [t(`insight.measure.${measure}`), ...(yearAgo ? [t('insight.compares.year')] : [])];
    return {
      ...base(c, names),
      tooltip: tooltip(c, (rows) => `${safe(rows[0]?.name ?? '')}<br>${rows.map((r) => `${r.marker}${safe(r.seriesName)} ${say(Number(r.value))}`).join('<br>')}`),
      xAxis: categories(c, data.trend.map((m) => m.month)),
      yAxis: values(c, short),
      series: [
        { type: 'bar', name: names[0], data: data.trend.map((m) => m[measure]), itemStyle: { color: c.accent, borderRadius: [3, 3, 0, 0] }, barMaxWidth: 36 },
        ...(yearAgo ? [{ type: 'line', name: names[1], data: yearAgo, symbolSize: 5, lineStyle: { type: 'dashed', width: 2, color: c.before }, itemStyle: { color: c.before } }] : []),
      ],
    };
  }, [c, data, isMoney, measure, money, t, yearAgo]);
  const sum = (m: Month, key: 'paid' | 'received') => <Amount value={money.of(m[key])} />;
  const people = (m: Month, key: 'buyers' | 'new_buyers') =>
    m[key] > 0 && can ? (
      <button type="button" className="link-button amount" aria-label={t('insight.openMembers', { name: `${m.month} ${t(`insight.measure.${key}`)}`, n: m[key] })} onClick={() => open(key, daysOf(m.month, period))}>
        {formatNumber(m[key])}
      </button>
    ) : (
      formatNumber(m[key])
    );
  const columns: Column<Month>[] = [
    { key: 'month', title: t('insight.month'), render: (m) => m.month, sheet: (m) => m.month },
    { key: 'received', title: t('insight.measure.received'), align: 'right', render: (m) => sum(m, 'received'), sheet: (m) => plainMoney(money.of(m.received)) },
    { key: 'paid', title: t('insight.measure.paid'), align: 'right', render: (m) => sum(m, 'paid'), sheet: (m) => plainMoney(money.of(m.paid)) },
    { key: 'orders', title: t('insight.measure.orders'), align: 'right', render: (m) => formatNumber(m.orders), sheet: (m) => m.orders },
    { key: 'buyers', title: t('insight.measure.buyers'), align: 'right', render: (m) => people(m, 'buyers'), sheet: (m) => m.buyers },
    { key: 'new_buyers', title: t('insight.measure.new_buyers'), align: 'right', render: (m) => people(m, 'new_buyers'), sheet: (m) => m.new_buyers },
  ];
  return (
    <ChartCard
      title={t('insight.trend')}
      columns={columns}
      rows={data.trend}
      rowKey={(m) => m.month}
      file={`dashboard-${data.to}`}
      tools={
        <Segmented<Measure>
          size="small"
          className="wrap-choice"
          value={measure}
          aria-label={t('insight.measureOf')}
          options={MEASURES.map((value) => ({ value, label: t(`insight.measure.${value}`) }))}
          onChange={(value) =>
            setParams((old) => {
              const next = new URLSearchParams(old);
              next.set('measure', value);
              return next;
            }, { replace: true })
          }
        />
      }
    >
      <Chart
        label={t('insight.trendLabel', { measure: t(`insight.measure.${measure}`), n: data.trend.length })}
        option={option}
        onPick={(what) => {
          const month = data.trend[what.index];
          if (month && can && what.series === 0) open(measure === 'new_buyers' ? 'new_buyers' : 'buyers', daysOf(month.month, period));
        }}
      />
    </ChartCard>
  );
}

function Figures({ data, before, period }: { data: DashboardReport; before: DashboardReport | undefined; period: Period }) {
  const { t } = useTranslation();
  const money = useMoney(data.currency);
  const { members, orders, coverage } = data;
  const rows = MEMBER_FIGURES.map((key) => ({ key, now: members[key], then: before?.members[key] }));
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'figure', title: t('insight.figure'), render: (r) => t(`insight.memberFigure.${r.key}`), sheet: (r) => t(`insight.memberFigure.${r.key}`) },
    { key: 'now', title: t('insight.members'), align: 'right', render: (r) => <Count n={r.now} of={r.key} label={t(`insight.memberFigure.${r.key}`)} />, sheet: (r) => r.now },
    ...(before ? [{ key: 'then', title: t('insight.before'), align: 'right' as const, render: (r: (typeof rows)[number]) => formatNumber(r.then), sheet: (r: (typeof rows)[number]) => r.then }] : []),
  ];
  return (
    <>
      <HeadFigures data={data} before={before} />
      <Trend data={data} before={before} period={period} />
      <div className="halves">
        <Card title={t('insight.newOld')}>
          <div className="stack">
            <Split
              title={t('insight.measure.buyers')}
              first={{ label: t('insight.returning'), size: members.returning_buyers, text: <Count n={members.returning_buyers} of="returning_buyers" label={t('insight.returning')} /> }}
              second={{ label: t('insight.newcomers'), size: members.new_buyers, text: <Count n={members.new_buyers} of="new_buyers" label={t('insight.newcomers')} /> }}
            />
            <Split
              title={t('insight.measure.orders')}
              first={{ label: t('insight.laterOrders'), size: orders.repeat, text: formatNumber(orders.repeat) }}
              second={{ label: t('insight.firstOrders'), size: orders.first, text: formatNumber(orders.first) }}
            />
            <Split
              title={t('insight.measure.paid')}
              first={{ label: t('insight.laterOrders'), size: data.money.paid_repeat, text: money.exact(data.money.paid_repeat) }}
              second={{ label: t('insight.firstOrders'), size: data.money.paid_first, text: money.exact(data.money.paid_first) }}
            />
          </div>
        </Card>
        <ChartCard both title={t('insight.whoBuys')} columns={columns} rows={rows} rowKey={(r) => r.key} file={`members-${data.to}`}>
          {null}
        </ChartCard>
      </div>
      <Card title={t('overview.whoTitle')}>
        <p className="muted">{t('overview.whoText')}</p>
        <div className="splits">
          <Split
            title={t('insight.measure.orders')}
            first={{ label: t('overview.identified'), size: coverage.orders_identified, text: formatNumber(coverage.orders_identified), to: '/orders?identified=true' }}
            second={{ label: t('overview.unidentified'), size: coverage.orders_unidentified, text: formatNumber(coverage.orders_unidentified), to: '/orders?identified=false' }}
          />
          <Split
            title={t('insight.measure.paid')}
            first={{ label: t('overview.identified'), size: coverage.paid_identified, text: money.exact(coverage.paid_identified) }}
            second={{ label: t('overview.unidentified'), size: coverage.paid_unidentified, text: money.exact(coverage.paid_unidentified) }}
          />
        </div>
        {data.money.refunded_paid > 0 ? (
          <p className="muted small fine">
            {t('insight.refunded', { money: money.exact(data.money.refunded_paid), share: formatShare(data.money.refunded_paid, data.money.paid_gross) })}
          </p>
        ) : null}
      </Card>
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const asked = useReport<DashboardReport>('dashboard');
  const nameOf = (of: string) => ((MEMBER_FIGURES as readonly string[]).includes(of) ? t(`insight.memberFigure.${of}`) : null);
  return (
    <>
      <InsightPage asked={asked}>{(data, before) => <Figures data={data} before={before} period={asked.period} />}</InsightPage>
      <MembersDrawer report="dashboard" query={asked.query} nameOf={nameOf} />
    </>
  );
}
