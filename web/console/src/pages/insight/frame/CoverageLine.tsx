/** What the figures rest on: how many orders and how much money nobody can be named for, and what was estimated. */
import type { ReportHead } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatBigMoney, formatNumber, formatShare } from '../../../app/format';
import { usePrefs } from '../../../app/prefs';
import { ordersOf } from './spans';

export function CoverageLine({ head, known = false }: { head: ReportHead; known?: boolean }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { coverage } = head;
  const currency = head.currency ?? 'CNY';
  const money = (amount: number) => formatBigMoney({ amount, currency }, language);
  const orders = coverage.orders_identified + coverage.orders_unidentified;
  const notes = [
    coverage.orders_time_estimated > 0 ? t('insight.timeEstimated', { n: formatNumber(coverage.orders_time_estimated) }) : '',
    coverage.orders_refund_estimated > 0 ? t('insight.refundEstimated', { n: formatNumber(coverage.orders_refund_estimated) }) : '',
    coverage.refunds_unlinked > 0
      ? t('insight.unlinked', { n: formatNumber(coverage.refunds_unlinked), money: money(coverage.refunds_unlinked_paid) })
      : '',
    coverage.refunds_over > 0 ? t('insight.over', { money: money(coverage.refunds_over) }) : '',
    coverage.orders_other_currency > 0 ? t('insight.otherCurrency', { n: formatNumber(coverage.orders_other_currency) }) : '',
  ].filter(Boolean);
  // Nothing to look into: a line, no box.
  const plain = coverage.orders_unidentified === 0 && notes.length === 0;
  // The dashboard says it where it counts who is known.
  if (plain && known) return null;
  return (
    <div className={plain ? 'muted small' : 'coverage'}>
      <span>
        {coverage.orders_unidentified > 0
          ? t('insight.unnamed', {
              n: formatNumber(coverage.orders_unidentified),
              share: formatShare(coverage.orders_unidentified, orders),
              money: money(coverage.paid_unidentified),
            })
          : t('insight.allNamed', { n: formatNumber(orders) })}{' '}
        {coverage.orders_unidentified > 0 ? <Link to={`/orders?${ordersOf(head, false)}`}>{t('insight.seeThem')}</Link> : null}
      </span>
      {notes.length > 0 ? (
        <details>
          <summary>{t('insight.fineprint', { n: notes.length })}</summary>
          <ul className="bullets">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
