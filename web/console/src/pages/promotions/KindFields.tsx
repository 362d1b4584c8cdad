/** What a promotion does: the boxes of its kind. */
import { Button, Checkbox, Input, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../benefits/form/parts';
import { MoneyBox, RateBox, WholeBox } from './inputs';
import { type Change, type Item, part, put, type Rules, type Step } from './rules';

interface Props {
  rules: Rules;
  currency: string;
  onChange: (rules: Rules) => void;
}

/** Rows of goods: a code, and what belongs to it. */
function Goods({ rules, currency, of, asks, onChange }: Props & { of: 'items' | 'gifts'; asks: ('qty' | 'price' | 'value')[] }) {
  const { t } = useTranslation();
  const rows = rules[of] ?? [];
  const set = (next: Item[]) => onChange(put(rules, of === 'items' ? { items: next } : { gifts: next }));
  const row = (i: number, change: Change<Item>) => set(rows.map((item, j) => (j === i ? { ...part(item, change), sku: change.sku ?? item.sku } : item)));
  return (
    <div className="gap-below">
      {rows.map((item, i) => (
        <div key={i} className="promo-row">
          <div className="first">
            <Field label={t('promotions.sku')}>{(id) => <Input id={id} maxLength={200} value={item.sku} onChange={(e) => row(i, { sku: e.target.value.trim() })} />}</Field>
          </div>
          {asks.includes('qty') ? <WholeBox label={t('promotions.qty')} min={1} value={item.qty} onChange={(qty) => row(i, { qty })} /> : null}
          {asks.includes('price') ? <MoneyBox label={t('promotions.price')} currency={currency} value={item.price} onChange={(price) => row(i, { price })} /> : null}
          {asks.includes('value') ? <MoneyBox label={t('promotions.giftValue')} currency={currency} value={item.value} onChange={(value) => row(i, { value })} /> : null}
          {rows.length > 1 ? (
            <Button size="small" onClick={() => set(rows.filter((_, j) => j !== i))}>
              {t('common.delete')}
            </Button>
          ) : null}
        </div>
      ))}
      <Button size="small" onClick={() => set([...rows, asks.includes('qty') ? { sku: '', qty: 1 } : { sku: '' }])}>
        {t('promotions.addGoods')}
      </Button>
    </div>
  );
}

/** 满减, 满折: steps by amount or by pieces. */
function Steps({ rules, currency, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const steps = rules.steps ?? [];
  const byQty = rules.by === 'qty';
  const set = (next: Step[], more: Change<Rules> = {}) => onChange(put(rules, { steps: next, ...more }));
  const row = (i: number, change: Change<Step>) => set(steps.map((step, j) => (j === i ? part(step, change) : step)));
  // A share that is being typed anew is none for a moment: that is not the other way of giving.
  const [percent, setPercent] = useState(() => steps.some((step) => step.pay_rate !== undefined));
  const threshold = (step: Step): Step => (byQty ? part<Step>(undefined, { min_qty: step.min_qty }) : part<Step>(undefined, { min_amount: step.min_amount }));
  return (
    <>
      <div className="form-row">
        <div className="form-field">
          <span className="field-label" id={`${id}-by`}>
            {t('promotions.stepsBy')}
          </span>
          <Radio.Group aria-labelledby={`${id}-by`} value={byQty ? 'qty' : 'amount'} onChange={(e) => set(steps.map(({ min_amount: _a, min_qty: _q, ...off }) => off), { by: e.target.value === 'qty' ? 'qty' : undefined })} options={(['amount', 'qty'] as const).map((value) => ({ value, label: t(`promotions.by.${value}`) }))} />
        </div>
        <div className="form-field">
          <span className="field-label" id={`${id}-off`}>
            {t('promotions.stepsOff')}
          </span>
          <Radio.Group
            aria-labelledby={`${id}-off`}
            value={percent ? 'percent' : 'amount'}
            onChange={(e) => {
              setPercent(e.target.value === 'percent');
              set(steps.map((step) => ({ ...threshold(step), ...(e.target.value === 'percent' ? { pay_rate: '0.9' } : {}) })), { repeat: undefined, max_times: undefined });
            }}
            options={(['amount', 'percent'] as const).map((value) => ({ value, label: t(`promotions.off.${value}`) }))}
          />
        </div>
      </div>
      <div className="gap-below">
        {steps.map((step, i) => (
          <div key={i} className="promo-row">
            {byQty ? (
              <WholeBox label={t('promotions.fromQty')} value={step.min_qty} onChange={(min_qty) => row(i, { min_qty })} />
            ) : (
              <MoneyBox label={t('promotions.fromAmount')} currency={currency} value={step.min_amount} onChange={(min_amount) => row(i, { min_amount })} />
            )}
            {percent ? (
              <>
                <RateBox label={t('promotions.payRate')} value={step.pay_rate} onChange={(pay_rate) => row(i, { pay_rate })} />
                <MoneyBox label={t('promotions.cap')} currency={currency} value={step.cap} onChange={(cap) => row(i, { cap })} />
              </>
            ) : (
              <MoneyBox label={t('promotions.amountOff')} currency={currency} value={step.amount_off} onChange={(amount_off) => row(i, { amount_off })} />
            )}
            {steps.length > 1 ? (
              <Button size="small" onClick={() => set(steps.filter((_, j) => j !== i))}>
                {t('common.delete')}
              </Button>
            ) : null}
          </div>
        ))}
        {rules.repeat || steps.length >= 20 ? null : (
          <Button size="small" onClick={() => set([...steps, percent ? { pay_rate: '0.8' } : {}])}>
            {t('promotions.addStep')}
          </Button>
        )}
      </div>
      {steps.length === 1 && !percent ? (
        <div className="form-row">
          <div className="form-field">
            <Checkbox checked={rules.repeat === true} onChange={(e) => onChange(put(rules, { repeat: e.target.checked ? true : undefined, max_times: undefined }))}>
              {t('promotions.repeatSteps')}
            </Checkbox>
          </div>
          {rules.repeat ? <WholeBox label={t('promotions.maxTimes')} min={1} placeholder={t('promotions.noLimit')} value={rules.max_times} onChange={(max_times) => onChange(put(rules, { max_times }))} /> : null}
        </div>
      ) : null}
    </>
  );
}

export function KindFields({ rules, currency, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const change = (of: Change<Rules>) => onChange(put(rules, of));
  const cap = <MoneyBox label={t('promotions.capLabel')} note={t('promotions.capNote')} currency={currency} value={rules.cap} onChange={(value) => change({ cap: value })} />;
  switch (rules.kind) {
    case 'percent_off':
      return (
        <div className="form-row">
          <RateBox label={t('promotions.payRate')} note={t('promotions.payRateNote')} value={rules.pay_rate} onChange={(pay_rate) => change({ pay_rate })} />
          {cap}
        </div>
      );
    case 'amount_off':
      return (
        <div className="form-row">
          <MoneyBox label={t('promotions.amountOff')} currency={currency} value={rules.amount} onChange={(amount) => change({ amount })} />
          <div className="form-field">
            <span className="field-label" id={id}>
              {t('promotions.per')}
            </span>
            <Radio.Group aria-labelledby={id} value={rules.per ?? 'unit'} onChange={(e) => change({ per: e.target.value === 'line' ? 'line' : undefined })} options={(['unit', 'line'] as const).map((value) => ({ value, label: t(`promotions.perOf.${value}`) }))} />
          </div>
        </div>
      );
    case 'nth_item':
      return (
        <>
          <div className="form-row">
            <WholeBox label={t('promotions.nth')} min={2} value={rules.n} onChange={(n) => change({ n })} />
            <RateBox label={t('promotions.nthPays')} note={t('promotions.payRateNote')} value={rules.pay_rate} onChange={(pay_rate) => change({ pay_rate })} />
          </div>
          <div className="form-choices">
            <Checkbox checked={rules.across === 'sku'} onChange={(e) => change({ across: e.target.checked ? 'sku' : undefined })}>
              {t('promotions.sameSku')}
            </Checkbox>
            <Checkbox checked={rules.repeat === false} onChange={(e) => change({ repeat: e.target.checked ? false : undefined })}>
              {t('promotions.onceOnly')}
            </Checkbox>
          </div>
        </>
      );
    case 'bundle_price':
      return (
        <>
          <Goods rules={rules} currency={currency} of="items" asks={['qty']} onChange={onChange} />
          <div className="form-row">
            <MoneyBox label={t('promotions.setPrice')} currency={currency} value={rules.price} onChange={(price) => change({ price })} />
            <WholeBox label={t('promotions.maxSets')} min={1} placeholder={t('promotions.noLimit')} value={rules.max_sets} onChange={(max_sets) => change({ max_sets })} />
          </div>
        </>
      );
    case 'stepped_threshold':
      return <Steps rules={rules} currency={currency} onChange={onChange} />;
    case 'gift':
      return <Goods rules={rules} currency={currency} of="gifts" asks={['qty', 'value']} onChange={onChange} />;
    case 'member_price':
    case 'flash_price':
      return <Goods rules={rules} currency={currency} of="items" asks={['price']} onChange={onChange} />;
    case 'free_shipping':
      return cap;
    default:
      return null;
  }
}
