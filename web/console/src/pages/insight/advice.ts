/** What may be advised from how much: nothing from a handful of people, and no peak where all are about alike. */

/** Fewer members than these who came back say nothing of when others will, however many gaps each of them left. */
export const ENOUGH_RETURNED = 30;

/** Fewer orders than these show no habit. */
const ENOUGH_ORDERS = 30;

/** Of a share that has not bought again, the share that has, with as many digits: both stand beside each other in a file. */
export const boughtShare = (left: number): number => Math.round((1 - left) * 1e6) / 1e6;

/** Whether what reached the merchant is told: where members paid and nothing arrived, no file says it, and a zero would be untrue. */
export const receivedTold = ({ received, paid }: { received: number; paid: number }): boolean => received !== 0 || paid === 0;

/** The two are one figure to the last cent, which asks for a word of why. */
export const receivedAsPaid = ({ received, paid }: { received: number; paid: number }): boolean => received !== 0 && received === paid;

/** Hours in a row; `next` is where they end, up to 24, and 1 for a row that goes on past midnight until one. */
export interface Run {
  hour: number;
  next: number;
}

export type Peak =
  /** One weekday and hour stands out. */
  | { kind: 'cell'; day: number; hour: number; orders: number }
  /** Some hours stand out, in one row or a few; `days` are the weekdays that lead, `alike`: none does. */
  | { kind: 'hours'; runs: Run[]; orders: number; days: number[]; alike: boolean }
  /** Some weekdays stand out, and no hour. */
  | { kind: 'days'; days: number[]; orders: number }
  /** All weekdays and all hours are about alike. */
  /** Nearly all in one hour of the day: times of a file, hardly of people. */
  | { kind: 'hour'; hour: number; orders: number }
  | { kind: 'even' }
  /** They are not, and no few of them stand out: there is nothing to say in a sentence. */
  | { kind: 'mixed' }
  | { kind: 'few'; orders: number };

/** More than these are no peak to be ready for. */
const MOST_HOURS = 6;
const MOST_RUNS = 3;
const MOST_DAYS = 3;
/** A weekday leads with as many times the orders of the others; below that it is no advice. */
const LEAD = 1.2;

/** Of orders of all days, more than this share in one hour is no habit. */
const ONE_HOUR = 0.9;

/** Two counts that chance alone may part, or that differ by no more than a twentieth. */
const near = (most: number, n: number) => most - n <= Math.max(most / 20, Math.sqrt(most + n));
const sum = (list: number[]) => list.reduce((all, n) => all + n, 0);
/** The places of what is near the most. */
const leading = (list: number[]) => {
  const most = Math.max(...list);
  return list.flatMap((n, at) => (near(most, n) ? [at] : []));
};
const allNear = (list: number[]) => leading(list).length === list.length;

/** Ascending hours as rows; one that ends at midnight goes on with one that begins there. */
function runsOf(hours: number[]): Run[] {
  const runs: Run[] = [];
  for (const hour of hours) {
    const last = runs.at(-1);
    if (last?.next === hour) last.next = hour + 1;
    else runs.push({ hour, next: hour + 1 });
  }
  const [first, last] = [runs[0], runs.at(-1)];
  if (first && last && first !== last && first.hour === 0 && last.next === 24) {
    last.next = first.next;
    runs.shift();
  }
  return runs;
}

/** When most is bought, of orders by weekday (from Monday) and hour. */
export function peakOf(orders: number[][]): Peak {
  const cells = orders.flatMap((hours, day) => hours.map((n, hour) => ({ day, hour, n })));
  const all = sum(cells.map((cell) => cell.n));
  const [top] = [...cells].sort((a, b) => b.n - a.n);
  if (!top || all < ENOUGH_ORDERS) return { kind: 'few', orders: all };
  const byHour = Array.from({ length: 24 }, (_, hour) => sum(orders.map((hours) => hours[hour] ?? 0)));
  const byDay = orders.map(sum);
  const most = Math.max(...byHour);
  if (most >= ONE_HOUR * all) return { kind: 'hour', hour: byHour.indexOf(most), orders: most };
  if (!cells.some((cell) => cell !== top && near(top.n, cell.n))) return { kind: 'cell', day: top.day + 1, hour: top.hour, orders: top.n };
  const [high, highDays] = [leading(byHour), leading(byDay)];
  const alike = allNear(byDay);
  const ofHigh = sum(highDays.map((day) => byDay[day] ?? 0));
  const others = byDay.length - highDays.length;
  const lead = others > 0 && ofHigh / highDays.length >= (LEAD * (all - ofHigh)) / others;
  const days = lead && highDays.length <= MOST_DAYS ? highDays.map((day) => day + 1) : [];
  const runs = runsOf(high);
  if (high.length <= MOST_HOURS && runs.length <= MOST_RUNS) return { kind: 'hours', runs, orders: sum(high.map((hour) => byHour[hour] ?? 0)), days, alike };
  if (days.length > 0) return { kind: 'days', days, orders: sum(days.map((day) => byDay[day - 1] ?? 0)) };
  return alike && allNear(byHour) ? { kind: 'even' } : { kind: 'mixed' };
}
