/** Which benefits of the whole list are meant. */
import type { Benefit } from '@api';

export interface Wanted {
  state: string | null;
  kind: string | null;
  /** `prg_…/tier`. */
  tier: string | null;
  segment: string | null;
  /** `birthday`, `dated`, `any`. */
  day: string | null;
}

const dayOf = (b: Pick<Benefit, 'when'>): string => {
  if (b.when?.birthday && b.when.birthday !== 'any') return 'birthday';
  return b.when?.month_days?.length || b.when?.week_days?.length ? 'dated' : 'any';
};

/** Of a tier and of a segment are also those that are for everybody: their members may use them too. */
export function fits(b: Pick<Benefit, 'state' | 'kind' | 'who' | 'when'>, wanted: Wanted): boolean {
  const { state, kind, tier, segment, day } = wanted;
  if (state ? state !== 'all' && b.state !== state : b.state === 'archived') return false;
  if (kind && b.kind !== kind) return false;
  if (day && dayOf(b) !== day) return false;
  const tiers = b.who?.tiers ?? [];
  if (tier && tiers.length > 0) {
    const at = tier.indexOf('/');
    if (b.who?.programme !== tier.slice(0, at) || !tiers.includes(tier.slice(at + 1))) return false;
  }
  return !segment || !b.who?.segments?.length || b.who.segments.includes(segment);
}
