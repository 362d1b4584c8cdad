/** The merchant's own words about members, in categories. */

export interface TagCategory {
  id: string;
  name: string;
  /** Archived ones too. */
  tags: number;
  created_at: string;
}

export interface CategoryRef {
  id: string;
  name: string;
}

export interface Tag {
  id: string;
  name: string;
  category?: CategoryRef | null;
  /** A word of the palette. */
  color?: string | null;
  /** How many members have it. */
  members: number;
  /** Since when nobody gets it any more. */
  archived_at?: string | null;
  created_at: string;
  created_by: string;
}

/** A tag that a member has. */
export interface MemberTag {
  id: string;
  name: string;
  category?: CategoryRef | null;
  color?: string | null;
  archived: boolean;
  since: string;
  by: string;
  /** Which files say it; told by `/members/{id}/tags` only. */
  said?: { source: string; score?: number | null; valid_until?: string | null }[];
}

export const TAG_COLORS = ['grey', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'purple', 'pink'] as const;

/** What tagging many came to: at once, or by a task that goes on. */
export interface BulkTagged {
  job?: string | null;
  changed: number;
  unchanged: number;
  not_found: number;
}

/** Whoever is in the segment has the tag. */
export interface TagRule {
  tag: { id: string; name: string };
  segment: { id: string; name: string };
  /** `applying`, `applied` or `resting`. */
  state: string;
  /** When everybody was last looked at. */
  applied_at?: string | null;
  set_at: string;
  set_by: string;
  /** How many have the tag by the rule; told of one rule, not in lists. */
  members?: number | null;
}

/** To how many a tag was given on a day, and from how many it was taken. */
export interface TagDay {
  day: string;
  given: number;
  taken: number;
}

/** Who says tags in files; what its last import said holds. */
export interface TagSource {
  name: string;
  import?: string | null;
  title?: string | null;
  begun_at: string;
  finished_at?: string | null;
  members?: number | null;
  tags: { id: string; name: string }[];
}
