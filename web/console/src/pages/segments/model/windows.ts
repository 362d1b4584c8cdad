/** Stretches of time in people's words, and the ones that a list offers. */
import type { TFunction } from 'i18next';
import type { Window } from './tree';

export const WINDOW_PRESETS: { key: string; window: Window | null }[] = [
  { key: 'any', window: null },
  ...[7, 14, 30, 90, 180, 365].map((last) => ({ key: `last${last}`, window: { last, unit: 'days' } as Window })),
  { key: 'last12m', window: { last: 12, unit: 'months' } },
  ...(['day', 'week', 'month', 'quarter', 'year'] as const).flatMap((span) => [
    { key: `current_${span}`, window: { current: span } as Window },
    { key: `previous_${span}`, window: { previous: span } as Window },
  ]),
];

/** 过去 180 天, last month, from 2026-01-01 to 2026-02-01. Days given as ends are the first that is no longer in. */
export function windowText(window: Window | null | undefined, t: TFunction): string {
  if (!window) return t('builder.window.any');
  if ('current' in window) return t(`builder.window.current.${window.current}`);
  if ('previous' in window) return t(`builder.window.previous.${window.previous}`);
  if ('last' in window) {
    const unit = (n: number) => t(`builder.window.${window.unit}`, { n });
    if (window.until !== undefined) return t('builder.window.between', { from: unit(window.last), to: unit(window.until) });
    const base = t('builder.window.last', { span: unit(window.last) });
    if (window.complete) return t('builder.window.whole', { base });
    return window.rolling && window.unit !== 'hours' ? t('builder.window.tothe', { base }) : base;
  }
  if (window.from !== undefined && window.to !== undefined) return t('builder.window.fromTo', { from: window.from, to: window.to });
  return window.from !== undefined ? t('builder.window.from', { from: window.from }) : t('builder.window.to', { to: window.to });
}
