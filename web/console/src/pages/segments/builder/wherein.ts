/** A JSON Pointer into an expression as a way that a person can follow: condition 2 › what is counted › filter 1. */
import type { TFunction } from 'i18next';

export function wherein(path: string, t: TFunction): string {
  const steps = path.split('/').slice(1);
  const words: string[] = [];
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i] ?? '';
    const n = Number(steps[i + 1]);
    if (['args', 'steps', 'list', 'tags', 'paths', 'ratio', 'add', 'sub'].includes(step) && Number.isInteger(n)) {
      words.push(t(`builder.wherein.${step}`, { n: n + 1 }));
      i += 1;
    } else if (step !== 'arg') {
      words.push(t(`builder.wherein.${step}`, { defaultValue: step }));
    }
  }
  return words.join(' › ');
}
