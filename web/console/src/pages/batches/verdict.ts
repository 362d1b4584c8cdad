/**
 * What may be said of a batch in one sentence. Nothing but reckoning, so that tests can ask it.
 *
 * The interval of shares is made of score intervals, which hold in small groups too (Newcombe, Statistics in Medicine
 * 17, 1998): what it leaves may be said however few they are. The interval of money rests on the normal distribution,
 * for which each side must expect at least five of either kind (Cochran, "Some methods for strengthening the common
 * χ² tests", Biometrics 10, 1954): below that nothing is claimed of money.
 */
import type { BatchDifference, BatchReport } from '@api';

/**
 * `none`: nobody was held out. `thin`: too few to say anything. `buyers`, `fewer`: too few to say anything of money, but
 * more or fewer of them bought. Else what the interval of revenue leaves.
 */
export type Word = 'none' | 'thin' | 'buyers' | 'fewer' | 'more' | 'less' | 'unsure';

/** What an interval leaves of a difference. */
export const leaves = (of: BatchDifference): 'more' | 'less' | 'unsure' => (of.low > 0 ? 'more' : of.high < 0 ? 'less' : 'unsure');

const LEAST = 5;
/** The share of buyers that is taken for usual before there is a figure: one in twenty. */
const USUAL = 0.05;

/** Held out who give five buyers at the usual share: fewer show a difference only where it is large. */
export const ENOUGH = LEAST / USUAL;

/**
 * The percent from which a holdout of these many has enough: two standard deviations more than that, for each is drawn
 * by itself. `null` where not even the largest that may be asked for has.
 */
export function percentFor(able: number): number | null {
  const percent = Math.ceil(((ENOUGH + 2 * Math.sqrt(ENOUGH)) * 100) / Math.max(able, 1));
  return percent <= 50 ? percent : null;
}

/** Of which side too few buyers, or too few others, are to be expected for anything to be said of money. */
export function thinSide({ treated, held_out: held }: Pick<BatchReport, 'treated' | 'held_out'>): { side: 'treated' | 'heldOut'; of: 'buyers' | 'others'; least: number } {
  const share = (treated.buyers + held.buyers) / Math.max(treated.members + held.members, 1);
  return { side: treated.members < held.members ? 'treated' : 'heldOut', of: share <= 0.5 ? 'buyers' : 'others', least: LEAST };
}

export function wordOf(report: Pick<BatchReport, 'treated' | 'held_out' | 'lift' | 'revenue_per_member'>): Word {
  const { treated, held_out: held, lift, revenue_per_member: each } = report;
  if (!lift) return 'none';
  const share = (treated.buyers + held.buyers) / (treated.members + held.members);
  const least = Math.min(treated.members, held.members) * Math.min(share, 1 - share);
  if (least < LEAST) return ({ more: 'buyers', less: 'fewer', unsure: 'thin' } as const)[leaves(lift)];
  return leaves(each ?? lift);
}
