/** A template of coupons, written: what it gives, under which conditions, how long it is good, whether it comes back. */
import '../../../styles/benefits.css';
import '../../../styles/coupons.css';
import type { CouponTemplate } from '@api';
import { Input, InputNumber, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMerchant } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { FormDrawer } from '../../../ui/FormDrawer';
import { Field, SpanFields } from '../../benefits/form/parts';
import { type Draft, draftOf, inputOf } from '../draft';
import { COUPON_TOUCHES, useCouponWords } from '../use';
import { BesideFields, DaysFields, GoodsFields, WhomFields } from './ConditionFields';
import { OfferFields, type PartProps } from './OfferFields';

function ValidityFields({ draft, put }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="form-row">
        <Field label={t('coupons.days')} note={t('coupons.daysNote')}>{(at) => <InputNumber id={at} className="full" min={0} max={3650} precision={0} placeholder={t('coupons.none')} value={draft.days} onChange={(days) => put({ days })} />}</Field>
        <Field label={t('coupons.afterDays')} note={t('coupons.afterDaysNote')}>
          {(at) => <InputNumber id={at} className="full" min={0} max={3650} precision={0} disabled={draft.days === null} placeholder={t('coupons.atOnce')} value={draft.afterDays} onChange={(afterDays) => put({ afterDays })} />}
        </Field>
      </div>
      <SpanFields from={draft.from} until={draft.to} onChange={({ from, until }) => put({ from, to: until })} />
      <p className="muted small form-note">{t('coupons.validityNote')}</p>
      {draft.days === null && draft.to === null ? <p className="warn-text small">{t('coupons.validityWants')}</p> : null}
    </>
  );
}

function OrderFields({ draft, put }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('coupons.lockMinutes')} note={t('coupons.lockMinutesNote')}>{(at) => <InputNumber id={at} className="form-short" min={1} max={43_200} precision={0} value={draft.lockMinutes} onChange={(lockMinutes) => put({ lockMinutes })} />}</Field>
      <label className="row-gap gap-below">
        <Switch checked={draft.restore} aria-label={t('coupons.restore')} onChange={(restore) => put({ restore })} /> {t('coupons.restore')}
      </label>
      {draft.restore ? (
        <Field label={t('coupons.graceDays')} note={t('coupons.graceDaysNote')}>{(at) => <InputNumber id={at} className="form-short" min={0} max={3650} precision={0} value={draft.graceDays} onChange={(graceDays) => put({ graceDays })} />}</Field>
      ) : null}
    </>
  );
}

/** Amounts are in the merchant's currency: the form waits until that is known. */
export function TemplateForm({ template, onClose }: { template: CouponTemplate | null; onClose: () => void }) {
  const currency = useMerchant().data?.currency;
  return currency ? <Form template={template} currency={currency} onClose={onClose} /> : null;
}

function Form({ template, currency, onClose }: { template: CouponTemplate | null; currency: string; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useCouponWords();
  const [draft, setDraft] = useState<Draft>(() => draftOf(template, currency));
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const input = inputOf(draft, currency, template);
  const save = useAct((client) => (template ? client.put(`/coupons/templates/${template.id}`, input) : client.post('/coupons/templates', input)), {
    quiet: true,
    done: t(template ? 'common.saved' : 'coupons.templateMade'),
    touches: COUPON_TOUCHES,
    onDone: onClose,
  });
  const part: PartProps = { draft, currency, put };
  return (
    <FormDrawer title={t(template ? 'coupons.editTitle' : 'coupons.newTemplate', { name: template?.name ?? '' })} wanting={draft.name.trim() === '' || input === null} save={save} onClose={onClose}>
      <p className="form-says">{input ? words.template(input) : t('coupons.says.nothing')}</p>
      {template ? <p className="muted small">{t('coupons.changeNote')}</p> : null}
      <Field label={t('common.name')}>{(at) => <Input id={at} maxLength={60} placeholder={t('coupons.nameHint')} value={draft.name} onChange={(e) => put({ name: e.target.value })} />}</Field>
      <OfferFields {...part} fixed={template !== null} />
      <Field label={t('benefits.description')} note={t('coupons.descriptionNote')}>{(at) => <Input.TextArea id={at} rows={2} maxLength={1000} value={draft.description} onChange={(e) => put({ description: e.target.value })} />}</Field>
      <h3 className="sub-title">{t('coupons.validity')}</h3>
      <ValidityFields {...part} />
      <h3 className="sub-title">{t('coupons.goods')}</h3>
      <GoodsFields {...part} />
      <h3 className="sub-title">{t('coupons.whom')}</h3>
      <WhomFields {...part} />
      <h3 className="sub-title">{t('coupons.onDays')}</h3>
      <DaysFields {...part} />
      <h3 className="sub-title">{t('coupons.withOrder')}</h3>
      <OrderFields {...part} />
      <h3 className="sub-title">{t('coupons.beside')}</h3>
      <BesideFields {...part} />
    </FormDrawer>
  );
}
