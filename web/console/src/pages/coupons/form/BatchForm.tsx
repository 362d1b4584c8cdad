/** A batch of coupons, written: of which template, how many for how much, how they are had, who may have how many and when. */
import '../../../styles/benefits.css';
import '../../../styles/coupons.css';
import type { CouponBatch, CouponBatchInput, CouponTemplate } from '@api';
import { DatePicker, Input, InputNumber, Radio, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, formatNumber } from '../../../app/format';
import { useMerchant, useZone } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { FormDrawer } from '../../../ui/FormDrawer';
import { amountOf, Field, MoneyField } from '../../benefits/form/parts';
import { clockOf, instantOf } from '../../segments/model/zone';
import { type Size, sizeOf } from '../size';
import { COUPON_TOUCHES, useCouponWords, useTemplates } from '../use';

/** Codes of one batch at most, and pieces, as the server takes them. */
const MOST = { codes: 10_000_000, claim: 1_000_000_000 } as const;

type Way = 'claim' | 'codes';

interface Draft {
  name: string;
  template: string | null;
  pieces: number | null;
  budget: string;
  way: Way;
  perMember: number | null;
  from: string | null;
  to: string | null;
  word: string;
}

const draftOf = (batch: CouponBatch | null, template: string | null): Draft => ({
  name: batch?.name ?? '',
  template: batch?.template ?? template,
  pieces: null,
  budget: '',
  way: batch?.codes ? 'codes' : 'claim',
  perMember: batch ? (batch.per_member ?? null) : 1,
  from: batch?.claim_from ?? null,
  to: batch?.claim_to ?? null,
  word: batch?.word ?? '',
});

/** A time by the shop's clock, to the minute. */
function Moment({ label, placeholder, value, onChange }: { label: string; placeholder: string; value: string | null; onChange: (at: string | null) => void }) {
  const zone = useZone();
  return (
    <Field label={label}>
      {(id) => (
        <DatePicker
          id={id}
          className="full"
          placeholder={placeholder}
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          value={value ? dayjs(clockOf(value, zone)) : null}
          onChange={(time) => onChange(time ? instantOf(time.format('YYYY-MM-DDTHH:mm:00'), zone) : null)}
        />
      )}
    </Field>
  );
}

/** What the batch will be, in one sentence. */
function Sentence({ draft, template, size, currency }: { draft: Draft; template: CouponTemplate; size: Size; currency: string }) {
  const { t } = useTranslation();
  const words = useCouponWords();
  const claim = words.claim({ claim_from: draft.from, claim_to: draft.to });
  const parts = [
    size.pieces === null ? t('coupons.batchSays.endless') : t('coupons.batchSays.pieces', { n: formatNumber(size.pieces) }),
    ...(size.most === null ? [] : [t('coupons.batchSays.most', { amount: formatMoney({ amount: size.most, currency }) })]),
    draft.perMember ? t('coupons.batchSays.perMember', { n: formatNumber(draft.perMember) }) : t('coupons.batchSays.noLimit'),
    draft.way === 'codes' ? t('coupons.batchSays.codes') : draft.word.trim() ? t('coupons.batchSays.word', { word: draft.word.trim().toUpperCase() }) : t('coupons.batchSays.claim'),
    ...(claim ? [claim] : []),
  ];
  return (
    <p className="form-says">
      {t('coupons.batchSays.whole', { parts: parts.join(t('coupons.says.comma')) })}
      <br />
      <span className="muted">{words.template(template)}</span>
    </p>
  );
}

/** Amounts are in the merchant's currency: the form waits until that is known. */
export function BatchForm({ batch, template, onClose, onMade }: { batch: CouponBatch | null; template?: string | null; onClose: () => void; onMade?: (made: CouponBatch) => void }) {
  const currency = useMerchant().data?.currency;
  return currency ? <Form batch={batch} template={template ?? null} currency={currency} onClose={onClose} onMade={onMade} /> : null;
}

function Form({ batch, template, currency, onClose, onMade }: { batch: CouponBatch | null; template: string | null; currency: string; onClose: () => void; onMade: ((made: CouponBatch) => void) | undefined }) {
  const { t } = useTranslation();
  const templates = useTemplates();
  const [draft, setDraft] = useState<Draft>(() => draftOf(batch, template));
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const active = (templates.data ?? []).filter((one) => one.state === 'active');
  // Where there is one template, it is chosen.
  const chosen = draft.template ?? (active.length === 1 ? (active[0]?.id ?? null) : null);
  const of = templates.data?.find((one) => one.id === chosen) ?? null;
  const budget = amountOf(draft.budget, currency);
  const size = of && budget !== undefined ? sizeOf(of, draft.pieces, budget?.amount ?? null) : null;
  const coded = draft.way === 'codes';
  const late = Boolean(draft.from && draft.to && Date.parse(draft.to) <= Date.parse(draft.from));
  const shared = { name: draft.name.trim(), codes: coded, per_member: draft.perMember, claim_from: draft.from, claim_to: draft.to, word: coded ? null : draft.word.trim() || null };
  const body = (): CouponBatchInput => (batch ? { ...shared, version: batch.version } : { ...shared, template: chosen, pieces: draft.pieces, budget: budget ?? null });
  const save = useAct<void, CouponBatch>((client) => (batch ? client.put<CouponBatch>(`/coupons/batches/${batch.id}`, body()) : client.post<CouponBatch>('/coupons/batches', body())), {
    quiet: true,
    done: t(batch ? 'common.saved' : coded ? 'coupons.batchMadeCodes' : 'coupons.batchMade'),
    touches: COUPON_TOUCHES,
    onDone: (made) => {
      onClose();
      if (!batch) onMade?.(made);
    },
  });
  const wanting = draft.name.trim() === '' || late || (!batch && (!size || size.wrong !== null || (coded && draft.pieces === null)));
  return (
    <FormDrawer title={t(batch ? 'coupons.editTitle' : 'coupons.newBatch', { name: batch?.name ?? '' })} wanting={wanting} save={save} onClose={onClose}>
      {batch ? <p className="muted small">{t('coupons.batchChangeNote')}</p> : of && size && !size.wrong ? <Sentence draft={draft} template={of} size={size} currency={currency} /> : <p className="form-says">{t('coupons.batchSays.nothing')}</p>}
      <Field label={t('common.name')}>{(at) => <Input id={at} maxLength={60} placeholder={t('coupons.batchNameHint')} value={draft.name} onChange={(e) => put({ name: e.target.value })} />}</Field>
      {batch ? null : (
        <>
          <Field label={t('coupons.template')} note={t('coupons.templateNote')}>
            {(at) => <Select id={at} className="full" placeholder={t('coupons.templateHint')} loading={templates.isPending} value={chosen} options={active.map((one) => ({ value: one.id, label: one.name }))} showSearch={{ optionFilterProp: 'label' }} notFoundContent={<span className="muted">{t('coupons.noTemplate')}</span>} onChange={(one: string) => put({ template: one })} />}
          </Field>
          <h3 className="sub-title">{t('coupons.howMany')}</h3>
          <div className="form-row">
            <Field label={t('coupons.pieces')} note={t(coded ? 'coupons.piecesCodes' : 'coupons.piecesNote')}>{(at) => <InputNumber id={at} className="full" min={1} max={coded ? MOST.codes : MOST.claim} precision={0} placeholder={coded ? '' : t('coupons.noEnd')} value={draft.pieces} onChange={(pieces) => put({ pieces })} />}</Field>
            <MoneyField label={t('coupons.budget')} note={t(of?.random ? 'coupons.budgetDrawn' : 'coupons.budgetNote')} value={draft.budget} currency={currency} onChange={(text) => put({ budget: text })} />
          </div>
          {size?.wrong ? <p className="warn-text small">{t(`coupons.budgetWrong.${size.wrong}`)}</p> : null}
          {size && !size.wrong && size.pieces !== null && draft.pieces !== null && size.pieces < draft.pieces ? <p className="warn-text small">{t('coupons.budgetFewer', { n: formatNumber(size.pieces) })}</p> : null}
        </>
      )}
      <h3 className="sub-title">{t('coupons.howHad')}</h3>
      {batch ? null : (
        <Radio.Group className="form-choices" aria-label={t('coupons.howHad')} value={draft.way} onChange={(e) => put({ way: e.target.value as Way })}>
          {(['claim', 'codes'] as const).map((way) => (
            <Radio key={way} value={way}>
              <span className="choice">
                <span>{t(`coupons.wayOf.${way}`)}</span>
                <span className="muted small">{t(`coupons.wayNote.${way}`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      )}
      {coded ? null : <Field label={t('coupons.word')} note={t('coupons.wordNote')}>{(at) => <Input id={at} className="form-short" maxLength={40} placeholder={t('coupons.none')} value={draft.word} onChange={(e) => put({ word: e.target.value })} />}</Field>}
      <Field label={t('coupons.perMember')} note={t('coupons.perMemberNote')}>{(at) => <InputNumber id={at} className="form-short" min={1} max={10_000} precision={0} placeholder={t('coupons.noLimit')} value={draft.perMember} onChange={(perMember) => put({ perMember })} />}</Field>
      <div className="form-row">
        <Moment label={t('coupons.claimFrom')} placeholder={t('coupons.atOnce')} value={draft.from} onChange={(from) => put({ from })} />
        <Moment label={t('coupons.claimTo')} placeholder={t('coupons.noEnd')} value={draft.to} onChange={(to) => put({ to })} />
      </div>
      {late ? <p className="warn-text small">{t('coupons.claimLate')}</p> : null}
      <p className="muted small form-note">{t('coupons.claimNote')}</p>
    </FormDrawer>
  );
}
