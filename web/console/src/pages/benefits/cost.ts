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

/** Thousandths as percent with a tenth: 632 is 63.2%. */
export function percentOf(permille: number): string {
  const size = Math.abs(permille);
  return `${permille < 0 ? '-' : ''}${Math.floor(size / 10)}.${size % 10}%`;
}

/** A margin in thousandths out of an address; null where none is stated, or it is none. */
export function marginOf(text: string | null): number | null {
  return text !== null && /^\d{1,4}$/.test(text) && Number(text) <= 1000 ? Number(text) : null;
}
