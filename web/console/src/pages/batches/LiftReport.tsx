/**
 * What a batch brought. Two accounts that are never mixed: the orders laid to it as the last touch, and how those
 * treated differ from those held out, with the interval that says how sure that is.
 */
import type { Batch, BatchDifference, BatchReport, Money } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatMoney, formatNumber, formatShare } from '../../app/format';
import { useSession } from '../../app/session';
import { Amount, EmptyTeach, Mark, Time } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';

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
function Verdict({ of }: { of: BatchDifference }) {
  const { t } = useTranslation();
  const word = of.low > 0 ? 'more' : of.high < 0 ? 'less' : 'unsure';
  return <Mark tone={word === 'more' ? 'good' : word === 'less' ? 'bad' : 'warn'}>{t(`batches.report.${word}`)}</Mark>;
}

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
  const { lift, revenue_per_member: each, gain, roi, cost } = report;
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
          <Interval of={lift} text={points} /> <Verdict of={lift} />
        </dd>
      </div>
      {each ? (
        <div>
          <dt>{t('batches.report.liftEach')}</dt>
          <dd>
            <Interval of={each} text={money} /> <Verdict of={each} />
          </dd>
        </div>
      ) : null}
      {gain ? (
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
      {roi ? (
        <div>
          <dt>{t('batches.report.roi')}</dt>
          <dd>
            <strong>{signed(roi.value, 2)}</strong> <span className="muted small">{t('batches.report.interval', { low: signed(roi.low, 2), high: signed(roi.high, 2) })}</span>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

export function LiftReport({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const answer = useQuery<BatchReport>({
    queryKey: ['batch', merchant.id, batch.id, 'report'],
    queryFn: ({ signal }) => api.get<BatchReport>(`/batches/${batch.id}/report`, undefined, signal),
    enabled: batch.exports > 0,
    refetchInterval: 60_000,
  });
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
  // Without receipts nobody knows who was reached: that is not nobody.
  const untold = (name: string) => (name === 'delivered' || name === 'failed') && report.delivered + report.failed === 0;
  const laid = report.attributed;
  return (
    <div className="pad stack">
      <div className="tiles tiles-small">
        {figures.map(([name, n]) => (
          <div key={name} className="tile">
            <span className="tile-label">{t(`batches.report.figure.${name}`)}</span>
            <span className="tile-value">{untold(name) ? '–' : formatNumber(n)}</span>
            {name === 'handed' || report.handed_over === 0 ? null : <span className="tile-note">{untold(name) ? t('batches.report.untold') : formatShare(n, report.handed_over)}</span>}
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
        <p className="muted small">{t('batches.report.method')}</p>
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
        <p className="muted small">{t('batches.report.laidNote', { click: laid.click_days, delivery: laid.delivery_days })}</p>
        {report.scans > 0 ? <p className="muted small">{t('batches.report.scans', { n: formatNumber(report.scans) })}</p> : null}
      </section>
    </div>
  );
}
