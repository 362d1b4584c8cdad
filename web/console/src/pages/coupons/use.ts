/** Reading coupons, what they say in words, and what is read again after something about them changed. */
import type { CouponBatch, CouponBatchTally, CouponExceptionCount, CouponTemplate, CouponTemplateVersion, CouponWithUses, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { usePrefs } from '../../app/prefs';
import { useMerchant, useSession, useZone } from '../../app/session';
import { useWhoWords } from '../benefits/words';
import { claimSaid, couponSaid, offerSaid, type Said, type Shop, templateSaid, termsSaid, validitySaid } from './says';

/** A coupon that is had moves stock, counts and lists. */
export const COUPON_TOUCHES = [['coupon-templates'], ['coupon-batches'], ['coupon-batch'], ['coupon-exceptions'], ['coupon'], ['list'], ['jobs']];

/** Batches in one answer; a list to choose from shows no more. */
const MANY = 200;

export function useTemplates(enabled = true) {
  const { merchant } = useSession();
  return useQuery<CouponTemplate[]>({
    queryKey: ['coupon-templates', merchant.id],
    queryFn: async () => (await api.get<{ items: CouponTemplate[] }>('/coupons/templates')).items,
    enabled,
  });
}

/** What a template said in each of its versions, the newest first. */
export function useVersions(template: string | undefined) {
  const { merchant } = useSession();
  return useQuery<CouponTemplateVersion[]>({
    queryKey: ['coupon-templates', merchant.id, template, 'versions'],
    queryFn: async () => (await api.get<{ items: CouponTemplateVersion[] }>(`/coupons/templates/${template}/versions`)).items,
    enabled: Boolean(template),
  });
}

/** The newest batches, to choose one of. */
export function useBatches(enabled = true) {
  const { merchant } = useSession();
  return useQuery<CouponBatch[]>({
    queryKey: ['coupon-batches', merchant.id],
    queryFn: async () => (await api.get<Page<CouponBatch>>('/coupons/batches', { limit: MANY })).items,
    enabled,
  });
}

/** Whether codes are still being made. */
export const isMaking = (batch: Pick<CouponBatch, 'codes' | 'state'>): boolean => batch.state !== 'archived' && batch.codes != null && batch.codes.made < batch.codes.of;

export function useBatch(id: string) {
  const { merchant } = useSession();
  return useQuery<CouponBatchTally>({
    queryKey: ['coupon-batch', merchant.id, id],
    queryFn: () => api.get<CouponBatchTally>(`/coupons/batches/${encodeURIComponent(id)}`),
    refetchInterval: (query) => (query.state.data && isMaking(query.state.data.batch) ? 1_500 : false),
  });
}

export function useCoupon(id: string) {
  const { merchant } = useSession();
  return useQuery<CouponWithUses>({
    queryKey: ['coupon', merchant.id, id],
    queryFn: () => api.get<CouponWithUses>(`/coupons/${encodeURIComponent(id)}`),
  });
}

export function useExceptionCounts() {
  const { merchant } = useSession();
  return useQuery<CouponExceptionCount[]>({
    queryKey: ['coupon-exceptions', merchant.id],
    queryFn: async () => (await api.get<{ items: CouponExceptionCount[] }>('/coupons/exceptions/counts')).items,
  });
}

/** Coupons in the reader's words. */
export function useCouponWords() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const zone = useZone();
  const currency = useMerchant().data?.currency ?? 'CNY';
  const who = useWhoWords();
  const shop: Shop = { currency, zone, zh: language === 'zh', who };
  return {
    offer: (of: Pick<Said, 'offer' | 'random'>) => offerSaid(of.offer, of.random, shop, t),
    terms: (of: Pick<Said, 'offer' | 'programme'>) => termsSaid(of.offer, of.programme, shop, t),
    validity: (of: Pick<Said, 'validity'>) => validitySaid(of.validity, shop, t),
    template: (of: Said) => templateSaid(of, shop, t),
    coupon: (of: Parameters<typeof couponSaid>[0]) => couponSaid(of, shop, t),
    claim: (of: Pick<CouponBatch, 'claim_from' | 'claim_to'>) => claimSaid(of, zone, t),
  };
}
