/**
 * What may be said of a batch in one sentence. Nothing but reckoning, so that tests can ask it.
 *
 * The intervals rest on the normal distribution, which holds where each side expects at least five of either kind
 * (Cochran, "Some methods for strengthening the common χ² tests", Biometrics 10, 1954): below that nothing is claimed.
 */
import type { BatchReport } from '@api';

/** `none`: nobody was held out. `thin`: too few to say anything. Else what the interval of revenue leaves. */
export type Word = 'none' | 'thin' | 'more' | 'less' | 'unsure';

const LEAST = 5;
/** The share of buyers that is taken for usual before there is a figure: one in twenty. */
const USUAL = 0.05;

/** Held out who give five buyers at the usual share: fewer show a difference only where it is large. */
export const ENOUGH = LEAST / USUAL;

export function wordOf(report: Pick<BatchReport, 'treated' | 'held_out' | 'lift' | 'revenue_per_member'>): Word {
  const { treated, held_out: held, lift, revenue_per_member: each } = report;
  if (!lift) return 'none';
  const share = (treated.buyers + held.buyers) / (treated.members + held.members);
  const least = Math.min(treated.members, held.members) * Math.min(share, 1 - share);
  if (least < LEAST) return 'thin';
  const difference = each ?? lift;
  return difference.low > 0 ? 'more' : difference.high < 0 ? 'less' : 'unsure';
}
