/** What the platforms say they paid out, against what the orders let one expect. Sums are minor units. */
import type { Money } from './contract';

export interface SettlementSum {
  orders: number;
  matched: number;
  differing: number;
  /** Orders for which no file gives a figure. */
  untold: number;
  expected: number;
  /** What of it was expected of orders for which no file gives a figure. */
  expected_untold: number;
  settled: number;
  /** Settled less expected of the orders whose figure a file gives. */
  difference_told: number;
  /** What of that is less and no document explains: commission, fees; never above 0. */
  deducted: number;
  /** Of all: `difference_told - expected_untold`. */
  difference: number;
}

export interface SettlementRow extends SettlementSum {
  platform?: string | null;
  shop?: string | null;
  month?: string | null;
}

export interface SettlementReport {
  as_of: string;
  from: string;
  to: string;
  currency: string;
  orders_other_currency: number;
  /** Purchases of which no document tells an amount. */
  orders_without_amount: number;
  total: SettlementSum;
  /** By platform, all its shops together. */
  platforms: SettlementRow[];
  by_platform: SettlementRow[];
  by_month: SettlementRow[];
  by_platform_month: SettlementRow[];
  reasons: { reason: string; text: string; orders: number; amount: number }[];
}

export interface SettlementOrder {
  order: string;
  order_no?: string | null;
  platform?: string | null;
  shop?: string | null;
  state: string;
  member?: string | null;
  placed_at: string;
  completed_at?: string | null;
  expected: Money;
  settled?: Money | null;
  difference: Money;
  /** Whether a file gives a figure that is not what was expected, or no file gives one. */
  part: string;
  reasons: { reason: string; text: string; amount: Money }[];
}
