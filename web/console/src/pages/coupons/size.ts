/** How large a batch comes out: the pieces that were asked for, bounded by what the budget pays for. */
import type { CouponOffer, CouponTemplate } from '@api';

/** The most that one coupon takes off, minor units; none where that has no end, or is drawn. */
export function faceOf(offer: CouponOffer): number | null {
  switch (offer.kind) {
    case 'amount_off':
    case 'no_threshold':
      return offer.amount ?? null;
    case 'percent_off':
    case 'free_shipping':
      return offer.cap ?? null;
    case 'gift':
      return (offer.gifts ?? []).reduce((sum, gift) => sum + gift.qty * gift.value, 0);
    case 'exchange':
      return null;
  }
}

export interface Size {
  /** None for no end. */
  pieces: number | null;
  /** What all of them take off at most, minor units; none where that is not known. */
  most: number | null;
  /** Why it cannot be, as a key of the texts. */
  wrong: 'drawn' | 'face' | null;
}

/** The size of a batch of that template, as the server will reckon it. `budget` in minor units. */
export function sizeOf(of: Pick<CouponTemplate, 'offer' | 'random'>, pieces: number | null, budget: number | null): Size {
  const range = of.random;
  if (range) {
    const fits = budget === null || (pieces !== null && range.distribution !== 'low' && pieces * range.min <= budget && budget <= pieces * range.max);
    return { pieces, most: budget ?? (pieces === null ? null : pieces * range.max), wrong: fits ? null : 'drawn' };
  }
  const face = faceOf(of.offer);
  if (budget === null) return { pieces, most: pieces === null || face === null ? null : pieces * face, wrong: null };
  const affordable = face ? Math.floor(budget / face) : 0;
  if (!face || affordable === 0) return { pieces, most: null, wrong: 'face' };
  const count = pieces === null ? affordable : Math.min(pieces, affordable);
  return { pieces: count, most: count * face, wrong: null };
}
