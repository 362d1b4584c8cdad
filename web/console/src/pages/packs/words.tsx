/** Packs in words: by what they are given and what is in them. */
import type { PackInput } from '@api';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { useBenefits, useRewards } from '../benefits/use';

export function usePackWords() {
  const { t } = useTranslation();
  const benefits = useBenefits().data;
  const rewards = useRewards().data;
  const comma = t('members.listComma');
  return {
    occasion: (pack: Pick<PackInput, 'occasion' | 'days'>): string => (pack.occasion === 'comeback' ? t('packs.afterPause', { n: pack.days ?? 0 }) : t(`packs.occasionOf.${pack.occasion}`)),
    content: (pack: Pick<PackInput, 'points' | 'growth' | 'uses' | 'rewards'>): string =>
      [
        ...(pack.points ? [t('packs.nPoints', { n: formatNumber(pack.points) })] : []),
        ...(pack.growth ? [t('packs.nGrowth', { n: formatNumber(pack.growth) })] : []),
        ...(pack.uses ?? []).map((u) => t('packs.nUses', { name: benefits?.find((b) => b.id === u.benefit)?.name ?? '…', n: u.uses })),
        ...(pack.rewards ?? []).map((id) => rewards?.find((r) => r.id === id)?.name ?? '…'),
      ].join(comma),
  };
}
