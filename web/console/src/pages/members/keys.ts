/** Keys of a member, put together by what they are. */
import type { MemberKey } from '@api';

/** Those of one platform, kind and class together, in the order in which each was first met. */
export function grouped(keys: MemberKey[]): MemberKey[][] {
  const groups = new Map<string, MemberKey[]>();
  for (const key of keys) {
    const of = [key.namespace ?? '', key.kind, key.class].join('\n');
    groups.set(of, [...(groups.get(of) ?? []), key]);
  }
  return [...groups.values()];
}
