/** Figures of the member page that stand side by side. */
import type { Ratio } from '@api';

/** One decimal is what a person reads; the exact share stays in the answer. */
export function decimal(ratio: Ratio | null | undefined, digits = 1): string {
  return ratio?.value ? Number(ratio.value).toFixed(digits).replace(/\.?0+$/, '') : '–';
}

/** Beyond this two figures are told apart by no reader. */
const MOST_DIGITS = 4;

/**
 * A mean beside the member's own figure: rounded no further than where a difference between them still shows. With
 * `least` it has so many places at the least, also where they are zeros, as other pages tell the same mean.
 */
export function besides(own: number, mean: Ratio | null | undefined, least = 0): string {
  const text = nearest(own, mean, Math.max(1, least));
  return text === '–' || least === 0 || (text.split('.')[1]?.length ?? 0) >= least ? text : Number(text).toFixed(least);
}

function nearest(own: number, mean: Ratio | null | undefined, from: number): string {
  for (let digits = from; digits < MOST_DIGITS; digits += 1) {
    const text = decimal(mean, digits);
    if (text === '–' || Number(text) !== own || Number(mean?.value) === own) return text;
  }
  return decimal(mean, MOST_DIGITS);
}
