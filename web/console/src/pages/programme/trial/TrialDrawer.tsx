/** Rules tried on everybody before they are saved: who moves from where to where, what points cost, who loses. */
import '../../../styles/trial.css';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Drawer, InputNumber, Radio, Select } from 'antd';
import dayjs from 'dayjs';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { ProblemAlert } from '../../../ui/problem';
import type { Programme } from '../contract';
import { Instant } from '../editor/inputs';
import type { Rules } from '../model/rules';
import { shareOf, type Trial, type TrialInput } from './contract';
import { TrialResult } from './TrialResult';

const AHEAD = [0, 1, 3, 6, 12, 24] as const;

interface Draft {
  when: 'now' | 'later';
  from: string | undefined;
  ahead: number;
  value: number;
  used: number;
  margin: number;
  months: number;
}

/** Percent with a tenth, within its bounds. */
function Percent({ label, value, onChange }: { label: string; value: number; onChange: (n: number) => void }) {
  const id = useId();
  return (
    <div className="form-field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <InputNumber id={id} className="full" min={0} max={100} precision={1} suffix="%" value={value} onChange={(n) => onChange(n ?? 0)} />
    </div>
  );
}

export function TrialDrawer({ programme, rules, onClose }: { programme: Programme; rules: Rules; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [draft, setDraft] = useState<Draft>({ when: 'now', from: undefined, ahead: 0, value: 0.01, used: 100, margin: 0, months: 3 });
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const trial = useMutation<{ asked: TrialInput; answer: Trial }, Error, TrialInput>({
    mutationFn: async (asked) => {
      const answer = await api.post<Trial>(`/programmes/${programme.id}/trials`, asked);
      // The list and the file are asked with the very instant of this answer.
      return { asked: { ...asked, from: answer.from, as_of: answer.as_of }, answer };
    },
  });
  const input = (): TrialInput => {
    const from = draft.when === 'later' ? draft.from : undefined;
    const start = from ? dayjs(from) : dayjs();
    return {
      rules,
      ...(from ? { from } : {}),
      ...(draft.ahead > 0 ? { as_of: start.add(draft.ahead, 'month').toISOString() } : {}),
      point_value: String(draft.value),
      used: shareOf(draft.used),
      margin: shareOf(draft.margin),
      months: draft.months,
    };
  };
  const done = trial.data;
  return (
    <Drawer open size={960} title={t('trial.title', { name: programme.name })} onClose={onClose}>
      <p className="muted">{t('trial.note')}</p>
      <div className="trial-form">
        <div className="form-field">
          <span className="field-label" id={`${id}-when`}>
            {t('trial.when')}
          </span>
          <Radio.Group aria-labelledby={`${id}-when`} value={draft.when} onChange={(e) => put({ when: e.target.value as Draft['when'] })} options={(['now', 'later'] as const).map((value) => ({ value, label: t(`trial.whenOf.${value}`) }))} />
          {draft.when === 'later' ? <Instant label={t('programme.fromWhen')} path="from" value={draft.from} onChange={(from) => put({ from })} /> : null}
        </div>
        <div className="form-field">
          <label className="field-label" htmlFor={`${id}-ahead`}>
            {t('trial.asOf')}
          </label>
          <Select id={`${id}-ahead`} className="full" value={draft.ahead} options={AHEAD.map((value) => ({ value: value as number, label: value === 0 ? t('trial.asOfAtOnce') : t('trial.asOfMonths', { n: value }) }))} onChange={(ahead: number) => put({ ahead })} />
        </div>
        <div className="form-field">
          <label className="field-label" htmlFor={`${id}-value`}>
            {t('trial.pointValue')}
          </label>
          <InputNumber id={`${id}-value`} className="full" min={0} max={1000} precision={6} step={0.01} stringMode={false} formatter={(n) => String(n ?? '')} value={draft.value} onChange={(value) => put({ value: Number(value ?? 0) })} />
        </div>
        <Percent label={t('trial.used')} value={draft.used} onChange={(used) => put({ used })} />
        <Percent label={t('trial.margin')} value={draft.margin} onChange={(margin) => put({ margin })} />
        <div className="form-field">
          <label className="field-label" htmlFor={`${id}-months`}>
            {t('trial.months')}
          </label>
          <InputNumber id={`${id}-months`} className="full" min={0} max={12} precision={0} value={draft.months} onChange={(months) => put({ months: months ?? 0 })} />
        </div>
      </div>
      <Button type="primary" className="gap-below" loading={trial.isPending} disabled={draft.when === 'later' && !draft.from} onClick={() => trial.mutate(input())}>
        {t('trial.run')}
      </Button>
      <ProblemAlert error={trial.error} />
      {done ? <TrialResult key={done.answer.known_at + done.answer.as_of} programme={programme.id} asked={done.asked} answer={done.answer} /> : <Alert type="info" showIcon title={t('trial.first')} />}
    </Drawer>
  );
}
