/** What the screens may use of the client. */
export * from './client';
export * from './contract';
export * from './batches';
export * from './benefits';
export * from './cards';
export type { Agreed } from './agree';
export type { Ratio } from './generated';
export * from './standing';
export * from './exports';
export * from './members';
export * from './portrait';
export * from './programme';
export * from './segments';
export * from './settlement';
export * from './sql';
export * from './tags';
export * from './targets';
export * from './timeline';
