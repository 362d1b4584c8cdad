/** Where a member stands: lifecycle stage and RFM group with the figures that say so. */
import type { Ratio } from './generated';

/** Up to when the figures know: an instant, and the position in the feed of changes. */
export interface Known {
  at: string;
  position: number;
}

export interface StandingRfm {
  r_days: number;
  f: number;
  /** Minor units of the standing's currency. */
  m: number;
  /** Three digits, one for each of R, F and M, 1 to 5. */
  score: string;
  group: string;
  zh: string;
  en: string;
  /** Buyers that were compared. */
  members: number;
  cut_at?: { r_days: Ratio; f: Ratio; m: Ratio } | null;
}

export interface StandingStage {
  stage: string;
  zh: string;
  en: string;
  since_days?: number | null;
  since?: string | null;
  since_day?: string | null;
  purchases: number;
  own_gaps: number;
  own_gap_days: number;
  expected_gap?: Ratio | null;
  /** How many expected gaps have gone by. */
  times?: Ratio | null;
  gap_from?: string | null;
  category?: string | null;
  base_gap?: Ratio | null;
  next?: { stage: string; zh: string; en: string; on: string } | null;
}

export interface Standing {
  member: string;
  as_of: string;
  currency?: string | null;
  known: Known;
  compared_with: Known;
  rfm?: StandingRfm | null;
  lifecycle: StandingStage;
  reasons: { of: string; zh: string; en: string }[];
}
