/** What benefits cost, added up by tier. */
import type { BenefitCostLine } from '@api';

export interface TierSum {
  key: string;
  name: string;
  uses: number;
  cost: number;
  shop: number;
}

/** Lines of one tier together, the dearest first. */
export function byTier(lines: BenefitCostLine[], name: (line: BenefitCostLine) => string): TierSum[] {
  const sums = new Map<string, TierSum>();
  for (const line of lines) {
    const key = line.tier ? `${line.tier.programme}/${line.tier.id}` : '';
    const sum = sums.get(key) ?? { key, name: name(line), uses: 0, cost: 0, shop: 0 };
    sums.set(key, { ...sum, uses: sum.uses + line.uses, cost: sum.cost + line.cost, shop: sum.shop + line.shop });
  }
  return [...sums.values()].sort((a, b) => b.cost - a.cost);
}
