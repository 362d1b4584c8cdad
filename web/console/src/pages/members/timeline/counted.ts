/** What an order counts with, where that is not what was paid for it. */
import type { Money, TimelineEntry } from '@api';

type Order = NonNullable<TimelineEntry['order']>;

/**
 * The net amount that the card above adds up, where the order shows another: freight is no purchase, and what was given
 * back is not kept. `shipping` is told only where it alone makes the difference.
 */
export function countedApart({ paid, net_paid: net, refunded, purchase }: Pick<Order, 'paid' | 'net_paid' | 'refunded' | 'purchase'>): { net: Money; shipping: Money | null } | null {
  if (!purchase || !paid || !net || paid.currency !== net.currency || paid.amount === net.amount) return null;
  const freight = paid.amount - net.amount;
  return { net, shipping: refunded.amount === 0 && freight > 0 ? { amount: freight, currency: paid.currency } : null };
}
