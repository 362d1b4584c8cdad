/**
 * The rules of a programme as JSON, and what an editor does to them. The draft is the JSON itself: a change of one
 * thing sets or removes one key and leaves all others as they are, also those that no form knows.
 */

interface Open {
  [more: string]: unknown;
}

export interface Threshold extends Open {
  metric?: string;
  min?: number;
}

export interface Condition extends Open {
  any?: Threshold[];
  all?: Threshold[];
}

export interface Tier extends Open {
  id?: string;
  /** What people call it, where that is another name. */
  name?: string;
  entry?: Condition | null;
  keep?: Condition | null;
  reward_points?: number;
}

/** One of them; the last day of what begins today. */
export interface Length extends Open {
  days?: number;
  months?: number;
  year_end?: number;
}

export interface Ladder extends Open {
  tiers?: Tier[];
  window?: { kind?: string; months?: number } & Open;
  validity?: Length;
  step_down?: boolean;
  grace_days?: number;
  on_refund?: string;
  refund_window_days?: number;
}

export interface Band extends Open {
  from_fen?: number;
  points?: number;
  per_fen?: number;
}

export interface EarnRule extends Open {
  id?: string;
  kind?: string;
  from?: string;
  to?: string;
  tiers?: string[];
  categories?: string[];
  group?: string;
  points?: number;
  per_fen?: number;
  mode?: string;
  bands?: Band[];
  factor?: string;
  birthday?: string;
}

export interface Cap extends Open {
  id?: string;
  per?: string;
  points?: number;
  rule?: string;
}

export interface StreakStep extends Open {
  days?: number;
  bonus?: number;
}

export interface Rules extends Open {
  zone?: string;
  settlement_days?: number;
  earn?: EarnRule[];
  caps?: Cap[];
  lot_expiry?: Length;
  shortfall?: string;
  reversal_min_days?: number;
  check_in?: ({ points?: number; streak?: StreakStep[] } & Open) | null;
  birthday?: ({ points?: number } & Open) | null;
  activity?: ({ cuts?: number[] } & Open) | null;
  ladder?: Ladder | null;
  coupons?: unknown[];
}

export const METRICS = ['net_spend', 'orders', 'growth'] as const;
export const EARN_KINDS = ['per_amount', 'stepped', 'category_bonus', 'first_order', 'multiplier'] as const;
export type EarnKind = (typeof EARN_KINDS)[number];
export const CUTS = [30, 60, 90, 180, 365];

/** Sets a key, or takes it away where there is nothing to say. */
export function put<T extends object, K extends keyof T & string>(object: T, key: K, value: T[K] | undefined | null): T {
  if (value === undefined || value === null) {
    const { [key]: _, ...rest } = object;
    return rest as unknown as T;
  }
  return { ...object, [key]: value };
}

export const replaced = <T>(list: T[], index: number, item: T): T[] => list.map((old, i) => (i === index ? item : old));
export const without = <T>(list: T[], index: number): T[] => list.filter((_, i) => i !== index);

export const tiersOf = (rules: Rules): Tier[] => rules.ladder?.tiers ?? [];
export const earnOf = (rules: Rules): EarnRule[] => rules.earn ?? [];
export const capsOf = (rules: Rules): Cap[] => rules.caps ?? [];

/** A name that nobody has: `名`, `名 2`, `名 3`. */
export function freshId(base: string, taken: (string | undefined)[]): string {
  let name = base;
  for (let n = 2; taken.includes(name); n += 1) name = `${base} ${n}`;
  return name;
}

/** The categories that rules speak of, each once. */
export const categoriesOf = (rules: Rules): string[] => [...new Set(earnOf(rules).flatMap((rule) => rule.categories ?? []))];

// Tiers.

export const setLadder = (rules: Rules, change: (ladder: Ladder) => Ladder): Rules => ({ ...rules, ladder: change(rules.ladder ?? { tiers: [] }) });

export const setTier = (rules: Rules, index: number, tier: Tier): Rules => setLadder(rules, (ladder) => ({ ...ladder, tiers: replaced(tiersOf(rules), index, tier) }));

const inTiers = (rules: Rules, change: (ids: string[]) => string[]): Rules =>
  rules.earn ? { ...rules, earn: rules.earn.map((rule) => (rule.tiers ? put(rule, 'tiers', change(rule.tiers)) : rule)) } : rules;

/** What people call it. */
export const labelOf = (tier: Tier): string => tier.name ?? tier.id ?? '';

/** What people call the tier of that id. */
export const tierLabel = (rules: Rules, id: string): string => {
  const tier = tiersOf(rules).find((one) => one.id === id);
  return tier ? labelOf(tier) : id;
};

/** What the tier is called. Where members may hold it, its id stays: by another id it would be another tier. */
export function nameTier(rules: Rules, index: number, name: string, held: boolean): Rules {
  const tier = tiersOf(rules)[index];
  if (!tier) return rules;
  if (tier.name === undefined && !held) return renameTier(rules, index, name);
  return setTier(rules, index, put(tier, 'name', name === tier.id ? undefined : name));
}

/** The tier's id; rules that are for it follow. */
export function renameTier(rules: Rules, index: number, id: string): Rules {
  const tier = tiersOf(rules)[index];
  if (!tier) return rules;
  // Of two tiers of one name for the moment, rules keep what they meant.
  const alone = tiersOf(rules).filter((other) => other.id === tier.id).length === 1;
  const named = setTier(rules, index, { ...tier, id });
  return alone ? inTiers(named, (ids) => ids.map((one) => (one === tier.id ? id : one))) : named;
}

/** A tier above all others, which asks for twice as much as the one below. */
export function addTier(rules: Rules, id: string): Rules {
  const tiers = tiersOf(rules);
  const last = tiers.at(-1);
  const below = thresholdsOf(last?.entry).of[0];
  const entry: Condition = { any: [{ metric: below?.metric ?? 'net_spend', min: below?.min ? below.min * 2 : 50_000 }] };
  const tier: Tier = tiers.length === 0 ? { id } : { id, entry };
  return setLadder(rules, (ladder) => ({ ...ladder, tiers: [...tiers, tier] }));
}

/** The tier leaves; rules that were for it alone would be for everybody then, so they keep naming it and are refused. */
export function removeTier(rules: Rules, index: number): Rules {
  const gone = tiersOf(rules)[index]?.id;
  const left = setLadder(rules, (ladder) => ({ ...ladder, tiers: without(tiersOf(rules), index) }));
  return inTiers(left, (ids) => (ids.some((id) => id !== gone) ? ids.filter((id) => id !== gone) : ids));
}

export function moveTier(rules: Rules, index: number, by: 1 | -1): Rules {
  const tiers = [...tiersOf(rules)];
  const [tier] = tiers.splice(index, 1);
  if (!tier || index + by < 0 || index + by > tiers.length) return rules;
  tiers.splice(index + by, 0, tier);
  return setLadder(rules, (ladder) => ({ ...ladder, tiers }));
}

/** What tiers are called that members may hold now and that the rules no longer have. */
export function lostTiers(running: Rules | null | undefined, rules: Rules): string[] {
  const there = tiersOf(rules).map((tier) => tier.id);
  return tiersOf(running ?? {}).flatMap((tier) => (tier.id && !there.includes(tier.id) ? [labelOf(tier)] : []));
}

export function thresholdsOf(condition: Condition | null | undefined): { joint: 'any' | 'all'; of: Threshold[] } {
  return condition?.all ? { joint: 'all', of: condition.all } : { joint: 'any', of: condition?.any ?? [] };
}

/** The condition with other thresholds; whatever else stands in it stays. */
export function withThresholds(condition: Condition | null | undefined, joint: 'any' | 'all', of: Threshold[]): Condition {
  const { any: _any, all: _all, ...rest } = condition ?? {};
  return { ...rest, [joint]: of };
}

// Earning.

export const setRule = (rules: Rules, index: number, rule: EarnRule): Rules => ({ ...rules, earn: replaced(earnOf(rules), index, rule) });

/** The rule's name; caps on it follow. */
export function renameRule(rules: Rules, index: number, id: string): Rules {
  const rule = earnOf(rules)[index];
  if (!rule) return rules;
  const alone = earnOf(rules).filter((other) => other.id === rule.id).length === 1;
  const named = setRule(rules, index, { ...rule, id });
  return alone && rule.id !== undefined && named.caps ? { ...named, caps: named.caps.map((cap) => (cap.rule === rule.id ? { ...cap, rule: id } : cap)) } : named;
}

/** The rule leaves, and with it the caps on it alone: without it they would cap everything. */
export function removeRule(rules: Rules, index: number): Rules {
  const gone = earnOf(rules)[index]?.id;
  const left: Rules = { ...rules, earn: without(earnOf(rules), index) };
  return left.caps && gone !== undefined ? { ...left, caps: left.caps.filter((cap) => cap.rule !== gone) } : left;
}

const FRESH: Record<EarnKind, EarnRule> = {
  per_amount: { points: 1, per_fen: 100 },
  stepped: {
    bands: [
      { from_fen: 0, points: 1, per_fen: 100 },
      { from_fen: 50_000, points: 2, per_fen: 100 },
    ],
  },
  category_bonus: { points: 5 },
  first_order: { points: 100 },
  multiplier: { factor: '2' },
};

export function addRule(rules: Rules, kind: EarnKind, name: string): Rules {
  const earn = earnOf(rules);
  return { ...rules, earn: [...earn, { id: freshId(name, earn.map((rule) => rule.id)), kind, ...structuredClone(FRESH[kind]) }] };
}

export function addCap(rules: Rules, name: string): Rules {
  const caps = capsOf(rules);
  return { ...rules, caps: [...caps, { id: freshId(name, caps.map((cap) => cap.id)), per: 'day', points: 500 }] };
}

/** The next band begins twice as high and has the same rate. */
export function addBand(rule: EarnRule): EarnRule {
  const bands = rule.bands ?? [];
  const last = bands.at(-1);
  return { ...rule, bands: [...bands, { from_fen: last?.from_fen ? last.from_fen * 2 : last ? 50_000 : 0, points: last?.points ?? 1, per_fen: last?.per_fen ?? 100 }] };
}

// Lengths.

export const LENGTHS = ['days', 'months', 'year_end'] as const;
export type LengthKind = (typeof LENGTHS)[number];

export function lengthOf(length: Length | undefined, fallback: { kind: LengthKind; n: number }): { kind: LengthKind; n: number | null } {
  const kind = LENGTHS.find((one) => length?.[one] !== undefined);
  if (!kind) return length === undefined ? fallback : { kind: fallback.kind, n: null };
  return { kind, n: length?.[kind] ?? null };
}

export function withLength(length: Length | undefined, kind: LengthKind, n: number | null): Length {
  const { days: _d, months: _m, year_end: _y, ...rest } = length ?? {};
  return n === null ? rest : { ...rest, [kind]: n };
}

// What a form can show.

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const absent = (value: unknown): boolean => value === undefined || value === null;
const objects = (value: unknown): boolean => absent(value) || (Array.isArray(value) && value.every(isObject));
const object = (value: unknown): boolean => absent(value) || isObject(value);
const texts = (value: unknown): boolean => absent(value) || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
const condition = (value: unknown): boolean => absent(value) || (isObject(value) && objects(value.any) && objects(value.all));

/** Whether every place that a form looks at has the sort of thing that the form expects there. */
export function isFormable(value: unknown): value is Rules {
  if (!isObject(value)) return false;
  const { earn, caps, ladder, check_in: checkIn, activity } = value;
  if (![earn, caps].every(objects) || ![ladder, checkIn, value.birthday, activity, value.lot_expiry].every(object)) return false;
  if (isObject(checkIn) && !objects(checkIn.streak)) return false;
  if (isObject(activity) && !absent(activity.cuts) && !(Array.isArray(activity.cuts) && activity.cuts.every((cut) => typeof cut === 'number'))) return false;
  const rules = (earn ?? []) as Record<string, unknown>[];
  if (!rules.every((rule) => objects(rule.bands) && texts(rule.tiers) && texts(rule.categories))) return false;
  if (!isObject(ladder)) return true;
  if (!objects(ladder.tiers) || !object(ladder.window) || !object(ladder.validity)) return false;
  return ((ladder.tiers ?? []) as Record<string, unknown>[]).every((tier) => condition(tier.entry) && condition(tier.keep));
}

const KNOWN: Record<string, readonly string[]> = {
  '': ['zone', 'settlement_days', 'earn', 'caps', 'lot_expiry', 'shortfall', 'reversal_min_days', 'check_in', 'birthday', 'activity', 'ladder'],
  ladder: ['tiers', 'window', 'validity', 'step_down', 'grace_days', 'on_refund', 'refund_window_days'],
  tier: ['id', 'name', 'entry', 'keep', 'reward_points'],
  earn: ['id', 'kind', 'from', 'to', 'tiers', 'categories', 'group', 'points', 'per_fen', 'mode', 'bands', 'factor', 'birthday'],
  cap: ['id', 'per', 'points', 'rule'],
};

/** Places that the form does not show and that stay as they are; coupons among them. */
export function foreignIn(rules: Rules): string[] {
  const odd = (value: object | null | undefined, known: string, path: string) =>
    Object.keys(value ?? {})
      .filter((key) => !KNOWN[known]?.includes(key))
      .map((key) => (path ? `${path}.${key}` : key));
  return [
    ...odd(rules, '', ''),
    ...odd(rules.ladder, 'ladder', 'ladder'),
    ...tiersOf(rules).flatMap((tier, i) => odd(tier, 'tier', `ladder.tiers[${i}]`)),
    ...earnOf(rules).flatMap((rule, i) => odd(rule, 'earn', `earn[${i}]`)),
    ...capsOf(rules).flatMap((cap, i) => odd(cap, 'cap', `caps[${i}]`)),
  ];
}
