/** What somebody may do about benefits, packs and rewards. */
import type { Scope } from '@api';

export const READ_BENEFITS: Scope = 'benefits:read';
export const WRITE_BENEFITS: Scope = 'benefits:write';
export const USE_BENEFITS: Scope = 'benefits:use';
