/** What can be asked about: the server's registry, and the types that values come to. */
import { type Agg, type Aggregate, fnOf, type Fn, type Value } from './tree';

export type Type = 'int' | 'fen' | 'dec' | 'text' | 'date' | 'instant' | 'bool' | 'tags';

export interface Word {
  value: string;
  label: string;
}
export interface Fact {
  name: string;
  type: Type;
  label: string;
  group: string;
  group_label?: string | null;
  /** Whether this release knows it of anybody. */
  filled: boolean;
  values?: Word[] | null;
}
export interface Column {
  name: string;
  type: Type;
  label: string;
  values?: Word[] | null;
}
export interface Table {
  name: string;
  label: string;
  columns: Column[];
}
export interface Registry {
  facts: Fact[];
  tables: Table[];
  known_at?: string | null;
}

export const factOf = (registry: Registry, name: string) => registry.facts.find((f) => f.name === name);
export const tableOf = (registry: Registry, name: string) => registry.tables.find((t) => t.name === name);
export const columnOf = (registry: Registry, table: string | null, name: string | undefined) =>
  table === null ? undefined : tableOf(registry, table)?.columns.find((c) => c.name === name);

const isNumber = (type: Type | null) => type === 'int' || type === 'fen' || type === 'dec';
export const isOrdered = (type: Type | null) => isNumber(type) || type === 'date' || type === 'instant';

/** The aggregates that a column admits. */
export function aggregatesOf(type: Type): Aggregate[] {
  if (type === 'tags') return [];
  return [...(isNumber(type) ? (['sum', 'avg'] as const) : []), ...(isOrdered(type) ? (['min', 'max'] as const) : []), 'distinct', 'first', 'last'];
}

/** The functions that a value of a type can be given to. */
export function functionsOf(type: Type | null): Fn[] {
  if (type === 'date') return ['days_since', 'days_until_next', 'age', 'month_of', 'day_of', 'weekday_of'];
  if (type === 'instant') return ['days_since', 'month_of', 'day_of', 'weekday_of', 'hour_of', 'date_of'];
  return [];
}

function typeOfAgg(agg: Agg, registry: Registry): Type | null {
  if (agg.agg === 'count' || agg.agg === 'distinct') return 'int';
  const of = columnOf(registry, agg.table, agg.of)?.type ?? null;
  return agg.agg === 'avg' && of !== null ? (of === 'fen' ? 'fen' : 'dec') : of;
}

/** `null` where the value is not one that the registry knows; the server then says what is wrong. */
export function typeOf(value: Value, registry: Registry, table: string | null): Type | null {
  const fn = fnOf(value);
  if (fn) return fn[0] === 'date_of' ? 'date' : 'int';
  if ('fact' in value) return factOf(registry, value.fact)?.type ?? null;
  if ('col' in value) return columnOf(registry, table, value.col)?.type ?? null;
  if ('agg' in value) return typeOfAgg(value, registry);
  if ('ratio' in value) return 'dec';
  const args = 'add' in value ? value.add : 'sub' in value ? value.sub : [];
  const types = args.map((arg) => typeOf(arg, registry, table));
  if (types.includes('fen')) return 'fen';
  return types.includes('dec') ? 'dec' : types.length > 0 ? 'int' : null;
}

/** The few words that a text may be, and the vocabulary in which the others are found. */
export function wordsOf(value: Value, registry: Registry, table: string | null): { vocabulary: string; values: Word[] | null } | null {
  if ('fact' in value) {
    const fact = factOf(registry, value.fact);
    return fact?.type === 'text' ? { vocabulary: fact.name, values: fact.values ?? null } : null;
  }
  const name = 'col' in value ? value.col : 'agg' in value ? value.of : undefined;
  const column = columnOf(registry, 'agg' in value ? value.table : table, name);
  return column?.type === 'text' ? { vocabulary: column.name, values: column.values ?? null } : null;
}
