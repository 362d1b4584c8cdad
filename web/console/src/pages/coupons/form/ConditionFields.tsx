/** Under which conditions a coupon can be used: goods, days, whom it is for, how often, beside what else. */
import type { CouponReplacement } from '@api';
import { Input, InputNumber, Select, Switch, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { Field, WhoFields } from '../../benefits/form/parts';
import type { PartProps } from './OfferFields';

const PRICES: readonly CouponReplacement[] = ['member_price', 'flash_price'];

/** Words that are typed one by one. */
function Many({ label, hint, value, onChange }: { label: string; hint: string; value: string[]; onChange: (value: string[]) => void }) {
  return (
    <Field label={label}>
      {(at) => <Select id={at} className="full" mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', '\n']} placeholder={hint} value={value} onChange={(words: string[]) => onChange(words.map((w) => w.trim()).filter(Boolean))} />}
    </Field>
  );
}

export function GoodsFields({ draft, put }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="form-row">
        <Many label={t('coupons.categories')} hint={t('coupons.anyCategory')} value={draft.categories} onChange={(categories) => put({ categories })} />
        <Many label={t('coupons.skus')} hint={t('coupons.anyGoods')} value={draft.skus} onChange={(skus) => put({ skus })} />
      </div>
      <div className="form-row">
        <Many label={t('coupons.withoutCategories')} hint={t('coupons.none')} value={draft.withoutCategories} onChange={(withoutCategories) => put({ withoutCategories })} />
        <Many label={t('coupons.withoutSkus')} hint={t('coupons.none')} value={draft.withoutSkus} onChange={(withoutSkus) => put({ withoutSkus })} />
      </div>
      <div className="form-row">
        <Field label={t('coupons.notReplaced')}>
          {(at) => <Select id={at} className="full" mode="multiple" placeholder={t('coupons.none')} value={draft.notReplaced} options={PRICES.map((value) => ({ value, label: t(`coupons.replacedBy.${value}`) }))} onChange={(notReplaced: CouponReplacement[]) => put({ notReplaced })} />}
        </Field>
        <Field label={t('coupons.minQty')}>{(at) => <InputNumber id={at} className="full" min={1} max={1_000_000} precision={0} placeholder={t('coupons.none')} value={draft.minQty} onChange={(minQty) => put({ minQty })} />}</Field>
      </div>
    </>
  );
}

/** A time of day; the end of the day is its midnight. */
function Clock({ id, value, onChange }: { id: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return <TimePicker id={id} className="full" format="HH:mm" minuteStep={5} placeholder={t('coupons.wholeDay')} value={value ? dayjs(`2000-01-01T${value === '24:00' ? '00:00' : value}`) : null} onChange={(time) => onChange(time ? time.format('HH:mm') : '')} />;
}

export function DaysFields({ draft, put }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="form-row">
        <Field label={t('benefits.weekDays')}>
          {(at) => <Select id={at} className="full" mode="multiple" placeholder={t('benefits.anyDay')} value={draft.weekdays} options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: t(`benefits.weekday.${value}`) }))} onChange={(weekdays: number[]) => put({ weekdays: [...weekdays].sort((a, b) => a - b) })} />}
        </Field>
        <Field label={t('benefits.monthDays')}>
          {(at) => (
            <Select
              id={at}
              className="full"
              mode="multiple"
              placeholder={t('benefits.anyDay')}
              value={draft.monthDays}
              options={Array.from({ length: 31 }, (_, i) => ({ value: i + 1, label: t('benefits.monthDay', { n: i + 1 }) }))}
              onChange={(monthDays: number[]) => put({ monthDays: [...monthDays].sort((a, b) => a - b) })}
            />
          )}
        </Field>
      </div>
      <div className="form-row">
        <Field label={t('coupons.hourFrom')} note={t('coupons.hoursNote')}>{(at) => <Clock id={at} value={draft.hourFrom} onChange={(hourFrom) => put({ hourFrom })} />}</Field>
        <Field label={t('coupons.hourTo')}>{(at) => <Clock id={at} value={draft.hourTo} onChange={(hourTo) => put({ hourTo: hourTo === '00:00' ? '24:00' : hourTo })} />}</Field>
      </div>
      {(draft.hourFrom === '') === (draft.hourTo === '') ? null : <p className="warn-text small">{t('coupons.hoursBoth')}</p>}
    </>
  );
}

export function WhomFields({ draft, put }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <WhoFields who={draft.who} onChange={(who) => put({ who })} />
      <div className="form-field">
        <label className="row-gap">
          <Switch checked={draft.membersOnly} aria-label={t('coupons.membersOnly')} onChange={(membersOnly) => put({ membersOnly })} /> {t('coupons.membersOnly')}
        </label>
        <p className="muted small form-note">{t('coupons.membersOnlyNote')}</p>
      </div>
      <Field label={t('coupons.perMemberUses')} note={t('coupons.perMemberUsesNote')}>
        {(at) => <InputNumber id={at} className="form-short" min={1} max={1_000_000} precision={0} placeholder={t('coupons.noLimit')} value={draft.perMember} onChange={(perMember) => put({ perMember })} />}
      </Field>
    </>
  );
}

export function BesideFields({ draft, put }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('coupons.issuer')} note={t('coupons.issuerNote')}>
        {(at) => <Select id={at} className="full" value={draft.issuer} options={(['shop', 'platform'] as const).map((value) => ({ value, label: t(`coupons.issuerOf.${value}`) }))} onChange={(issuer) => put({ issuer })} />}
      </Field>
      <Field label={t('coupons.group')} note={t('coupons.groupNote')}>{(at) => <Input id={at} className="form-short" maxLength={60} placeholder={t('coupons.none')} value={draft.group} onChange={(e) => put({ group: e.target.value })} />}</Field>
      {draft.group.trim() === '' ? null : (
        <label className="row-gap gap-below">
          <Switch checked={draft.alone} aria-label={t('coupons.alone')} onChange={(alone) => put({ alone })} /> {t('coupons.alone')}
        </label>
      )}
    </>
  );
}
