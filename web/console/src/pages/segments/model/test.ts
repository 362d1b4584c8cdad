/**
 * A condition on a value, as a person picks it: what, how, and with which words. Negations that have a word of their
 * own (not one of, is known, not under) are one choice here and `not` around the condition in the tree.
 */
import { type Comparison, COMPARISONS, type Cond, isValue, type Literal, type Value } from './tree';
import type { Type } from './registry';

export const HOWS = [...COMPARISONS, 'between', 'in', 'not_in', 'under', 'not_under', 'contains', 'not_contains', 'is_missing', 'is_known'] as const;
export type How = (typeof HOWS)[number];

export interface Test {
  value: Value;
  how: How;
  /** Literals, as many as the way of asking takes. */
  words: Literal[];
  /** The other value, where two are compared. */
  other?: Value;
}

const isComparison = (op: string): op is Comparison => (COMPARISONS as readonly string[]).includes(op);

export function readTest(cond: Cond): Test | null {
  if (isComparison(cond.op)) {
    const { op, left, right } = cond as Extract<Cond, { op: Comparison }>;
    return isValue(right) ? { value: left, how: op, words: [], other: right } : { value: left, how: op, words: [right] };
  }
  switch (cond.op) {
    case 'between':
      return { value: cond.value, how: 'between', words: [cond.from, cond.to] };
    case 'in':
      return { value: cond.value, how: 'in', words: cond.list };
    case 'under':
      return { value: cond.value, how: 'under', words: cond.paths };
    case 'contains':
      return { value: cond.value, how: 'contains', words: [cond.text] };
    case 'is_missing':
      return { value: cond.value, how: 'is_missing', words: [] };
    case 'not': {
      const inner = readTest(cond.arg);
      const how = inner && ({ in: 'not_in', under: 'not_under', contains: 'not_contains', is_missing: 'is_known' } as Partial<Record<How, How>>)[inner.how];
      return inner && how ? { ...inner, how } : null;
    }
    default:
      return null;
  }
}

export function writeTest({ value, how, words, other }: Test): Cond {
  const one = words[0] ?? null;
  switch (how) {
    case 'between':
      return { op: 'between', value, from: one, to: words[1] ?? null };
    case 'in':
      return { op: 'in', value, list: words };
    case 'under':
      return { op: 'under', value, paths: words as string[] };
    case 'contains':
      return { op: 'contains', value, text: one as string | null };
    case 'is_missing':
      return { op: 'is_missing', value };
    case 'not_in':
    case 'not_under':
    case 'not_contains':
      return { op: 'not', arg: writeTest({ value, how: how.slice(4) as How, words }) };
    case 'is_known':
      return { op: 'not', arg: { op: 'is_missing', value } };
    default:
      return { op: how, left: value, right: other ?? one };
  }
}

/** How values of a type can be asked about, in the order in which they are offered. */
export function howsOf(type: Type | null): How[] {
  switch (type) {
    case 'text':
      return ['in', 'not_in', 'eq', 'ne', 'under', 'not_under', 'contains', 'not_contains', 'is_known', 'is_missing'];
    case 'bool':
      return ['eq', 'ne', 'is_known', 'is_missing'];
    case 'date':
      return ['ge', 'lt', 'between', 'eq', 'gt', 'le', 'ne', 'in', 'not_in', 'is_known', 'is_missing'];
    case 'instant':
      return ['ge', 'lt', 'between', 'gt', 'le', 'eq', 'ne', 'is_known', 'is_missing'];
    case 'int':
      return ['ge', 'le', 'between', 'eq', 'gt', 'lt', 'ne', 'in', 'not_in', 'is_known', 'is_missing'];
    default:
      return ['ge', 'lt', 'between', 'gt', 'le', 'eq', 'ne', ...(type === 'fen' ? (['in', 'not_in'] as How[]) : []), 'is_known', 'is_missing'];
  }
}

const LISTS: readonly How[] = ['in', 'not_in', 'under', 'not_under'];
export const takesList = (how: How): boolean => LISTS.includes(how);
export const takesNothing = (how: How): boolean => how === 'is_missing' || how === 'is_known';

/** The same question asked another way: words that still fit are kept. */
export function askedAs(test: Test, how: How): Test {
  const words = test.words.filter((w) => w !== null);
  const base = { value: test.value, how };
  if (takesNothing(how)) return { ...base, words: [] };
  if (takesList(how)) return { ...base, words };
  if (how === 'between') return { ...base, words: [words[0] ?? null, words[1] ?? null] };
  if (test.other && isComparison(how)) return { ...base, words: [], other: test.other };
  return { ...base, words: [words[0] ?? null] };
}
