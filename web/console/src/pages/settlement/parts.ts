/** Which orders differ and which no file tells a payout of: two things, of which only the first can be a difference. */
import type { SettlementSum } from '@api';

export const PARTS = ['differs', 'untold', 'all'] as const;
export type Part = (typeof PARTS)[number];

/** Which part of the list a reason is of. */
export const partOf = (reason: string): Part => (reason === 'not_yet_settled' || reason === 'not_told' ? 'untold' : 'differs');

/** There are orders, and no file tells what was paid out for any of them: nothing can be compared. */
export const nothingTold = (total: Pick<SettlementSum, 'orders' | 'untold'>): boolean => total.orders > 0 && total.untold === total.orders;
