/** What the report pages share in reading an answer. */
import type { Money } from '@api';
import { formatBigMoney, formatCount, formatMoney, formatShare, minorDigits } from '../../../app/format';
import { useDark, usePrefs } from '../../../app/prefs';
import { chartColours } from '../../../ui/chart/colours';

export interface Ratio {
  num: number;
  den: number;
  value?: string | null;
}

/** The ratio as a number for drawing and comparing; `null` where there is nothing to divide by. */
export const ratioOf = (r: Ratio | null | undefined): number | null => (r && r.den !== 0 ? r.num / r.den : null);

/** 4.2, 12; `–` where there is none. */
export function decimals(r: Ratio | null | undefined, digits = 1): string {
  const n = ratioOf(r);
  return n === null ? '–' : n.toFixed(digits).replace(/\.0+$/, '');
}

/** Which form of a name fits: a report before refunds must not call its figures less refunds. */
export const ofReturns = (d: { returns: string }): { context?: string } => (d.returns === 'ignore' ? { context: 'gross' } : {});

export const share = (r: Ratio): string => formatShare(r.num, r.den);

/** Money of a report, which is minor units of its one currency. */
export function useMoney(currency: string | null | undefined) {
  const { language } = usePrefs();
  const of = (amount: number): Money => ({ amount: Math.round(amount), currency: currency ?? 'CNY' });
  return {
    of,
    /** To the last cent. */
    exact: (amount: number) => formatMoney(of(amount)),
    /** Whole units, for an axis. */
    axis: (amount: number) => formatBigMoney(of(amount), language).replace(/\.00$/, ''),
    /** Whole units without their sign, for cells with room for few characters. */
    whole: (amount: number) => formatCount(Math.round(amount / 10 ** minorDigits(of(amount).currency)), language),
    /** Shortened where it is large, for tiles. */
    big: (amount: number) => formatBigMoney(of(amount), language),
  };
}

export function useColours() {
  return chartColours(useDark());
}
