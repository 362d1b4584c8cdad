/** What a coupon gives: its sort, and what that sort asks for. */
import { Button, Input, InputNumber, Radio, Select } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, minorOf } from '../../../app/format';
import { Field, MoneyField } from '../../benefits/form/parts';
import { type Draft, type GiftDraft, hasAmount, hasCap, KINDS } from '../draft';
import { rateOf } from '../rate';

/** Kinds of gifts in one coupon at most, as the server takes them. */
const MOST_GIFTS = 50;

export interface PartProps {
  draft: Draft;
  currency: string;
  put: (change: Partial<Draft>) => void;
}

function AmountFields({ draft, currency, put }: PartProps) {
  const { t } = useTranslation();
  const id = useId();
  const [least, most] = [minorOf(draft.least, currency), minorOf(draft.most, currency)];
  return (
    <>
      <div className="field-label" id={id}>
        {t('coupons.amountHow')}
      </div>
      <Radio.Group className="form-choices" aria-labelledby={id} value={draft.drawn} onChange={(e) => put({ drawn: e.target.value as boolean })} options={[false, true].map((value) => ({ value, label: t(value ? 'coupons.amountDrawn' : 'coupons.amountFixed') }))} />
      {draft.drawn ? (
        <>
          <div className="form-row">
            <MoneyField label={t('coupons.least')} value={draft.least} currency={currency} onChange={(text) => put({ least: text })} />
            <MoneyField label={t('coupons.most')} value={draft.most} currency={currency} onChange={(text) => put({ most: text })} />
          </div>
          {least !== null && most !== null && least > most ? <p className="warn-text small">{t('coupons.leastMost')}</p> : null}
          <Field label={t('coupons.distribution')} note={t('coupons.distributionNote')}>
            {(at) => <Select id={at} className="full" value={draft.low ? 'low' : 'even'} options={(['even', 'low'] as const).map((value) => ({ value, label: t(`coupons.distributionOf.${value}`) }))} onChange={(value) => put({ low: value === 'low' })} />}
          </Field>
        </>
      ) : (
        <MoneyField label={t('coupons.amount')} value={draft.amount} currency={currency} onChange={(text) => put({ amount: text })} />
      )}
    </>
  );
}

function GiftRows({ draft, currency, put }: PartProps) {
  const { t } = useTranslation();
  const set = (at: number, change: Partial<GiftDraft>) => put({ gifts: draft.gifts.map((gift, i) => (i === at ? { ...gift, ...change } : gift)) });
  return (
    <>
      <div className="field-label">{t('coupons.gifts')}</div>
      {draft.gifts.map((gift, i) => (
        <fieldset key={i} className="coupon-gift">
          <legend className="visually-hidden">{gift.sku || t('coupons.giftSku')}</legend>
          <Input className="first" aria-label={t('coupons.giftSku')} placeholder={t('coupons.giftSku')} maxLength={100} value={gift.sku} onChange={(e) => set(i, { sku: e.target.value })} />
          <InputNumber aria-label={t('coupons.giftQty')} min={1} max={1000} precision={0} prefix="×" value={gift.qty} onChange={(qty) => set(i, { qty })} />
          <Input
            aria-label={t('coupons.giftValue')}
            placeholder={t('coupons.giftValue')}
            inputMode="decimal"
            prefix={formatMoney({ amount: 0, currency }).replace(/[\d.,]/g, '')}
            value={gift.value}
            {...(gift.value.trim() !== '' && minorOf(gift.value, currency) === null ? { status: 'error' as const } : {})}
            onChange={(e) => set(i, { value: e.target.value })}
          />
          {draft.gifts.length > 1 ? (
            <Button size="small" onClick={() => put({ gifts: draft.gifts.filter((_, j) => j !== i) })}>
              {t('common.delete')}
            </Button>
          ) : null}
        </fieldset>
      ))}
      {draft.gifts.length < MOST_GIFTS ? (
        <Button className="gap-below" onClick={() => put({ gifts: [...draft.gifts, { sku: '', qty: 1, value: '' }] })}>
          {t('coupons.addGift')}
        </Button>
      ) : null}
      <p className="muted small form-note">{t('coupons.giftNote')}</p>
    </>
  );
}

export function OfferFields({ fixed, ...part }: PartProps & { fixed: boolean }) {
  const { t } = useTranslation();
  const { draft, currency, put } = part;
  return (
    <>
      <Field label={t('coupons.kindTitle')} note={fixed ? t('coupons.kindStays') : t(`coupons.kindNote.${draft.kind}`)}>
        {(at) => <Select id={at} className="full" disabled={fixed} value={draft.kind} options={KINDS.map((value) => ({ value, label: t(`coupons.kind.${value}`) }))} onChange={(kind) => put({ kind })} />}
      </Field>
      {hasAmount(draft.kind) ? <AmountFields {...part} /> : null}
      {draft.kind === 'percent_off' ? (
        <Field label={t('coupons.percent')} note={t('coupons.percentNote')}>
          {(at) => <Input id={at} className="form-short" inputMode="decimal" suffix="%" value={draft.percent} {...(draft.percent.trim() !== '' && rateOf(draft.percent) === null ? { status: 'error' as const } : {})} onChange={(e) => put({ percent: e.target.value })} />}
        </Field>
      ) : null}
      {hasCap(draft.kind) ? <MoneyField label={t('coupons.cap')} note={t('coupons.capNote')} value={draft.cap} currency={currency} onChange={(cap) => put({ cap })} /> : null}
      {draft.kind === 'gift' ? <GiftRows {...part} /> : null}
      {draft.kind === 'exchange' ? (
        <div className="form-row">
          <Field label={t('coupons.sku')}>{(at) => <Input id={at} maxLength={100} value={draft.sku} onChange={(e) => put({ sku: e.target.value })} />}</Field>
          <MoneyField label={t('coupons.pay')} value={draft.pay} currency={currency} onChange={(pay) => put({ pay })} />
        </div>
      ) : null}
      {draft.kind === 'no_threshold' ? null : <MoneyField label={t('coupons.minAmount')} note={t('coupons.minAmountNote')} value={draft.minAmount} currency={currency} onChange={(minAmount) => put({ minAmount })} />}
    </>
  );
}
