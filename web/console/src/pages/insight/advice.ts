/** What may be advised from how much: nothing from a handful of people, and no peak where all are about alike. */

/** Fewer members than these who came back say nothing of when others will, however many gaps each of them left. */
export const ENOUGH_RETURNED = 30;

/** Fewer orders than these show no habit. */
const ENOUGH_ORDERS = 30;

export type Peak =
  /** One weekday and hour stands out. */
  | { kind: 'cell'; day: number; hour: number; orders: number }
  /** Some hours in a row stand out, on one weekday about as on another. */
  | { kind: 'hours'; hour: number; next: number; orders: number }
  | { kind: 'even' }
  | { kind: 'few'; orders: number };

/** Two counts that chance alone may part, or that differ by no more than a twentieth. */
const near = (most: number, n: number) => most - n <= Math.max(most / 20, Math.sqrt(most + n));

/** When most is bought, of orders by weekday (from Monday) and hour. */
export function peakOf(orders: number[][]): Peak {
  const cells = orders.flatMap((hours, day) => hours.map((n, hour) => ({ day, hour, n })));
  const all = cells.reduce((sum, cell) => sum + cell.n, 0);
  const [top] = [...cells].sort((a, b) => b.n - a.n);
  if (!top || all < ENOUGH_ORDERS) return { kind: 'few', orders: all };
  if (!cells.some((cell) => cell !== top && near(top.n, cell.n))) return { kind: 'cell', day: top.day + 1, hour: top.hour, orders: top.n };
  const byHour = Array.from({ length: 24 }, (_, hour) => orders.reduce((sum, hours) => sum + (hours[hour] ?? 0), 0));
  const most = Math.max(...byHour);
  const high = byHour.flatMap((n, hour) => (near(most, n) ? [hour] : []));
  const [first = 0, last = 0] = [high[0], high.at(-1)];
  // What lies hours apart is no one time to be ready for.
  if (last - first + 1 !== high.length || high.length > 6) return { kind: 'even' };
  return { kind: 'hours', hour: first, next: last + 1, orders: high.reduce((sum, hour) => sum + (byHour[hour] ?? 0), 0) };
}
