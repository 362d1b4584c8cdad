/**
 * The rules of a promotion as the form changes them: an object of the pricing format, of which the form writes the keys that it
 * knows and leaves the others as they are. Amounts are whole minor units, rates are texts that say what is paid.
 */
export const KINDS = ['stepped_threshold', 'percent_off', 'amount_off', 'nth_item', 'bundle_price', 'gift', 'member_price', 'flash_price', 'free_shipping'] as const;
export type Kind = (typeof KINDS)[number];

export interface Item {
  sku: string;
  qty?: number;
  price?: number;
  value?: number;
}

export interface Step {
  min_amount?: number;
  min_qty?: number;
  amount_off?: number;
  pay_rate?: string;
  cap?: number;
}

export interface Scope {
  skus?: string[];
  categories?: string[];
  exclude_skus?: string[];
  exclude_categories?: string[];
  not_replaced_by?: string[];
}

export interface Calendar {
  weekdays?: number[];
  month_days?: number[];
  hours?: string[];
}

export interface Rules {
  kind: Kind;
  priority?: number;
  group?: string;
  exclusive?: string;
  from?: string;
  to?: string;
  calendar?: Calendar;
  members_only?: boolean;
  tiers?: string[];
  segments?: string[];
  per_member?: number;
  min_amount?: number;
  min_qty?: number;
  max_weight_g?: number;
  scope?: Scope;
  pay_rate?: string;
  cap?: number;
  amount?: number;
  per?: string;
  n?: number;
  across?: string;
  repeat?: boolean;
  items?: Item[];
  price?: number;
  max_sets?: number;
  by?: string;
  steps?: Step[];
  max_times?: number;
  gifts?: Item[];
}

/** Some keys of something; those that are to go stand as undefined. */
export type Change<T> = { [K in keyof T]?: T[K] | undefined };

/** What every kind may have. */
const COMMON = ['priority', 'group', 'exclusive', 'from', 'to', 'calendar', 'members_only', 'tiers', 'segments', 'per_member', 'min_amount', 'min_qty', 'max_weight_g', 'scope'] as const;

/** Prices of goods themselves: neither groups nor priorities are asked of them. */
export const isPrice = (kind: Kind): boolean => ['member_price', 'flash_price'].includes(kind);

/** Of which kinds it is counted how often a member had one. */
export const isCounted = (kind: Kind): boolean => !['member_price', 'flash_price', 'gift'].includes(kind);

/** Where a kind begins. */
export function begin(kind: Kind): Rules {
  switch (kind) {
    case 'percent_off':
      return { kind, pay_rate: '0.9' };
    case 'nth_item':
      return { kind, n: 2, pay_rate: '0.5' };
    case 'bundle_price':
      return { kind, items: [{ sku: '', qty: 1 }, { sku: '', qty: 1 }] };
    case 'stepped_threshold':
      return { kind, steps: [{}] };
    case 'gift':
      return { kind, gifts: [{ sku: '', qty: 1 }] };
    case 'member_price':
      return { kind, members_only: true, items: [{ sku: '' }] };
    case 'flash_price':
      return { kind, items: [{ sku: '' }] };
    default:
      return { kind };
  }
}

/** The same for another kind: when, for whom and on what stays. */
export function withKind(rules: Rules, kind: Kind): Rules {
  const kept = Object.fromEntries(COMMON.filter((key) => rules[key] !== undefined).map((key) => [key, rules[key]]));
  const next = { ...begin(kind), ...kept } as Rules;
  if (!isCounted(kind)) delete next.per_member;
  if (isPrice(kind)) for (const key of ['priority', 'group', 'exclusive'] as const) delete next[key];
  return next;
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0) || (typeof value === 'object' && Object.keys(value).length === 0);

/** The rules with these keys; what is empty is left out, as the format has it. */
export function put(rules: Rules, change: Change<Rules>): Rules {
  const next: Record<string, unknown> = { ...rules };
  for (const [key, value] of Object.entries(change)) {
    if (isEmpty(value)) delete next[key];
    else next[key] = value;
  }
  return next as unknown as Rules;
}

/** The same of a part of them. */
export function part<T extends object>(of: T | undefined, change: Change<T>): T {
  const next: Record<string, unknown> = { ...(of ?? {}) };
  for (const [key, value] of Object.entries(change)) {
    if (isEmpty(value)) delete next[key];
    else next[key] = value;
  }
  return next as unknown as T;
}

/** `0.85` for 85 %; `null` for what is no share of a hundred with four digits at most. */
export function rateOf(percent: string): string | null {
  const found = /^(\d{1,3})(?:\.(\d{0,4}))?$/.exec(percent.trim());
  if (!found) return null;
  const whole = (found[1] ?? '').padStart(3, '0');
  const rest = found[2] ?? '';
  if (Number(percent) > 100) return null;
  const digits = `${whole.slice(-2)}${rest}`.replace(/0+$/, '');
  const units = String(Number(whole.slice(0, -2)));
  return digits ? `${units}.${digits}` : units;
}

/** `85` for `0.85`. */
export function percentOf(rate: string | undefined): string {
  if (rate === undefined) return '';
  const [units = '0', digits = ''] = rate.split('.');
  const padded = digits.padEnd(2, '0');
  const whole = String(Number(`${units}${padded.slice(0, 2)}`));
  const rest = padded.slice(2).replace(/0+$/, '');
  return rest ? `${whole}.${rest}` : whole;
}

/** Whether nothing stands at a place such as `rules.steps[0].min_amount`. */
export function isMissing(rules: Rules, path: string | null | undefined): boolean {
  if (!path?.startsWith('rules.')) return false;
  let at: unknown = rules;
  for (const key of path.slice('rules.'.length).split(/[.[\]]+/).filter(Boolean)) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  return isEmpty(at);
}
