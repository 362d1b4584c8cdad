/** What benefits and rewards cost on the days that are asked about, by tier and benefit, with the shares of others apart. */
import type { BenefitCost, BenefitCostLine, RewardCostLine } from '@api';
import { Button, Skeleton } from 'antd';
import dayjs from 'dayjs';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatBigMoney, formatMoney, formatNumber, formatShare, plainMoney, today } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useZone } from '../../app/session';
import { downloadBlob, EmptyTeach } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { Tile } from '../../ui/figures';
import { ProblemAlert } from '../../ui/problem';
import { BOM, csvRow } from '../../ui/sheet';
import { byTier, type TierSum } from './cost';
import { Returns } from './Returns';
import { useCost } from './use';
import { useTierWord } from './words';

const DateRange = lazy(() => import('../../ui/list/DateRange'));

function useShares(currency: string) {
  const { t } = useTranslation();
  const money = (amount: number) => <span className="amount">{formatMoney({ amount, currency })}</span>;
  return [
    { key: 'cost', title: t('benefits.cost'), align: 'right' as const, render: (l: { cost: number }) => <span className="strong">{money(l.cost)}</span> },
    { key: 'shop', title: t('benefits.bearer.shop'), align: 'right' as const, render: (l: { shop: number }) => money(l.shop) },
    { key: 'supplier', title: t('benefits.bearer.supplier'), align: 'right' as const, render: (l: { supplier: number }) => money(l.supplier) },
    { key: 'platform', title: t('benefits.bearer.platform'), align: 'right' as const, render: (l: { platform: number }) => money(l.platform) },
  ];
}

function Report({ data }: { data: BenefitCost }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const word = useTierWord();
  const shares = useShares(data.currency);
  const money = (amount: number) => ({ amount, currency: data.currency });
  const tier = (line: BenefitCostLine) => (line.tier ? word(line.tier.programme, line.tier.id) : t('benefits.noTier'));
  const tiers = byTier(data.lines, tier);
  const lineColumns: Column<BenefitCostLine>[] = [
    {
      key: 'benefit',
      title: t('benefits.one'),
      render: (l) => (
        <span className="cell-two">
          <Link to={`/benefits/${l.benefit.id}`}>{l.benefit.name}</Link>
          <span className="muted small">{tier(l)}</span>
        </span>
      ),
    },
    { key: 'uses', title: t('benefits.timesUsed'), align: 'right', render: (l) => formatNumber(l.uses) },
    { key: 'members', title: t('benefits.people'), align: 'right', render: (l) => formatNumber(l.members) },
    ...shares,
  ];
  const rewardColumns: Column<RewardCostLine>[] = [
    { key: 'reward', title: t('rewards.one'), render: (l) => l.reward.name },
    { key: 'redeemed', title: t('rewards.redeemed'), align: 'right', render: (l) => formatNumber(l.redeemed) },
    { key: 'points', title: t('points.title'), align: 'right', render: (l) => formatNumber(l.points) },
    ...shares,
  ];
  const tierColumns: Column<TierSum>[] = [
    { key: 'tier', title: t('benefits.tier'), render: (s) => s.name },
    { key: 'uses', title: t('benefits.timesUsed'), align: 'right', render: (s) => formatNumber(s.uses) },
    { key: 'cost', title: t('benefits.cost'), align: 'right', render: (s) => <span className="amount strong">{formatMoney(money(s.cost))}</span> },
    { key: 'shop', title: t('benefits.bearer.shop'), align: 'right', render: (s) => <span className="amount">{formatMoney(money(s.shop))}</span> },
    { key: 'share', title: t('benefits.shareOfAll'), align: 'right', render: (s) => formatShare(s.cost, tiers.reduce((all, one) => all + one.cost, 0)) },
  ];
  const save = () => {
    const plain = (amount: number) => plainMoney(money(amount));
    const heads = [t('benefits.tier'), t('benefits.one'), t('benefits.timesUsed'), t('benefits.people'), t('points.title'), t('benefits.cost'), t('benefits.bearer.shop'), t('benefits.bearer.supplier'), t('benefits.bearer.platform')];
    const rows = [
      ...data.lines.map((l) => [tier(l), l.benefit.name, l.uses, l.members, '', plain(l.cost), plain(l.shop), plain(l.supplier), plain(l.platform)]),
      ...data.rewards.map((l) => [t('rewards.one'), l.reward.name, l.redeemed, '', l.points, plain(l.cost), plain(l.shop), plain(l.supplier), plain(l.platform)]),
    ];
    downloadBlob(new Blob([BOM, csvRow(heads), ...rows.map(csvRow)], { type: 'text/csv;charset=utf-8' }), `benefit-cost-${data.from}-${data.to}.csv`);
  };
  if (data.lines.length === 0 && data.rewards.length === 0) return <EmptyTeach title={t('benefits.noCost')} text={t('benefits.noCostText')} />;
  const big = (amount: number) => formatBigMoney(money(amount), language);
  return (
    <div className="stack">
      <div className="tiles tiles-small">
        <Tile label={t('benefits.cost')} value={big(data.totals.cost)} exact={formatMoney(money(data.totals.cost))} note={t('benefits.totalNote', { n: formatNumber(data.totals.uses) })} />
        <Tile label={t('benefits.bearer.shop')} value={big(data.totals.shop)} exact={formatMoney(money(data.totals.shop))} note={formatShare(data.totals.shop, data.totals.cost)} />
        <Tile label={t('benefits.bearer.others')} value={big(data.totals.supplier + data.totals.platform)} note={t('benefits.othersNote', { supplier: formatMoney(money(data.totals.supplier)), platform: formatMoney(money(data.totals.platform)) })} />
      </div>
      {tiers.length > 0 ? (
        <section>
          <h3 className="sub-title">{t('benefits.costByTier')}</h3>
          <DataTable label={t('benefits.costByTier')} columns={tierColumns} rows={tiers} rowKey={(s) => s.key} dense />
        </section>
      ) : null}
      {data.lines.length > 0 ? (
        <section>
          <h3 className="sub-title">{t('benefits.costByBenefit')}</h3>
          <DataTable label={t('benefits.costByBenefit')} columns={lineColumns} rows={data.lines} rowKey={(l) => `${l.benefit.id} ${l.tier?.programme} ${l.tier?.id}`} dense />
        </section>
      ) : null}
      {data.rewards.length > 0 ? (
        <section>
          <h3 className="sub-title">{t('benefits.costByReward')}</h3>
          <DataTable label={t('benefits.costByReward')} columns={rewardColumns} rows={data.rewards} rowKey={(l) => l.reward.id} dense />
        </section>
      ) : null}
      <section>
        <h3 className="sub-title">{t('benefits.assumed')}</h3>
        <ul className="plain-list muted">
          {data.assumed.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
      <div>
        <Button onClick={save}>{t('list.exportCsv')}</Button>
      </div>
    </div>
  );
}

export function CostTab() {
  const { t } = useTranslation();
  const now = today(useZone());
  const [params, setParams] = useSearchParams();
  const from = params.get('from') ?? dayjs(now).subtract(29, 'day').format('YYYY-MM-DD');
  const to = params.get('to') ?? now;
  const answer = useCost(from, to);
  const put = (first: string | undefined, last: string | undefined) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        first ? next.set('from', first) : next.delete('from');
        last ? next.set('to', last) : next.delete('to');
        return next;
      },
      { replace: true },
    );
  return (
    <div className="tab-pad">
      <div className="row-gap cost-days">
        <Suspense fallback={<Skeleton.Input className="filter-dates" />}>
          <DateRange label={t('benefits.costDays')} from={from} to={to} onChange={put} />
        </Suspense>
      </div>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? <Skeleton active /> : answer.data ? <Report data={answer.data} /> : null}
      {answer.data?.lines.length || answer.data?.rewards.length ? <Returns from={from} to={to} /> : null}
    </div>
  );
}
