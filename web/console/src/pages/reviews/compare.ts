/**
 * Which keys of two members are the same. The evidence of a review is every key that the two share, told masked: a key
 * that looks like one of them is surely it only where as many look so as are shared. In clear, equal means the same.
 * Nothing but reckoning, so that tests can ask it.
 */
import type { Member, MemberKey, Review, ReviewUncovered } from '@api';
import places from './places.json';

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

/** Both sides in clear, in the same fields. */
export type Uncovered = ReviewUncovered;

/** The fields that can be uncovered, and the kinds of keys that each shows. */
const FIELDS: Record<string, string[]> = {
  name: ['receiver_name'],
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
  return Object.keys(FIELDS).filter((field) => field === 'name' || has.has(field));
}

const masked = (kind: string, value: string) => `${fieldOf(kind)} ${value}`;
const exact = (key: MemberKey, clear: string) => `${fieldOf(key.kind)} ${key.namespace ?? ''} ${clear}`;

function count(texts: string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const text of texts) found.set(text, (found.get(text) ?? 0) + 1);
  return found;
}

const RANK = ['same', 'alike', 'other', null];

type Sides = Record<'left' | 'right', SeenKey[]>;

/** The keys of both sides, those that matter for the decision first. */
export function compare(review: Review, uncovered: Uncovered | null): Sides {
  const shared = count(review.evidence.map((e) => masked(e.kind, e.value_masked)));
  // What was uncovered tells its keys itself: those of the list may be a moment older.
  const keysOf = (one: 'left' | 'right') =>
    uncovered ? uncovered[one].keys.map((key) => ({ key: key as MemberKey, clear: key.value ?? null })) : review[one].keys.map((key) => ({ key, clear: null }));
  const side = (mine: 'left' | 'right', theirs: 'left' | 'right'): SeenKey[] => {
    const [own, others] = [keysOf(mine), keysOf(theirs)];
    const inClear = new Set(others.flatMap(({ key, clear }) => (clear === null ? [] : [exact(key, clear)])));
    const looks = count(own.map(({ key }) => masked(key.kind, key.value_masked)));
    const theirLooks = new Set(others.map(({ key }) => `${masked(key.kind, key.value_masked)} ${key.namespace ?? ''}`));
    const likeness = (key: MemberKey, clear: string | null): Likeness | null => {
      const look = masked(key.kind, key.value_masked);
      const alikeThere = theirLooks.has(`${look} ${key.namespace ?? ''}`);
      // Both sides are uncovered in the same fields: what is clear here is clear there.
      if (clear !== null) return inClear.has(exact(key, clear)) ? 'same' : alikeThere ? 'other' : null;
      const both = shared.get(look) ?? 0;
      if (both === 0) return alikeThere ? 'other' : null;
      return (looks.get(look) ?? 0) <= both ? 'same' : 'alike';
    };
    const seen = own.map(({ key, clear }) => ({ key, clear, likeness: likeness(key, clear) }));
    return seen.sort((a, b) => RANK.indexOf(a.likeness) - RANK.indexOf(b.likeness));
  };
  return { left: side('left', 'right'), right: side('right', 'left') };
}

/** How a value in clear is written: the parts of an address stand apart. */
export const plain = (value: string) => value.replaceAll('|', ' ');

/** What the two share, in clear where it was uncovered. */
export function evidenceOf(review: Review, keys: Sides): { kind: string; text: string }[] {
  const open = keys.left.filter((seen) => seen.clear !== null);
  const fields = new Set(open.map((seen) => fieldOf(seen.key.kind)));
  return [
    ...review.evidence.filter((e) => !fields.has(fieldOf(e.kind))).map((e) => ({ kind: e.kind, text: e.value_masked })),
    ...open.filter((seen) => seen.likeness === 'same').map((seen) => ({ kind: seen.key.kind, text: plain(seen.clear ?? '') })),
  ];
}

export interface Agreement {
  /** Kinds of keys that the two share, each once. */
  same: string[];
  /** What is known of both and is not the same: it speaks against one person. */
  differ: ('name' | 'region' | 'gender')[];
}

/** Names as far as they are known: whoever has one in common, masked or in clear, may have one name. */
function namesOf(member: Member): string[] {
  const keys = member.keys.filter((key) => key.kind === 'receiver_name').map((key) => key.value_masked);
  return [member.display_name, ...keys].filter((name): name is string => Boolean(name));
}

/** The same in clear, of a side whose names were uncovered: their own and those of their parcels' receivers. */
function clearNamesOf(side: Uncovered['left'] | undefined): string[] {
  if (!side) return [];
  const keys = side.keys.filter((key) => key.kind === 'receiver_name').map((key) => key.value);
  return [side.name, ...keys].filter((name): name is string => Boolean(name));
}

function namesDiffer(review: Review, uncovered: Uncovered | null): boolean {
  const apart = (own: string[], theirs: string[]) => own.length > 0 && theirs.length > 0 && !own.some((name) => theirs.includes(name));
  const [left, right] = [clearNamesOf(uncovered?.left), clearNamesOf(uncovered?.right)];
  if (left.length > 0 && right.length > 0) return apart(left, right);
  return apart(namesOf(review.left), namesOf(review.right));
}

/** As the server compares them: without what ends them, two characters at least, the longest ending first. */
function short(name: string | null | undefined, endings: string[]): string {
  const whole = (name ?? '').trim();
  const ending = endings.find((end) => whole.endsWith(end) && whole.length - end.length >= 2);
  return ending ? whole.slice(0, -ending.length) : whole;
}

/** A city's cell that repeats its province, or is nothing else; one province has a city of its own name. */
function cityIn(province: string, city: string): string {
  if (province === '' || !city.startsWith(province) || (city === province && province === places.cityNamedAsProvince)) return city;
  const rest = city.slice(province.length);
  return short(rest.slice(places.provinceEndings.find((end) => rest.startsWith(end))?.length ?? 0), places.cityEndings);
}

/** Only what both tell can differ; a municipality is one place, whatever its district. */
function regionsDiffer(left: Member, right: Member): boolean {
  const told = ({ region }: Member) => {
    const [province, city] = [short(region?.province, places.provinceEndings), short(region?.city, places.cityEndings)];
    // Of who tells the city alone, a municipality is its province.
    return { province: province || (places.municipalities.includes(city) ? city : ''), city };
  };
  const [a, b] = [told(left), told(right)];
  if (a.province && b.province && a.province !== b.province) return true;
  const province = a.province || b.province;
  if (places.municipalities.includes(province)) return false;
  const [here, there] = [cityIn(province, a.city), cityIn(province, b.city)];
  return here !== '' && there !== '' && !here.startsWith(there) && !there.startsWith(here);
}

/** What speaks for one person and what against, in few words. Where masks are alike nothing is said to differ. */
export function agreement(review: Review, uncovered: Uncovered | null): Agreement {
  const { left, right } = review;
  const differ: Agreement['differ'] = [];
  if (namesDiffer(review, uncovered)) differ.push('name');
  if (regionsDiffer(left, right)) differ.push('region');
  if (left.gender && right.gender && left.gender !== right.gender) differ.push('gender');
  return { same: [...new Set(review.evidence.map((e) => e.kind))], differ };
}

/** Whose number goes on after a merge, as the server decides it: of who was seen first, of two at once the lower id. */
export function staysOf({ left, right }: Review): 'left' | 'right' {
  // A time without a fraction is told without one; behind the same second it comes first.
  const seen = (member: Member) => (member.first_seen_at ?? member.created_at).replace(/Z$/, '');
  const [a, b] = [seen(left), seen(right)];
  return a < b || (a === b && left.id <= right.id) ? 'left' : 'right';
}
