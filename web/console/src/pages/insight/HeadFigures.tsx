/** The figures that lead: sales, orders, buyers, repurchase, order value; each with its change and its members. */
import type { DashboardReport } from '@api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { Delta, Tile } from '../../ui/figures';
import { useCanOpen, useOpenMembers } from './frame/members';
import { decimals, ratioOf, share, useMoney } from './frame/use';

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
  const delta = (of: (d: DashboardReport) => number | null, points = false) => <Delta now={of(data)} before={before ? of(before) : null} points={points} />;
  const note = (text: string, change: ReactNode) => (
    <span className="tile-foot">
      {change} <span>{text}</span>
    </span>
  );
  const door = (of: string) => (brief ? { to: brief } : can && members.buyers > 0 ? { onOpen: () => open(of) } : {});
  // Money came in but no source says what reached the merchant: then what members paid is the figure.
  const told = data.money.received !== 0 || data.money.paid === 0;
  const count = (n: number) => formatCount(n, language);
  return (
    <div className={brief ? 'tiles' : 'tiles tiles-head'}>
      <Tile
        label={t(told ? 'insight.sales' : 'insight.measure.paid')}
        value={money.big(told ? data.money.received : data.money.paid)}
        exact={money.exact(told ? data.money.received : data.money.paid)}
        note={note(told ? t('insight.memberPaid', { money: money.big(data.money.paid) }) : t('overview.receivedUnknown'), delta((d) => (told ? d.money.received : d.money.paid)))}
        to={brief}
      />
      <Tile
        label={t('insight.measure.orders')}
        value={count(orders.count)}
        exact={formatNumber(orders.count)}
        note={note(t('insight.unnamedOrders', { n: formatNumber(orders.unidentified) }), delta((d) => d.orders.count))}
        to={brief ?? '/orders'}
      />
      <Tile label={t('insight.measure.buyers')} value={count(members.buyers)} exact={formatNumber(members.buyers)} note={note(t('insight.ofThemNew', { n: formatNumber(members.new_buyers) }), delta((d) => d.members.buyers))} {...door('buyers')} />
      <Tile
        label={t('insight.repurchase')}
        value={share(data.repurchase_rate)}
        note={note(t('insight.boughtTwice', { n: formatNumber(members.repeat_buyers) }), delta((d) => ratioOf(d.repurchase_rate), true))}
        {...door('repeat_buyers')}
      />
      {brief ? null : (
        <>
          <Tile label={t('insight.aov')} value={data.average_order_value.den ? money.exact(data.average_order_value.num / data.average_order_value.den) : '–'} note={note(t('insight.aovNote'), delta((d) => ratioOf(d.average_order_value)))} />
          <Tile label={t('insight.items')} value={decimals(data.items_per_order, 2)} note={note(t('insight.itemsNote', { n: decimals(data.lines_per_order, 2) }), delta((d) => ratioOf(d.items_per_order)))} />
          <Tile label={t('insight.newBuyers')} value={count(members.new_buyers)} exact={formatNumber(members.new_buyers)} note={note(t('insight.newBuyersNote'), delta((d) => d.members.new_buyers))} {...door('new_buyers')} />
          <Tile label={t('insight.known')} value={count(members.known)} exact={formatNumber(members.known)} note={note(t('insight.neverBought', { n: formatNumber(members.never_bought) }), delta((d) => d.members.known))} {...door('known')} />
        </>
      )}
    </div>
  );
}
