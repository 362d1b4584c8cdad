/** Segments: whom an expression is true of, how many they are, who came and went. */
import type { Member } from './contract';

export type SegmentKind = 'living' | 'static' | 'scheduled';

/** Why an expression is refused, and where in it: a JSON Pointer. */
export interface ExpressionFault {
  code: string;
  path: string;
  message: string;
}

export interface ExpressionCheck {
  ok: boolean;
  expr?: unknown;
  text?: string | null;
  /** The condition in words of the reader's language. */
  sentence?: string | null;
  error?: ExpressionFault | null;
}

export interface SegmentPart {
  path: string;
  count: number;
  took_ms: number;
}

export interface SegmentCount {
  count: number;
  /** How many members there are at all. */
  base: number;
  at: string;
  known_at: string;
  /** Facts that are told as they are now, not as they were at `at`. */
  current_facts: string[];
  took_ms: number;
  parts?: SegmentPart[] | null;
  sample?: Member[] | null;
}

/** What a segment is used by: another segment, if nothing else is said. */
export interface SegmentUse {
  kind?: string;
  id: string;
  name: string;
}

export interface Segment {
  id: string;
  name: string;
  description?: string | null;
  kind: SegmentKind;
  state: string;
  expr?: unknown;
  text?: string | null;
  sentence?: string | null;
  size?: number | null;
  size_at?: string | null;
  entered_today?: number | null;
  left_today?: number | null;
  /** It is being reckoned: its members are still those of before. */
  building?: boolean;
  every?: string | null;
  /** When a scheduled one is reckoned, by the shop's clock. */
  at?: string | null;
  used_by?: SegmentUse[];
  use_count?: number;
  created_at: string;
  updated_at: string;
  version: number;
}

export type SegmentMember = Member & { entered_at?: string | null; at_first?: boolean };

export interface SegmentSize {
  at: string;
  size: number;
  entered: number;
  left: number;
}

export interface SegmentChange {
  member: string;
  display_name: string;
  kind: 'entered' | 'left';
  at: string;
  cause: string;
}

export interface WhyNode {
  path: string;
  text: string;
  result?: boolean | null;
  values?: { text: string; value?: unknown }[] | null;
}

export interface SegmentWhy {
  matches?: boolean | null;
  tree: WhyNode[];
}

export interface Overlap {
  sizes: { ids: string[]; count: number }[];
}

export interface ReadySegment {
  key: string;
  group: string;
  name: string;
  description: string;
  expr: unknown;
  text: string;
}
