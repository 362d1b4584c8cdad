/**
 * Which days a report is asked about, and which it is compared with. The address holds the choice, so that a link
 * shows a colleague the same; a span named by a word ("this month") moves on with the days.
 */
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { carried, useCarry } from '../../../app/carried';
import { today } from '../../../app/format';
import { useZone } from '../../../app/session';
import { type Compare, COMPARES, type Custom, type Span, spanBefore, spanOf, type Window, WINDOWS } from './spans';

export interface Period {
  window: Window;
  compare: Compare;
  returns: 'net' | 'ignore';
  currency: string | null;
  span: Span;
  before: Span | null;
  custom: Custom;
}

const oneOf = <T extends string>(words: readonly T[], word: string | null, fallback: T): T =>
  words.includes(word as T) ? (word as T) : fallback;

export function usePeriod(): Period & { chosen: boolean; set: (change: Record<string, string | undefined>) => void; reset: () => void } {
  const zone = useZone();
  const [params, setParams] = useSearchParams();
  const carry = useCarry();
  const window = oneOf(WINDOWS, params.get('window'), '12m');
  const compare = oneOf(COMPARES, params.get('compare'), 'previous');
  const custom = { from: params.get('from'), to: params.get('to') };
  const span = spanOf(window, today(zone), custom);
  const kept = carried(params.toString());
  useEffect(() => carry(kept), [kept]);
  const set = (change: Record<string, string | undefined>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(change)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  return {
    window,
    compare,
    returns: params.get('returns') === 'ignore' ? 'ignore' : 'net',
    currency: params.get('currency'),
    custom,
    span,
    before: spanBefore(span, compare),
    chosen: kept !== '',
    set,
    reset: () => set(Object.fromEntries([...new URLSearchParams(kept).keys()].map((name) => [name, undefined]))),
  };
}
