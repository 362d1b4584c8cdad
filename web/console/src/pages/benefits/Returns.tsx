/** What came back of benefits and rewards: who used or redeemed one beside others of their tier in the same two spans. */
import type { BenefitReturn, BenefitReturnLine, BenefitReturnSide, RewardReturnLine } from '@api';
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

/** What both sorts of lines tell. */
type Told = BenefitReturnLine | RewardReturnLine;

function useFigures(currency: string, mine: string, theirs: string) {
  const { t } = useTranslation();
  const money = (amount: number) => formatMoney({ amount, currency });
  const side = (s: BenefitReturnSide | null | undefined) =>
    s ? (
      <span className="cell-two cell-right">
        <span>{formatNumber(s.members)}</span>
        <span className="muted small amount">{t('benefits.returns.sideNote', { before: money(s.before), during: money(s.during) })}</span>
      </span>
    ) : (
      '–'
    );
  const why = (l: Told) => <span className="muted small">{l.untold ? t(`benefits.returns.untold.${l.untold}`) : '–'}</span>;
  const amount = (value: number | null | undefined) => (typeof value === 'number' ? <span className="amount">{money(value)}</span> : '–');
  return [
    { key: 'used', title: mine, align: 'right' as const, render: (l: Told) => side(l.used) },
    { key: 'others', title: theirs, align: 'right' as const, render: (l: Told) => side(l.others) },
    { key: 'cost', title: t('benefits.cost'), align: 'right' as const, render: (l: Told) => amount(l.cost) },
    { key: 'added', title: t('benefits.returns.added'), align: 'right' as const, render: (l: Told) => amount(l.added) },
    { key: 'margin', title: t('benefits.returns.addedMargin'), align: 'right' as const, render: (l: Told) => amount(l.added_margin) },
    { key: 'roi', title: t('benefits.returns.roi'), align: 'right' as const, render: (l: Told) => (typeof l.roi_permille === 'number' ? <span className="amount strong">{percentOf(l.roi_permille)}</span> : why(l)) },
  ];
}

function Lines({ data }: { data: BenefitReturn }) {
  const { t } = useTranslation();
  const word = useTierWord();
  const ofBenefits = useFigures(data.currency, t('benefits.returns.used'), t('benefits.returns.others'));
  const ofRewards = useFigures(data.currency, t('benefits.returns.redeemers'), t('benefits.returns.notRedeemed'));
  const tier = (l: Told) => (l.tier ? word(l.tier.programme, l.tier.id) : t('benefits.noTier'));
  const columns: Column<BenefitReturnLine>[] = [
    {
      key: 'benefit',
      title: t('benefits.one'),
      render: (l) => (
        <span className="cell-two">
          <span className={l.benefit ? undefined : 'strong'}>{l.benefit?.name ?? t('benefits.returns.all')}</span>
          <span className="muted small">{tier(l)}</span>
        </span>
      ),
    },
    ...ofBenefits,
  ];
  const rewardColumns: Column<RewardReturnLine>[] = [
    {
      key: 'reward',
      title: t('rewards.one'),
      render: (l) => (
        <span className="cell-two">
          <span>{l.reward.name}</span>
          <span className="muted small">
            {tier(l)} · {t('benefits.returns.redeemedTimes', { n: formatNumber(l.redeemed), points: formatNumber(l.points) })}
          </span>
        </span>
      ),
    },
    ...ofRewards,
  ];
  const at = (l: Told) => `${l.tier?.programme ?? ''} ${l.tier?.id ?? ''}`;
  return (
    <>
      {data.lines.length > 0 ? <DataTable label={t('benefits.returns.title')} columns={columns} rows={[...data.tiers, ...data.lines]} rowKey={(l) => `${l.benefit?.id ?? ''} ${at(l)}`} dense /> : null}
      {data.rewards.length > 0 ? (
        <>
          <h4 className="sub-title">{t('benefits.returns.ofRewards')}</h4>
          <DataTable label={t('benefits.returns.ofRewards')} columns={rewardColumns} rows={data.rewards} rowKey={(l) => `${l.reward.id} ${at(l)}`} dense />
        </>
      ) : null}
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
