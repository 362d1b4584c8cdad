/** A benefit tried on everybody before it is saved: who may no more, who may newly, which real uses could not have been, what it costs. */
import '../../../styles/trial.css';
import type { BenefitInput, BenefitTrial } from '@api';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Drawer, InputNumber } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { formatMoney, formatNumber } from '../../../app/format';
import { Facts, Time } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { Tile } from '../../../ui/figures';
import { ProblemAlert } from '../../../ui/problem';
import { TrialMembers } from './TrialMembers';

/** What is tried: of which benefit, none for a new one, and what it would say; nothing where it would end. */
export interface Tried {
  benefit?: string;
  definition?: BenefitInput;
}

type OfTier = BenefitTrial['tiers'][number];

function Reasons({ title, of, unit }: { title: string; of: { why: string; count: number }[]; unit: string }) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <p className="muted">
      {title} {of.map((one) => `${t(`benefits.trial.why.${one.why}`)} ${t(unit, { n: formatNumber(one.count) })}`).join(' · ')}
    </p>
  );
}

function Cost({ of }: { of: BenefitTrial }) {
  const { t } = useTranslation();
  const money = (amount: number) => formatMoney({ amount, currency: of.currency });
  const line = (cost: BenefitTrial['before']) => (cost ? t('benefits.trial.costLine', { cost: money(cost.cost), shop: money(cost.shop) }) : t('benefits.trial.costNone'));
  const difference = (of.after?.cost ?? 0) - (of.before?.cost ?? 0);
  return (
    <section>
      <h3 className="sub-title">{t('benefits.trial.cost')}</h3>
      <p className="muted small">{t('benefits.trial.costNote', { months: of.months, uses: formatNumber(of.uses) })}</p>
      <Facts
        rows={[
          [t('benefits.trial.before'), line(of.before)],
          [t('benefits.trial.after'), line(of.after)],
          [t('benefits.trial.difference'), <span className="strong">{money(difference)}</span>],
          [t('benefits.trial.newcomers'), typeof of.newcomers === 'number' ? t('benefits.trial.newcomersLine', { cost: money(of.newcomers) }) : null],
          [t('benefits.trial.booked'), money(of.booked)],
        ]}
      />
    </section>
  );
}

function Result({ asked, of }: { asked: Tried & { months: number }; of: BenefitTrial }) {
  const { t } = useTranslation();
  const number = (key: keyof OfTier, title: string): Column<OfTier> => ({ key, title, align: 'right', render: (row) => formatNumber(Number(row[key])) });
  const columns: Column<OfTier>[] = [
    { key: 'tier', title: t('benefits.tier'), render: (row) => row.name ?? t('benefits.noTier') },
    number('members', t('benefits.trial.members')),
    number('had', t('benefits.trial.had')),
    number('has', t('benefits.trial.has')),
    { key: 'losing', title: t('benefits.trial.losingIt'), align: 'right', render: (row) => <span className={row.losing > 0 ? 'bad-text' : undefined}>{formatNumber(row.losing)}</span> },
    number('gaining', t('benefits.trial.gaining')),
  ];
  return (
    <div className="stack">
      <p className="muted small">
        {t('trial.readOf', { n: formatNumber(of.members), seconds: (Math.max(of.took_ms, 10) / 1000).toFixed(of.took_ms < 10_000 ? 2 : 0) })} <Time at={of.known_at} />
      </p>
      <div className="tiles tiles-small">
        <Tile label={t('benefits.trial.losing')} value={formatNumber(of.losing)} note={t('benefits.trial.losingNote')} />
        <Tile label={t('benefits.trial.losingIt')} value={formatNumber(of.losing_it)} note={t('benefits.trial.outOf', { n: formatNumber(of.had) })} />
        <Tile label={t('benefits.trial.gaining')} value={formatNumber(of.gaining)} note={t('benefits.trial.then', { n: formatNumber(of.has) })} />
        <Tile label={t('benefits.trial.refused')} value={formatNumber(of.refused)} note={t('benefits.trial.refusedNote', { uses: formatNumber(of.uses), members: formatNumber(of.refused_users) })} />
      </div>
      <Reasons title={t('benefits.trial.lostBy')} of={of.lost_by} unit="benefits.trial.nMembers" />
      <Reasons title={t('benefits.trial.refusedBy')} of={of.refused_by} unit="benefits.trial.nTimes" />
      {of.tiers.length > 0 ? (
        <section>
          <h3 className="sub-title">{t('benefits.trial.byTier')}</h3>
          <DataTable label={t('benefits.trial.byTier')} columns={columns} rows={of.tiers} rowKey={(row) => row.id ?? ''} dense />
        </section>
      ) : null}
      <Cost of={of} />
      <TrialMembers asked={asked} months={of.months} currency={of.currency} />
      <section>
        <h3 className="sub-title">{t('trial.assumed')}</h3>
        <ul className="plain-list muted">
          {of.assumed.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

export function TrialDrawer({ title, tried, onClose }: { title: string; tried: Tried; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [months, setMonths] = useState(3);
  const trial = useMutation<{ asked: Tried & { months: number }; answer: BenefitTrial }, Error, number>({
    mutationFn: async (of) => {
      const asked = { ...tried, months: of };
      return { asked, answer: await api.post<BenefitTrial>('/benefits/trials', asked) };
    },
  });
  const done = trial.data;
  return (
    <Drawer open size={960} title={title} onClose={onClose}>
      <p className="muted">{t(tried.definition ? 'benefits.trial.note' : 'benefits.trial.noteEnd')}</p>
      <div className="form-field">
        <label className="field-label" htmlFor={id}>
          {t('benefits.trial.months')}
        </label>
        <InputNumber id={id} min={1} max={12} precision={0} value={months} onChange={(n) => setMonths(n ?? 3)} />
      </div>
      <Button type="primary" className="gap-below" loading={trial.isPending} onClick={() => trial.mutate(months)}>
        {t('trial.run')}
      </Button>
      <ProblemAlert error={trial.error} />
      {done ? <Result key={done.answer.known_at} asked={done.asked} of={done.answer} /> : <Alert type="info" showIcon title={t('benefits.trial.first')} />}
    </Drawer>
  );
}
