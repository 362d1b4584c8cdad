/** Why an entry was posted, as far as it leads somewhere. */
import type { Entry } from '../contract';

const ORDER = /\bord_[0-9a-z]{26}\b/;

/** The order that an entry is of: named by its cause, or by the lot that the order made. */
export function orderOf(entry: { cause: Pick<Entry['cause'], 'id'>; lot?: string | null }): string | null {
  return ORDER.exec(entry.cause.id)?.[0] ?? ORDER.exec(entry.lot ?? '')?.[0] ?? null;
}

/** The lot's kind: `order`, `check_in`, `adjust`, `reward`, `birthday`. */
export const lotKind = (lot: string): string => lot.split(':')[0] ?? lot;

/** Spends that can be taken back: those that are no reversal or correction themselves. */
export const isSpend = (entry: Entry): boolean => entry.cause.kind === 'spend' && entry.from === 'available' && !entry.corrects;
