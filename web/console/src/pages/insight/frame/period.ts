/**
 * Which days a report is asked about, and which it is compared with. The address holds the choice, so that a link
 * shows a colleague the same; a span named by a word ("this month") moves on with the days.
 */
import dayjs from 'dayjs';
import { useSearchParams } from 'react-router';
import { today } from '../../../app/format';
import { useZone } from '../../../app/session';

export const WINDOWS = ['30d', '90d', '12m', 'month', 'lastMonth', 'year', 'lastYear', 'sale618', 'sale1111', 'all', 'custom'] as const;
export type Window = (typeof WINDOWS)[number];
export const COMPARES = ['none', 'previous', 'year'] as const;
export type Compare = (typeof COMPARES)[number];

/** Half open, as the server takes it; without `from`: everything before `to`. */
export interface Span {
  from?: string;
  to: string;
}

export interface Period {
  window: Window;
  compare: Compare;
  returns: 'net' | 'ignore';
  currency: string | null;
  span: Span;
  before: Span | null;
  /** Of a custom span, both included. */
  custom: { from: string | null; to: string | null };
}

const DAY = 'YYYY-MM-DD';

/** The latest sale that has begun, from its first day to its last. */
function latestSale(now: dayjs.Dayjs, first: string, last: string): Span {
  const year = now.isBefore(dayjs(`${now.year()}-${first}`)) ? now.year() - 1 : now.year();
  return { from: `${year}-${first}`, to: dayjs(`${year}-${last}`).add(1, 'day').format(DAY) };
}

export function spanOf(window: Window, todayText: string, custom: Period['custom']): Span {
  const now = dayjs(todayText);
  const end = now.add(1, 'day').format(DAY);
  const since = (day: dayjs.Dayjs, to = end): Span => ({ from: day.format(DAY), to });
  switch (window) {
    case '30d':
      return since(now.subtract(29, 'day'));
    case '90d':
      return since(now.subtract(89, 'day'));
    case '12m':
      return since(now.startOf('month').subtract(11, 'month'));
    case 'month':
      return since(now.startOf('month'));
    case 'lastMonth':
      return since(now.startOf('month').subtract(1, 'month'), now.startOf('month').format(DAY));
    case 'year':
      return since(now.startOf('year'));
    case 'lastYear':
      return since(now.startOf('year').subtract(1, 'year'), now.startOf('year').format(DAY));
    case 'sale618':
      return latestSale(now, '06-01', '06-20');
    case 'sale1111':
      return latestSale(now, '11-01', '11-11');
    case 'custom':
      return {
        ...(custom.from ? { from: custom.from } : {}),
        to: custom.to && custom.to < end ? dayjs(custom.to).add(1, 'day').format(DAY) : end,
      };
    default:
      return { to: end };
  }
}

/** The span of equal length before, or the same days a year earlier. Of everything there is none. */
export function spanBefore(span: Span, compare: Compare): Span | null {
  if (!span.from || compare === 'none') return null;
  const [from, to] = [dayjs(span.from), dayjs(span.to)];
  if (compare === 'year') return { from: from.subtract(1, 'year').format(DAY), to: to.subtract(1, 'year').format(DAY) };
  return { from: from.subtract(to.diff(from, 'day'), 'day').format(DAY), to: span.from };
}

const oneOf = <T extends string>(words: readonly T[], word: string | null, fallback: T): T =>
  words.includes(word as T) ? (word as T) : fallback;

export function usePeriod(): Period & { set: (change: Record<string, string | undefined>) => void } {
  const zone = useZone();
  const [params, setParams] = useSearchParams();
  const window = oneOf(WINDOWS, params.get('window'), '12m');
  const compare = oneOf(COMPARES, params.get('compare'), 'previous');
  const custom = { from: params.get('from'), to: params.get('to') };
  const span = spanOf(window, today(zone), custom);
  return {
    window,
    compare,
    returns: params.get('returns') === 'ignore' ? 'ignore' : 'net',
    currency: params.get('currency'),
    custom,
    span,
    before: spanBefore(span, compare),
    set: (change) =>
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
      ),
  };
}
