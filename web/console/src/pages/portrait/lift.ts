/** Lift in words and numbers: how many times as often something holds in the group. */
import type { PortraitAttribute, PortraitBar, PortraitLift } from '@api';
import { formatShare } from '../../app/format';

/** 1.83, 0.42, 12.5; never more digits than the interval bears. */
export const times = (n: number): string => (n >= 100 ? String(Math.round(n)) : n >= 10 ? n.toFixed(1) : n.toFixed(2));

/** 18.3 %; `–` where it is of nobody. What somebody is in is never shown as none. */
export const percent = (share: number | null | undefined, count = share ?? 0): string =>
  share === null || share === undefined ? '–' : share < 0.0005 && count > 0 ? '<0.1%' : formatShare(share, 1);

/** Nothing is between the two, to the digits that are shown: neither more nor less, nor chance. */
export function alike(lift: PortraitLift): boolean {
  const one = times(1);
  return lift.ratio !== null && lift.ratio !== undefined && [lift.ratio, lift.low, lift.high ?? 0].every((n) => times(n) === one);
}

/** As often in both, as far as is shown. */
export const even = (lift: PortraitLift): boolean => lift.ratio !== null && lift.ratio !== undefined && times(lift.ratio) === times(1);

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

/** What an expression names: facts and columns, tags, and readings of the calendar. */
function named(expr: unknown, into: Set<string>): Set<string> {
  if (Array.isArray(expr)) expr.forEach((item) => named(item, into));
  else if (expr !== null && typeof expr === 'object') {
    for (const [key, value] of Object.entries(expr)) {
      if ((key === 'fact' || key === 'col') && typeof value === 'string') into.add(value);
      else if (key === 'table' && typeof value === 'string') into.add(`table:${value}`);
      else if (key === 'op' && (value === 'has_any' || value === 'has_all')) into.add('tags');
      else if (key === 'agg' && (value === 'count' || value === 'distinct')) into.add('count');
      else if (/^(month|weekday|hour)_of$/.test(key)) into.add(key);
      named(value, into);
    }
  }
  return into;
}

/** What bears on an attribute or a figure: where the segment's own conditions name it, a difference in it is no finding. */
const PURCHASES = ['stage', 'table:orders', 'table:lines', 'rfm_f'];
const MONEY = ['rfm_m', 'net', 'paid', 'amount', 'refunded'];
const TOUCHED_BY: Record<string, string[]> = {
  // Figures: whoever is chosen for having bought has bought.
  buyer_share: PURCHASES,
  repeat_share: PURCHASES,
  orders_per_buyer: PURCHASES,
  sales_per_member: [...PURCHASES, ...MONEY],
  sales_per_buyer: MONEY,
  tags: ['tags'],
  gender: ['gender'],
  age: ['birthday'],
  region: ['province', 'city'],
  province: ['province', 'city'],
  city: ['province', 'city'],
  source: ['source'],
  stage: ['stage', 'table:orders', 'table:lines'],
  orders: PURCHASES,
  spend: MONEY,
  order_value: ['rfm_m', 'net', 'paid', 'amount'],
  category: ['category', 'sku'],
  subcategory: ['category', 'sku'],
  platform: ['platform'],
  shop: ['shop'],
  weekday: ['weekday_of'],
  hour: ['hour_of'],
  season: ['month_of'],
  weather: ['weather'],
  temperature: ['temperature'],
  refund: ['table:refunds', 'refunded'],
  discount: ['discount'],
};

/** Less than what bears on them: that somebody bought does not say how often. */
const TIMES = ['stage', 'rfm_f', 'count'];
const FIXED_BY: Record<string, string[]> = { ...TOUCHED_BY, repeat_share: TIMES, orders_per_buyer: TIMES, orders: ['rfm_f', 'count'], stage: ['stage'] };
/** Bars of those who never bought: whoever is chosen by purchases is in them or is not. */
const NEVER: Record<string, string[]> = { orders: ['0'], stage: ['unconverted', 'unknown'] };

const isIn = (map: Record<string, string[]>, names: Set<string>, attribute: string) => (map[attribute.split(':')[0] ?? ''] ?? []).some((name) => names.has(name));

/** Asks whether the segment's own conditions fix a figure, an attribute, or one bar of it. */
export type Fixed = (attribute: string, bar?: { value: string; label: string }) => boolean;

export function fixedBy(expr: unknown): Fixed {
  const names = named(expr, new Set());
  const never = (attribute: string, bar: { value: string; label: string }) => (NEVER[attribute] ?? []).some((word) => word === bar.value || word === bar.label);
  return (attribute, bar) => isIn(FIXED_BY, names, attribute) || (bar !== undefined && never(attribute, bar) && PURCHASES.some((name) => names.has(name)));
}

/** A bar's name at the head of a line. */
export const nameOf = ({ label }: { label: string }): string => label.charAt(0).toUpperCase() + label.slice(1);

/**
 * The bars that are more than chance and that the conditions do not bear on: those that are more than in the other and
 * those that are less, each the most distinct first.
 */
export function distinct(attributes: PortraitAttribute[], most: number, expr: unknown = null): { more: Told[]; less: Told[] } {
  const names = named(expr, new Set());
  const all = attributes
    .filter((attribute) => !isIn(TOUCHED_BY, names, attribute.key))
    .flatMap((attribute) => attribute.bars.filter((bar) => bar.lift?.distinct).map((bar) => ({ attribute, bar })))
    .sort((a, b) => distance(b.bar.lift) - distance(a.bar.lift));
  const isMore = ({ bar }: Told) => (bar.lift?.ratio ?? Infinity) > 1;
  return { more: all.filter(isMore).slice(0, most), less: all.filter((told) => !isMore(told)).slice(0, most) };
}
