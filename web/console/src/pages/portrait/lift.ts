/** Lift in words and numbers: how many times as often something holds in the group. */
import type { PortraitAttribute, PortraitBar, PortraitLift } from '@api';

/** 1.83, 0.42, 12.5; never more digits than the interval bears. */
export const times = (n: number): string => (n >= 100 ? String(Math.round(n)) : n >= 10 ? n.toFixed(1) : n.toFixed(2));

/** 18.3 %; `–` where it is of nobody. */
export const percent = (share: number | null | undefined): string => (share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)}%`);

/** How far from 1, the same for twice and half. */
export function distance(lift: PortraitLift | null | undefined): number {
  if (!lift) return 0;
  if (lift.ratio === null || lift.ratio === undefined) return Math.abs(Math.log(Math.max(lift.low, 1)));
  if (lift.ratio <= 0) return Math.abs(Math.log(Math.max(lift.high ?? 1, 1e-6)));
  return Math.abs(Math.log(lift.ratio));
}

export interface Told {
  attribute: PortraitAttribute;
  bar: PortraitBar;
}

/** The bars that are more than chance, the most distinct first. */
export function distinct(attributes: PortraitAttribute[], most: number): Told[] {
  const all = attributes.flatMap((attribute) => attribute.bars.filter((bar) => bar.lift?.distinct).map((bar) => ({ attribute, bar })));
  return all.sort((a, b) => distance(b.bar.lift) - distance(a.bar.lift)).slice(0, most);
}
