/** What a trial of rules is asked and answers: nothing is kept of it. */
import type { Money } from '@api';
import type { Rules } from '../model/rules';

export interface TrialInput {
  rules: Rules;
  from?: string;
  as_of?: string;
  point_value: string;
  used: string;
  margin: string;
  months: number;
}

export interface Cell {
  from: string | null;
  to: string | null;
  members: number;
  change: 'same' | 'up' | 'down';
}

export interface Moves {
  cells: Cell[];
  up: number;
  down: number;
  same: number;
}

export interface Worth {
  points: number;
  value: Money;
  cost: Money;
}

export interface TierName {
  id: string;
  name: string;
}

export interface Earning {
  months: number;
  from: string;
  to: string;
  orders: number;
  /** A month. */
  before: Worth;
  after: Worth;
  members_more: number;
  members_less: number;
  points_more: number;
  points_less: number;
}

export interface Trial {
  from: string;
  as_of: string;
  known_at: string;
  took_ms: number;
  members: number;
  unreckoned: number;
  ladder_before: TierName[] | null;
  ladder_after: TierName[] | null;
  held: Moves;
  judged: Moves;
  issued: { before: Worth; after: Worth };
  earning: Earning | null;
  losing: number;
  assumed: string[];
}

export const WHICH = ['losing', 'held_down', 'held_up', 'judged_down', 'judged_up', 'points_less', 'points_more', 'all'] as const;
export type Which = (typeof WHICH)[number];
export type By = 'held' | 'judged';

export interface Asked {
  which: Which;
  tier_before?: string;
  tier_after?: string;
  by?: By;
}

interface Pair<T> {
  before: T;
  after: T;
}

export interface TriedMember {
  member: string;
  held: Pair<string | null>;
  judged: Pair<string | null>;
  issued: Pair<number>;
  earning: Pair<number> | null;
  points: number;
  value: Money;
  cost: Money;
}

/** A share in percent as the server takes it: 12.5 is "0.125". */
export const shareOf = (percent: number): string => {
  const tenths = Math.round(percent * 10);
  return `${Math.floor(tenths / 1000)}.${String(tenths % 1000).padStart(3, '0')}`.replace(/\.?0+$/, '') || '0';
};
