/**
 * The expression of a segment, as `docs/segment.schema.json` words it. The builder works on this very tree and keeps
 * no form beside it, so that nothing can be lost between what is shown and what is asked. While somebody is filling it
 * in, a literal may be `null` and a list empty; `gapIn` says where.
 */
export type Literal = string | number | boolean | null;
export type Edge = string;
export type Span = 'day' | 'week' | 'month' | 'quarter' | 'year';

export type Window =
  | { from: Edge; to?: Edge }
  | { from?: Edge; to: Edge }
  | { last: number; unit: 'hours' | 'days' | 'months'; until?: number; complete?: boolean; rolling?: boolean }
  | { current: Span }
  | { previous: Span };

export const FUNCTIONS = ['days_since', 'days_until_next', 'age', 'month_of', 'day_of', 'weekday_of', 'hour_of', 'date_of'] as const;
export type Fn = (typeof FUNCTIONS)[number];
export const AGGREGATES = ['count', 'sum', 'avg', 'min', 'max', 'distinct', 'first', 'last'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export interface Rows {
  table: string;
  where?: Cond;
  window?: Window;
  on?: string;
}
export type Agg = Rows & { agg: Aggregate; of?: string };
export type Value =
  | { fact: string }
  | { col: string }
  | Agg
  | { ratio: [Value, Value] }
  | { add: Value[] }
  | { sub: [Value, Value] }
  | { [fn in Fn]?: Value };

export const COMPARISONS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Within {
  n: number;
  unit: 'hours' | 'days';
  business?: boolean;
}
export interface Step {
  table: string;
  where?: Cond;
  within?: Within;
  absent?: boolean;
}
export type Group = { op: 'and' | 'or'; args: Cond[] };
export type Cond =
  | Group
  | { op: 'not'; arg: Cond }
  | { op: 'all' }
  | { op: Comparison; left: Value; right: Value | Literal }
  | { op: 'between'; value: Value; from: Literal; to: Literal }
  | { op: 'in'; value: Value; list: Literal[] }
  | { op: 'is_missing'; value: Value }
  | { op: 'under'; value: Value; paths: string[] }
  | { op: 'contains'; value: Value; text: string | null }
  | { op: 'has_any' | 'has_all'; tags: string[]; added?: Window }
  | ({ op: 'exists' } & Rows)
  | { op: 'sequence'; steps: Step[]; same?: string; window?: Window }
  | { op: 'in_segment'; id: string | null }
  | { op: 'top'; by: Value; n?: number; percent?: string | number; of?: Cond; as_of?: string; end?: 'low' | 'high' };

export const isGroup = (cond: Cond): cond is Group => cond.op === 'and' || cond.op === 'or';
export const isValue = (side: Value | Literal): side is Value => typeof side === 'object' && side !== null;

/** The function at the head of a value, and what it is applied to. */
export function fnOf(value: Value): [Fn, Value] | null {
  for (const fn of FUNCTIONS) {
    const inner = (value as Record<string, unknown>)[fn];
    if (inner && typeof inner === 'object') return [fn, inner as Value];
  }
  return null;
}

/** Whether two trees say the same in the same words. The order of keys says nothing. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = (of: object) => Object.entries(of).filter(([, v]) => v !== undefined);
  const left = keys(a);
  return left.length === keys(b).length && left.every(([key, v]) => same(v, (b as Record<string, unknown>)[key]));
}

/** A JSON Pointer step; keys of the language hold neither `~` nor `/`. */
export const at = (path: string, ...steps: (string | number)[]): string => [path, ...steps].join('/');

const filled = (literal: unknown) => literal !== null && literal !== '' && literal !== undefined;

function gapOfValue(value: Value, path: string): string | null {
  const fn = fnOf(value);
  if (fn) return gapOfValue(fn[1], at(path, fn[0]));
  if ('agg' in value) return gapOfRows(value, path);
  for (const key of ['ratio', 'add', 'sub'] as const) {
    const args = (value as Record<string, Value[] | undefined>)[key];
    if (args) return first(args, (arg, i) => gapOfValue(arg, at(path, key, i)));
  }
  return null;
}
const gapOfRows = (rows: Rows | Step, path: string) => (rows.where ? gapIn(rows.where, at(path, 'where')) : null);

function first<T>(items: T[], look: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found !== null) return found;
  }
  return null;
}

/** Where something is still to be filled in: the pointer of the condition that waits, or `null`. */
export function gapIn(cond: Cond, path = ''): string | null {
  switch (cond.op) {
    case 'and':
    case 'or':
      return cond.args.length === 0 ? path : first(cond.args, (arg, i) => gapIn(arg, at(path, 'args', i)));
    case 'not':
      return gapIn(cond.arg, at(path, 'arg'));
    case 'all':
      return null;
    case 'between':
      return gapOfValue(cond.value, at(path, 'value')) ?? (filled(cond.from) && filled(cond.to) ? null : path);
    case 'in':
      return gapOfValue(cond.value, at(path, 'value')) ?? (cond.list.length > 0 && cond.list.every(filled) ? null : path);
    case 'is_missing':
      return gapOfValue(cond.value, at(path, 'value'));
    case 'under':
      return gapOfValue(cond.value, at(path, 'value')) ?? (cond.paths.length > 0 ? null : path);
    case 'contains':
      return gapOfValue(cond.value, at(path, 'value')) ?? (filled(cond.text) ? null : path);
    case 'has_any':
    case 'has_all':
      return cond.tags.length > 0 ? null : path;
    case 'exists':
      return gapOfRows(cond, path);
    case 'sequence':
      return first(cond.steps, (step, i) => gapOfRows(step, at(path, 'steps', i)));
    case 'in_segment':
      return filled(cond.id) ? null : path;
    case 'top':
      return gapOfValue(cond.by, at(path, 'by')) ?? (filled(cond.n) || filled(cond.percent) ? null : path) ?? (cond.of ? gapIn(cond.of, at(path, 'of')) : null);
    default:
      return gapOfValue(cond.left, at(path, 'left')) ?? (isValue(cond.right) ? gapOfValue(cond.right, at(path, 'right')) : filled(cond.right) ? null : path);
  }
}

/** The condition at the top of the builder is always a group: what stands alone is its only member. */
export function asGroup(cond: Cond): Group {
  return isGroup(cond) ? cond : { op: 'and', args: [cond] };
}

/** What is asked of the server: a group of one says no more than its member, an empty builder means everybody. */
export function asked(group: Group): Cond {
  if (group.args.length === 0) return { op: 'all' };
  return group.args.length === 1 ? (group.args[0] as Cond) : group;
}
