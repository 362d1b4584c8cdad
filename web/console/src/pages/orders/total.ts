/** How many orders a list holds, as far as the overview has counted them: all, the named, the unnamed. */
import type { Overview } from '@api';

type Query = Record<string, string | undefined>;

/** The value of this filter where it is the only one. */
export function onlyFilter(query: Query, name: string): string | null {
  const held = Object.entries(query).filter(([, value]) => value);
  return held.length === 1 && held[0]?.[0] === name ? (held[0][1] ?? null) : null;
}

export function orderTotal(query: Query, counted: Overview['orders'] | undefined): number | null {
  if (!counted) return null;
  if (Object.values(query).every((value) => !value)) return counted.total;
  const identified = onlyFilter(query, 'identified');
  return identified === 'true' ? counted.identified : identified === 'false' ? counted.unidentified : null;
}
