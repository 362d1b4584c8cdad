/**
 * What a batch brought. Two accounts that are never mixed: the orders laid to it as the last touch, and how those
 * treated differ from those held out, with the interval that says how sure that is.
 */
import type { Batch, BatchDifference, BatchReport, Money } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatMoney, formatNumber, formatShare, minorDigits } from '../../app/format';
import { useSession } from '../../app/session';
import { Amount, EmptyTeach, Mark, Time } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { leaves, thinSide, type Word, wordOf } from './verdict';

/** Whether the groups are too small for anything to be said of money. */
const isThin = (word: Word) => word === 'thin' || word === 'buyers' || word === 'fewer';

const signed = (n: number, digits: number) => `${n < 0 ? '−' : '+'}${Math.abs(n).toFixed(digits)}`;

/** The interval drawn: where it lies about nothing, and its middle. */
function Interval({ of, text }: { of: BatchDifference; text: (n: number) => string }) {
  const { t } = useTranslation();
  const far = Math.max(Math.abs(of.low), Math.abs(of.high), 1e-9);
  const at = (n: number) => `${50 + (n * 48) / far}%`;
  return (
    <span className="interval">
      <strong>{text(of.value)}</strong> <span className="muted small">{t('batches.report.interval', { low: text(of.low), high: text(of.high) })}</span>
      <span className="interval-bar" aria-hidden="true">
        <span className="interval-zero" />
        <span className="interval-span" style={{ left: at(of.low), width: `${((of.high - of.low) * 48) / far}%` }} />
        <span className="interval-mark" style={{ left: at(of.value) }} />
      </span>
    </span>
  );
}

/** Whether the interval leaves nothing out: what may be said of the difference. */
function Verdict({ of, thin }: { of: BatchDifference; thin: boolean }) {
  const { t } = useTranslation();
  const word = thin ? 'thin' : leaves(of);
  return <Mark tone={word === 'more' ? 'good' : word === 'less' ? 'bad' : 'warn'}>{t(`batches.report.${word}`)}</Mark>;
}

/** What one unit of cost brought. */
const per = (gain: Money, cost: Money): Money => ({ ...gain, amount: Math.round((gain.amount * 10 ** minorDigits(cost.currency)) / cost.amount) });

interface Arm {
  name: string;
  members: number;
  buyers: number;
  orders: number;
  revenue: Money;
}

function Arms({ report }: { report: BatchReport }) {
  const { t } = useTranslation();
  const rows: Arm[] = [
    { name: t('batches.report.treated'), ...report.treated },
    { name: t('batches.report.heldOut'), ...report.held_out },
  ];
  const columns: Column<Arm>[] = [
    { key: 'name', title: t('batches.report.group'), render: (a) => a.name },
    { key: 'members', title: t('segments.size'), align: 'right', render: (a) => formatNumber(a.members) },
    { key: 'buyers', title: t('batches.report.buyers'), align: 'right', render: (a) => formatNumber(a.buyers) },
    { key: 'share', title: t('batches.report.share'), align: 'right', render: (a) => formatShare(a.buyers, a.members) },
    { key: 'orders', title: t('batches.report.orders'), align: 'right', render: (a) => formatNumber(a.orders) },
    { key: 'revenue', title: t('batches.report.revenue'), align: 'right', render: (a) => <Amount value={a.revenue} strong /> },
    {
      key: 'each',
      title: t('batches.report.each'),
      align: 'right',
      render: (a) => (a.members > 0 ? formatMoney({ ...a.revenue, amount: Math.round(a.revenue.amount / a.members) }) : '–'),
    },
  ];
  return <DataTable label={t('batches.report.arms')} columns={columns} rows={rows} rowKey={(a) => a.name} />;
}

function Lift({ report }: { report: BatchReport }) {
  const { t } = useTranslation();
  const { lift, revenue_per_member: each, gain, cost } = report;
  const thin = isThin(wordOf(report));
  const weak = thinSide(report);
  const { treated, held_out: held } = report;
  const points = (n: number) => t('insight.points', { n: signed(n * 100, 2) });
  const money = (n: number) => {
    const text = formatMoney({ amount: Math.round(n), currency: cost.currency });
    return n < 0 ? text : `+${text}`;
  };
  if (!lift) return <Alert type="info" showIcon title={t('batches.report.noLift')} description={t('batches.report.noLiftText')} />;
  return (
    <dl className="lift">
      <div>
        <dt>{t('batches.report.lift')}</dt>
        <dd>
          <Interval of={lift} text={points} /> <Verdict of={lift} thin={false} />
          <p className="small rests">
            {t(held.buyers === 0 ? 'batches.report.restsNone' : 'batches.report.rests', {
              held: formatNumber(held.members),
              heldBuyers: formatNumber(held.buyers),
              treated: formatNumber(treated.members),
              treatedBuyers: formatNumber(treated.buyers),
            })}
          </p>
        </dd>
      </div>
      {each ? (
        <div>
          <dt>{t('batches.report.liftEach')}</dt>
          <dd>
            <Interval of={each} text={money} /> <Verdict of={each} thin={thin} />
            {thin ? <span className="muted small"> {t(`batches.report.thinWhy.${weak.of}`, { group: t(`batches.report.${weak.side}`), n: weak.least })}</span> : null}
          </dd>
        </div>
      ) : null}
      {gain && !thin ? (
        <div>
          <dt>{t('batches.report.gain')}</dt>
          <dd>
            <strong>{formatMoney(gain.value)}</strong> <span className="muted small">{t('batches.report.interval', { low: formatMoney(gain.low), high: formatMoney(gain.high) })}</span>
          </dd>
        </div>
      ) : null}
      <div>
        <dt>{t('batches.report.cost')}</dt>
        <dd>
          <Amount value={cost} strong />
        </dd>
      </div>
      {gain && !thin && cost.amount > 0 ? (
        <div>
          <dt>{t('batches.report.perYuan')}</dt>
          <dd>
            <strong>{formatMoney(per(gain.value, cost))}</strong>{' '}
            <span className="muted small">{t('batches.report.interval', { low: formatMoney(per(gain.low, cost)), high: formatMoney(per(gain.high, cost)) })}</span>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function useReport(batch: Batch) {
  const { merchant } = useSession();
  return useQuery<BatchReport>({
    queryKey: ['batch', merchant.id, batch.id, 'report'],
    queryFn: ({ signal }) => api.get<BatchReport>(`/batches/${batch.id}/report`, undefined, signal),
    enabled: batch.exports > 0,
    refetchInterval: 60_000,
  });
}

/** What the batch brought, in one sentence before all figures. */
export function LiftHeadline({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const report = useReport(batch).data;
  if (!report) return null;
  const word = wordOf(report);
  const { gain, cost, held_out: held } = report;
  const said = {
    cost: formatMoney(cost),
    ...(gain ? { gain: formatMoney({ ...gain.value, amount: Math.abs(gain.value.amount) }), low: formatMoney(gain.low), high: formatMoney(gain.high) } : {}),
    members: formatNumber(held.members),
    buyers: formatNumber(held.buyers + report.treated.buyers),
  };
  return (
    <Alert
      type={word === 'more' || word === 'buyers' ? 'success' : word === 'less' || word === 'fewer' ? 'warning' : 'info'}
      showIcon
      title={t(`batches.report.said.${word}`, said)}
      description={
        <>
          {report.complete ? null : (
            <>
              {t('batches.report.until')} <Time at={report.to} />
              {t('batches.report.untilEnd')}{' '}
            </>
          )}
          {word === 'more' || word === 'less' ? t('batches.report.salesNotProfit') : null}
        </>
      }
    />
  );
}

export function LiftReport({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const answer = useReport(batch);
  // Nobody is left to hand over to: what comes after that never comes.
  if (batch.exports === 0 && batch.state !== 'draft' && batch.funnel.handed_over === 0) return <EmptyTeach title={t('batches.report.nobody')} />;
  if (batch.exports === 0) return <EmptyTeach title={t('batches.report.none')} text={t('batches.report.noneText')} />;
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  const report = answer.data;
  if (!report) return <Skeleton active className="pad" />;
  const figures = [
    ['handed', report.handed_over],
    ['delivered', report.delivered],
    ['failed', report.failed],
    ['clicked', report.clicked],
    ['replied', report.replied],
    ['unsubscribed', report.unsubscribed],
  ] as const;
  const receipts = report.delivered + report.failed;
  // Without receipts nobody knows who was reached: that is not nobody.
  const silent = receipts + report.replied + report.unsubscribed === 0;
  const linked = Boolean(batch.target_url) && batch.destination !== 'ads';
  const untold = (name: string): string | null => {
    if (name === 'clicked') return linked ? null : t('batches.report.noLink');
    if (name === 'replied' || name === 'unsubscribed') return silent ? t('batches.report.untold') : null;
    return name !== 'handed' && receipts === 0 ? t('batches.report.untold') : null;
  };
  const laid = report.attributed;
  return (
    <div className="pad stack">
      <div className="tiles tiles-small">
        {figures.map(([name, n]) => (
          <div key={name} className="tile">
            <span className="tile-label">{t(`batches.report.figure.${name}`)}</span>
            <span className="tile-value">{untold(name) ? '–' : formatNumber(n)}</span>
            {name === 'handed' || report.handed_over === 0 ? null : (
              <span className="tile-note">
                {untold(name) ??
                  (name === 'delivered' || name === 'failed'
                    ? t('batches.report.ofReceipts', { share: formatShare(n, receipts), n: formatNumber(receipts), rest: formatNumber(report.handed_over - receipts) })
                    : formatShare(n, report.handed_over))}
              </span>
            )}
          </div>
        ))}
      </div>
      <section className="stack">
        <div>
          <h3 className="sub-title">{t('batches.report.against')}</h3>
          <p className="muted small">
            {report.from ? (
              <>
                <Time at={report.from} /> – <Time at={report.to} /> · {t(report.complete ? 'batches.report.complete' : 'batches.report.running')}
              </>
            ) : null}
          </p>
        </div>
        <Arms report={report} />
        <Lift report={report} />
        <details className="muted small">
          <summary>{t('batches.report.how')}</summary>
          <p>{t('batches.report.method')}</p>
          <p>{t('batches.report.methodThin')}</p>
        </details>
        {report.other_currency_orders > 0 ? <p className="muted small">{t('batches.report.otherCurrency', { n: formatNumber(report.other_currency_orders) })}</p> : null}
      </section>
      <section>
        <h3 className="sub-title">{t('batches.report.laid')}</h3>
        <p>
          {t('batches.report.laidText', {
            orders: formatNumber(laid.orders),
            buyers: formatNumber(laid.buyers),
            revenue: formatMoney(laid.revenue),
            clicks: formatNumber(laid.orders_by_click),
          })}
        </p>
        <p className="muted small">{t(receipts > 0 ? 'batches.report.laidNote' : 'batches.report.laidNoteUntold', { click: laid.click_days, delivery: laid.delivery_days })}</p>
        {report.scans > 0 ? <p className="muted small">{t('batches.report.scans', { n: formatNumber(report.scans) })}</p> : null}
      </section>
    </div>
  );
}
