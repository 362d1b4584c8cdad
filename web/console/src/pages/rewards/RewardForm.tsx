/** A reward, written: what it is, what it costs whom in points, who may, how many there are, what it looks like. */
import '../../styles/benefits.css';
import type { BenefitQuota, Reward, RewardInput, RewardKind, TierPoints } from '@api';
import { Input, InputNumber, Select, Switch } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, plainMoney } from '../../app/format';
import { useCan, useMerchant } from '../../app/session';
import { useAct } from '../../ui/act';
import { amountOf, Field, FundedFields, MoneyField, ProgrammeField, QuotaFields, SpanFields, useTierOptions, WhoFields } from '../benefits/form/parts';
import { REWARD_TOUCHES } from '../benefits/use';
import { READ_COUPONS } from '../coupons/scopes';
import { useBatches } from '../coupons/use';
import { READ_POINTS } from '../programme/contract';
import { useProgrammes } from '../programme/use';
import { type Chosen, PictureBox } from './Picture';
import { base64Of } from './picture';
import { FormDrawer } from '../../ui/FormDrawer';

interface Draft extends Required<Pick<RewardInput, 'name' | 'kind' | 'description' | 'growth' | 'who' | 'funded'>> {
  programme: string | null;
  points: number | null;
  tier_points: TierPoints[];
  limit: BenefitQuota | null;
  from: string | null;
  until: string | null;
  cost: string;
  stock: number | null;
  needs_address: boolean;
  coupons: string | null;
}

const draftOf = (r: Reward | null): Draft => ({
  name: r?.name ?? '',
  kind: r?.kind ?? 'goods',
  description: r?.description ?? '',
  programme: r?.programme ?? null,
  points: r?.points ?? null,
  tier_points: r?.tier_points ?? [],
  growth: r?.growth ?? 0,
  who: r?.who ?? {},
  limit: r?.limit ?? null,
  from: r?.from ?? null,
  until: r?.until ?? null,
  cost: r?.cost ? plainMoney(r.cost) : '',
  funded: r?.funded ?? {},
  stock: null,
  needs_address: r?.needs_address ?? false,
  coupons: r?.coupons ?? null,
});

/** Out of which batch the coupon comes: not of those that are had by codes. */
function CouponFields({ value, onChange }: { value: string | null; onChange: (batch: string) => void }) {
  const { t } = useTranslation();
  const batches = useBatches(useCan(READ_COUPONS));
  const open = (batches.data ?? []).filter((b) => b.id === value || (!b.codes && b.state !== 'archived'));
  return (
    <Field label={t('rewards.coupons')} note={t('rewards.couponsNote')}>
      {(at) => (
        <Select
          id={at}
          className="full"
          placeholder={t('coupons.batchHint')}
          loading={batches.isPending && batches.isFetching}
          value={value}
          options={open.map((b) => ({ value: b.id, label: b.left == null ? b.name : t('coupons.batchLeft', { name: b.name, n: formatNumber(b.left) }) }))}
          showSearch={{ optionFilterProp: 'label' }}
          notFoundContent={<span className="muted">{t('rewards.noCoupons')}</span>}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

function PriceFields({ draft, programme, put }: { draft: Draft; programme: string | null; put: (change: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  const tiers = useTierOptions(programme);
  const priced = new Map(draft.tier_points.map((one) => [one.tier, one.points]));
  const set = (tier: string, points: number | null) => {
    if (points) priced.set(tier, points);
    else priced.delete(tier);
    put({ tier_points: [...priced].map(([name, n]) => ({ tier: name, points: n })) });
  };
  return (
    <>
      <Field label={t('rewards.points')}>{(at) => <InputNumber id={at} className="form-short" min={1} precision={0} suffix={t('rewards.pointsUnit')} value={draft.points} onChange={(points) => put({ points })} />}</Field>
      {tiers.length > 0 ? (
        <>
          <div className="field-label">{t('rewards.tierPoints')}</div>
          <div className="tier-prices">
            {tiers.map((tier) => (
              <label key={tier.value} className="tier-price">
                <span>{tier.label}</span>
                <InputNumber aria-label={t('rewards.pointsFor', { tier: tier.label })} min={1} precision={0} placeholder={draft.points ? String(draft.points) : ''} value={priced.get(tier.value) ?? null} onChange={(points) => set(tier.value, points)} />
              </label>
            ))}
          </div>
          <p className="muted small form-note">{t('rewards.tierPointsNote')}</p>
        </>
      ) : null}
    </>
  );
}

/** Amounts are in the merchant's currency: the form waits until that is known. */
export function RewardForm({ reward, onClose }: { reward: Reward | null; onClose: () => void }) {
  const currency = useMerchant().data?.currency;
  return currency ? <Form reward={reward} currency={currency} onClose={onClose} /> : null;
}

function Form({ reward, currency, onClose }: { reward: Reward | null; currency: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>(() => draftOf(reward));
  const [picture, setPicture] = useState<Chosen>(null);
  // Saved before its picture was refused, it is changed from then on: no second one is made.
  const saved = useRef(reward);
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  // Most shops have one programme: it is chosen where nothing else could be.
  const running = (useProgrammes(useCan(READ_POINTS)).data ?? []).filter((p) => p.state !== 'archived');
  const programme = draft.programme ?? (running.length === 1 ? (running[0]?.id ?? null) : null);
  const cost = amountOf(draft.cost, currency);
  const body = (): RewardInput => ({
    name: draft.name.trim(),
    kind: draft.kind,
    description: draft.description.trim(),
    programme: programme ?? '',
    points: draft.points ?? 0,
    tier_points: draft.tier_points,
    growth: draft.kind === 'growth' ? draft.growth : 0,
    ...(draft.kind === 'coupon' ? { coupons: draft.coupons } : {}),
    needs_address: draft.kind === 'goods' && draft.needs_address,
    who: { ...draft.who, programme },
    limit: draft.limit,
    from: draft.from,
    until: draft.until,
    cost,
    funded: draft.funded,
    ...(saved.current ? { version: saved.current.version } : draft.stock === null ? {} : { stock: draft.stock }),
  });
  const save = useAct(
    async (client) => {
      const now = saved.current ? await client.put<Reward>(`/rewards/${saved.current.id}`, body()) : await client.post<Reward>('/rewards', body());
      saved.current = now;
      if (picture === 'none') await client.delete(`/rewards/${now.id}/picture`);
      else if (picture) await client.put(`/rewards/${now.id}/picture`, { data: await base64Of(picture.blob) });
    },
    { quiet: true, done: t(reward ? 'common.saved' : 'rewards.made'), touches: REWARD_TOUCHES, onDone: onClose },
  );
  const wanting = draft.name.trim() === '' || !programme || !draft.points || cost === undefined || (draft.kind === 'growth' && !draft.growth) || (draft.kind === 'coupon' && !draft.coupons);
  return (
    <FormDrawer title={t(reward ? 'rewards.editTitle' : 'rewards.newTitle', { name: reward?.name ?? '' })} wanting={wanting} save={save} onClose={onClose}>
      <Field label={t('common.name')}>{(at) => <Input id={at} maxLength={60} placeholder={t('rewards.nameHint')} value={draft.name} onChange={(e) => put({ name: e.target.value })} />}</Field>
      <PictureBox reward={reward} chosen={picture} onChange={setPicture} />
      <Field label={t('rewards.kindTitle')} note={t(`rewards.kindNote.${draft.kind}`)}>
        {(at) => <Select id={at} className="full" disabled={reward !== null} value={draft.kind} options={(['goods', 'service', 'growth', 'coupon'] as const).map((value) => ({ value, label: t(`rewards.kind.${value}`) }))} onChange={(kind: RewardKind) => put({ kind })} />}
      </Field>
      {draft.kind === 'goods' ? (
        <div className="form-field">
          <label className="row-gap">
            <Switch checked={draft.needs_address} aria-label={t('rewards.needsAddress')} onChange={(needs_address) => put({ needs_address })} /> {t('rewards.needsAddress')}
          </label>
          <p className="muted small form-note">{t('rewards.needsAddressNote')}</p>
        </div>
      ) : null}
      {draft.kind === 'growth' ? <Field label={t('rewards.growth')}>{(at) => <InputNumber id={at} className="form-short" min={1} precision={0} value={draft.growth || null} onChange={(n) => put({ growth: n ?? 0 })} />}</Field> : null}
      {draft.kind === 'coupon' ? <CouponFields value={draft.coupons} onChange={(coupons) => put({ coupons })} /> : null}
      <Field label={t('benefits.description')}>{(at) => <Input.TextArea id={at} rows={2} maxLength={1000} value={draft.description} onChange={(e) => put({ description: e.target.value })} />}</Field>
      <h3 className="sub-title">{t('rewards.price')}</h3>
      {reward ? null : <ProgrammeField value={programme} note={t('rewards.programmeNote')} onChange={(id) => put({ programme: id, tier_points: [], who: { ...draft.who, tiers: [] } })} />}
      <PriceFields draft={draft} programme={programme} put={put} />
      {reward ? null : <Field label={t('rewards.stock')} note={t('rewards.stockNote')}>{(at) => <InputNumber id={at} className="form-short" min={0} precision={0} placeholder={t('rewards.noEnd')} value={draft.stock} onChange={(stock) => put({ stock })} />}</Field>}
      <h3 className="sub-title">{t('rewards.whoMay')}</h3>
      <WhoFields fixed who={{ ...draft.who, programme }} onChange={(who) => put({ who })} />
      <QuotaFields label={t('rewards.limit')} quota={draft.limit} none={t('rewards.noLimit')} onChange={(limit) => put({ limit })} />
      <SpanFields from={draft.from} until={draft.until} onChange={put} />
      <h3 className="sub-title">{t('rewards.costTitle')}</h3>
      <MoneyField label={t('rewards.costEach')} value={draft.cost} currency={currency} onChange={(text) => put({ cost: text })} />
      <FundedFields funded={draft.funded} onChange={(funded) => put({ funded })} />
    </FormDrawer>
  );
}
