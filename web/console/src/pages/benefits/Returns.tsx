/** What came back of benefits: users beside others of their tier in the same two spans, with what that rests on. */
import type { BenefitReturn, BenefitReturnLine, BenefitReturnSide } from '@api';
import { InputNumber, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { formatMoney, formatNumber } from '../../app/format';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { marginOf, percentOf } from './cost';
import { useReturn } from './use';
import { useTierWord } from './words';

function Lines({ data }: { data: BenefitReturn }) {
  const { t } = useTranslation();
  const word = useTierWord();
  const money = (amount: number) => formatMoney({ amount, currency: data.currency });
  const side = (s: BenefitReturnSide | null | undefined) =>
    s ? (
      <span className="cell-two cell-right">
        <span>{formatNumber(s.members)}</span>
        <span className="muted small amount">{t('benefits.returns.sideNote', { before: money(s.before), during: money(s.during) })}</span>
      </span>
    ) : (
      '–'
    );
  const why = (l: BenefitReturnLine) => <span className="muted small">{l.untold ? t(`benefits.returns.untold.${l.untold}`) : '–'}</span>;
  const amount = (value: number | null | undefined) => (typeof value === 'number' ? <span className="amount">{money(value)}</span> : '–');
  const columns: Column<BenefitReturnLine>[] = [
    {
      key: 'benefit',
      title: t('benefits.one'),
      render: (l) => (
        <span className="cell-two">
          <span className={l.benefit ? undefined : 'strong'}>{l.benefit?.name ?? t('benefits.returns.all')}</span>
          <span className="muted small">{l.tier ? word(l.tier.programme, l.tier.id) : t('benefits.noTier')}</span>
        </span>
      ),
    },
    { key: 'used', title: t('benefits.returns.used'), align: 'right', render: (l) => side(l.used) },
    { key: 'others', title: t('benefits.returns.others'), align: 'right', render: (l) => side(l.others) },
    { key: 'cost', title: t('benefits.cost'), align: 'right', render: (l) => amount(l.cost) },
    { key: 'added', title: t('benefits.returns.added'), align: 'right', render: (l) => amount(l.added) },
    { key: 'margin', title: t('benefits.returns.addedMargin'), align: 'right', render: (l) => amount(l.added_margin) },
    { key: 'roi', title: t('benefits.returns.roi'), align: 'right', render: (l) => (typeof l.roi_permille === 'number' ? <span className="amount strong">{percentOf(l.roi_permille)}</span> : why(l)) },
  ];
  return (
    <>
      <DataTable
        label={t('benefits.returns.title')}
        columns={columns}
        rows={[...data.tiers, ...data.lines]}
        rowKey={(l) => `${l.benefit?.id ?? ''} ${l.tier?.programme ?? ''} ${l.tier?.id ?? ''}`}
        dense
      />
      <p className="muted">{t('benefits.returns.spans', { from: data.before_from, least: formatNumber(data.least) })}</p>
      <h3 className="sub-title">{t('benefits.returns.assumed')}</h3>
      <ul className="plain-list muted">
        {data.assumed.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}

export function Returns({ from, to }: { from: string; to: string }) {
  const { t } = useTranslation();
  const id = useId();
  const [params, setParams] = useSearchParams();
  const margin = marginOf(params.get('margin'));
  const answer = useReturn(from, to, margin);
  // The report reads many orders: it is asked when the number is whole, not with each key.
  const [typed, setTyped] = useState(margin === null ? null : margin / 10);
  const put = () =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        typed === null ? next.delete('margin') : next.set('margin', String(Math.round(typed * 10)));
        return next;
      },
      { replace: true },
    );
  return (
    <section>
      <h3 className="sub-title">{t('benefits.returns.title')}</h3>
      <p className="muted">{t('benefits.returns.intro')}</p>
      <div className="row-gap">
        <label htmlFor={id}>{t('benefits.returns.margin')}</label>
        <InputNumber id={id} min={0} max={100} precision={1} suffix="%" value={typed} onChange={setTyped} onBlur={put} onPressEnter={put} />
      </div>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? <Skeleton active /> : answer.data ? <div className={answer.isPlaceholderData ? 'stale' : undefined}><Lines data={answer.data} /></div> : null}
    </section>
  );
}
