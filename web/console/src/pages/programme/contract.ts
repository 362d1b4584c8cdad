/**
 * What the programme's part of the API answers, as its contract words it. Points are plain integers; sentences come in
 * the reader's language.
 */
import type { Scope } from '@api';
import type { Rules } from './model/rules';

export const READ_POINTS = 'points:read' as Scope;
export const WRITE_POINTS = 'points:write' as Scope;
export const WRITE_PROGRAMMES = 'programmes:write' as Scope;

export interface Sentence {
  rule: string;
  text: string;
}

export type Account = 'pending' | 'available' | 'frozen' | 'issued' | 'redeemed' | 'expired' | 'reversed';

export const ACCOUNTS = ['pending', 'available', 'frozen', 'issued', 'redeemed', 'expired', 'reversed'] as const satisfies readonly Account[];

export type Accounts = Partial<Record<Account, number>>;

export interface Version {
  no: number;
  rules: Rules;
  from: string;
  note?: string | null;
  by?: string | null;
  at?: string | null;
  state?: 'past' | 'current' | 'scheduled' | 'withdrawn' | (string & {});
  sentences: (Sentence | string)[];
}

export interface Programme {
  id: string;
  name: string;
  shops?: string[] | null;
  state: 'scheduled' | 'active' | 'paused' | 'archived' | (string & {});
  begins_at?: string | null;
  current?: Version | null;
  next?: Version | null;
  members: number;
  points: Accounts;
  /** The task that fills its books, while it runs. */
  job?: string | null;
  created_at: string;
  version: number;
}

export interface Template {
  key: string;
  name: string;
  description: string;
  rules: Rules;
  sentences: (Sentence | string)[];
}

export interface Fault {
  code: string;
  path: string;
  message: string;
}

export interface Checked {
  ok: boolean;
  sentences?: (Sentence | string)[] | null;
  error?: Fault | null;
}

/** The state after a step of an example, as `shuke simulate` prints it. */
export interface Shown {
  result: string;
  accounts: Accounts;
  lots: { id: string; left: number; last_day: string }[];
  tier?: string | null;
  tier_until?: string | null;
  in_grace?: boolean;
  activity_grade?: number | null;
  coupons?: Record<string, { state: string; expires: string }> | null;
}

export interface Tried {
  steps: Shown[];
}

export interface Lot {
  id: string;
  left: number;
  last_day: string;
}

export interface Missing {
  tier: string;
  any?: boolean;
  of: { metric: string; missing: number }[];
  sentence: string;
}

/** What a member has in one programme. */
export interface Book {
  programme: { id: string; name: string };
  accounts: Accounts;
  debt: number;
  lots: Lot[];
  tier?: { id: string; until?: string | null; in_grace?: boolean } | null;
  next?: Missing | null;
  expiring: { day: string; points: number }[];
  activity_grade?: number | null;
  check_in?: { last?: string | null; run: number } | null;
  known_at: string;
}

export interface Cause {
  kind: string;
  id: string;
  label?: string | null;
  /** Who asked for it, and why; of what somebody asked for. */
  by?: string | null;
  reason?: string | null;
}

export interface Entry {
  seq: number;
  member?: string | null;
  from: string;
  to: string;
  amount: number;
  /** To what is free to be spent. */
  change: number;
  balance?: number | null;
  lot?: string | null;
  cause: Cause;
  version: number;
  happened_at: string;
  booked_at: string;
  corrects: boolean;
}

/** What a spending, an adjustment or a check-in is answered. */
export interface Posted {
  result: string;
  accounts: Accounts;
}

export interface LiabilityLine {
  /** `null` is what lies in no lot: debts, and points on hold. */
  lot_month: string | null;
  opening: number;
  issued: number;
  redeemed: number;
  expired: number;
  reversed: number;
  closing: number;
}

export interface Liability {
  month: string;
  closed: boolean;
  lines: LiabilityLine[];
  pending: number;
  totals: Omit<LiabilityLine, 'lot_month'>;
}

/** A sentence without the rule that it is of. */
export const textOf = (sentence: Sentence | string): string => (typeof sentence === 'string' ? sentence : sentence.text);
