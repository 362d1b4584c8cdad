/** Growth tasks in words: what is to be done, how often, in which period. */
import type { GrowthGoal, GrowthRepeat } from '@api';
import { useTranslation } from 'react-i18next';
import { formatMoney, formatNumber } from '../../app/format';
import { useShopName } from '../options';

export function useGrowthWords() {
  const { t } = useTranslation();
  const shop = useShopName();
  const comma = t('members.listComma');
  const only = (names: string[]): string => (names.length > 0 ? t('growth.only', { names: names.join(comma) }) : '');
  return {
    goal: (goal: GrowthGoal): string => {
      const n = formatNumber(goal.times ?? 0);
      const what =
        goal.kind === 'profile'
          ? t('growth.goalOf.profile', { fields: (goal.fields ?? []).map((field) => t(`growth.field.${field}`)).join(comma) || '…' })
          : goal.kind === 'spend'
            ? t('growth.goalOf.spend', { amount: goal.amount ? formatMoney(goal.amount) : '…' })
            : goal.kind === 'acts'
              ? t('growth.goalOf.acts', { act: goal.act ? t(`words.event.${goal.act}`, { defaultValue: goal.act }) : '…', n })
              : t(`growth.goalOf.${goal.kind}`, { n });
      return what + only([...(goal.categories ?? []), ...(goal.skus ?? [])]) + only((goal.shops ?? []).map(shop));
    },
    repeat: (repeat: GrowthRepeat | undefined): string => t(`growth.repeatOf.${repeat ?? 'once'}`),
    period: (period: string): string => (period === 'once' ? t('growth.repeatOf.once') : period),
  };
}
