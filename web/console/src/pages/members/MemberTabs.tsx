/** A member's orders, refunds and behaviour, newest first. */
import type { BehaviourEvent, Order, Refund } from '@api';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '../../app/format';
import { Amount, EmptyTeach, StateMark, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { Named } from '../names';
import { NetPaid, OrderLink } from '../orders/cells';

export function OrdersTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const columns: Column<Order>[] = [
    { key: 'no', title: t('orders.no'), render: (o) => <OrderLink order={o} /> },
    { key: 'platform', title: t('orders.platform'), render: (o) => word('platform', o.platform) },
    { key: 'state', title: t('orders.state'), render: (o) => <StateMark state={o.state} area="orderState" /> },
    { key: 'net', title: t('orders.netPaid'), align: 'right', render: (o) => <NetPaid order={o} /> },
    { key: 'at', title: t('orders.createdAt'), render: (o) => <Time at={o.created_at} /> },
  ];
  return (
    <ResourceList<Order>
      plain
      page="member-orders"
      label={t('members.tab.orders')}
      path={`/members/${id}/orders`}
      columns={columns}
      rowKey={(o) => o.id}
      empty={<EmptyTeach title={t('members.noOrders')} text={t('members.noOrdersText')} />}
    />
  );
}

export function RefundsTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const columns: Column<Refund>[] = [
    { key: 'at', title: t('orders.refundAt'), render: (r) => (r.created_at ? <Time at={r.created_at} /> : <span className="muted">{t('orders.fileSilent')}</span>) },
    { key: 'amount', title: t('orders.amount'), align: 'right', render: (r) => <Amount value={r.amount} strong /> },
    { key: 'order', title: t('orders.one'), render: (r) => (r.order_id ? <Named id={r.order_id} /> : '–') },
    { key: 'kind', title: t('orders.refundKind'), render: (r) => t(`timeline.refundKind.${r.kind}`, { defaultValue: r.kind }) },
    { key: 'reason', title: t('orders.refundReason'), hint: t('orders.refundReasonNote'), render: (r) => r.reason ?? '–', blank: (r) => !r.reason },
    { key: 'state', title: t('orders.state'), render: (r) => <StateMark state={r.state} area="refundState" /> },
  ];
  return (
    <ResourceList<Refund>
      plain
      page="member-refunds"
      label={t('members.tab.refunds')}
      path={`/members/${id}/refunds`}
      columns={columns}
      rowKey={(r) => r.id}
      empty={<EmptyTeach title={t('members.noRefunds')} />}
    />
  );
}

function content(e: BehaviourEvent, named: (key: string, value: string) => string): string {
  const more = Object.entries(e.data ?? {}).map(([key, value]) => named(key, typeof value === 'string' ? value : JSON.stringify(value)));
  return [e.words, e.sku, e.quantity ? `× ${e.quantity}` : null, e.amount ? formatMoney(e.amount) : null, e.rating ? `★ ${e.rating}` : null, ...more]
    .filter(Boolean)
    .join(' · ');
}

export function EventsTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  // What our own batches write has words; what a shop's own events carry is theirs.
  const words: Record<string, string> = { channel: 'channel', destination: 'destination', campaign: '' };
  const named = (key: string, value: string) =>
    key in words ? `${t(`members.eventKey.${key}`)} ${words[key] ? word(words[key], value) : value}` : `${key}: ${value}`;
  const columns: Column<BehaviourEvent>[] = [
    { key: 'type', title: t('members.eventType'), render: (e) => word('event', e.type) },
    { key: 'at', title: t('members.eventAt'), render: (e) => <Time at={e.at} seconds /> },
    { key: 'source', title: t('members.source'), render: (e) => e.source ?? '–' },
    { key: 'data', title: t('members.eventData'), render: (e) => <span className="break">{content(e, named) || '–'}</span> },
  ];
  return (
    <ResourceList<BehaviourEvent>
      plain
      page="member-events"
      label={t('members.tab.events')}
      path={`/members/${id}/events`}
      columns={columns}
      rowKey={(e) => e.id}
      empty={<EmptyTeach title={t('members.noEvents')} text={t('members.noEventsText')} />}
    />
  );
}
