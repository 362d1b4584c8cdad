/** A benefit, written: what it is, whose, on which days, how often, what it costs, who sees to it. */
import '../../../styles/benefits.css';
import type { Benefit, BenefitBy, BenefitInput, BenefitKind, BenefitWhen } from '@api';
import { Button, Input, InputNumber, Radio, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, plainMoney } from '../../../app/format';
import { useMerchant } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { type Tried, TrialDrawer } from '../trial/TrialDrawer';
import { BENEFIT_TOUCHES } from '../use';
import { useQuotaWords, useWhenWords, useWhoWords } from '../words';
import { amountOf, Field, FundedFields, MoneyField, QuotaFields, SpanFields, WhoFields } from './parts';
import { FormDrawer } from '../../../ui/FormDrawer';

export const KINDS: readonly BenefitKind[] = [
  'free_shipping',
  'member_discount',
  'birthday_gift',
  'birthday_offer',
  'member_day',
  'priority_dispatch',
  'product_trial',
  'early_access',
  'member_goods',
  'own_agent',
  'personal_adviser',
  'tailored_service',
  'cashback',
  'coupon_pack',
  'custom',
];

interface Draft extends Required<Pick<BenefitInput, 'name' | 'description' | 'who' | 'when' | 'funded' | 'by' | 'due_days'>> {
  kind: BenefitKind;
  from: string | null;
  until: string | null;
  quota: BenefitInput['quota'];
  worth: 'none' | 'percent' | 'amount';
  percent: number | null;
  amount: string;
  cost: string;
}

const draftOf = (b: Benefit | null): Draft => ({
  name: b?.name ?? '',
  kind: b?.kind ?? 'free_shipping',
  description: b?.description ?? '',
  who: b?.who ?? {},
  from: b?.from ?? null,
  until: b?.until ?? null,
  when: b?.when ?? {},
  quota: b?.quota ?? null,
  worth: b?.terms?.percent ? 'percent' : b?.terms?.amount ? 'amount' : 'none',
  percent: b?.terms?.percent ?? null,
  amount: b?.terms?.amount ? plainMoney(b.terms.amount) : '',
  cost: b?.cost ? plainMoney(b.cost) : '',
  funded: b?.funded ?? {},
  by: b?.by ?? 'system',
  due_days: b?.due_days ?? 0,
});

/** Of these sorts the depth must be stated. */
const needsWorth = (kind: BenefitKind) => kind === 'member_discount' || kind === 'cashback';

/** What the benefit will be, in one sentence. */
function Sentence({ draft, currency }: { draft: Draft; currency: string }) {
  const { t } = useTranslation();
  const [who, quota, when] = [useWhoWords(), useQuotaWords(), useWhenWords()];
  const cost = amountOf(draft.cost, currency);
  return (
    <p className="form-says">
      {t('benefits.says', { who: who(draft.who), when: when(draft.when), quota: quota(draft.quota), kind: t(`benefits.kind.${draft.kind}`) })}
      {cost ? t('benefits.saysCost', { cost: formatMoney(cost) }) : ''}
      {draft.by === 'system' ? '' : t(`benefits.saysBy.${draft.by}`, { n: draft.due_days })}
    </p>
  );
}

function DayFields({ when, onChange }: { when: BenefitWhen; onChange: (when: BenefitWhen) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('benefits.birthday')}>
        {(id) => (
          <Select id={id} className="full" value={when.birthday ?? 'any'} options={(['any', 'day', 'month'] as const).map((value) => ({ value, label: t(`benefits.birthdayOf.${value}`) }))} onChange={(birthday) => onChange({ ...when, birthday })} />
        )}
      </Field>
      <div className="form-row">
        <Field label={t('benefits.monthDays')}>
          {(id) => (
            <Select
              id={id}
              className="full"
              mode="multiple"
              placeholder={t('benefits.anyDay')}
              value={when.month_days ?? []}
              options={Array.from({ length: 31 }, (_, i) => ({ value: i + 1, label: t('benefits.monthDay', { n: i + 1 }) }))}
              onChange={(month_days: number[]) => onChange({ ...when, month_days })}
            />
          )}
        </Field>
        <Field label={t('benefits.weekDays')}>
          {(id) => (
            <Select
              id={id}
              className="full"
              mode="multiple"
              placeholder={t('benefits.anyDay')}
              value={when.week_days ?? []}
              options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: t(`benefits.weekday.${value}`) }))}
              onChange={(week_days: number[]) => onChange({ ...when, week_days })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

/** Amounts are in the merchant's currency: the form waits until that is known. */
export function BenefitForm({ benefit, onClose }: { benefit: Benefit | null; onClose: () => void }) {
  const currency = useMerchant().data?.currency;
  return currency ? <Form benefit={benefit} currency={currency} onClose={onClose} /> : null;
}

function Form({ benefit, currency, onClose }: { benefit: Benefit | null; currency: string; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [draft, setDraft] = useState<Draft>(() => draftOf(benefit));
  const [trying, setTrying] = useState<Tried | null>(null);
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const cost = amountOf(draft.cost, currency);
  const amount = amountOf(draft.amount, currency);
  const body = (): BenefitInput => ({
    name: draft.name.trim(),
    kind: draft.kind,
    description: draft.description.trim(),
    who: draft.who,
    from: draft.from,
    until: draft.until,
    when: draft.when,
    quota: draft.quota,
    terms: draft.worth === 'percent' ? { percent: draft.percent } : draft.worth === 'amount' ? { amount } : {},
    cost,
    funded: draft.funded,
    by: draft.by,
    due_days: draft.by === 'system' ? 0 : draft.due_days,
    ...(benefit ? { version: benefit.version } : {}),
  });
  const save = useAct((client) => (benefit ? client.put(`/benefits/${benefit.id}`, body()) : client.post('/benefits', body())), {
    quiet: true,
    done: t(benefit ? 'benefits.changed' : 'benefits.made'),
    touches: BENEFIT_TOUCHES,
    onDone: onClose,
  });
  const noWorth = draft.worth === 'percent' ? !draft.percent : draft.worth === 'amount' ? !amount : needsWorth(draft.kind);
  const noDay = draft.kind === 'member_day' && !draft.when.month_days?.length && !draft.when.week_days?.length;
  const wanting = draft.name.trim() === '' || cost === undefined || noWorth || noDay;
  return (
    <FormDrawer title={t(benefit ? 'benefits.editTitle' : 'benefits.newTitle', { name: benefit?.name ?? '' })} wanting={wanting} save={save} onClose={onClose} beside={<Button disabled={wanting} onClick={() => setTrying({ ...(benefit ? { benefit: benefit.id } : {}), definition: body() })}>{t('trial.open')}</Button>}>
      {trying ? <TrialDrawer title={t('benefits.trial.title', { name: draft.name.trim() })} tried={trying} onClose={() => setTrying(null)} /> : null}
      <Sentence draft={draft} currency={currency} />
      <Field label={t('common.name')}>{(at) => <Input id={at} maxLength={60} placeholder={t('benefits.nameHint')} value={draft.name} onChange={(e) => put({ name: e.target.value })} />}</Field>
      <Field label={t('benefits.kindTitle')}>
        {(at) => (
          <Select id={at} className="full" value={draft.kind} options={KINDS.map((value) => ({ value, label: t(`benefits.kind.${value}`) }))} onChange={(kind) => put({ kind, ...(needsWorth(kind) && draft.worth === 'none' ? { worth: 'percent' as const } : {}) })} />
        )}
      </Field>
      <Field label={t('benefits.description')}>{(at) => <Input.TextArea id={at} rows={2} maxLength={1000} value={draft.description} onChange={(e) => put({ description: e.target.value })} />}</Field>
      <h3 className="sub-title">{t('benefits.whose')}</h3>
      <WhoFields who={draft.who} onChange={(who) => put({ who })} />
      <h3 className="sub-title">{t('benefits.when')}</h3>
      <QuotaFields label={t('benefits.howOften')} quota={draft.quota ?? null} none={t('benefits.noQuota')} onChange={(quota) => put({ quota })} />
      <DayFields when={draft.when} onChange={(when) => put({ when })} />
      {noDay ? <p className="warn-text small">{t('benefits.memberDayWants')}</p> : null}
      <SpanFields from={draft.from} until={draft.until} onChange={put} />
      <h3 className="sub-title">{t('benefits.worthAndCost')}</h3>
      <div className="form-row">
        <Field label={t('benefits.worth')}>
          {(at) => (
            <Select
              id={at}
              className="full"
              value={draft.worth}
              options={(['none', 'percent', 'amount'] as const).map((value) => ({ value, label: t(value === 'percent' && draft.kind === 'cashback' ? 'benefits.worthBack' : `benefits.worthOf.${value}`) }))}
              onChange={(worth) => put({ worth })}
            />
          )}
        </Field>
        {draft.worth === 'percent' ? (
          <Field label={t('benefits.percent')}>{(at) => <InputNumber id={at} className="full" min={1} max={100} precision={0} suffix="%" value={draft.percent} onChange={(percent) => put({ percent })} />}</Field>
        ) : null}
        {draft.worth === 'amount' ? <MoneyField label={t('benefits.amount')} value={draft.amount} currency={currency} onChange={(text) => put({ amount: text })} /> : null}
      </div>
      <MoneyField label={t('benefits.costEach')} note={t('benefits.costNote')} value={draft.cost} currency={currency} onChange={(text) => put({ cost: text })} />
      <FundedFields funded={draft.funded} onChange={(funded) => put({ funded })} />
      <h3 className="sub-title" id={`${id}-by`}>
        {t('benefits.by')}
      </h3>
      <Radio.Group className="form-choices" aria-labelledby={`${id}-by`} value={draft.by} onChange={(e) => put({ by: e.target.value as BenefitBy })} options={(['system', 'hand', 'erp'] as const).map((value) => ({ value, label: t(`benefits.byOf.${value}`) }))} />
      {draft.by === 'system' ? null : (
        <Field label={t('benefits.dueDays')}>{(at) => <InputNumber id={at} min={0} max={365} precision={0} value={draft.due_days} onChange={(n) => put({ due_days: n ?? 0 })} />}</Field>
      )}
    </FormDrawer>
  );
}
