/**
 * How many members a change of tags is for, put together from the server's answers, and the words that the button to
 * do it has: the same numbers before and after. Nothing but reckoning, so that tests can ask it.
 */
import type { TagHeld, TagPreview } from '@api';

export type TagCount = Pick<TagPreview, 'members' | 'changed' | 'unchanged' | 'not_found' | 'add' | 'remove'>;

const together = (before: TagHeld[], next: TagHeld[]): TagHeld[] =>
  next.map((one) => {
    const had = before.find((other) => other.tag === one.tag);
    return { ...one, having: one.having + (had?.having ?? 0), lacking: one.lacking + (had?.lacking ?? 0) };
  });

/** What is counted so far and the next answer as one. */
export function addUp(before: TagCount | null, next: TagCount): TagCount {
  return {
    members: next.members + (before?.members ?? 0),
    changed: next.changed + (before?.changed ?? 0),
    unchanged: next.unchanged + (before?.unchanged ?? 0),
    not_found: next.not_found + (before?.not_found ?? 0),
    add: together(before?.add ?? [], next.add),
    remove: together(before?.remove ?? [], next.remove),
  };
}

/** `give` and `take` of one tag name it; several of one kind are counted; `both` is a change of either kind. */
export interface Deed {
  kind: 'give' | 'take' | 'giveMany' | 'takeMany' | 'both';
  /** Members for whom at least one tag changes. */
  n: number;
  name: string;
  tags: number;
}

export function deedOf(count: TagCount): Deed {
  const { add, remove } = count;
  const tags = add.length + remove.length;
  const of = (one: 'give' | 'take', many: 'giveMany' | 'takeMany') => (tags === 1 ? one : many);
  const kind = add.length > 0 && remove.length > 0 ? 'both' : add.length > 0 ? of('give', 'giveMany') : of('take', 'takeMany');
  return { kind, n: count.changed, name: (add[0] ?? remove[0])?.name ?? '', tags };
}
