/**
 * Which keys of two members are the same. The evidence of a review is every key that the two share, told masked: a key
 * that looks like one of them is surely it only where as many look so as are shared. In clear, equal means the same.
 * Nothing but reckoning, so that tests can ask it.
 */
import type { Member, MemberKey, Review } from '@api';
import type { Clear } from '../../ui/UnmaskDialog';

/**
 * `same`: it is the other side's too. `alike`: masked it looks like one that is shared, and may be another.
 * `other`: the other side has one that looks so when masked, and it is not the same.
 */
export type Likeness = 'same' | 'alike' | 'other';

export interface SeenKey {
  key: MemberKey;
  /** The value in clear, where it was uncovered. */
  clear: string | null;
  likeness: Likeness | null;
}

export type Uncovered = Record<'left' | 'right', Clear>;

/** The fields that can be uncovered, and the kinds of keys that each shows. */
const FIELDS: Record<string, string[]> = {
  phone: ['phone', 'receiver_phone'],
  email: ['email'],
  account: ['account_name', 'open_id', 'union_id'],
  external: ['own_id'],
  card: ['card'],
  address: ['receiver_address'],
};

const fieldOf = (kind: string): string => Object.keys(FIELDS).find((field) => FIELDS[field]?.includes(kind)) ?? kind;

/** What there is to uncover on either side; the name always. */
export function fieldsOf(review: Review): string[] {
  const has = new Set([...review.left.keys, ...review.right.keys].map((key) => fieldOf(key.kind)));
  return ['name', ...Object.keys(FIELDS).filter((field) => has.has(field))];
}

/** Each key's value in clear, where the answer tells as many as there are keys: a separator inside of one forbids to guess. */
export function clearValues(member: Member, clear: Clear | undefined): (string | null)[] {
  const next = new Map<string, string[]>();
  for (const field of Object.keys(FIELDS)) {
    const values = clear?.[field]?.split('、') ?? [];
    if (values.length === member.keys.filter((key) => fieldOf(key.kind) === field).length) next.set(field, values);
  }
  return member.keys.map((key) => next.get(fieldOf(key.kind))?.shift() ?? null);
}

/** What was uncovered and could not be told apart key by key: it is shown as it came. */
export function leftOver(clear: Clear | null, keys: SeenKey[]): [string, string][] {
  const paired = new Set(keys.flatMap((seen) => (seen.clear === null ? [] : [fieldOf(seen.key.kind)])));
  return Object.entries(clear ?? {}).flatMap(([field, value]) => (field !== 'name' && value && !paired.has(field) ? [[field, value] as [string, string]] : []));
}

const masked = (kind: string, value: string) => `${fieldOf(kind)} ${value}`;
const exact = (key: MemberKey, clear: string) => `${fieldOf(key.kind)} ${key.namespace ?? ''} ${clear}`;

function count(texts: string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const text of texts) found.set(text, (found.get(text) ?? 0) + 1);
  return found;
}

const RANK = ['same', 'alike', 'other', null];

/** The keys of both sides, those that matter for the decision first. */
export function compare(review: Review, uncovered: Uncovered | null): Record<'left' | 'right', SeenKey[]> {
  const shared = count(review.evidence.map((e) => masked(e.kind, e.value_masked)));
  const side = (mine: 'left' | 'right', theirs: 'left' | 'right'): SeenKey[] => {
    const clears = clearValues(review[mine], uncovered?.[mine]);
    const others = clearValues(review[theirs], uncovered?.[theirs]);
    const inClear = new Set(review[theirs].keys.flatMap((key, n) => (others[n] ? [exact(key, others[n])] : [])));
    // In clear only where the other side's keys of this field are clear too.
    const open = new Set(review[theirs].keys.flatMap((key, n) => (others[n] ? [fieldOf(key.kind)] : [])));
    const looks = count(review[mine].keys.map((key) => masked(key.kind, key.value_masked)));
    const theirLooks = new Set(review[theirs].keys.map((key) => `${masked(key.kind, key.value_masked)} ${key.namespace ?? ''}`));
    const likeness = (key: MemberKey, clear: string | null): Likeness | null => {
      const look = masked(key.kind, key.value_masked);
      const alikeThere = theirLooks.has(`${look} ${key.namespace ?? ''}`);
      if (clear !== null && open.has(fieldOf(key.kind))) return inClear.has(exact(key, clear)) ? 'same' : alikeThere ? 'other' : null;
      const both = shared.get(look) ?? 0;
      if (both === 0) return alikeThere ? 'other' : null;
      return (looks.get(look) ?? 0) <= both ? 'same' : 'alike';
    };
    const seen = review[mine].keys.map((key, n) => ({ key, clear: clears[n] ?? null, likeness: likeness(key, clears[n] ?? null) }));
    return seen.sort((a, b) => RANK.indexOf(a.likeness) - RANK.indexOf(b.likeness));
  };
  return { left: side('left', 'right'), right: side('right', 'left') };
}
