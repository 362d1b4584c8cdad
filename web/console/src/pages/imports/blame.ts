/** Which column a reason blames. */
interface Reason {
  column?: string | null;
}

/**
 * A reason names a column, or quotes the cell that it could not understand (an unknown status word, say). In the second
 * case the column is the one that holds just these words; where none does, the whole row is meant.
 */
export function blamedColumn(reason: Reason, cells: Record<string, string | null>, names: readonly string[] = Object.keys(cells)): string | null {
  const about = reason.column?.trim();
  if (!about) return null;
  const named = names.find((name) => name.trim() === about);
  return named ?? names.find((name) => cells[name]?.trim() === about) ?? null;
}
