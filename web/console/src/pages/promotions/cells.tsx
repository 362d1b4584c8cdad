/** States and kinds of promotions in words. */
import { useTranslation } from 'react-i18next';
import { Mark, type Tone } from '../../ui/bits';

export const STATES = ['draft', 'scheduled', 'running', 'ended', 'paused', 'archived'] as const;
const TONES: Record<string, Tone> = { draft: 'plain', scheduled: 'info', running: 'good', current: 'good', paused: 'warn' };

export function PromotionState({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Mark tone={TONES[state] ?? 'plain'}>{t(`promotions.state.${state}`, { defaultValue: state })}</Mark>;
}
