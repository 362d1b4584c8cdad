/** How programmes are shown in lists and heads: their state, their shops. */
import { useTranslation } from 'react-i18next';
import { Mark, type Tone } from '../../ui/bits';
import { useShopName } from '../options';
import type { Programme } from './contract';

const TONES: Record<string, Tone> = { active: 'good', scheduled: 'info', scheduledVersion: 'info', paused: 'warn', archived: 'plain', current: 'good', past: 'plain', withdrawn: 'plain' };

export function ProgrammeState({ state }: { state: string | null | undefined }) {
  const { t } = useTranslation();
  if (!state) return null;
  return <Mark tone={TONES[state] ?? 'plain'}>{t(`programme.state.${state}`, { defaultValue: state })}</Mark>;
}

export function useShopsText() {
  const { t } = useTranslation();
  const shopName = useShopName();
  return (programme: Pick<Programme, 'shops'>): string => (programme.shops && programme.shops.length > 0 ? programme.shops.map(shopName).join(t('members.listComma')) : t('programme.allShops'));
}
