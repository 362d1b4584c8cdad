/** What follows what, each within its wait; and what must not come. */
import { Button, Checkbox, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { tableOf } from '../model/registry';
import { freshRows } from '../model/subjects';
import { at, type Cond, type Step, type Within } from '../model/tree';
import { headed, useBuilder } from './context';
import { Filters } from './RowsPart';
import { WindowPicker } from './WindowPicker';

type Sequence = Extract<Cond, { op: 'sequence' }>;
const MOST = 10;

function WithinPart({ within, onChange }: { within: Within; onChange: (within: Within) => void }) {
  const { t } = useTranslation();
  const unit = within.business ? 'business' : within.unit;
  return (
    <>
      <InputNumber aria-label={t('builder.sequence.wait')} min={1} max={10_000} precision={0} value={within.n} onChange={(n) => n && onChange({ ...within, n })} />
      <Select
        aria-label={t('builder.window.unit')}
        value={unit}
        options={['hours', 'days', 'business'].map((value) => ({ value, label: t(`builder.sequence.unit.${value}`) }))}
        onChange={(value) => onChange({ n: within.n, unit: value === 'hours' ? 'hours' : 'days', ...(value === 'business' ? { business: true } : {}) })}
        popupMatchSelectWidth={false}
      />
    </>
  );
}

interface StepProps {
  step: Step;
  index: number;
  last: boolean;
  path: string;
  onChange: (step: Step) => void;
  onRemove: (() => void) | null;
}

function StepPart({ step, index, last, path, onChange, onRemove }: StepProps) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const put = (change: { table?: string; where?: Cond | undefined; within?: Within | undefined; absent?: boolean }) => {
    const next = { ...step, ...change };
    onChange({ table: next.table, ...(next.where ? { where: next.where } : {}), ...(next.within ? { within: next.within } : {}), ...(next.absent ? { absent: true } : {}) });
  };
  // An absent step between two others has no wait of its own, one at the end must have it.
  const setAbsent = (absent: boolean) => put({ absent, ...(absent ? { within: last ? (step.within ?? { n: 7, unit: 'days' }) : undefined } : {}) });
  const waits = index > 0 && !(step.absent && !last);
  return (
    <li className="step">
      <span className="step-number" aria-hidden="true">
        {index + 1}
      </span>
      <div className="step-body">
        <div className="cond-line">
          {index === 0 ? (
            <span>{t('builder.sequence.first')}</span>
          ) : (
            <Select
              className="how"
              aria-label={t('builder.howOf')}
              value={step.absent ? 'absent' : 'then'}
              options={['then', 'absent'].map((value) => ({ value, label: t(`builder.sequence.${value}`) }))}
              onChange={(value) => setAbsent(value === 'absent')}
              popupMatchSelectWidth={false}
            />
          )}
          <Select
            aria-label={t('builder.sequence.what')}
            value={step.table}
            options={registry.tables.map((table) => ({ value: table.name, label: headed(table.label) }))}
            onChange={(table) => {
              const { where } = freshRows(table, registry);
              put({ table, where });
            }}
            popupMatchSelectWidth={false}
          />
          {waits ? (
            <>
              {step.absent && last ? null : (
                <Checkbox checked={step.within !== undefined} onChange={(e) => put({ within: e.target.checked ? { n: 7, unit: 'days' } : undefined })}>
                  {t('builder.sequence.within')}
                </Checkbox>
              )}
              {step.absent && last ? <span>{t('builder.sequence.within')}</span> : null}
              {step.within ? <WithinPart within={step.within} onChange={(within) => put({ within })} /> : null}
            </>
          ) : null}
          {onRemove ? (
            <Button type="text" size="small" onClick={onRemove}>
              {t('common.delete')}
            </Button>
          ) : null}
        </div>
        <Filters table={step.table} where={step.where} path={at(path, 'where')} onChange={(where) => put({ where })} />
      </div>
    </li>
  );
}

export function SequenceRow({ cond, path, onChange }: { cond: Sequence; path: string; onChange: (cond: Cond) => void }) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const { steps } = cond;
  const put = (change: { steps?: Step[]; same?: string | undefined; window?: Sequence['window'] | undefined }) => {
    const next = { steps, same: cond.same, window: cond.window, ...change };
    onChange({ op: 'sequence', steps: next.steps, ...(next.same ? { same: next.same } : {}), ...(next.window ? { window: next.window } : {}) });
  };
  // A column that every step's table has.
  const shared = (tableOf(registry, steps[0]?.table ?? '')?.columns ?? []).filter(
    (c) => c.name !== 'time' && steps.every((s) => tableOf(registry, s.table)?.columns.some((other) => other.name === c.name && other.type === c.type)),
  );
  return (
    <div className="sequence">
      <ol className="steps">
        {steps.map((step, index) => (
          <StepPart
            key={index}
            step={step}
            index={index}
            last={index === steps.length - 1}
            path={at(path, 'steps', index)}
            onChange={(next) => put({ steps: steps.map((old, i) => (i === index ? next : old)) })}
            onRemove={steps.length > 2 && index > 0 ? () => put({ steps: steps.filter((_, i) => i !== index) }) : null}
          />
        ))}
      </ol>
      <div className="cond-line">
        {steps.length < MOST ? (
          <Button size="small" type="dashed" onClick={() => put({ steps: [...steps, { ...freshRows('orders', registry), within: { n: 7, unit: 'days' } }] })}>
            {t('builder.sequence.add')}
          </Button>
        ) : null}
        <span className="muted">{t('builder.sequence.start')}</span>
        <WindowPicker label={t('builder.sequence.start')} window={cond.window} onChange={(window) => put({ window })} />
        <span className="muted">{t('builder.sequence.same')}</span>
        <Select
          aria-label={t('builder.sequence.same')}
          value={cond.same ?? ''}
          options={[{ value: '', label: t('builder.sequence.any') }, ...shared.map((c) => ({ value: c.name, label: t('builder.sequence.sameOf', { column: c.label }) }))]}
          onChange={(same) => put({ same: same || undefined })}
          popupMatchSelectWidth={false}
        />
      </div>
    </div>
  );
}
