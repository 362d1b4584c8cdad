/** What somebody may do about promotions and prices. */
import type { Scope } from '@api';

export const READ_PROMOTIONS: Scope = 'promotions:read';
export const WRITE_PROMOTIONS: Scope = 'promotions:write';
export const PRICE_CARTS: Scope = 'carts:price';
