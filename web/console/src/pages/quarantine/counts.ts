/** How many rows of imports stand how. */
import type { ImportDetail } from '@api';

/** What tells of rows that wait, and is read again when one was settled or waits again. */
export const TOUCHED = [['list', '/quarantine'], ['list', '/imports'], ['imports-choice'], ['import'], ['overview'], ['quarantine-entry']];

export const STATES = ['open', 'repaired', 'discarded', 'all'] as const;
export type Counts = Record<(typeof STATES)[number], number>;

/** Rows of these imports, those that were settled by an earlier import's among them. */
export function countsOf(imports: Pick<ImportDetail, 'waiting' | 'repaired' | 'repaired_before' | 'set_aside' | 'set_aside_before'>[]): Counts {
  const counts: Counts = { open: 0, repaired: 0, discarded: 0, all: 0 };
  for (const d of imports) {
    counts.open += d.waiting ?? 0;
    counts.repaired += (d.repaired ?? 0) + (d.repaired_before ?? 0);
    counts.discarded += (d.set_aside ?? 0) + (d.set_aside_before ?? 0);
  }
  counts.all = counts.open + counts.repaired + counts.discarded;
  return counts;
}

/** Reasons that name no value: what was read stands beside them. */
const UNSAID = ['bad_amount', 'negative_amount', 'bad_date', 'impossible_date', 'ambiguous_date', 'bad_quantity', 'bad_order_no', 'order_no_lost_precision', 'bad_phone'];

/** Both cells of a row whose times come in the wrong order: the later one's column and the earlier one's. */
export function readTimes(column: string | null, beside: string | null, cells: Record<string, string | null>): [string, string][] {
  return [column, beside].flatMap((name): [string, string][] => (name && cells[name]?.trim() ? [[name, cells[name].trim()]] : []));
}

/** What the cell to blame holds, where the reason does not say it. */
export function readValue(code: string, column: string | null, cells: Record<string, string | null>): string | null {
  return (UNSAID.includes(code.split(':')[0] ?? '') && column && cells[column]?.trim()) || null;
}

/** Of one import's rows none waits and some did: so it is told in place of an empty list, with what became of them. */
export const allSettled = (counts: Counts): boolean => counts.open === 0 && counts.all > 0;
