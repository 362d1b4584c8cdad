/** Reading cards of paid membership, their texts, and what is read again after something about them changed. */
import type { CardPurchase, CardStanding, CardTerm, Card as Sold } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatMoney } from '../../app/format';
import { useSession } from '../../app/session';

export type { CardPurchase, CardStanding, CardTerm, Sold };

export const CARD_TOUCHES = [['cards'], ['member-cards'], ['list'], ['timeline']];

export function useCards(enabled = true) {
  const { merchant } = useSession();
  return useQuery<Sold[]>({
    queryKey: ['cards', merchant.id],
    queryFn: async () => (await api.get<{ items: Sold[] }>('/cards')).items,
    enabled,
  });
}

export function useMemberCards(member: string) {
  const { merchant } = useSession();
  return useQuery<CardStanding[]>({
    queryKey: ['member-cards', merchant.id, member],
    queryFn: async () => (await api.get<{ items: CardStanding[] }>(`/members/${encodeURIComponent(member)}/cards`)).items,
  });
}

/** How long a term runs, in words. */
export function useLength(): (term: Pick<CardTerm, 'months' | 'days'>) => string {
  const { t } = useTranslation();
  return (term) => (term.months ? t('cards.months', { n: term.months, count: term.months }) : t('cards.days', { n: term.days ?? 0, count: term.days ?? 0 }));
}

/** What a card is sold for: "月卡 ¥15.00 · 年卡 ¥365.00". */
export const pricesOf = (card: Pick<Sold, 'terms'>): string => card.terms.map((term) => `${term.name} ${formatMoney(term.price)}`).join(' · ');
