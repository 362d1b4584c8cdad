/**
 * Why nothing is free to be spent, as far as the server's figures tell: one reason, the one that a shopkeeper would
 * look for first. Nothing but reckoning, so that tests can ask it.
 */
import type { Member } from '@api';
import type { Book, Programme } from '../../programme/contract';
import { earnOf } from '../../programme/model/rules';

export type WhyNone =
  | 'noProgramme'
  | 'stopped'
  | 'notBegun'
  | 'filling'
  | 'pending'
  | 'frozen'
  | 'used'
  | 'noOrders'
  | 'before'
  | 'noEarning'
  | 'notEarned';

/** `null` where something is free, or owed: then the figure speaks for itself. */
export function whyNone(book: Pick<Book, 'accounts' | 'debt'> | null, member: Pick<Member, 'orders_count' | 'last_order_at'>, programme: Programme | undefined): WhyNone | null {
  const of = (account: string) => Math.abs(book?.accounts[account] ?? 0);
  if ((book?.accounts.available ?? 0) !== 0 || (book?.debt ?? 0) > 0) return null;
  if (!programme) return book ? null : 'noProgramme';
  if (of('pending') > 0) return 'pending';
  if (of('frozen') > 0) return 'frozen';
  if (of('issued') > 0) return 'used';
  if (programme.state === 'scheduled') return 'notBegun';
  if (programme.state !== 'active') return 'stopped';
  // Until the books of all members are made, an empty one says nothing.
  if (programme.job) return 'filling';
  if (member.orders_count === 0) return 'noOrders';
  if (member.last_order_at && Date.parse(member.last_order_at) < Date.parse(programme.begins_at)) return 'before';
  if (earnOf(programme.current.rules).length === 0) return 'noEarning';
  return 'notEarned';
}
