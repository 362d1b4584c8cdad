/** What a coupon does, in the reader's words: what it gives, under which conditions, how long it is good, whether it comes back. */
import type { BenefitWho, CouponBatch, CouponOffer, CouponTemplateInput, CouponValidity } from '@api';
import type { TFunction } from 'i18next';
import { formatMoney, formatNumber, formatTime } from '../../app/format';
import { foldOf, offOf } from './rate';

/** What the words need to know of the shop. */
export interface Shop {
  currency: string;
  zone: string;
  /** Chinese says what is paid in tenths, English the percent that is off. */
  zh: boolean;
  who: (who: BenefitWho) => string;
}

export type Said = Pick<CouponTemplateInput, 'offer' | 'random' | 'programme' | 'validity' | 'restore' | 'restore_grace_days'>;

/** An instant as a day where it is the beginning of one, else to the minute; as the end of something the day before it. */
export function momentSaid(at: string, zone: string, end: boolean): string {
  const text = formatTime(at, zone);
  if (!text.endsWith(' 00:00')) return text;
  return (end ? formatTime(new Date(Date.parse(at) - 1).toISOString(), zone) : text).slice(0, 10);
}

/** What it gives: "¥10.00 off from ¥100.00". */
export function offerSaid(offer: CouponOffer, random: Said['random'], shop: Shop, t: TFunction): string {
  const money = (amount: number | null | undefined) => formatMoney({ amount: amount ?? 0, currency: shop.currency });
  const amount = random ? t('coupons.says.drawn', { min: money(random.min), max: money(random.max) }) : money(offer.amount);
  switch (offer.kind) {
    case 'amount_off':
      return offer.min_amount ? t('coupons.says.amountFrom', { amount, min: money(offer.min_amount) }) : t('coupons.says.amountOff', { amount });
    case 'no_threshold':
      return t('coupons.says.noThreshold', { amount });
    case 'percent_off': {
      const rate = offer.pay_rate ?? '1';
      const n = shop.zh ? foldOf(rate) : offOf(rate);
      return offer.cap ? t('coupons.says.percentCap', { n, cap: money(offer.cap) }) : t('coupons.says.percent', { n });
    }
    case 'gift':
      return t('coupons.says.gift', { goods: (offer.gifts ?? []).map((gift) => `${gift.sku} × ${formatNumber(gift.qty)}`).join(t('members.listComma')) });
    case 'exchange':
      return offer.pay ? t('coupons.says.exchange', { sku: offer.sku, pay: money(offer.pay) }) : t('coupons.says.exchangeFree', { sku: offer.sku });
    case 'free_shipping':
      return offer.cap ? t('coupons.says.shippingCap', { cap: money(offer.cap) }) : t('coupons.says.shipping');
  }
}

function calendarSaid(calendar: NonNullable<CouponOffer['calendar']>, t: TFunction): string[] {
  const comma = t('members.listComma');
  const days = [
    ...(calendar.month_days?.length ? [t('benefits.onMonthDays', { days: calendar.month_days.join(comma) })] : []),
    ...(calendar.weekdays?.length ? [calendar.weekdays.map((day) => t(`benefits.weekday.${day}`)).join(comma)] : []),
  ];
  const hours = calendar.hours?.length === 2 ? [`${calendar.hours[0]}–${calendar.hours[1]}`] : [];
  // Where both are named, both must hold.
  return [...days, ...hours];
}

/** Under which conditions, one by one; none where there are none. */
export function termsSaid(offer: CouponOffer, programme: string | null | undefined, shop: Shop, t: TFunction): string[] {
  const comma = t('members.listComma');
  const money = (amount: number) => formatMoney({ amount, currency: shop.currency });
  const { scope, calendar } = offer;
  const within = [...(scope?.categories ?? []), ...(scope?.skus ?? [])];
  const without = [...(scope?.exclude_categories ?? []), ...(scope?.exclude_skus ?? [])];
  const replaced = (scope?.not_replaced_by ?? []).map((price) => t(`coupons.replacedBy.${price}`));
  const when = calendar ? calendarSaid(calendar, t) : [];
  const limited = Boolean(offer.tiers?.length || offer.segments?.length);
  return [
    ...(offer.min_amount && offer.kind !== 'amount_off' ? [t('coupons.says.from', { min: money(offer.min_amount) })] : []),
    ...(offer.min_qty ? [t('coupons.says.pieces', { n: formatNumber(offer.min_qty) })] : []),
    ...(offer.max_weight_g ? [t('coupons.says.weight', { n: formatNumber(offer.max_weight_g) })] : []),
    ...(within.length > 0 ? [t('coupons.says.within', { names: within.join(comma) })] : []),
    ...(without.length > 0 ? [t('coupons.says.without', { names: without.join(comma) })] : []),
    ...(replaced.length > 0 ? [t('coupons.says.notReplaced', { prices: replaced.join(comma) })] : []),
    ...(when.length > 0 ? [t('coupons.says.when', { days: when.join(' ') })] : []),
    ...(limited ? [t('coupons.says.who', { who: shop.who({ programme: programme ?? null, tiers: offer.tiers ?? [], segments: offer.segments ?? [] }) })] : []),
    ...(offer.members_only ? [t('coupons.says.membersOnly')] : []),
    ...(offer.per_member ? [t('coupons.says.perMember', { n: formatNumber(offer.per_member) })] : []),
    ...(offer.group && offer.exclusive === 'order' ? [t('coupons.says.alone', { group: offer.group })] : []),
    ...(offer.issuer === 'platform' ? [t('coupons.says.platform')] : []),
  ];
}

/** How long it is good. */
export function validitySaid(validity: CouponValidity, shop: Shop, t: TFunction): string {
  const { days, after_days: wait } = validity;
  const parts: string[] = [];
  if (validity.from) parts.push(t('coupons.says.validFrom', { from: momentSaid(validity.from, shop.zone, false) }));
  if (days != null) {
    if (wait) parts.push(t('coupons.says.validAfter', { wait: formatNumber(wait), n: formatNumber(days) }));
    else parts.push(days === 0 ? t('coupons.says.validToday') : t('coupons.says.validDays', { n: formatNumber(days) }));
  }
  if (validity.to) parts.push(t(days == null ? 'coupons.says.validTo' : 'coupons.says.validAtLatest', { to: momentSaid(validity.to, shop.zone, true) }));
  return parts.join(t('coupons.says.comma'));
}

/** Whether it comes back with its order. */
export function backSaid(of: Pick<Said, 'restore' | 'restore_grace_days'>, t: TFunction): string {
  if (of.restore === false) return t('coupons.says.staysUsed');
  return of.restore_grace_days ? t('coupons.says.backGrace', { n: formatNumber(of.restore_grace_days) }) : t('coupons.says.back');
}

/** All of it in one sentence. */
export function templateSaid(of: Said, shop: Shop, t: TFunction): string {
  const what = [offerSaid(of.offer, of.random, shop, t), ...termsSaid(of.offer, of.programme, shop, t)].join(t('coupons.says.comma'));
  return t('coupons.says.whole', { what, validity: validitySaid(of.validity, shop, t), back: backSaid(of, t) });
}

/** What a coupon that somebody has gives: its own amount, where that was drawn. */
export function couponSaid(of: { offer: CouponOffer; amount?: { amount: number } | null }, shop: Shop, t: TFunction): string {
  return offerSaid(of.amount ? { ...of.offer, amount: of.amount.amount } : of.offer, null, shop, t);
}

/** When a batch can be claimed; nothing where it has no times. */
export function claimSaid(batch: Pick<CouponBatch, 'claim_from' | 'claim_to'>, zone: string, t: TFunction): string | null {
  const from = batch.claim_from ? momentSaid(batch.claim_from, zone, false) : null;
  const to = batch.claim_to ? momentSaid(batch.claim_to, zone, true) : null;
  if (from && to) return t('benefits.span', { from, to });
  if (from) return t('benefits.spanFrom', { from });
  return to ? t('benefits.spanTo', { to }) : null;
}
