/** Spans of days named by words, and what each is compared with. Nothing but reckoning, so that tests can ask it. */
import dayjs from 'dayjs';

export const WINDOWS = ['30d', '90d', '12m', 'month', 'lastMonth', 'quarter', 'lastQuarter', 'year', 'lastYear', 'sale618', 'sale1111', 'all', 'custom'] as const;
export type Window = (typeof WINDOWS)[number];
export const COMPARES = ['none', 'previous', 'year'] as const;
export type Compare = (typeof COMPARES)[number];

/** Half open, as the server takes it; without `from`: everything before `to`. */
export interface Span {
  from?: string;
  to: string;
}

/** A span chosen by hand, both days included. */
export interface Custom {
  from: string | null;
  to: string | null;
}

const DAY = 'YYYY-MM-DD';

/** The latest sale that has begun, from its first day to its last, while it runs to today: no report knows tomorrow. */
function latestSale(now: dayjs.Dayjs, first: string, last: string): Span {
  const year = now.isBefore(dayjs(`${now.year()}-${first}`)) ? now.year() - 1 : now.year();
  const [whole, end] = [dayjs(`${year}-${last}`).add(1, 'day'), now.add(1, 'day')];
  return { from: `${year}-${first}`, to: (whole.isAfter(end) ? end : whole).format(DAY) };
}

export function spanOf(window: Window, todayText: string, custom: Custom): Span {
  const now = dayjs(todayText);
  const end = now.add(1, 'day').format(DAY);
  const quarter = now.startOf('month').subtract(now.month() % 3, 'month');
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
    case 'quarter':
      return since(quarter);
    case 'lastQuarter':
      return since(quarter.subtract(3, 'month'), quarter.format(DAY));
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

/** The span of equal length before (as many whole months where it is whole months), or the same days a year earlier. Of everything there is none. */
export function spanBefore(span: Span, compare: Compare): Span | null {
  if (!span.from || compare === 'none') return null;
  const [from, to] = [dayjs(span.from), dayjs(span.to)];
  // The last included day goes back a year, not the one after it: 28 February and 1 March must not meet 29 February.
  if (compare === 'year') return { from: from.subtract(1, 'year').format(DAY), to: to.subtract(1, 'day').subtract(1, 'year').add(1, 'day').format(DAY) };
  // October is compared with September, not with the thirty-one days before it.
  const months = to.diff(from, 'month');
  const whole = from.date() === 1 && to.date() === 1;
  return { from: from.subtract(whole ? months : to.diff(from, 'day'), whole ? 'month' : 'day').format(DAY), to: span.from };
}

/** How many days a span with a beginning has. */
export const daysOf = (span: { from: string; to: string }): number => dayjs(span.to).diff(dayjs(span.from), 'day');

/** The last day of the span is today, of which nobody knows all yet. */
export const endsToday = (span: { to: string }, today: string): boolean => span.to === dayjs(today).add(1, 'day').format(DAY);

/** The month that the last day of the span cuts, and that day; `null` where the span ends with a month. */
export function cutMonth(span: { to: string }): { month: string; day: string } | null {
  const [end, last] = [dayjs(span.to), dayjs(span.to).subtract(1, 'day')];
  return end.date() === 1 ? null : { month: last.format('YYYY-MM'), day: last.format(DAY) };
}

export const monthAfter = (month: string, n: number): string => dayjs(`${month}-01`).add(n, 'month').format('YYYY-MM');

/** Where the list of orders shows those of a report's window; its dates include the last day. */
export function ordersOf(span: { from?: string | null; to: string }, identified: boolean): string {
  const last = dayjs(span.to).subtract(1, 'day').format(DAY);
  return new URLSearchParams({ identified: String(identified), ...(span.from ? { from: span.from } : {}), to: last }).toString();
}

/** The days from `from` until before `to` in parts of ten years at most, which is what the calendar answers at once. */
export function decades(from: string, to: string): Required<Span>[] {
  const parts: Required<Span>[] = [];
  for (let at = from; at < to; ) {
    const ten = dayjs(at).add(10, 'year').format(DAY);
    const end = ten < to ? ten : to;
    parts.push({ from: at, to: end });
    at = end;
  }
  return parts;
}

const DAY_LENGTH = 86_400_000;
const at = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_LENGTH;
const wholeMonth = (p: Stretch) => p.from.endsWith('-01') && p.to === dayjs(p.from).add(1, 'month').format(DAY);
const sameDays = (p: Stretch, q: Stretch) => p.from.slice(5) === q.from.slice(5) && p.to.slice(5) === q.to.slice(5);

/** One day, week or month of a chart, cut to the window; half open. */
interface Stretch {
  from: string;
  to: string;
}

/**
 * For each stretch of the window the one of the other window that may stand under it: as many days, as far from its
 * window's beginning (a whole week may be off by three days, as weeks begin on Mondays); months by their order, whole or cut at the same days.
 * None where there is no such: a cut week beside a whole one would show a fall that never was.
 */
export function beside<T extends Stretch>(points: T[], then: T[]): (T | null)[] {
  const [start, startThen] = [points[0], then[0]];
  if (!start || !startThen) return points.map(() => null);
  const length = (p: Stretch) => at(p.to) - at(p.from);
  const known = new Map(then.map((p) => [at(p.from) - at(startThen.from), p]));
  const shifts = (p: Stretch) => (length(p) === 7 ? [0, 1, -1, 2, -2, 3, -3] : [0]);
  return points.map((p, i) => {
    const same = then[i];
    if (same && ((wholeMonth(p) && wholeMonth(same)) || sameDays(p, same))) return same;
    const offset = at(p.from) - at(start.from);
    for (const shift of shifts(p)) {
      const found = known.get(offset + shift);
      if (found && length(found) === length(p)) return found;
    }
    return null;
  });
}

/** What the older of two spans is called beside the newer: the same days a year before, or so many days or whole months before. */
export type BeforeWord = { key: 'year' | 'day' | 'month' } | { key: 'days' | 'months'; n: number };
export function beforeWord(span: { from?: string | null; to: string }, before: { from?: string | null; to: string }): BeforeWord {
  const [from, to] = [dayjs(before.from ?? before.to), dayjs(before.to)];
  if (before.to !== span.from) return { key: 'year' };
  const whole = from.date() === 1 && to.date() === 1;
  const n = to.diff(from, whole ? 'month' : 'day');
  if (n === 1) return { key: whole ? 'month' : 'day' };
  return { key: whole ? 'months' : 'days', n };
}

/** A report's file is named by the days it covers, the last one included. */
export function fileOf(name: string, span: { from?: string | null; to: string }): string {
  const last = dayjs(span.to).subtract(1, 'day').format(DAY);
  return span.from ? `${name}-${span.from}-${last}` : `${name}-until-${last}`;
}
