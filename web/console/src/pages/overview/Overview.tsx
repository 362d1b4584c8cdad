/**
 * What the shop has: members, orders, money; and beside each figure how much of it nobody can be named for.
 * An empty shop is shown what to do first instead of a row of zeros.
 */
import type { ImportDetail, Money, Overview } from '@api';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { formatBigMoney, formatCount, formatMoney, formatNumber, formatShare } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan } from '../../app/session';
import { useOverview } from '../../app/shell/Nav';
import { useAct } from '../../ui/act';
import { AsOf, Card, PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

const asMoney = (value: number | Money, currency: string): Money =>
  typeof value === 'number' ? { amount: value, currency } : value;

function Tile({ label, value, exact, note, to }: { label: string; value: ReactNode; exact?: string; note?: ReactNode; to?: string }) {
  const body = (
    <>
      <span className="tile-label">{label}</span>
      <span className="tile-value" title={exact}>
        {value}
      </span>
      {note ? <span className="tile-note">{note}</span> : null}
    </>
  );
  return to ? (
    <Link to={to} className="tile tile-link">
      {body}
    </Link>
  ) : (
    <div className="tile">{body}</div>
  );
}

/** How much is named and how much is not: a bar of two parts, with the words that say the same. */
function Split({ title, named, unnamed, named_text, unnamed_text, links }: {
  title: string;
  named: number;
  unnamed: number;
  named_text: string;
  unnamed_text: string;
  links?: [string, string];
}) {
  const { t } = useTranslation();
  const whole = named + unnamed;
  const share = whole > 0 ? Math.round((named * 1000) / whole) / 10 : 0;
  const item = (className: string, label: string, text: string, part: number, to?: string) => (
    <div className="split-item">
      <span className={`split-dot ${className}`} aria-hidden="true" />
      <span className="grow">{to ? <Link to={to}>{label}</Link> : label}</span>
      <span className="amount strong">{text}</span>
      <span className="muted split-share">{formatShare(part, whole)}</span>
    </div>
  );
  return (
    <div className="split">
      <h3>{title}</h3>
      <div className="split-bar" aria-hidden="true">
        <div style={{ width: `${share}%` }} />
      </div>
      {item('split-named', t('overview.identified'), named_text, named, links?.[0])}
      {item('split-unnamed', t('overview.unidentified'), unnamed_text, unnamed, links?.[1])}
    </div>
  );
}

function Start() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan('imports:write');
  const sample = useAct<void, ImportDetail>((client) => client.post<ImportDetail>('/imports/sample'), {
    onDone: (answer) => void navigate(`/imports/${answer.id}`),
  });
  const steps = ['export', 'import', 'look'] as const;
  return (
    <Card className="start">
      <h2>{t('overview.startTitle')}</h2>
      <p className="muted">{t('overview.startText')}</p>
      <ol className="start-steps">
        {steps.map((step, index) => (
          <li key={step}>
            <span className="start-number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <strong>{t(`overview.step.${step}`)}</strong>
              <p className="muted">{t(`overview.step.${step}Text`)}</p>
            </div>
          </li>
        ))}
      </ol>
      {can ? (
        <div className="row-gap">
          <Link to="/imports/new">
            <Button type="primary" size="large">
              {t('overview.importFirst')}
            </Button>
          </Link>
          <Button size="large" loading={sample.isPending} onClick={() => sample.mutate()}>
            {t('overview.loadSample')}
          </Button>
        </div>
      ) : null}
      <p className="muted small">{t('overview.sampleNote')}</p>
    </Card>
  );
}

function Figures({ data }: { data: Overview }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { money, orders, members } = data;
  const sum = (value: number | Money) => asMoney(value, money.currency);
  const net = sum(money.net_paid);
  const received = sum(money.merchant_received);
  // Money came in but no source says what reached the merchant: not known is not nothing.
  const receivedKnown = received.amount !== 0 || net.amount === 0;
  const identified = sum(money.identified);
  const unidentified = sum(money.unidentified);
  const todo = [
    { n: data.quarantine_open, to: '/quarantine?state=open', name: 'quarantine' },
    { n: data.reviews_open, to: '/reviews', name: 'reviews' },
  ];
  return (
    <div className="stack">
      <div className="tiles">
        <Tile
          label={t('overview.members')}
          value={formatCount(members.total, language)}
          exact={formatNumber(members.total)}
          note={t('overview.new30', { n: formatNumber(members.new_30d) })}
          to="/members"
        />
        <Tile
          label={t('overview.orders')}
          value={formatCount(orders.total, language)}
          exact={formatNumber(orders.total)}
          note={t('overview.ordersNamed', { share: formatShare(orders.identified, orders.total) })}
          to="/orders"
        />
        <Tile
          label={t('overview.netPaid')}
          value={formatBigMoney(net, language)}
          exact={formatMoney(net)}
          note={t('overview.netPaidNote')}
        />
        <Tile
          label={t('overview.received')}
          value={receivedKnown ? formatBigMoney(received, language) : '–'}
          exact={receivedKnown ? formatMoney(received) : '–'}
          note={t(receivedKnown ? 'overview.receivedNote' : 'overview.receivedUnknown')}
        />
      </div>
      <div className="two">
        <Card title={t('overview.whoTitle')}>
          <p className="muted">{t('overview.whoText')}</p>
          <div className="splits">
            <Split
              title={t('overview.orders')}
              named={orders.identified}
              unnamed={orders.unidentified}
              named_text={formatNumber(orders.identified)}
              unnamed_text={formatNumber(orders.unidentified)}
              links={['/orders?identified=true', '/orders?identified=false']}
            />
            <Split
              title={t('overview.netPaid')}
              named={identified.amount}
              unnamed={unidentified.amount}
              named_text={formatMoney(identified)}
              unnamed_text={formatMoney(unidentified)}
            />
          </div>
        </Card>
        <Card title={t('overview.todo')}>
          <ul className="todo">
            {todo.map((item) => (
              <li key={item.name}>
                <Link to={item.to} className="todo-link">
                  <span className={item.n > 0 ? 'todo-count' : 'todo-count todo-zero'}>{formatCount(item.n, language)}</span>
                  <span>
                    <strong>{t(`overview.todoItem.${item.name}`)}</strong>
                    <span className="muted small block">{t(`overview.todoItem.${item.name}Text`)}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </div>
  );
}

export function Component() {
  const { t } = useTranslation();
  const overview = useOverview();
  const can = useCan('imports:write');
  const data = overview.data;
  const empty = data && data.members.total === 0 && data.orders.total === 0;
  return (
    <>
      <PageHead
        title={t('nav.overview')}
        note={<AsOf at={data?.as_of} busy={overview.isFetching} />}
        actions={
          can && !empty ? (
            <Link to="/imports/new">
              <Button type="primary">{t('imports.new')}</Button>
            </Link>
          ) : null
        }
      />
      <ProblemAlert error={overview.error} retry={() => void overview.refetch()} />
      {data ? empty ? <Start /> : <Figures data={data} /> : overview.isPending ? <Skeleton active /> : null}
    </>
  );
}
