/** Conditions and places of the rules in the reader's words. */
import type { TFunction } from 'i18next';
import { yuanOf } from '../../segments/model/literals';
import { stepsOf } from '../model/place';
import { type Condition, type Threshold, thresholdsOf } from '../model/rules';
import { formatNumber } from '../../../app/format';

/** ¥500, 10, 2,000 */
export const amountOf = (metric: string | undefined, n: number | undefined): string => (n === undefined ? '…' : metric === 'net_spend' ? `¥${yuanOf(n)}` : formatNumber(n));

export const thresholdWords = (threshold: Threshold, t: TFunction): string =>
  t(`programme.atLeast.${threshold.metric ?? 'net_spend'}`, { n: amountOf(threshold.metric, threshold.min), defaultValue: `${threshold.metric ?? ''} ≥ ${threshold.min ?? ''}` });

export function conditionWords(condition: Condition | null | undefined, t: TFunction): string {
  const { joint, of } = thresholdsOf(condition);
  return of.map((one) => thresholdWords(one, t)).join(t(`programme.joint.${joint}`));
}

/** `ladder.tiers[1].entry.any[0].min` as a way that a person can follow: tier 2 › entry › condition 1 › at least. */
export function whereWords(path: string, t: TFunction): string {
  const steps = stepsOf(path);
  const words: string[] = [];
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i] ?? '';
    const n = Number(steps[i + 1]);
    if (Number.isInteger(n)) {
      words.push(t(`programme.wherein.${step}`, { n: n + 1, defaultValue: `${step} ${n + 1}` }));
      i += 1;
    } else words.push(t(`programme.wherein.${step}`, { n: '', defaultValue: step }).trim());
  }
  return words.join(' › ');
}
