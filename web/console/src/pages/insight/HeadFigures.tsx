/** The figures that lead: sales, orders, buyers, repurchase, order value; each with its change, what it was before, and its members. */
import type { DashboardReport } from '@api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { Tile } from '../../ui/figures';
import { receivedTold } from './advice';
import { Change } from './frame/change';
import { useCanOpen, useOpenMembers } from './frame/members';
import { decimals, ofReturns, ratioOf, share, useMoney } from './frame/use';

interface Props {
  data: DashboardReport;
  before: DashboardReport | undefined;
  /** The four that matter most, each leading to the dashboard instead of opening a list here. */
  brief?: string;
}

export function HeadFigures({ data, before, brief }: Props) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const open = useOpenMembers();
  const can = useCanOpen();
  const money = useMoney(data.currency);
  const { members, orders } = data;
  // Days before the first order have no sales of nothing: they are not told as a figure.
  const noOrders = before?.orders.count === 0;
  const change = (of: (d: DashboardReport) => number | null, say: (d: DashboardReport) => ReactNode, points = false) => (
    <Change data={data} before={before} of={of} say={noOrders ? () => t('insight.noOrders') : say} points={points} />
  );
  const number = (of: (d: DashboardReport) => number) => change(of, (d) => formatNumber(of(d)));
  const note = (text: string, moved: ReactNode) => (
    <>
      <span className="tile-foot">{moved}</span>
      <span className="block">{text}</span>
    </>
  );
  const door = (of: string) => (brief ? { to: brief } : can && members.buyers > 0 ? { onOpen: () => open(of) } : {});
  // Money came in but no source says what reached the merchant: then what members paid is the figure.
  const told = receivedTold(data.money);
  const sales = (d: DashboardReport) => (told ? (receivedTold(d.money) ? d.money.received : null) : d.money.paid);
  const said = (n: number | null, say: (n: number) => string) => (n === null ? '–' : say(n));
  const orderValue = (d: DashboardReport) => (d.average_order_value.den ? money.exact(d.average_order_value.num / d.average_order_value.den) : '–');
  const count = (n: number) => formatCount(n, language);
  return (
    <div className={brief ? 'tiles' : 'tiles tiles-head'}>
      <Tile
        label={t(told ? 'insight.measure.received' : 'insight.measure.paid', ofReturns(data))}
        hint={t(told ? 'insight.receivedHint' : 'insight.paidHint')}
        value={said(sales(data), money.big)}
        exact={said(sales(data), money.exact)}
        note={note(told ? t(brief ? 'insight.receivedBrief' : 'insight.paidIs', { ...ofReturns(data), money: money.big(data.money.paid) }) : t('overview.receivedUnknown'), change(sales, (d) => <span title={said(sales(d), money.exact)}>{said(sales(d), money.big)}</span>))}
        to={brief}
      />
      <Tile
        label={t('insight.measure.orders')}
        value={count(orders.count)}
        exact={formatNumber(orders.count)}
        note={note(t('insight.unnamedOrders', { n: formatNumber(orders.unidentified) }), number((d) => d.orders.count))}
        to={brief ?? '/orders'}
      />
      <Tile label={t('insight.measure.buyers')} value={count(members.buyers)} exact={formatNumber(members.buyers)} note={note(t('insight.ofThemNew', { n: formatNumber(members.new_buyers) }), number((d) => d.members.buyers))} {...door('buyers')} />
      <Tile
        label={t('insight.repurchase')}
        hint={t('insight.repurchaseHint')}
        value={share(data.repurchase_rate)}
        note={note(t('insight.boughtTwice', { n: formatNumber(members.repeat_buyers) }), change((d) => ratioOf(d.repurchase_rate), (d) => share(d.repurchase_rate), true))}
        {...door('repeat_buyers')}
      />
      {brief ? null : (
        <>
          <Tile label={t('insight.aov')} value={orderValue(data)} note={note(t('insight.aovNote'), change((d) => ratioOf(d.average_order_value), orderValue))} />
          <Tile label={t('insight.items')} value={decimals(data.items_per_order, 2)} note={note(t('insight.itemsNote', { n: decimals(data.lines_per_order, 2) }), change((d) => ratioOf(d.items_per_order), (d) => decimals(d.items_per_order, 2)))} />
          <Tile label={t('insight.newBuyers')} value={count(members.new_buyers)} exact={formatNumber(members.new_buyers)} note={note(t('insight.newBuyersNote'), number((d) => d.members.new_buyers))} {...door('new_buyers')} />
          <Tile label={t('insight.known')} value={count(members.known)} exact={formatNumber(members.known)} note={note(t('insight.neverBought', { n: formatNumber(members.never_bought) }), <Change data={data} before={before} of={(d) => d.members.known} say={(d) => formatNumber(d.members.known)} />)} {...door('known')} />
        </>
      )}
    </div>
  );
}
