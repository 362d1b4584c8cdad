/** The member's card before there is a member: a tier, and part of the way to the next. */
import { labelOf, type Rules, thresholdsOf, tiersOf } from './rules';

export interface Preview {
  tier: string;
  next: { tier: string; joint: 'any' | 'all'; of: { metric: string; missing: number }[] } | null;
  /** How far, in percent, by the condition that is furthest along. */
  percent: number;
}

/** Of the way between two tiers so much is gone. */
const GONE = 0.6;

/** The card at the tier of that place. */
export function previewAt(rules: Rules, index: number): Preview | null {
  const tiers = tiersOf(rules);
  const tier = tiers[index];
  if (!tier) return null;
  const next = tiers[index + 1];
  if (!next) return { tier: labelOf(tier), next: null, percent: 100 };
  const held = thresholdsOf(tier.entry).of;
  const { joint, of } = thresholdsOf(next.entry);
  const ways = of.map(({ metric = '', min = 0 }) => {
    const from = Math.min(min, held.find((one) => one.metric === metric)?.min ?? 0);
    const have = from + Math.floor((min - from) * GONE);
    return { metric, missing: min - have, share: min > 0 ? have / min : 1 };
  });
  const open = ways.filter((way) => way.missing > 0);
  const most = Math.max(0, ...ways.map((way) => way.share));
  return { tier: labelOf(tier), next: { tier: labelOf(next), joint, of: open.map(({ metric, missing }) => ({ metric, missing })) }, percent: Math.round(most * 100) };
}
