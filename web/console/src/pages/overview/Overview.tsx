/**
 * What the shop has: members, orders, money; and beside each figure how much of it nobody can be named for.
 * An empty shop is shown what to do first instead of a row of zeros.
 */
import type { ImportDetail, Money, Overview } from '@api';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { formatBigMoney, formatCount, formatMoney, formatNumber, formatShare } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan } from '../../app/session';
import { useOverview } from '../../app/shell/Nav';
import { useAct } from '../../ui/act';
import { AsOf, Card, PageHead } from '../../ui/bits';
import { Split, Tile } from '../../ui/figures';
import { ProblemAlert } from '../../ui/problem';
import { ReceivedTile } from './ReceivedTile';
import { Recent } from './Recent';

const asMoney = (value: number | Money, currency: string): Money =>
  typeof value === 'number' ? { amount: value, currency } : value;

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
  const readsOrders = useCan('orders:read');
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
      {orders.total > 0 && readsOrders ? <Recent /> : null}
      <Card title={t('overview.soFar')}>
        <div className="tiles">
          <Tile
            label={t('overview.members')}
            value={formatCount(members.total, language)}
            exact={formatNumber(members.total)}
            note={members.new_30d < members.total ? t('overview.new30', { n: formatNumber(members.new_30d) }) : undefined}
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
            hint={t('overview.netPaidHint')}
            value={formatBigMoney(net, language)}
            exact={formatMoney(net)}
            note={t('overview.netPaidNote')}
          />
          <ReceivedTile received={received} known={receivedKnown} orders={orders.total} />
        </div>
      </Card>
      <div className="two">
        <Card title={t('overview.whoTitle')}>
          <p className="muted">{t('overview.whoText')}</p>
          <div className="splits">
            <Split
              title={t('overview.orders')}
              first={{ label: t('overview.identified'), size: orders.identified, text: formatNumber(orders.identified), to: '/orders?identified=true' }}
              second={{ label: t('overview.unidentified'), size: orders.unidentified, text: formatNumber(orders.unidentified), to: '/orders?identified=false' }}
            />
            <Split
              title={t('overview.netPaid')}
              first={{ label: t('overview.identified'), size: identified.amount, text: formatMoney(identified) }}
              second={{ label: t('overview.unidentified'), size: unidentified.amount, text: formatMoney(unidentified) }}
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
