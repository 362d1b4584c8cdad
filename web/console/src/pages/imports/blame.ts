import type { ColumnMapping, ImportDetail } from '@api';

/** Which column a reason blames. */
interface Reason {
  code?: string;
  column?: string | null;
}

/** What the columns of a file were read as. */
interface Read {
  column: string;
  field?: string | null;
}

/** Where a reason names no column but can mean only one field: the column that was read as it. */
const MEANT: [RegExp, string][] = [
  [/^(missing_order_no|bad_order_no|order_no_lost_precision)/, 'order_no'],
  [/^(missing_status|unknown_status)/, 'status'],
  [/^bad_quantity/, 'quantity'],
  [/^paid_before/, 'paid_at'],
  [/^shipped_before/, 'shipped_at'],
  [/^completed_before/, 'completed_at'],
];

/**
 * A reason names a column, or quotes the cell that it could not understand (an unknown status word, say). In the second
 * case the column is the one that holds just these words; where none does, the whole row is meant.
 */
export function blamedColumn(reason: Reason, cells: Record<string, string | null>, names: readonly string[] = Object.keys(cells), read: readonly Read[] = []): string | null {
  const about = reason.column?.trim();
  const named = about ? (names.find((name) => name.trim() === about) ?? names.find((name) => cells[name]?.trim() === about)) : undefined;
  if (named) return named;
  const field = MEANT.find(([why]) => why.test(reason.code ?? '') || why.test(about ?? ''))?.[1];
  return (field && read.find((r) => r.field === field)?.column) || null;
}

/** Where a reason compares two times, the column of the other: either may be the wrong one. */
export function besideColumn(reason: Reason, read: readonly Read[] = []): string | null {
  const told = [reason.code, reason.column].map((word) => /^(?:paid|shipped|completed)_before_(created|paid|shipped)/.exec(word?.trim() ?? '')?.[1]);
  const other = told.find(Boolean);
  return (other && read.find((r) => r.field === `${other}_at`)?.column) || null;
}

/** How one file of an import was read, column by column. */
export function readAs(source: ImportDetail | undefined, file: string | undefined): ColumnMapping[] {
  const mapping = source?.files.find((f) => f.name === file)?.mapping;
  return Array.isArray(mapping) ? mapping : (mapping?.columns ?? []);
}
