/** Batches: members frozen to be handed over once, with a verdict on each, and what came of them. */
import type { Money } from './contract';

export const DESTINATIONS = ['sms', 'wecom', 'wangwang', 'ads', 'parcel', 'webhook'] as const;
export type Destination = (typeof DESTINATIONS)[number];

export interface BatchFatigue {
  days: number;
  /** Once, if nothing is said. */
  max?: number;
}

/** How many are left after each step, and how many each reason took. With `handed_over` the losses sum to `matched`. */
export interface BatchFunnel {
  matched: number;
  excluded: number;
  consented: number;
  addressed: number;
  not_fatigued: number;
  not_held_out: number;
  handed_over: number;
  losses: Record<string, number>;
}

export interface BatchPreview {
  /** Handed to the freezing, so that the preview comes true. */
  batch: string;
  funnel: BatchFunnel;
  /** Whose holdout those of `held_by_other` are, each member counted with one of them. */
  held_by: { batch: string; name: string; until?: string | null; members: number }[];
  asked_at: string;
  known_at: string;
}

export interface Batch {
  id: string;
  name: string;
  state: string;
  destination: string;
  purpose: string;
  channel: string;
  segment?: string | null;
  text?: string | null;
  listed?: number | null;
  exclude: string[];
  holdout_percent: number;
  fatigue?: BatchFatigue | null;
  /** Whom another batch holds out is handed over all the same. */
  ignore_holdouts: boolean;
  target_url?: string | null;
  coupon_link?: string | null;
  with_codes: boolean;
  variables: string[];
  signature?: string | null;
  click_days: number;
  delivery_days: number;
  window_days: number;
  funnel: BatchFunnel;
  progress?: { job: string; state: string; done: number; total?: number | null; error?: string | null } | null;
  asked_at?: string | null;
  known_at?: string | null;
  codes: number;
  codes_used: number;
  /** From the second time on a repeat. */
  exports: number;
  cost_fixed: Money;
  cost_per_thousand: Money;
  created_at: string;
  created_by: string;
  frozen_at?: string | null;
  handed_at?: string | null;
  closed_at?: string | null;
}

export interface BatchMember {
  member: string;
  /** Masked; absent for who is no member any more, or goes by no name. */
  display_name?: string | null;
  phone_masked?: string | null;
  verdict: string;
  link?: string | null;
  handed_at?: string | null;
  receipt?: string | null;
  clicked_at?: string | null;
  clicks: number;
  replied_at?: string | null;
  unsubscribed_at?: string | null;
}

export interface BatchReceipts {
  rows: number;
  delivered: number;
  failed: number;
  replied: number;
  unsubscribed: number;
  sent: number;
  not_in_batch: number;
  unchanged: number;
  bad: number;
  bad_rows: { row: number; code: string; reason: string }[];
}

export interface BatchDifference {
  value: number;
  low: number;
  high: number;
}

export interface BatchArm {
  members: number;
  buyers: number;
  orders: number;
  revenue: Money;
}

export interface BatchReport {
  handed_over: number;
  delivered: number;
  failed: number;
  clicked: number;
  clicks: number;
  scans: number;
  replied: number;
  unsubscribed: number;
  attributed: { click_days: number; delivery_days: number; buyers: number; orders: number; orders_by_click: number; revenue: Money };
  from?: string | null;
  to?: string | null;
  /** Whether the window is over: before, the figures still grow. */
  complete: boolean;
  treated: BatchArm;
  held_out: BatchArm;
  other_currency_orders: number;
  /** Share of buyers, treated less held out. */
  lift?: BatchDifference | null;
  /** Minor units, treated less held out. */
  revenue_per_member?: BatchDifference | null;
  gain?: { value: Money; low: Money; high: Money } | null;
  cost: Money;
  roi?: BatchDifference | null;
}
