/** Every order whose payout differs from what it lets one expect, with each reason and its share of the difference. */
import type { SettlementOrder } from '@api';
import { useTranslation } from 'react-i18next';
import { Amount, Card, EmptyTeach, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { OrderLink } from '../orders/cells';

export function Differences({ query, reasons }: { query: Record<string, string | undefined>; reasons: string[] }) {
  const { t } = useTranslation();
  const word = useWord();
  const columns: Column<SettlementOrder>[] = [
    {
      key: 'no',
      title: t('orders.no'),
      render: (o) => (
        <span className="cell-two">
          <OrderLink order={{ id: o.order, order_no: o.order_no ?? null }} />
          <span className="muted small">
            {word('platform', o.platform)} · {word('orderState', o.state)}
          </span>
        </span>
      ),
    },
    { key: 'placed', title: t('settlement.placed'), render: (o) => <Time at={o.placed_at} day /> },
    { key: 'expected', title: t('settlement.expected'), align: 'right', render: (o) => <Amount value={o.expected} /> },
    { key: 'settled', title: t('settlement.settled'), align: 'right', render: (o) => <Amount value={o.settled} /> },
    {
      key: 'difference',
      title: t('settlement.difference'),
      align: 'right',
      render: (o) => (
        <span className={o.difference.amount < 0 ? 'bad-text' : undefined}>
          <Amount value={o.difference} strong />
        </span>
      ),
    },
    {
      key: 'why',
      title: t('common.reason'),
      render: (o) => (
        <ul className="why">
          {o.reasons.map((r) => (
            <li key={r.reason}>
              {r.text} {o.reasons.length > 1 ? <Amount value={r.amount} /> : null}
            </li>
          ))}
        </ul>
      ),
    },
  ];
  return (
    <Card flush title={t('settlement.list')}>
      <ResourceList<SettlementOrder>
        page="settlement"
        label={t('settlement.list')}
        path="/reports/settlement/orders"
        columns={columns}
        rowKey={(o) => o.order}
        fixed={query}
        filters={[
          {
            kind: 'select',
            name: 'reason',
            label: t('common.reason'),
            options: reasons.map((value) => ({ value, label: t(`settlement.reason.${value}`, { defaultValue: value }) })),
          },
        ]}
        exportBy={{ path: '/reports/settlement/orders/export', subject: 'settlement' }}
        empty={<EmptyTeach title={t('settlement.noDifferences')} text={t('settlement.noDifferencesText')} />}
      />
    </Card>
  );
}
