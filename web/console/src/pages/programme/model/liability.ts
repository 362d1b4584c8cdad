/** The month's book of points: does it add up, line by line and in total? */
import type { Liability, LiabilityLine } from '../contract';

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
