/** What a batch is asked to be, as the wizard holds it, and the steps of its funnel. */
import type { BatchFunnel, Destination } from '@api';
import { fenOf } from '../segments/model/literals';

export interface Plan {
  name: string;
  segment: string | null;
  destination: Destination | null;
  /** `service` where nobody is advertised to. */
  service: boolean;
  exclude: string[];
  holdout: number;
  limited: boolean;
  /** Whom another batch holds out is handed over all the same. */
  anyway: boolean;
  days: number;
  max: number;
  link: string;
  coupon: string;
  signature: string;
  variables: string[];
  /** Lines, one code each. */
  codes: string;
  costFixed: string;
  /** For one row, yuan. */
  costEach: string;
  window: number;
}

export const fresh = (segment: string | null): Plan => ({
  name: '',
  segment,
  destination: null,
  service: false,
  exclude: [],
  holdout: 10,
  limited: true,
  anyway: false,
  days: 7,
  max: 1,
  link: '',
  coupon: '',
  signature: '',
  variables: ['name'],
  codes: '',
  costFixed: '',
  costEach: '',
  window: 14,
});

export const VARIABLES = ['name', 'gender', 'province', 'city', 'tier', 'points'] as const;

export const codesOf = (plan: Plan): string[] => [...new Set(plan.codes.split(/[\s,;\uff0c\uff1b]+/).filter(Boolean))];

/** Yuan a row with up to five decimals, as fen for a thousand rows; `null` for what is no amount. */
export function perThousand(yuan: string): number | null {
  if (yuan.trim() === '') return 0;
  const found = /^(\d{1,7})(?:[.](\d{1,5}))?$/.exec(yuan.trim());
  return found ? Number(found[1]) * 100_000 + Number((found[2] ?? '').padEnd(5, '0') || '0') : null;
}

/** The body for the preview and the freezing alike. */
export function bodyOf(plan: Plan): Record<string, unknown> {
  const ads = plan.destination === 'ads';
  return {
    segment: plan.segment,
    destination: plan.destination,
    purpose: ads ? 'ads' : plan.service ? 'service' : 'marketing',
    exclude: plan.exclude,
    holdout_percent: plan.holdout,
    ...(plan.limited ? { fatigue: { days: plan.days, max: plan.max } } : {}),
    ...(plan.anyway ? { ignore_holdouts: true } : {}),
    ...(plan.link.trim() ? { target_url: plan.link.trim() } : {}),
    ...(plan.coupon.trim() ? { coupon_link: plan.coupon.trim() } : {}),
    ...(plan.destination === 'sms' && plan.signature.trim() ? { signature: plan.signature.trim() } : {}),
    ...(ads ? {} : { variables: plan.variables }),
    window_days: plan.window,
    cost_fixed: plan.costFixed.trim() ? (fenOf(plan.costFixed) ?? 0) : 0,
    cost_per_thousand: perThousand(plan.costEach) ?? 0,
  };
}

/** The steps of the funnel in their order, each with the reasons that took people there. */
export const STEPS: { name: keyof Omit<BatchFunnel, 'losses' | 'matched' | 'excluded'> | 'not_excluded'; reasons: string[] }[] = [
  { name: 'not_excluded', reasons: ['excluded', 'gone'] },
  { name: 'consented', reasons: ['no_consent', 'refused', 'under_14'] },
  { name: 'addressed', reasons: ['no_address', 'suppressed', 'same_address'] },
  { name: 'not_fatigued', reasons: ['fatigued'] },
  { name: 'not_held_out', reasons: ['held_by_other', 'held_out'] },
];

export interface FunnelStep {
  name: string;
  left: number;
  /** Somebody was left to be looked at: below a step that nobody passed, nothing was asked. */
  judged: boolean;
  losses: { reason: string; n: number }[];
}

/** Each step with who is left after it; a reason that no step knows is told with the last. */
export function stepsOf(funnel: BatchFunnel): FunnelStep[] {
  let left = funnel.matched;
  const known = STEPS.flatMap((s) => s.reasons);
  const others = Object.keys(funnel.losses).filter((reason) => !known.includes(reason));
  return STEPS.map((step, index) => {
    const reasons = index === STEPS.length - 1 ? [...step.reasons, ...others] : step.reasons;
    const losses = reasons.map((reason) => ({ reason, n: funnel.losses[reason] ?? 0 })).filter(({ n }) => n > 0);
    const judged = left > 0;
    left -= losses.reduce((sum, { n }) => sum + n, 0);
    return { name: step.name, left, judged, losses };
  });
}

/** Why most were lost, where any were. */
export function worstOf(funnel: BatchFunnel): { reason: string; n: number } | null {
  const [first] = Object.entries(funnel.losses).sort(([, a], [, b]) => b - a);
  return first && first[1] > 0 ? { reason: first[0], n: first[1] } : null;
}
