/** Everything that happened to a member, newest first. `kind` says which of the parts is there. */
import type { Money } from './contract';

export interface TimelineEntry {
  kind: string;
  at: string;
  by?: string | null;
  order?: {
    id: string;
    number: string;
    platform: string;
    shop?: string | null;
    state: string;
    status?: string | null;
    paid?: Money | null;
    net_paid?: Money | null;
    refunded: Money;
    /** Whether it counts as a purchase. */
    purchase: boolean;
    quantity?: number | null;
    titles: string[];
  } | null;
  refund?: { id: string; order?: string | null; state: string; reason_kind: string; amount: Money; refunded_at?: string | null } | null;
  behaviour?: {
    id: string;
    type: string;
    source: string;
    sku?: string | null;
    words?: string | null;
    quantity?: number | null;
    rating?: number | null;
  } | null;
  consent?: { purpose: string; channel: string; granted: boolean; source: string; by_merge: boolean } | null;
  merge?: { id: string; survivor: string; absorbed: string; cause: string; reason: string } | null;
  tag?: { id: string; name: string } | null;
  import?: { id: string; title: string } | null;
  profile?: { source: string; fields: string[] } | null;
  join_source?: string | null;
}
