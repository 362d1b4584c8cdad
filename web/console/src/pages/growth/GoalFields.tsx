/** What is to be done for a task: its sort, how much of it, and on what it must be. */
import type { GrowthField, GrowthGoalKind } from '@api';
import { Checkbox, InputNumber, Select } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, MoneyField } from '../benefits/form/parts';
import { useShopOptions } from '../options';

export const KINDS: readonly GrowthGoalKind[] = ['profile', 'orders', 'spend', 'acts', 'check_in', 'points'];
const FIELDS: readonly GrowthField[] = ['name', 'gender', 'birthday', 'region'];
/** A check-in has a goal of its own; that a message was sent is nobody's act. */
const ACTS = ['share', 'review', 'favourite', 'cart', 'consult', 'browse', 'search', 'login', 'visit', 'register', 'follow', 'subscribe', 'message_opened', 'message_clicked', 'message_replied'];

/** A goal as it is typed. */
export interface GoalDraft {
  kind: GrowthGoalKind;
  times: number;
  amount: string;
  fields: GrowthField[];
  categories: string[];
  shops: string[];
  act: string;
  skus: string[];
}

function Many({ label, hint, value, onChange }: { label: string; hint: string; value: string[]; onChange: (value: string[]) => void }) {
  return (
    <Field label={label}>
      {(at) => <Select id={at} className="full" mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', '\n']} placeholder={hint} value={value} onChange={(words: string[]) => onChange(words.map((w) => w.trim()).filter(Boolean))} />}
    </Field>
  );
}

export function GoalFields({ goal, fixed, currency, onChange }: { goal: GoalDraft; fixed: boolean; currency: string; onChange: (change: Partial<GoalDraft>) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const shops = useShopOptions();
  const bought = goal.kind === 'orders' || goal.kind === 'spend';
  return (
    <>
      <Field label={t('growth.kindTitle')} note={t(`growth.kindNote.${goal.kind}`)}>
        {(at) => <Select id={at} className="full" disabled={fixed} value={goal.kind} options={KINDS.map((value) => ({ value, label: t(`growth.kind.${value}`) }))} onChange={(kind) => onChange({ kind })} />}
      </Field>
      {goal.kind === 'profile' ? (
        <>
          <div className="field-label" id={`${id}-fields`}>
            {t('growth.fields')}
          </div>
          <Checkbox.Group className="form-choices" aria-labelledby={`${id}-fields`} value={goal.fields} options={FIELDS.map((value) => ({ value, label: t(`growth.field.${value}`) }))} onChange={(fields) => onChange({ fields: FIELDS.filter((f) => fields.includes(f)) })} />
        </>
      ) : goal.kind === 'spend' ? (
        <MoneyField label={t('growth.amount')} value={goal.amount} currency={currency} onChange={(amount) => onChange({ amount })} />
      ) : (
        <Field label={t(`growth.times.${goal.kind}`)}>{(at) => <InputNumber id={at} className="form-short" min={1} max={goal.kind === 'points' ? 1_000_000_000 : 10_000} precision={0} value={goal.times} onChange={(n) => onChange({ times: n ?? 0 })} />}</Field>
      )}
      {goal.kind === 'acts' ? (
        <>
          <Field label={t('growth.act')}>
            {(at) => <Select id={at} className="full" value={goal.act} options={ACTS.map((value) => ({ value, label: t(`words.event.${value}`) }))} showSearch={{ optionFilterProp: 'label' }} onChange={(act: string) => onChange({ act })} />}
          </Field>
          <Many label={t('growth.skus')} hint={t('growth.anyGoods')} value={goal.skus} onChange={(skus) => onChange({ skus })} />
        </>
      ) : null}
      {bought ? (
        <>
          <Many label={t('growth.categories')} hint={t('growth.anyCategory')} value={goal.categories} onChange={(categories) => onChange({ categories })} />
          {shops.length > 0 ? (
            <Field label={t('growth.shops')}>
              {(at) => <Select id={at} className="full" mode="multiple" placeholder={t('growth.anyShop')} value={goal.shops} options={shops} showSearch={{ optionFilterProp: 'label' }} onChange={(chosen: string[]) => onChange({ shops: chosen })} />}
            </Field>
          ) : null}
        </>
      ) : null}
    </>
  );
}
