/** A template as it is typed, and as the server takes it. */
import type { BenefitWho, CouponIssuer, CouponKind, CouponOffer, CouponReplacement, CouponScope, CouponTemplate, CouponTemplateInput } from '@api';
import { minorOf, plainMoney } from '../../app/format';
import { percentOf, rateOf } from './rate';

export const KINDS: readonly CouponKind[] = ['amount_off', 'percent_off', 'no_threshold', 'gift', 'exchange', 'free_shipping'];

/** Of these an amount is taken off, which may be drawn. */
export const hasAmount = (kind: CouponKind): boolean => kind === 'amount_off' || kind === 'no_threshold';
/** Of these the most that is taken off can be bounded. */
export const hasCap = (kind: CouponKind): boolean => kind === 'percent_off' || kind === 'free_shipping';

export interface GiftDraft {
  sku: string;
  qty: number | null;
  value: string;
}

export interface Draft {
  name: string;
  description: string;
  kind: CouponKind;
  issuer: CouponIssuer;
  drawn: boolean;
  amount: string;
  least: string;
  most: string;
  /** Small amounts are drawn more often. */
  low: boolean;
  percent: string;
  cap: string;
  gifts: GiftDraft[];
  sku: string;
  pay: string;
  minAmount: string;
  minQty: number | null;
  categories: string[];
  skus: string[];
  withoutCategories: string[];
  withoutSkus: string[];
  notReplaced: CouponReplacement[];
  weekdays: number[];
  monthDays: number[];
  /** `20:00`; both or neither. */
  hourFrom: string;
  hourTo: string;
  who: BenefitWho;
  membersOnly: boolean;
  perMember: number | null;
  group: string;
  /** No other of its group in the same order. */
  alone: boolean;
  from: string | null;
  to: string | null;
  days: number | null;
  afterDays: number | null;
  lockMinutes: number | null;
  restore: boolean;
  graceDays: number | null;
}

export function draftOf(template: CouponTemplate | null, currency: string): Draft {
  const offer: Partial<CouponOffer> = template?.offer ?? {};
  const money = (amount: number | null | undefined) => (amount == null ? '' : plainMoney({ amount, currency }));
  return {
    name: template?.name ?? '',
    description: template?.description ?? '',
    kind: offer.kind ?? 'amount_off',
    issuer: offer.issuer ?? 'shop',
    drawn: Boolean(template?.random),
    amount: money(offer.amount),
    least: money(template?.random?.min),
    most: money(template?.random?.max),
    low: template?.random?.distribution === 'low',
    percent: offer.pay_rate ? percentOf(offer.pay_rate) : '',
    cap: money(offer.cap),
    gifts: offer.gifts?.map((gift) => ({ sku: gift.sku, qty: gift.qty, value: money(gift.value) })) ?? [{ sku: '', qty: 1, value: '' }],
    sku: offer.sku ?? '',
    pay: money(offer.pay),
    minAmount: money(offer.min_amount || null),
    minQty: offer.min_qty || null,
    categories: offer.scope?.categories ?? [],
    skus: offer.scope?.skus ?? [],
    withoutCategories: offer.scope?.exclude_categories ?? [],
    withoutSkus: offer.scope?.exclude_skus ?? [],
    notReplaced: offer.scope?.not_replaced_by ?? [],
    weekdays: offer.calendar?.weekdays ?? [],
    monthDays: offer.calendar?.month_days ?? [],
    hourFrom: offer.calendar?.hours?.[0] ?? '',
    hourTo: offer.calendar?.hours?.[1] ?? '',
    who: { programme: template?.programme ?? null, tiers: offer.tiers ?? [], segments: offer.segments ?? [] },
    membersOnly: offer.members_only ?? false,
    perMember: offer.per_member ?? null,
    group: offer.group ?? '',
    alone: offer.exclusive === 'order',
    from: template?.validity.from ?? null,
    to: template?.validity.to ?? null,
    days: template ? (template.validity.days ?? null) : 7,
    afterDays: template?.validity.after_days ?? null,
    lockMinutes: template?.lock_minutes ?? 15,
    restore: template?.restore ?? true,
    graceDays: template?.restore_grace_days ?? 7,
  };
}

/** Lists that name nothing are left out: an empty one would mean that nothing fits. */
const some = <T>(list: T[]): T[] | null => (list.length > 0 ? list : null);

function scopeOf(draft: Draft): CouponScope | null {
  const scope: CouponScope = {};
  if (draft.skus.length > 0) scope.skus = draft.skus;
  if (draft.categories.length > 0) scope.categories = draft.categories;
  if (draft.withoutSkus.length > 0) scope.exclude_skus = draft.withoutSkus;
  if (draft.withoutCategories.length > 0) scope.exclude_categories = draft.withoutCategories;
  if (draft.notReplaced.length > 0) scope.not_replaced_by = draft.notReplaced;
  return Object.keys(scope).length > 0 ? scope : null;
}

/** What its sort alone says; nothing while that is not all there. */
function ownOf(draft: Draft, currency: string): Partial<CouponOffer> | null {
  const typed = (text: string) => (text.trim() === '' ? null : minorOf(text, currency));
  const cap = typed(draft.cap);
  if (hasCap(draft.kind) && ((draft.cap.trim() !== '' && cap === null) || cap === 0)) return null;
  switch (draft.kind) {
    case 'amount_off':
    case 'no_threshold': {
      if (draft.drawn) return {};
      const amount = typed(draft.amount);
      return amount ? { amount } : null;
    }
    case 'percent_off': {
      const pay_rate = rateOf(draft.percent);
      return pay_rate ? { pay_rate, cap } : null;
    }
    case 'gift': {
      const gifts = draft.gifts.map((gift) => ({ sku: gift.sku.trim(), qty: gift.qty ?? 0, value: gift.value.trim() === '' ? 0 : minorOf(gift.value, currency) }));
      if (gifts.length === 0 || gifts.some((gift) => gift.sku === '' || gift.qty < 1 || gift.value === null)) return null;
      return { gifts: gifts.map((gift) => ({ ...gift, value: gift.value ?? 0 })) };
    }
    case 'exchange': {
      const pay = draft.pay.trim() === '' ? 0 : minorOf(draft.pay, currency);
      return draft.sku.trim() === '' || pay === null ? null : { sku: draft.sku.trim(), pay };
    }
    case 'free_shipping':
      return { cap };
  }
}

/** From what the amount is drawn; `undefined` where it is to be drawn and that is not all there. */
function rangeOf(draft: Draft, currency: string): CouponTemplateInput['random'] | undefined {
  if (!draft.drawn || !hasAmount(draft.kind)) return null;
  const [min, max] = [minorOf(draft.least, currency), minorOf(draft.most, currency)];
  return min && max && min <= max ? { min, max, distribution: draft.low ? 'low' : 'even' } : undefined;
}

/** Whether it ends at all, and not before it begins. */
const validityFits = (draft: Draft): boolean => (draft.to !== null || draft.days !== null) && !(draft.from && draft.to && Date.parse(draft.to) <= Date.parse(draft.from));

/** As the server takes it; nothing while something is missing or wrong. What the form does not ask stays as `before` has it. */
export function inputOf(draft: Draft, currency: string, before: CouponTemplate | null): CouponTemplateInput | null {
  const [own, random] = [ownOf(draft, currency), rangeOf(draft, currency)];
  const minAmount = draft.minAmount.trim() === '' ? null : minorOf(draft.minAmount, currency);
  if (!own || random === undefined || (draft.minAmount.trim() !== '' && minAmount === null) || !validityFits(draft)) return null;
  if ((draft.hourFrom === '') !== (draft.hourTo === '')) return null;
  const [weekdays, month_days] = [some(draft.weekdays), some(draft.monthDays)];
  const hours = draft.hourFrom === '' ? null : [draft.hourFrom, draft.hourTo];
  const calendar = weekdays || month_days || hours ? { weekdays, month_days, hours } : null;
  const tiers = draft.who.programme ? some(draft.who.tiers ?? []) : null;
  const group = draft.group.trim();
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    offer: {
      kind: draft.kind,
      issuer: draft.issuer,
      ...own,
      priority: before?.offer.priority ?? null,
      max_weight_g: before?.offer.max_weight_g ?? null,
      group: group || null,
      exclusive: group ? (draft.alone ? 'order' : 'none') : null,
      calendar,
      members_only: draft.membersOnly || null,
      tiers,
      segments: some(draft.who.segments ?? []),
      per_member: draft.perMember,
      min_amount: minAmount || null,
      min_qty: draft.minQty,
      scope: scopeOf(draft),
    },
    random,
    programme: tiers ? (draft.who.programme ?? null) : null,
    validity: { from: draft.from, to: draft.to, days: draft.days, after_days: draft.days === null ? null : draft.afterDays },
    lock_minutes: draft.lockMinutes ?? 15,
    restore: draft.restore,
    restore_grace_days: draft.graceDays ?? 0,
    ...(before ? { version: before.version } : {}),
  };
}
