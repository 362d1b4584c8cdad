/** The month's book of points: does it add up, line by line and in total? */
import type { Liability, LiabilityLine, Programme } from '../contract';

type Moves = Omit<LiabilityLine, 'lot_month' | 'worth'>;

export const MOVES = ['opening', 'issued', 'redeemed', 'expired', 'reversed', 'closing'] as const;

/** opening + issued − redeemed − expired − reversed */
export const closingOf = (m: Moves): number => m.opening + m.issued - m.redeemed - m.expired - m.reversed;

export const addsUp = (m: Moves): boolean => closingOf(m) === m.closing;

export const sumOf = (lines: Moves[]): Moves =>
  lines.reduce<Moves>((sum, line) => Object.fromEntries(MOVES.map((key) => [key, sum[key] + line[key]])) as Moves, {
    opening: 0,
    issued: 0,
    redeemed: 0,
    expired: 0,
    reversed: 0,
    closing: 0,
  });

/** Whether every line, the totals and the sum of the lines agree. */
export function balanced(book: Liability): boolean {
  const sum = sumOf(book.lines);
  return book.lines.every(addsUp) && addsUp(book.totals) && MOVES.every((key) => sum[key] === book.totals[key]);
}

/** The month of a day: `2026-11`. */
export const monthOf = (day: string): string => day.slice(0, 7);

export type BooksNote = 'none' | 'noneEarlier' | 'before' | 'beforeEarlier' | 'first' | 'firstEarlier';

/**
 * What is to be said of when the books begin, beside the book of a month; `null`: nothing. Orders from before the
 * programme was made are spoken of only where it begins before that: else they earn nothing and never come into a book.
 */
export function booksNote(book: Pick<Liability, 'month' | 'books_from'>, programme: Pick<Programme, 'begins_at' | 'created_at'>): BooksNote | null {
  const from = book.books_from ?? null;
  const earlier = Date.parse(programme.begins_at) < Date.parse(programme.created_at);
  const kind = from === null ? 'none' : book.month < from ? 'before' : book.month === from ? 'first' : null;
  return kind && earlier ? `${kind}Earlier` : kind;
}

/** The address with another month: programme and value stay as they were chosen. */
export function withMonth(before: URLSearchParams, month: string): URLSearchParams {
  const next = new URLSearchParams(before);
  next.set('month', month);
  return next;
}
