/** How an order is named and where its page is. */
import type { Order } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatMoney } from '../../app/format';
import { Amount, Mark, useWord } from '../../ui/bits';
import type { Back } from '../../ui/list/back';

/** `back`: where the order's page leads back to, other than the list of orders. */
export function OrderLink({ order, back }: { order: Pick<Order, 'id'> & Partial<Order>; back?: { back: Back } }) {
  if (!order.id) return <span className="muted">–</span>;
  return (
    <Link to={`/orders/${order.id}`} state={back} className="nowrap">
      {order.order_no || order.external?.id || order.id}
    </Link>
  );
}

/** What the order came to, and under it what of it went back: a state alone does not tell a refund of a part. */
export function NetPaid({ order }: { order: Order }) {
  const { t } = useTranslation();
  const back = order.refunded && order.refunded.amount > 0 ? order.refunded : null;
  return (
    <span className="cell-two end">
      <Amount value={order.net_paid} strong />
      {back ? <span className="muted small nowrap">{t('orders.ofItRefunded', { amount: formatMoney(back) })}</span> : null}
    </span>
  );
}

export function Flags({ order }: { order: Order }) {
  const word = useWord();
  const { t } = useTranslation();
  const flags = order.flags ?? [];
  if (flags.length === 0 && !order.estimated) return null;
  return (
    <span className="marks">
      {flags.map((flag) => (
        <Mark key={flag} tone="warn">
          {word('flag', flag)}
        </Mark>
      ))}
      {order.estimated && !flags.includes('estimated') ? <Mark tone="warn">{t('words.flag.estimated')}</Mark> : null}
    </span>
  );
}
