/** The groups in which a person looks at a past, and the words of the server that each holds. */
export const GROUPS = {
  order: ['order'],
  refund: ['refund'],
  behaviour: ['behaviour'],
  tag: ['tag', 'untag'],
  consent: ['consent'],
  identity: ['merge', 'unmerge', 'joined', 'first_seen'],
  data: ['import', 'profile'],
} as const;

export type Group = keyof typeof GROUPS;

export const GROUP_NAMES = Object.keys(GROUPS) as Group[];

export function groupOf(kind: string): Group {
  return GROUP_NAMES.find((name) => (GROUPS[name] as readonly string[]).includes(kind)) ?? 'data';
}
