/** Shares that are paid, exact decimals of the pricing engine (`0.85`), and how people type and say them. */

/** The point moved to the right by so many places, noughts that say nothing left out. */
function moved(rate: string, places: number): string {
  const [units = '0', digits = ''] = rate.split('.');
  const padded = digits.padEnd(places, '0');
  const rest = padded.slice(places).replace(/0+$/, '');
  return `${Number(units + padded.slice(0, places))}${rest ? `.${rest}` : ''}`;
}

/** `85` of `0.85`: the percent that is paid. */
export const percentOf = (rate: string): string => moved(rate, 2);

/** `8.5` of `0.85`, as Chinese counts what is paid in tenths. */
export const foldOf = (rate: string): string => moved(rate, 1);

/** `15` of `0.85`: the percent that is taken off. */
export function offOf(rate: string): string {
  const digits = rate.split('.')[1] ?? '';
  const left = String(10n ** BigInt(digits.length) - BigInt(rate.replace('.', ''))).padStart(digits.length + 1, '0');
  const cut = left.length - digits.length;
  return moved(digits ? `${left.slice(0, cut)}.${left.slice(cut)}` : left, 2);
}

/** `0.85` of a typed `85`; `null` where it is no percentage below a hundred with at most two digits behind the point. */
export function rateOf(percent: string): string | null {
  const found = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(percent.trim());
  if (!found) return null;
  const digits = `${(found[1] ?? '').padStart(2, '0')}${found[2] ?? ''}`.replace(/0+$/, '');
  return digits ? `0.${digits}` : '0';
}
