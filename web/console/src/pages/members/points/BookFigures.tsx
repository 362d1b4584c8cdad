/** What is in one book: tier with the way to the next, balances by account, lots with their last day, what ends soon. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { Facts, Mark, Time } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import type { Account, Book, Lot } from '../../programme/contract';
import { LotCell } from '../../programme/ledger/words';
import { useTierName } from '../../programme/use';

/** Lots that are shown at first; who buys often has many. */
const SHOWN = 8;

function Tier({ book }: { book: Book }) {
  const { t } = useTranslation();
  const tierName = useTierName(book.programme.id);
  const { tier, next } = book;
  if (!tier) return null;
  return (
    <section>
      <h3 className="book-tier">
        {t('points.tier')} <Mark tone="info">{tierName(tier.id)}</Mark> {tier.in_grace ? <Mark tone="warn">{t('points.inGrace')}</Mark> : null}
      </h3>
      {tier.until ? (
        <p className="muted small">
          {t(tier.in_grace ? 'points.graceUntil' : 'points.tierUntil')} <Time at={tier.until} />
        </p>
      ) : null}
      <p>{next ? next.sentence : t('points.topTier')}</p>
    </section>
  );
}

function Accounts({ book, children }: { book: Book; children?: ReactNode }) {
  const { t } = useTranslation();
  const size = (account: Account) => formatNumber(Math.abs(book.accounts[account] ?? 0));
  const mini = (account: Account, tone = '') => (
    <div>
      <span className="muted small">{t(`points.account.${account}`)}</span>
      <span className={`mini-value amount ${tone}`}>{formatNumber(book.accounts[account] ?? 0)}</span>
    </div>
  );
  return (
    <section>
      <div className="mini-tiles book-accounts">
        {mini('available', (book.accounts.available ?? 0) < 0 ? 'bad-text' : '')}
        {mini('pending')}
        {mini('frozen')}
      </div>
      {children}
      {book.debt > 0 ? <p className="warn-text small">{t('points.owes', { n: formatNumber(book.debt) })}</p> : null}
      <p className="muted small">{t('points.soFar', { issued: size('issued'), redeemed: size('redeemed'), expired: size('expired'), reversed: size('reversed') })}</p>
      {book.activity_grade != null || book.check_in?.last ? (
        <Facts
          rows={[
            ...(book.activity_grade != null ? ([[t('points.activityTitle'), t('points.activity', { n: book.activity_grade })]] as [string, string][]) : []),
            ...(book.check_in?.last ? ([[t('programme.checkIn'), t('points.checkInRun', { day: book.check_in.last.slice(0, 10), n: formatNumber(book.check_in.run) })]] as [string, string][]) : []),
          ]}
        />
      ) : null}
    </section>
  );
}

function Lots({ book }: { book: Book }) {
  const { t } = useTranslation();
  const columns: Column<Lot>[] = [
    { key: 'day', title: t('points.lastDay'), render: (lot) => <span className="nowrap">{lot.last_day}</span> },
    { key: 'left', title: t('points.left'), align: 'right', render: (lot) => <span className="amount strong">{formatNumber(lot.left)}</span> },
    { key: 'lot', title: t('points.lot'), render: (lot) => <LotCell lot={lot.id} /> },
  ];
  const first = book.lots.slice(0, SHOWN);
  const rest = book.lots.slice(SHOWN);
  const table = (label: string, rows: Lot[]) => <DataTable label={label} columns={columns} rows={rows} rowKey={(lot) => lot.id} dense />;
  return (
    <section>
      <h3 className="sub-title">{t('points.lots')}</h3>
      <p className="muted small">{t('points.lotsNote')}</p>
      {first.length === 0 ? <p className="muted">{t('points.noLots')}</p> : table(t('points.lots'), first)}
      {rest.length > 0 ? (
        <details>
          <summary>{t('points.moreLots', { n: formatNumber(rest.length) })}</summary>
          {table(t('points.moreLots', { n: formatNumber(rest.length) }), rest)}
        </details>
      ) : null}
    </section>
  );
}

function Expiring({ book }: { book: Book }) {
  const { t } = useTranslation();
  if (book.expiring.length === 0) return null;
  return (
    <section>
      <h3 className="sub-title">{t('points.expiring')}</h3>
      <ul className="expiring">
        {book.expiring.map((one) => (
          <li key={one.day}>
            <span className="grow">{one.day}</span>
            <span className="amount strong">{formatNumber(one.points)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `children` is said of the balances. */
export function BookFigures({ book, children }: { book: Book; children?: ReactNode }) {
  return (
    <div className="pad book">
      <div className="stack">
        <Tier book={book} />
        <Accounts book={book}>{children}</Accounts>
        <Expiring book={book} />
      </div>
      <Lots book={book} />
    </div>
  );
}
