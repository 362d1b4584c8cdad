/** What somebody may do about coupons. */
import type { Scope } from '@api';

export const READ_COUPONS: Scope = 'coupons:read';
export const WRITE_COUPONS: Scope = 'coupons:write';
export const USE_COUPONS: Scope = 'coupons:use';
