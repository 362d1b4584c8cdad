/** Parts that the forms of benefits, packs and rewards share. */
import type { BenefitFunded, BenefitQuota, BenefitWho } from '@api';
import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { dayStart, formatMoney, formatTime, minorOf, nextDay } from '../../../app/format';
import { useCan, useZone } from '../../../app/session';
import { READ_POINTS } from '../../programme/contract';
import { isFormable, labelOf, tiersOf } from '../../programme/model/rules';
import { useProgrammes } from '../../programme/use';
import { useSegmentNames } from '../../segments/builder/SegmentRow';
import { lastDay } from '../words';

/** A label above its control; `render` gets the id that ties them. */
export function Field({ label, note, children }: { label: string; note?: ReactNode; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="form-field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children(id)}
      {note ? <p className="muted small form-note">{note}</p> : null}
    </div>
  );
}

export function MoneyField({ label, value, currency, note, onChange }: { label: string; value: string; currency: string; note?: ReactNode; onChange: (text: string) => void }) {
  const bad = value.trim() !== '' && minorOf(value, currency) === null;
  return (
    <Field label={label} note={note}>
      {(id) => (
        <Input id={id} className="form-short" inputMode="decimal" prefix={formatMoney({ amount: 0, currency }).replace(/[\d.,]/g, '')} value={value} {...(bad ? { status: 'error' as const } : {})} onChange={(e) => onChange(e.target.value)} />
      )}
    </Field>
  );
}

/** An amount as it was typed: none where nothing was, `undefined` where it is no amount. */
export function amountOf(text: string, currency: string): { amount: number; currency: string } | null | undefined {
  if (text.trim() === '') return null;
  const amount = minorOf(text, currency);
  return amount === null ? undefined : { amount, currency };
}

/** The tiers that a programme's rules have now. */
export function useTierOptions(programme: string | null | undefined): { value: string; label: string }[] {
  const rules = useProgrammes(useCan(READ_POINTS)).data?.find((p) => p.id === programme)?.current?.rules;
  return rules && isFormable(rules) ? tiersOf(rules).map((tier) => ({ value: tier.id ?? '', label: labelOf(tier) })) : [];
}

export function ProgrammeField({ value, clear, note, onChange }: { value: string | null | undefined; clear?: boolean; note?: ReactNode; onChange: (id: string | null) => void }) {
  const { t } = useTranslation();
  const programmes = useProgrammes(useCan(READ_POINTS));
  const options = (programmes.data ?? []).filter((p) => p.state !== 'archived' || p.id === value).map((p) => ({ value: p.id, label: p.name }));
  return (
    <Field label={t('benefits.programme')} note={note}>
      {(id) => (
        <Select
          id={id}
          className="full"
          allowClear={clear ?? false}
          placeholder={t('benefits.programmeHint')}
          loading={programmes.isPending && programmes.isFetching}
          value={value ?? null}
          options={options}
          notFoundContent={<span className="muted">{t('benefits.noProgramme')}</span>}
          onChange={(chosen: string | undefined) => onChange(chosen ?? null)}
        />
      )}
    </Field>
  );
}

/** Whose it is. A reward's programme is chosen by itself, so that only its tiers are asked for here. */
export function WhoFields({ who, fixed, onChange }: { who: BenefitWho; fixed?: boolean; onChange: (who: BenefitWho) => void }) {
  const { t } = useTranslation();
  const maySegments = useCan('segments:read');
  const tiers = useTierOptions(who.programme);
  const segments = useSegmentNames(maySegments);
  return (
    <>
      {fixed ? null : <ProgrammeField value={who.programme} clear onChange={(programme) => onChange({ ...who, programme, tiers: [] })} />}
      <Field label={t('benefits.tiers')} note={who.programme ? t('benefits.tiersNote') : t('benefits.tiersWant')}>
        {(id) => (
          <Select
            id={id}
            className="full"
            mode="multiple"
            disabled={!who.programme}
            placeholder={t('benefits.anyTier')}
            value={who.tiers ?? []}
            options={tiers}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(chosen: string[]) => onChange({ ...who, tiers: tiers.map((tier) => tier.value).filter((tier) => chosen.includes(tier)) })}
          />
        )}
      </Field>
      {maySegments ? (
        <Field label={t('benefits.segments')} note={t('benefits.segmentsNote')}>
          {(id) => (
            <Select
              id={id}
              className="full"
              mode="multiple"
              placeholder={t('benefits.anySegment')}
              value={who.segments ?? []}
              loading={segments.isPending}
              options={(segments.data ?? []).filter((s) => s.state !== 'archived' || who.segments?.includes(s.id)).map((s) => ({ value: s.id, label: s.name }))}
              showSearch={{ optionFilterProp: 'label' }}
              onChange={(chosen: string[]) => onChange({ ...who, segments: chosen })}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

/** First and last day. What was set to an hour by the API stays so until its day is changed here. */
export function SpanFields({ from, until, onChange }: { from: string | null; until: string | null; onChange: (span: { from: string | null; until: string | null }) => void }) {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <div className="form-row">
      <Field label={t('benefits.from')}>
        {(id) => (
          <DatePicker id={id} className="full" placeholder={t('benefits.fromNow')} value={from ? dayjs(formatTime(from, zone).slice(0, 10)) : null} onChange={(day) => onChange({ from: day ? dayStart(day.format('YYYY-MM-DD'), zone) : null, until })} />
        )}
      </Field>
      <Field label={t('benefits.until')}>
        {(id) => (
          <DatePicker id={id} className="full" placeholder={t('benefits.noEnd')} value={until ? dayjs(lastDay(until, zone)) : null} onChange={(day) => onChange({ from, until: day ? dayStart(nextDay(day.format('YYYY-MM-DD')), zone) : null })} />
        )}
      </Field>
    </div>
  );
}

export function QuotaFields({ label, quota, none, onChange }: { label: string; quota: BenefitQuota | null; none: string; onChange: (quota: BenefitQuota | null) => void }) {
  const { t } = useTranslation();
  return (
    <div className="form-row">
      <Field label={label}>
        {(id) => (
          <Select
            id={id}
            className="full"
            value={quota?.per ?? 'none'}
            options={[{ value: 'none', label: none }, ...(['day', 'month', 'year', 'tier_period', 'ever'] as const).map((value) => ({ value, label: t(`benefits.per.${value}`) }))]}
            onChange={(per: 'none' | BenefitQuota['per']) => onChange(per === 'none' ? null : { uses: quota?.uses ?? 1, per })}
          />
        )}
      </Field>
      {quota ? (
        <Field label={t('benefits.uses')}>
          {(id) => <InputNumber id={id} className="full" min={1} max={10_000} precision={0} value={quota.uses} onChange={(uses) => onChange({ ...quota, uses: uses ?? 1 })} />}
        </Field>
      ) : null}
    </div>
  );
}

/** Who else bears it, percent. */
export function FundedFields({ funded, onChange }: { funded: BenefitFunded; onChange: (funded: BenefitFunded) => void }) {
  const { t } = useTranslation();
  return (
    <div className="form-row">
      {(['supplier', 'platform'] as const).map((who) => (
        <Field key={who} label={t(`benefits.share.${who}`)}>
          {(id) => <InputNumber id={id} className="full" min={0} max={100} precision={0} suffix="%" value={funded[who] ?? 0} onChange={(n) => onChange({ ...funded, [who]: n ?? 0 })} />}
        </Field>
      ))}
    </div>
  );
}
