/**
 * One order: every amount apart and with who pays for it, the lines, what was given back, and when what happened.
 */
import type { Order, OrderLine, Refund } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api } from '../../app/api';
import { formatPlace } from '../../app/format';
import { useSession } from '../../app/session';
import { Amount, Card, Facts, Mark, PageHead, StateMark, Time, useWord } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { BackToList } from '../../ui/list/BackToList';
import { ProblemAlert } from '../../ui/problem';
import { Named } from '../names';
import { useShopName } from '../options';
import { Flags } from './cells';
import { ClaimDialog, proofsOf } from './ClaimDialog';

function Amounts({ order }: { order: Order }) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <Card title={t('orders.amounts')}>
      <dl className="sums">
        <div>
          <dt>{t('orders.paid')}</dt>
          <dd>
            <Amount value={order.paid} />
          </dd>
        </div>
        <div className="sums-sub">
          <dt>{t('orders.goodsPaid')}</dt>
          <dd>
            <Amount value={order.goods_paid} />
          </dd>
        </div>
        <div className="sums-sub">
          <dt>{t('orders.shipping')}</dt>
          <dd>
            <Amount value={order.shipping} />
          </dd>
        </div>
        <div>
          <dt>{t('orders.refunded')}</dt>
          <dd>
            <Amount value={order.refunded} />
          </dd>
        </div>
        {order.refund_over ? (
          <div className="warn-text">
            <dt>
              {t('orders.refundOver')}
              <span className="small block">{t('orders.refundOverNote')}</span>
            </dt>
            <dd>
              <Amount value={order.refund_over} />
            </dd>
          </div>
        ) : null}
        <div className="sums-total">
          <dt>
            {t('orders.netPaid')}
            <span className="muted small block">{t('orders.netPaidNote')}</span>
          </dt>
          <dd>
            <Amount value={order.net_paid} strong />
          </dd>
        </div>
        <div>
          <dt>
            {t('orders.received')}
            <span className="muted small block">{t('orders.receivedNote')}</span>
          </dt>
          <dd>
            {order.merchant_received ? <Amount value={order.merchant_received} /> : <span className="muted small nowrap">{t('orders.fileSilent')}</span>}
          </dd>
        </div>
      </dl>
      <h3 className="sub-title">{t('orders.discounts')}</h3>
      {(order.discounts ?? []).length === 0 ? (
        <p className="muted">{t('orders.noDiscounts')}</p>
      ) : (
        <dl className="sums">
          {order.discounts?.map((discount, index) => (
            <div key={index}>
              <dt>
                {discount.name || t('orders.discount')}
                <span className="muted small block">{t('orders.paidBy', { who: word('payer', discount.payer) })}</span>
              </dt>
              <dd>
                <Amount value={discount.amount} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

/** A number in a district's place is a house or a code, told by files that were read earlier. */
const placeName = (text: string | null | undefined) => (text && /\p{L}/u.test(text) ? text : null);

const TIMES = ['created_at', 'paid_at', 'shipped_at', 'completed_at', 'closed_at', 'final_at', 'counts_at'] as const;

/** Why an order without a time of completion is settled: which of its times, and whole days of delay, it is settled by. */
function noCompletion(order: Order, t: TFunction): string {
  const final = Date.parse(order.final_at ?? '');
  const by = (['shipped_at', 'paid_at', 'created_at'] as const).find((name) => order[name]);
  const stands = by && (final - Date.parse(order[by] ?? '')) % 86_400_000 === 0;
  return stands ? t(`orders.noCompletionBy.${by}`) : t('orders.noCompletion');
}

function Times({ order }: { order: Order }) {
  const { t } = useTranslation();
  const word = useWord();
  // What surely happened and no file dates.
  const told = (name: (typeof TIMES)[number]): string | null => {
    if (order[name]) return null;
    if (name === 'shipped_at' && ['shipped', 'completed'].includes(order.state)) return t('orders.fileSilent');
    return name === 'completed_at' && order.final_at ? noCompletion(order, t) : null;
  };
  return (
    <Card title={t('orders.times')}>
      <Facts
        rows={TIMES.filter((name) => order[name] || name !== 'closed_at').map((name) => [
          t(`orders.time.${name}`),
          told(name) ? (
            <span key={name} className="muted">
              {told(name)}
            </span>
          ) : (
            <Time key={name} at={order[name]} seconds />
          ),
        ])}
      />
      {(order.states ?? []).length > 0 ? (
        <>
          <h3 className="sub-title">{t('orders.history')}</h3>
          <ol className="steps-list">
            {order.states?.map((step, index) => (
              <li key={index}>
                <StateMark state={step.state} area="orderState" />
                <span className="grow">
                  {step.platform_status ?? ''}
                  <span className="muted small block">
                    {step.at ? <Time at={step.at} seconds /> : t('common.timeUnknown')}
                    {step.source ? ` · ${word('document', step.source)}` : ''}
                  </span>
                </span>
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </Card>
  );
}

function Lines({ order }: { order: Order }) {
  const { t } = useTranslation();
  const category = (line: OrderLine) => (Array.isArray(line.category) ? line.category.join(' / ') : line.category);
  const columns: Column<OrderLine>[] = [
    {
      key: 'title',
      title: t('orders.line'),
      render: (l) => (
        <span className="cell-two">
          <span>{l.title ?? l.sku ?? '–'}</span>
          <span className="muted small">{[l.spec, l.sku, category(l)].filter(Boolean).join(' · ')}</span>
        </span>
      ),
    },
    { key: 'qty', title: t('orders.quantity'), align: 'right', render: (l) => l.quantity },
    { key: 'price', title: t('orders.unitPrice'), align: 'right', render: (l) => <Amount value={l.unit_price} /> },
    { key: 'paid', title: t('orders.linePaid'), align: 'right', render: (l) => <Amount value={l.paid} strong /> },
    { key: 'refunded', title: t('orders.refunded'), align: 'right', render: (l) => <Amount value={l.refunded} /> },
    { key: 'state', title: t('orders.state'), render: (l) => <StateMark state={l.state} area="orderState" /> },
  ];
  return (
    <Card title={t('orders.lines')} flush>
      {(order.lines ?? []).length === 0 ? (
        <p className="muted card-note">{t('orders.noLines')}</p>
      ) : (
        <DataTable label={t('orders.lines')} columns={columns} rows={order.lines ?? []} rowKey={(l) => l.id} />
      )}
    </Card>
  );
}

function Refunds({ order }: { order: Order }) {
  const { t } = useTranslation();
  const columns: Column<Refund>[] = [
    { key: 'at', title: t('orders.refundAt'), render: (r) => <Time at={r.created_at ?? r.completed_at} /> },
    { key: 'amount', title: t('orders.amount'), align: 'right', render: (r) => <Amount value={r.amount} strong /> },
    { key: 'reason', title: t('common.reason'), render: (r) => r.reason ?? '–' },
    { key: 'state', title: t('orders.state'), render: (r) => <StateMark state={r.state} area="refundState" /> },
  ];
  if ((order.refunds ?? []).length === 0) return null;
  return (
    <Card title={t('orders.refunds')} flush>
      <DataTable label={t('orders.refunds')} columns={columns} rows={order.refunds ?? []} rowKey={(r) => r.id} />
    </Card>
  );
}

export function Component() {
  const { t } = useTranslation();
  const word = useWord();
  const { id = '' } = useParams();
  const { merchant, can } = useSession();
  const shopName = useShopName();
  const [claiming, setClaiming] = useState(false);
  const mayClaim = can('orders:write') && can('members:read');
  const answer = useQuery<Order>({
    queryKey: ['order', merchant.id, id],
    queryFn: () => api.get<Order>(`/orders/${encodeURIComponent(id)}`),
  });
  const order = answer.data;
  const back = <BackToList to="/orders">{t('nav.orders')}</BackToList>;
  if (!order) {
    return (
      <>
        <PageHead title={t('orders.one')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const receiver = order.receiver;
  const ownShop = merchant.shops?.some((s) => s.id === order.shop || s.external?.id === order.shop);
  return (
    <>
      <PageHead
        title={`${t('orders.one')} ${order.order_no ?? order.id}`}
        back={back}
        note={
          <span className="marks">
            <StateMark state={order.state} area="orderState" />
            <Flags order={order} />
            {order.identified ? null : <Mark tone="warn">{t('orders.unidentified')}</Mark>}
          </span>
        }
      />
      <div className="order-grid">
        <div className="stack">
          <Lines order={order} />
          <Refunds order={order} />
          <Card title={t('orders.who')}>
            <Facts
              columns={2}
              rows={[
                [
                  t('orders.member'),
                  order.member ? (
                    <Named key="m" id={order.member} />
                  ) : (
                    t('orders.nobody')
                  ),
                ],
                [t('orders.platform'), word('platform', order.platform)],
                [t(ownShop || !order.shop ? 'orders.shop' : 'orders.shopInFile'), shopName(order.shop)],
                [t('orders.platformStatus'), order.platform_status],
                [t('orders.receiverName'), [receiver?.name_masked, receiver?.phone_masked].filter(Boolean).join(' ') || null],
                [t('orders.receiver'), [formatPlace(receiver?.province, receiver?.city), placeName(receiver?.district)].filter(Boolean).join(' ') || null],
                [t('orders.address'), receiver?.address_masked],
                [t('orders.payment'), order.payment_method || <span key="p" className="muted">{t('orders.fileSilent')}</span>],
              ]}
            />
            {order.unidentified_because ? <p className="muted small fine">{t(`orders.because.${order.unidentified_because}`)}</p> : null}
            {mayClaim && !order.identified && proofsOf(order).length > 0 ? (
              <>
                <Button onClick={() => setClaiming(true)}>{t('orders.claim')}</Button>
                <ClaimDialog order={order} open={claiming} onClose={() => setClaiming(false)} />
              </>
            ) : null}
          </Card>
        </div>
        <div className="stack">
          <Amounts order={order} />
          <Times order={order} />
        </div>
      </div>
    </>
  );
}
