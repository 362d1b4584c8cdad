/**
 * How deep a cell is coloured, and whether its text is then light or dark. Between the two lies a range of colours on
 * which neither is easily read; the scale jumps over it, so that small figures keep 5.4:1 at the least.
 */
import type { CSSProperties } from 'react';
import { useDark } from '../../app/prefs';

/** The deepest colour under the usual text, and the palest under the other one, in percent of the full colour. */
const EDGES = { light: [50, 92], dark: [30, 75] } as const;
const JUMP = 0.6;

export function useHeat(): (value: number, most: number) => { hot: boolean; style: CSSProperties } {
  const dark = useDark();
  const [under, over] = EDGES[dark ? 'dark' : 'light'];
  return (value, most) => {
    const part = value > 0 && most > 0 ? Math.min(1, 0.06 + 0.94 * (value / most)) : 0;
    const hot = part > JUMP;
    const depth = hot ? over + ((part - JUMP) / (1 - JUMP)) * (100 - over) : (part / JUMP) * under;
    return { hot, style: { '--heat': `${depth.toFixed(1)}%` } as CSSProperties };
  };
}
