/** All orders, named and unnamed; the shop chosen in the top bar narrows the list. */
import type { Order } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatPlace } from '../../app/format';
import { useSession } from '../../app/session';
import { useOverview } from '../../app/shell/Nav';
import { Amount, EmptyTeach, Mark, PageHead, StateMark, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { type Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { Named } from '../names';
import { usePlatformOptions, useShopName, useShopOptions } from '../options';
import { BesideNumber } from './BesideNumber';
import { Flags, NetPaid, OrderLink } from './cells';
import { onlyFilter, orderTotal } from './total';

const STATES = ['created', 'paid', 'shipped', 'completed', 'closed'];

export function Component() {
  const { t } = useTranslation();
  const word = useWord();
  const { shop } = useSession();
  const platforms = usePlatformOptions();
  const shops = useShopOptions();
  const shopName = useShopName();
  const receiver = (o: Order) => formatPlace(o.receiver?.province, o.receiver?.city);
  const counted = useOverview().data?.orders;
  const columns: Column<Order>[] = [
    { key: 'no', title: t('orders.no'), render: (o) => <OrderLink order={o} /> },
    { key: 'platform', title: t('orders.platform'), render: (o) => word('platform', o.platform) },
    {
      key: 'state',
      title: t('orders.state'),
      render: (o) => (
        <span className="marks">
          <StateMark state={o.state} area="orderState" />
          <Flags order={o} />
        </span>
      ),
    },
    {
      key: 'member',
      title: t('orders.member'),
      render: (o) =>
        o.member ? <Named id={o.member} /> : <Mark tone="warn">{t('orders.unidentified')}</Mark>,
    },
    { key: 'goods', title: t('orders.goods'), render: (o) => <Goods order={o} />, blank: (o) => (o.lines ?? []).length === 0 },
    { key: 'paid', title: t('orders.paid'), hint: t('orders.paidNote'), align: 'right', render: (o) => <Amount value={o.paid} /> },
    { key: 'refunded', title: t('orders.refunded'), align: 'right', hidden: true, render: (o) => <Amount value={o.refunded} /> },
    { key: 'net', title: t('orders.netPaid'), hint: t('orders.netPaidNote'), align: 'right', render: (o) => <NetPaid order={o} /> },
    { key: 'received', title: t('orders.received'), align: 'right', hidden: true, render: (o) => <Amount value={o.merchant_received} /> },
    { key: 'created', title: t('orders.createdAt'), render: (o) => <Time at={o.created_at} /> },
    { key: 'paid_at', title: t('orders.paidAt'), hidden: true, render: (o) => <Time at={o.paid_at} /> },
    { key: 'shop', title: t('orders.shop'), hidden: true, render: (o) => shopName(o.shop) },
    { key: 'word', title: t('orders.platformStatus'), hidden: true, render: (o) => o.platform_status ?? '–' },
    { key: 'receiver', title: t('orders.receiver'), hidden: true, render: (o) => receiver(o) || '–' },
    { key: 'payment', title: t('orders.payment'), hidden: true, render: (o) => o.payment_method ?? '–' },
  ];
  const filters: Filter[] = [
    { kind: 'search', name: 'query', label: t('orders.search'), hint: t('orders.searchHint') },
    { kind: 'select', name: 'state', label: t('orders.state'), options: STATES.map((value) => ({ value, label: word('orderState', value) })) },
    { kind: 'select', name: 'platform', label: t('orders.platform'), options: platforms },
    {
      kind: 'select',
      name: 'identified',
      label: t('orders.identifiedOrNot'),
      options: [
        { value: 'true', label: t('orders.identifiedYes') },
        { value: 'false', label: t('orders.identifiedNo') },
      ],
    },
    { kind: 'dates', name: 'from', until: 'to', label: t('orders.createdAt') },
  ];
  if (!shop && shops.length > 1) filters.splice(3, 0, { kind: 'select', name: 'shop', label: t('orders.shop'), options: shops });
  return (
    <>
      <PageHead title={t('nav.orders')} note={shop ? t('orders.onlyShop', { shop: shopName(shop) }) : t('orders.listNote')} />
      <ResourceList<Order>
        page="orders"
        label={t('nav.orders')}
        path="/orders"
        columns={columns}
        rowKey={(o) => o.id}
        filters={filters}
        fixed={shop ? { shop } : {}}
        exportBy={{ path: '/orders/export', subject: 'orders', clear: true, rows: ['orders', 'lines', 'both'] }}
        total={(query) => orderTotal(query, counted)}
        nothing={(query) => (onlyFilter(query, 'identified') === 'false' ? { title: t('orders.allIdentified'), text: t('orders.allIdentifiedText') } : null)}
        elsewhere={(query) => <BesideNumber filters={filters} query={query} />}
        empty={
          <EmptyTeach
            title={t('orders.empty')}
            text={t('orders.emptyText')}
            actions={
              <Link to="/imports/new">
                <Button type="primary">{t('imports.new')}</Button>
              </Link>
            }
          />
        }
      />
    </>
  );
}

function Goods({ order }: { order: Order }) {
  const { t } = useTranslation();
  const lines = order.lines ?? [];
  const first = lines[0];
  if (!first) return <span className="muted">–</span>;
  return (
    <span className="cell-two">
      <span className="cell-title">{first.title ?? first.sku ?? '–'}</span>
      {lines.length > 1 ? <span className="muted small">{t('orders.moreLines', { n: lines.length })}</span> : null}
    </span>
  );
}
