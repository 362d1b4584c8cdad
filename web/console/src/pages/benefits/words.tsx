/** Benefits, packs and rewards in words: whose they are, how often, on which days, who bears what. */
import type { BenefitFunded, BenefitQuota, BenefitTerms, BenefitWhen, BenefitWho, BenefitWhy } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatMoney, formatTime } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan, useZone } from '../../app/session';
import { Mark, type Tone } from '../../ui/bits';
import { READ_POINTS } from '../programme/contract';
import { isFormable, tierLabel } from '../programme/model/rules';
import { useProgrammes } from '../programme/use';
import { useSegmentNames } from '../segments/builder/SegmentRow';

export const STATES = ['active', 'scheduled', 'paused', 'ended', 'archived'] as const;
const TONES: Record<string, Tone> = { active: 'good', scheduled: 'info', paused: 'warn' };

/** The state of a benefit, pack or reward. */
export function State({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Mark tone={TONES[state] ?? 'plain'}>{t(`benefits.state.${state}`, { defaultValue: state })}</Mark>;
}

/** What people call a tier of a programme; its id until that is known. */
export function useTierWord(): (programme: string | null | undefined, tier: string) => string {
  const all = useProgrammes(useCan(READ_POINTS)).data;
  return (programme, tier) => {
    const rules = all?.find((p) => p.id === programme)?.current?.rules;
    return rules && isFormable(rules) ? tierLabel(rules, tier) : tier;
  };
}

/** Whose it is: tiers, segments, both, or everybody. */
export function useWhoWords(): (who: BenefitWho | undefined) => string {
  const { t } = useTranslation();
  const tier = useTierWord();
  const segments = useSegmentNames(useCan('segments:read')).data;
  const comma = t('members.listComma');
  return (who) => {
    const tiers = (who?.tiers ?? []).map((one) => tier(who?.programme, one)).join(comma);
    const named = (who?.segments ?? []).map((id) => segments?.find((s) => s.id === id)?.name ?? `…${id.slice(-6)}`).join(comma);
    if (tiers && named) return t('benefits.whoBoth', { tiers, segments: named });
    if (tiers) return tiers;
    return named ? t('benefits.whoSegments', { segments: named }) : t('benefits.everybody');
  };
}

export function useQuotaWords(): (quota: BenefitQuota | null | undefined, none?: string) => string {
  const { t } = useTranslation();
  return (quota, none) => (quota ? t(`benefits.quotaOf.${quota.per}`, { n: quota.uses, count: quota.uses }) : (none ?? t('benefits.noQuota')));
}

/** On which days: all that is stated must hold. */
export function useWhenWords(): (when: BenefitWhen | undefined) => string {
  const { t } = useTranslation();
  const comma = t('members.listComma');
  return (when) => {
    const parts: string[] = [];
    if (when?.birthday && when.birthday !== 'any') parts.push(t(`benefits.birthdayOf.${when.birthday}`));
    const days: string[] = [];
    if (when?.month_days?.length) days.push(t('benefits.onMonthDays', { days: when.month_days.join(comma) }));
    if (when?.week_days?.length) days.push(when.week_days.map((day) => t(`benefits.weekday.${day}`)).join(comma));
    if (days.length > 0) parts.push(days.join(t('benefits.or')));
    return parts.length > 0 ? parts.join(t('benefits.and')) : t('benefits.anyDay');
  };
}

export function useTermsWords(): (terms: BenefitTerms | undefined, kind: string) => string | null {
  const { t } = useTranslation();
  return (terms, kind) => {
    if (terms?.percent) return t(kind === 'cashback' ? 'benefits.percentBack' : 'benefits.percentOff', { n: terms.percent });
    return terms?.amount ? formatMoney(terms.amount) : null;
  };
}

/** Who else bears it; nothing where the shop bears all. */
export function useFundedWords(): (funded: BenefitFunded | undefined) => string | null {
  const { t } = useTranslation();
  return (funded) => {
    const parts = (['supplier', 'platform'] as const).filter((who) => funded?.[who]).map((who) => t(`benefits.bears.${who}`, { n: funded?.[who] ?? 0 }));
    return parts.length > 0 ? parts.join(t('members.listComma')) : null;
  };
}

/** The last day of something that ends at that instant. */
export const lastDay = (until: string, zone: string): string => formatTime(new Date(Date.parse(until) - 1).toISOString(), zone).slice(0, 10);

/** From when until when; nothing where it has neither. */
export function useSpanWords(): (from: string | null | undefined, until: string | null | undefined) => string | null {
  const { t } = useTranslation();
  const zone = useZone();
  return (from, until) => {
    const first = from ? formatTime(from, zone).slice(0, 10) : null;
    const last = until ? lastDay(until, zone) : null;
    if (first && last) return t('benefits.span', { from: first, to: last });
    if (first) return t('benefits.spanFrom', { from: first });
    return last ? t('benefits.spanTo', { to: last }) : null;
  };
}

/** Why not, in the reader's language. */
export function useWhy(): (why: BenefitWhy) => string {
  const { language } = usePrefs();
  return (why) => (language === 'zh' ? why.zh : why.en);
}

/** A list would ask for fifty names; the end of the id tells members apart, and the link tells the rest. */
export function MemberEnd({ id, tab }: { id: string; tab: string }) {
  const { t } = useTranslation();
  return (
    <Link to={`/members/${id}?tab=${tab}`} title={id} className="mono nowrap">
      <span className="visually-hidden">{t('members.open')} </span>…{id.slice(-6)}
    </Link>
  );
}

/** An order: a link where it is one of ours, else the shop's number as it was told. */
export function OrderRef({ order }: { order: string | null | undefined }) {
  if (!order) return <span className="muted">–</span>;
  return order.startsWith('ord_') ? (
    <Link to={`/orders/${order}`} className="mono nowrap">
      …{order.slice(-6)}
    </Link>
  ) : (
    <span className="break">{order}</span>
  );
}
