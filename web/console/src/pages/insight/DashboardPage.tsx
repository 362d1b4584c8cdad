/** How the shop does: sales, orders, who buys again, who is new; against the days before; month by month. */
import type { DashboardReport } from '@api';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { formatNumber, formatShare } from '../../app/format';
import { Card } from '../../ui/bits';
import { Split } from '../../ui/figures';
import { FigureTable, MEMBER_FIGURES } from './FigureTable';
import { HeadFigures } from './HeadFigures';
import { InsightPage } from './frame/InsightPage';
import { Count, MembersDrawer } from './frame/members';
import { type Period, usePeriod } from './frame/period';
import { ordersOf } from './frame/spans';
import { ofReturns, useMoney } from './frame/use';
import { useReport } from './frame/useReport';
import { grainOf, Trend } from './Trend';

function Figures({ data, before, period }: { data: DashboardReport; before: DashboardReport | undefined; period: Period }) {
  const { t } = useTranslation();
  const money = useMoney(data.currency);
  const { members, orders, coverage } = data;
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
              title={t('insight.measure.paid', ofReturns(data))}
              first={{ label: t('insight.laterOrders'), size: data.money.paid_repeat, text: money.exact(data.money.paid_repeat) }}
              second={{ label: t('insight.firstOrders'), size: data.money.paid_first, text: money.exact(data.money.paid_first) }}
            />
          </div>
        </Card>
        <FigureTable data={data} before={before} />
      </div>
      <Card title={t('overview.whoTitle')}>
        <p className="muted">{coverage.orders_unidentified > 0 ? t('overview.whoText') : t('insight.allNamed', { n: formatNumber(coverage.orders_identified) })}</p>
        <div className="splits">
          <Split
            title={t('insight.measure.orders')}
            first={{ label: t('overview.identified'), size: coverage.orders_identified, text: formatNumber(coverage.orders_identified), to: `/orders?${ordersOf(data, true)}` }}
            second={{ label: t('overview.unidentified'), size: coverage.orders_unidentified, text: formatNumber(coverage.orders_unidentified), to: `/orders?${ordersOf(data, false)}` }}
          />
          <Split
            title={t('insight.measure.paid', ofReturns(data))}
            first={{ label: t('overview.identified'), size: coverage.paid_identified, text: money.exact(coverage.paid_identified), to: `/orders?${ordersOf(data, true)}` }}
            second={{ label: t('overview.unidentified'), size: coverage.paid_unidentified, text: money.exact(coverage.paid_unidentified), to: `/orders?${ordersOf(data, false)}` }}
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
  const [params] = useSearchParams();
  const { span } = usePeriod();
  const asked = useReport<DashboardReport>('dashboard', { extra: { grain: grainOf(params.get('grain'), span) } });
  const nameOf = (of: string) => ((MEMBER_FIGURES as readonly string[]).includes(of) ? t(`insight.memberFigure.${of}`) : null);
  const countOf = (of: string) => MEMBER_FIGURES.filter((f) => f === of).map((f) => asked.data?.members[f])[0];
  return (
    <>
      <InsightPage asked={asked}>{(data, before) => <Figures data={data} before={before} period={asked.period} />}</InsightPage>
      <MembersDrawer report="dashboard" query={{ ...asked.query, grain: undefined }} nameOf={nameOf} countOf={countOf} />
    </>
  );
}
