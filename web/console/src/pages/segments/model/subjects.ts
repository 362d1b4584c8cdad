/**
 * What a condition is about, as one word that a list can offer: `fact:gender`, `agg:sum:orders:paid`,
 * `days_since|agg:last:orders:time`, `none:lines`. Changing the subject keeps the rows it is about, their filters and
 * their time, wherever the new subject has them too.
 */
import { aggregatesOf, columnOf, functionsOf, type Registry, type Type } from './registry';
import { type Agg, type Aggregate, type Cond, fnOf, type Fn, type Rows, type Value } from './tree';
import { readTest } from './test';

export type Arithmetic = 'ratio' | 'add' | 'sub';
const ARITHMETIC: readonly string[] = ['ratio', 'add', 'sub'];

export function subjectOf(value: Value): string {
  const fn = fnOf(value);
  if (fn) return `${fn[0]}|${subjectOf(fn[1])}`;
  if ('fact' in value) return `fact:${value.fact}`;
  if ('col' in value) return `col:${value.col}`;
  if ('agg' in value) return ['agg', value.agg, value.table, ...(value.of ? [value.of] : [])].join(':');
  return 'ratio' in value ? 'ratio' : 'add' in value ? 'add' : 'sub';
}

/** The subject of a whole condition, where it has one that can be exchanged for another. */
export function subjectOfCond(cond: Cond): string | null {
  if (cond.op === 'exists') return `exists:${cond.table}`;
  if (cond.op === 'not' && cond.arg.op === 'exists') return `none:${cond.arg.table}`;
  const test = readTest(cond);
  return test ? subjectOf(test.value) : null;
}

/** The innermost value: what functions are applied to. */
export function coreOf(value: Value): Value {
  const fn = fnOf(value);
  return fn ? coreOf(fn[1]) : value;
}

/** Puts another value in the innermost place. */
export function withCore(value: Value, core: Value): Value {
  const fn = fnOf(value);
  return fn ? { [fn[0]]: withCore(fn[1], core) } : core;
}

const rowsOf = ({ table, where, window, on }: Rows): Rows => ({
  table,
  ...(where ? { where } : {}),
  ...(window ? { window } : {}),
  ...(on ? { on } : {}),
});

/** The rows that a condition or value is about. */
export function rowsIn(cond: Cond | null): Rows | null {
  if (!cond) return null;
  if (cond.op === 'exists') return rowsOf(cond);
  if (cond.op === 'not') return rowsIn(cond.arg);
  const test = readTest(cond);
  return test ? rowsInValue(test.value) : null;
}
export function rowsInValue(value: Value): Rows | null {
  const core = coreOf(value);
  return 'agg' in core ? rowsOf(core) : null;
}

/** Rows of bought things are purchases as RFM and stage count them, unless somebody wants otherwise. */
export function freshRows(table: string, registry: Registry): Rows {
  return columnOf(registry, table, 'kept') ? { table, where: { op: 'eq', left: { col: 'kept' }, right: true } } : { table };
}

/** Goods and orders are bought things both: what they have in common goes along when one becomes the other. */
function carried(table: string, before: Rows | null, registry: Registry): Rows {
  if (before?.table === table) return before;
  const fresh = freshRows(table, registry);
  return before?.window && fresh.where && columnOf(registry, before.table, 'kept') ? { ...fresh, window: before.window } : fresh;
}

/** A value of that subject; what it was before lends its rows, or its parts. */
export function valueFor(subject: string, before: Value | null, registry: Registry, lent?: Rows | null): Value {
  const bar = subject.indexOf('|');
  if (bar > 0) return { [subject.slice(0, bar) as Fn]: valueFor(subject.slice(bar + 1), before, registry, lent) };
  const [head, first = '', table = '', of] = subject.split(':');
  if (head === 'fact') return { fact: first };
  if (head === 'col') return { col: first };
  if (head === 'agg') {
    const rows = carried(table, lent ?? (before ? rowsInValue(before) : null), registry);
    return { agg: first as Aggregate, ...(of ? { of } : {}), ...rows } as Agg;
  }
  const core = before ? coreOf(before) : null;
  const parts = core ? ('ratio' in core ? core.ratio : 'add' in core ? core.add : 'sub' in core ? core.sub : null) : null;
  if (parts) return { [head as Arithmetic]: head === 'add' ? parts : parts.slice(0, 2) } as unknown as Value;
  const rows = core && 'agg' in core ? core : ({ agg: 'sum', of: 'net', ...carried('orders', null, registry) } as Agg);
  return { [head as Arithmetic]: [rows, { ...rows }] } as unknown as Value;
}

export const isArithmetic = (subject: string): boolean => ARITHMETIC.includes(subject.slice(subject.lastIndexOf('|') + 1));

/** A name for a text of the subject: dots and bars are no part of a key. */
export const keyOf = (subject: string): string => subject.replace(/[|:]/g, '_');

export interface SubjectGroup {
  /** `common`, a group of facts, or a table. */
  name: string;
  subjects: string[];
}

const COMMON = [
  'exists:lines',
  'none:lines',
  'agg:distinct:lines:order_id',
  'agg:sum:lines:net',
  'agg:sum:lines:qty',
  'agg:count:orders',
  'agg:sum:orders:net',
  'agg:avg:orders:net',
  'agg:sum:orders:paid',
  'days_since|agg:last:orders:time',
  'days_since|agg:first:orders:time',
];

const known = (subject: string, registry: Registry): boolean => {
  const [head, first = '', table = '', of] = subject.slice(subject.lastIndexOf('|') + 1).split(':');
  if (head === 'exists' || head === 'none') return registry.tables.some((t) => t.name === first);
  return head !== 'agg' || (registry.tables.some((t) => t.name === table) && (of === undefined || columnOf(registry, table, of) !== undefined));
};

const wrapped = (base: string, type: Type | null): string[] => [base, ...functionsOf(type).map((fn) => `${fn}|${base}`)];

/** Everything that a condition on a member can be about; `rows` adds that there are rows, and that there are none. */
export function memberSubjects(registry: Registry, rows: boolean): SubjectGroup[] {
  const facts = new Map<string, string[]>();
  for (const fact of registry.facts) {
    if (fact.type === 'tags') continue;
    facts.set(fact.group, [...(facts.get(fact.group) ?? []), ...wrapped(`fact:${fact.name}`, fact.type)]);
  }
  const tables = registry.tables.map(({ name, columns }) => ({
    name,
    subjects: [
      ...(rows ? [`exists:${name}`, `none:${name}`] : []),
      `agg:count:${name}`,
      // The id of a row tells what the count tells, its time is told by first and last.
      ...columns.slice(1).flatMap((column, index) =>
        aggregatesOf(column.type).filter((agg) => index > 0 || agg === 'first' || agg === 'last').flatMap((agg) => wrapped(`agg:${agg}:${name}:${column.name}`, agg === 'distinct' ? 'int' : column.type)),
      ),
    ],
  }));
  return [
    { name: 'common', subjects: COMMON.filter((s) => known(s, registry) && (rows || !/^(exists|none):/.test(s))) },
    ...[...facts].map(([name, subjects]) => ({ name, subjects })),
    ...tables,
    { name: 'arithmetic', subjects: ['ratio', 'sub', 'add'] },
  ];
}

/** What a filter on rows can be about. */
export function rowSubjects(registry: Registry, table: string): SubjectGroup[] {
  const columns = registry.tables.find((t) => t.name === table)?.columns ?? [];
  return [
    { name: 'columns', subjects: columns.flatMap((column) => wrapped(`col:${column.name}`, column.type)) },
    { name: 'arithmetic', subjects: ['ratio', 'sub', 'add'] },
  ];
}
