/** Instants as the clocks of the shop show them, wherever the browser is. */
import { formatTime } from '../../../app/format';

/** `2026-11-11T20:00:00`, by the shop's clock. */
export const clockOf = (instant: string, zone: string): string => formatTime(instant, zone, true).replace(' ', 'T');

/** The instant at which the shop's clock shows it, as expressions write instants. */
export function instantOf(clock: string, zone: string): string {
  const naive = Date.parse(`${clock}Z`);
  let at = naive;
  // Twice, because the offset at the first guess may be that of the other side of a change of clocks.
  for (let i = 0; i < 2; i += 1) at = naive - (Date.parse(`${clockOf(new Date(at).toISOString(), zone)}Z`) - at);
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
