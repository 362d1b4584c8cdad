/** What every kind may have: from what amount on, on which goods, when, for whom, how often, beside what. */
import { Checkbox, Input, Radio, Select } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { Field, useTierOptions } from '../benefits/form/parts';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { InstantBox, MoneyBox, WholeBox, WordsBox } from './inputs';
import { type Calendar, type Change, isCounted, isPrice, part, put, type Rules, type Scope } from './rules';
import { usePriceSettings } from './use';

/** Groups that need no segment. */
const BUILT_IN = ['first_order', 'birthday', 'birthday_month'] as const;
const HOURS = Array.from({ length: 49 }, (_, i) => `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 ? '30' : '00'}`);

interface Props {
  rules: Rules;
  currency: string;
  onChange: (rules: Rules) => void;
}

function When({ rules, onChange }: Omit<Props, 'currency'>) {
  const { t } = useTranslation();
  const calendar = rules.calendar;
  const set = (change: Change<Calendar>) => onChange(put(rules, { calendar: part<Calendar>(calendar, change) }));
  const [from, to] = calendar?.hours ?? [];
  const hours = (next: [string | undefined, string | undefined]) => set({ hours: next[0] || next[1] ? [next[0] ?? '00:00', next[1] ?? '24:00'] : [] });
  const options = HOURS.map((value) => ({ value, label: value }));
  return (
    <>
      <div className="form-row">
        <InstantBox label={t('promotions.from')} placeholder={t('promotions.fromAtOnce')} value={rules.from} onChange={(value) => onChange(put(rules, { from: value }))} />
        <InstantBox label={t('promotions.to')} placeholder={t('promotions.noEnd')} value={rules.to} onChange={(value) => onChange(put(rules, { to: value }))} />
      </div>
      <div className="form-row">
        <Field label={t('promotions.weekdays')}>
          {(id) => <Select id={id} className="full" mode="multiple" placeholder={t('promotions.everyDay')} value={calendar?.weekdays ?? []} options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: t(`promotions.weekday.${value}`) }))} onChange={(weekdays: number[]) => set({ weekdays: [...weekdays].sort((a, b) => a - b) })} />}
        </Field>
        <Field label={t('promotions.monthDays')} note={t('promotions.monthDaysNote')}>
          {(id) => <Select id={id} className="full" mode="multiple" placeholder={t('promotions.everyDay')} value={calendar?.month_days ?? []} options={Array.from({ length: 31 }, (_, i) => ({ value: i + 1, label: String(i + 1) }))} onChange={(days: number[]) => set({ month_days: [...days].sort((a, b) => a - b) })} />}
        </Field>
        <Field label={t('promotions.hours')}>
          {(id) => (
            <div className="promo-hours">
              <Select id={id} allowClear aria-label={t('promotions.hoursFrom')} placeholder="00:00" value={from ?? null} options={options} onChange={(value: string | undefined) => hours([value, to])} />
              <span>–</span>
              <Select allowClear aria-label={t('promotions.hoursTo')} placeholder="24:00" value={to ?? null} options={options} onChange={(value: string | undefined) => hours([from, value])} />
            </div>
          )}
        </Field>
      </div>
    </>
  );
}

function Who({ rules, onChange }: Omit<Props, 'currency'>) {
  const { t } = useTranslation();
  const may = useCan('segments:read');
  const settings = usePriceSettings();
  const programme = settings.data?.current?.programme ?? settings.data?.next?.programme;
  const tiers = useTierOptions(programme);
  const segments = useSegmentNames(may);
  const named = rules.segments ?? [];
  const kept = (segments.data ?? []).filter((s) => s.state !== 'archived' || named.includes(s.id)).map((s) => ({ value: s.id, label: s.name }));
  return (
    <>
      <div className="form-row">
        <Field label={t('promotions.tiers')} note={programme ? t('promotions.tiersNote') : t('promotions.tiersWant')}>
          {(id) => (
            <Select
              id={id}
              className="full"
              mode="multiple"
              disabled={!programme}
              placeholder={t('promotions.everybody')}
              value={rules.tiers ?? []}
              options={tiers}
              showSearch={{ optionFilterProp: 'label' }}
              onChange={(chosen: string[]) => onChange(put(rules, { tiers: tiers.map((tier) => tier.value).filter((tier) => chosen.includes(tier)) }))}
            />
          )}
        </Field>
        <Field label={t('promotions.groups')} note={t('promotions.groupsNote')}>
          {(id) => (
            <Select
              id={id}
              className="full"
              mode="multiple"
              placeholder={t('promotions.everybody')}
              value={named}
              options={[...BUILT_IN.map((value) => ({ value: value as string, label: t(`promotions.builtIn.${value}`) })), ...kept]}
              showSearch={{ optionFilterProp: 'label' }}
              onChange={(chosen: string[]) => onChange(put(rules, { segments: chosen }))}
            />
          )}
        </Field>
      </div>
      <div className="form-choices">
        <Checkbox checked={rules.members_only === true} onChange={(e) => onChange(put(rules, { members_only: e.target.checked ? true : undefined }))}>
          {t('promotions.membersOnly')}
        </Checkbox>
      </div>
    </>
  );
}

export function TermsFields({ rules, currency, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const change = (of: Change<Rules>) => onChange(put(rules, of));
  // Steps are thresholds already: a second one beside them is asked about only where it stands in the rules.
  const stepped = rules.kind === 'stepped_threshold';
  const scope = (of: Change<Scope>) => change({ scope: part<Scope>(rules.scope, of) });
  return (
    <>
      <h3 className="sub-title">{t('promotions.part.threshold')}</h3>
      <div className="form-row">
        {stepped && rules.min_amount === undefined ? null : <MoneyBox label={t('promotions.minAmount')} currency={currency} value={rules.min_amount} onChange={(min_amount) => change({ min_amount })} />}
        {stepped && rules.min_qty === undefined ? null : <WholeBox label={t('promotions.minQty')} placeholder={t('promotions.none')} value={rules.min_qty} onChange={(min_qty) => change({ min_qty })} />}
        <WholeBox label={t('promotions.maxWeight')} placeholder={t('promotions.noLimit')} value={rules.max_weight_g} onChange={(max_weight_g) => change({ max_weight_g })} />
      </div>
      <h3 className="sub-title">{t('promotions.part.scope')}</h3>
      <div className="form-row promo-pairs">
        <WordsBox label={t('promotions.skus')} hint={t('promotions.allGoods')} value={rules.scope?.skus} onChange={(skus) => scope({ skus })} />
        <WordsBox label={t('promotions.categories')} hint={t('promotions.allGoods')} note={t('promotions.categoriesNote')} value={rules.scope?.categories} onChange={(categories) => scope({ categories })} />
        <WordsBox label={t('promotions.excludeSkus')} hint={t('promotions.none')} value={rules.scope?.exclude_skus} onChange={(exclude_skus) => scope({ exclude_skus })} />
        <WordsBox label={t('promotions.excludeCategories')} hint={t('promotions.none')} value={rules.scope?.exclude_categories} onChange={(exclude_categories) => scope({ exclude_categories })} />
      </div>
      <div className="form-choices">
        {(['member_price', 'flash_price'] as const).map((by) => (
          <Checkbox key={by} checked={rules.scope?.not_replaced_by?.includes(by) ?? false} onChange={(e) => scope({ not_replaced_by: [...(rules.scope?.not_replaced_by ?? []).filter((other) => other !== by), ...(e.target.checked ? [by] : [])] })}>
            {t(`promotions.notReplacedBy.${by}`)}
          </Checkbox>
        ))}
      </div>
      <h3 className="sub-title">{t('promotions.part.when')}</h3>
      <When rules={rules} onChange={onChange} />
      <h3 className="sub-title">{t('promotions.part.who')}</h3>
      <Who rules={rules} onChange={onChange} />
      {isCounted(rules.kind) ? <WholeBox label={t('promotions.perMember')} note={t('promotions.perMemberNote')} min={1} placeholder={t('promotions.noLimit')} value={rules.per_member} onChange={(per_member) => change({ per_member })} /> : null}
      {/* A price of its own is set before promotions stand beside or against each other. */}
      {isPrice(rules.kind) ? null : (
        <>
          <h3 className="sub-title">{t('promotions.part.beside')}</h3>
          <div className="form-row">
            <Field label={t('promotions.group')} note={t('promotions.groupNote')}>
              {(field) => <Input id={field} maxLength={60} value={rules.group ?? ''} onChange={(e) => change({ group: e.target.value.trim(), ...(e.target.value.trim() ? {} : { exclusive: undefined }) })} />}
            </Field>
            <WholeBox label={t('promotions.priority')} note={t('promotions.priorityNote')} min={-1_000} placeholder="0" value={rules.priority} onChange={(priority) => change({ priority })} />
          </div>
          {rules.group ? (
            <div className="form-field">
              <span className="field-label" id={id}>
                {t('promotions.exclusive')}
              </span>
              <Radio.Group
                aria-labelledby={id}
                value={rules.exclusive ?? 'none'}
                onChange={(e) => change({ exclusive: e.target.value === 'none' ? undefined : (e.target.value as string) })}
                options={['none', 'order', ...(['percent_off', 'amount_off'].includes(rules.kind) ? ['line'] : [])].map((value) => ({ value, label: t(`promotions.exclusiveOf.${value}`) }))}
              />
            </div>
          ) : null}
        </>
      )}
    </>
  );
}
