/** How members move on the ladder: what counts, how long a tier is held, what happens at its end and on a refund. */
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Ladder, put, setLadder } from '../model/rules';
import { Say, useEditor, useStatus } from './context';
import { LengthBox, Whole } from './inputs';

const WINDOWS = ['rolling_months', 'calendar_year', 'lifetime'];
const REFUNDS = ['window', 'always', 'period_end'];

export function LadderRules() {
  const { t } = useTranslation();
  const { rules, put: write } = useEditor();
  const windowStatus = useStatus('ladder.window');
  const refundStatus = useStatus('ladder.on_refund');
  const ladder = rules.ladder ?? {};
  const set = (change: (before: Ladder) => Ladder) => write(setLadder(rules, change));
  const kind = ladder.window?.kind ?? 'rolling_months';
  const months = ladder.window ? ladder.window.months : 12;
  const refund = ladder.on_refund ?? 'window';
  const windowSelect = (
    <Select
      aria-label={t('programme.window')}
      {...windowStatus}
      value={kind}
      options={WINDOWS.map((value) => ({ value, label: t(`programme.windowKind.${value}`) }))}
      onChange={(next: string) => {
        const { months: _, ...rest } = ladder.window ?? {};
        set((before) => ({ ...before, window: { ...rest, kind: next, ...(next === 'rolling_months' ? { months: 12 } : {}) } }));
      }}
      popupMatchSelectWidth={false}
    />
  );
  const monthsBox = <Whole label={t('programme.windowMonths')} path="ladder.window.months" value={months} min={1} max={1_200} onChange={(n) => set((before) => ({ ...before, window: put({ ...before.window, kind }, 'months', n) }))} />;
  return (
    <div className="rule-lines">
      <h3>{t('programme.moving')}</h3>
      <Say text={t(kind === 'rolling_months' ? 'programme.windowSayMonths' : 'programme.windowSay')} slots={{ window: windowSelect, months: monthsBox }} />
      <Say
        text={t('programme.validitySay')}
        slots={{
          length: (
            <LengthBox
              label={t('programme.validity')}
              path="ladder.validity"
              value={ladder.validity}
              kinds={['months', 'year_end']}
              fallback={{ kind: 'months', n: 12 }}
              onChange={(validity) => set((before) => ({ ...before, validity }))}
            />
          ),
        }}
      />
      <Say
        text={t('programme.stepDownSay')}
        slots={{
          step: (
            <Select
              aria-label={t('programme.stepDown')}
              value={ladder.step_down === true ? 'one' : 'free'}
              options={['free', 'one'].map((value) => ({ value, label: t(`programme.stepDownHow.${value}`) }))}
              onChange={(next: string) => set((before) => ({ ...before, step_down: next === 'one' }))}
              popupMatchSelectWidth={false}
            />
          ),
        }}
      />
      <Say
        text={t('programme.graceSay')}
        slots={{ days: <Whole label={t('programme.grace')} path="ladder.grace_days" value={ladder.grace_days} max={366} free placeholder="0" unit={t('programme.days')} onChange={(n) => set((before) => put(before, 'grace_days', n))} /> }}
      />
      <Say
        text={t(refund === 'window' ? 'programme.refundSayWindow' : 'programme.refundSay')}
        slots={{
          how: (
            <Select
              aria-label={t('programme.onRefund')}
              {...refundStatus}
              value={refund}
              options={REFUNDS.map((value) => ({ value, label: t(`programme.refundHow.${value}`) }))}
              onChange={(next: string) => set((before) => ({ ...before, on_refund: next }))}
              popupMatchSelectWidth={false}
            />
          ),
          days: (
            <Whole
              label={t('programme.refundWindow')}
              path="ladder.refund_window_days"
              value={ladder.refund_window_days}
              max={36_600}
              free
              placeholder="15"
              unit={t('programme.days')}
              onChange={(n) => set((before) => put(before, 'refund_window_days', n))}
            />
          ),
        }}
      />
    </div>
  );
}
