/** Where an axis of percentages ends, and where the names above a chart find room. Nothing but reckoning. */

/** Ends of an axis, each with how many steps lead to it. */
const TOPS = [
  [1, 4],
  [2, 4],
  [5, 5],
  [10, 4],
  [15, 3],
  [20, 4],
  [30, 3],
  [40, 4],
  [60, 3],
  [80, 4],
  [100, 4],
] as const;

/** The end of an axis from nought that holds these percentages, and its steps: never past a hundred, and where all are nought not so near that they look like something. */
export function percentScale(list: (number | null)[]): { min: 0; max: number; interval: number } {
  const most = Math.max(0, ...list.map((n) => n ?? 0));
  const [max, steps] = TOPS.find(([top]) => (most === 0 ? top === 10 : top >= most)) ?? [100, 4];
  return { min: 0, max, interval: max / steps };
}

/** Names at a place of a chart, in pixels from its left. */
export interface Named {
  x: number;
  names: string[];
}

const HAN = 11.5;
const LATIN = 6.6;
const GAP = 8;

/** About how wide a text of eleven pixels is, rather too wide than too narrow. */
export const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? HAN : LATIN), 0);

/**
 * Which names are written and in which of two rows (0 the lower), so that none lies on another or leaves the chart;
 * `null` where there is no room. Several at one place are all named, or the first and how many more.
 */
export function placeNames(marks: Named[], width: number): ({ text: string; row: 0 | 1 } | null)[] {
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return marks.map(({ x, names }) => {
    const texts = names.length > 1 ? [names.join(' · '), `${names[0]} +${names.length - 1}`] : names;
    for (const text of texts) {
      const half = widthOf(text) / 2;
      if (x - half < 0 || x + half > width) continue;
      for (const row of [0, 1] as const) {
        if (x - half < (ends[row] ?? 0) + GAP) continue;
        ends[row] = x + half;
        return { text, row };
      }
    }
    return null;
  });
}
