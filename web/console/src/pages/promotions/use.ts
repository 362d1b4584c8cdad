/** Reading promotions, and what is read again after something about them changed. */
import type { Page, PriceSettings, Promotion, PromotionLine, PromotionRulesChecked, PromotionVersion } from '@api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../app/api';
import { usePrefs } from '../../app/prefs';
import { useSession } from '../../app/session';
import { useRested } from '../segments/live/useLive';
import type { Rules } from './rules';

export const PROMOTION_TOUCHES = [['promotion'], ['promotion-versions'], ['promotion-catalogue'], ['price-settings'], ['list']];

/** Both languages come with the answer: the one of the reader. */
export function useSentence(): (said: { zh: string; en: string } | null | undefined) => string {
  const { language } = usePrefs();
  return (said) => (said ? said[language] : '');
}

export function usePromotion(id: string | undefined) {
  const { merchant } = useSession();
  return useQuery<Promotion>({
    queryKey: ['promotion', merchant.id, id],
    queryFn: () => api.get<Promotion>(`/promotions/${encodeURIComponent(id ?? '')}`),
    enabled: Boolean(id),
  });
}

export function usePromotionVersions(id: string) {
  const { merchant } = useSession();
  return useQuery<PromotionVersion[]>({
    queryKey: ['promotion-versions', merchant.id, id],
    queryFn: async () => (await api.get<{ items: PromotionVersion[] }>(`/promotions/${encodeURIComponent(id)}/versions`)).items,
  });
}

export function usePriceSettings(enabled = true) {
  const { merchant } = useSession();
  return useQuery<PriceSettings>({
    queryKey: ['price-settings', merchant.id],
    queryFn: () => api.get<PriceSettings>('/pricing/settings'),
    enabled,
  });
}

/** What of all promotions holds now, as `promotions.json`. */
export interface Catalogue {
  format: number;
  currency: string;
  zone: string;
  settings: Record<string, unknown>;
  promotions: ({ id: string } & Rules)[];
}

export function useCatalogue() {
  const { merchant } = useSession();
  return useQuery<Catalogue>({
    queryKey: ['promotion-catalogue', merchant.id],
    queryFn: () => api.get<Catalogue>('/promotions/catalogue'),
  });
}

/** What the server says of rules while they are written, when the hand rests a moment. */
export function useRulesCheck(rules: Rules) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  const text = JSON.stringify(rules);
  const rested = useRested(text);
  const settled = rested === text;
  const answer = useQuery<PromotionRulesChecked>({
    queryKey: ['promotion-check', merchant.id, language, rested],
    queryFn: ({ signal }) => api.post<PromotionRulesChecked>('/promotions/check', { rules: JSON.parse(rested) as unknown }, { signal }),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  const current = settled && answer.data !== undefined && !answer.isPlaceholderData;
  return { shown: answer.data, said: current ? answer.data : null, busy: !settled || answer.isFetching, error: answer.error };
}

/** What promotions are called, by id; those put away are not asked for. */
export function usePromotionNames(): Record<string, string> {
  const { merchant } = useSession();
  const answer = useQuery<Record<string, string>>({
    queryKey: ['promotion-names', merchant.id],
    queryFn: async ({ signal }) => {
      const names: Record<string, string> = {};
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page<PromotionLine> = await api.get<Page<PromotionLine>>('/promotions', { cursor, limit: 200 }, signal);
        for (const promotion of page.items) names[promotion.id] = promotion.name;
        cursor = page.next_cursor || null;
      }
      return names;
    },
    staleTime: 60_000,
  });
  return answer.data ?? {};
}
