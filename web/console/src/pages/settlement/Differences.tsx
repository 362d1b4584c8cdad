/**
 * Every order whose payout differs from what it lets one expect, with each reason and its share of the difference; what no
 * file tells stands apart from it. The address holds which of the two is shown.
 */
import type { SettlementOrder, SettlementReport, SettlementSum } from '@api';
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { Amount, Card, EmptyTeach, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { useBackHere } from '../../ui/list/BackToList';
import { ResourceList } from '../../ui/list/ResourceList';
import { OrderLink } from '../orders/cells';
import { nothingTold, type Part, PARTS, partOf } from './parts';

interface Props {
  query: Record<string, string | undefined>;
  reasons: SettlementReport['reasons'];
  /** The reason in force. */
  reason: string | null;
  total: SettlementSum;
  part: Part;
  onPart: (part: Part) => void;
}

export function Differences({ query, reasons, reason, total, part, onPart }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const back = useBackHere(t('nav.settlement'));
  // The same words as above the list and in the filter.
  const named = (reason: string, text?: string) => t(`settlement.reason.${reason}`, { defaultValue: text ?? reason });
  const columns: Column<SettlementOrder>[] = [
    {
      key: 'no',
      title: t('orders.no'),
      render: (o) => (
        <span className="cell-two">
          <OrderLink order={{ id: o.order, order_no: o.order_no ?? null }} back={back} />
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
      // Where no file tells, red ink would say that money is missing.
      render: (o) =>
        o.part === 'untold' ? (
          '–'
        ) : (
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
              {named(r.reason, r.text)} {o.reasons.length > 1 ? <Amount value={r.amount} /> : null}
            </li>
          ))}
        </ul>
      ),
    },
  ];
  const counts: Record<Part, number> = { differs: total.differing, untold: total.untold, all: total.differing + total.untold };
  const found = reasons.find((r) => r.reason === reason)?.orders;
  const count = (value: Part) => {
    const all = formatNumber(counts[value]);
    return value === part && found !== undefined ? t('settlement.ofReason', { n: formatNumber(found), all }) : all;
  };
  const parts = PARTS.map((value) => ({ value, label: t(`settlement.part.${value}`, { n: count(value) }) }));
  const options = reasons.filter((r) => part === 'all' || partOf(r.reason) === part);
  return (
    <Card
      flush
      title={t('settlement.list')}
      extra={<Segmented size="small" aria-label={t('settlement.list')} value={part} options={parts} onChange={onPart} />}
    >
      <p className="muted small part-note">{t(`settlement.partNote.${part}`)}</p>
      <ResourceList<SettlementOrder>
        page="settlement"
        label={t('settlement.list')}
        path="/reports/settlement/orders"
        columns={columns}
        rowKey={(o) => o.order}
        fixed={part === 'all' ? query : { ...query, part }}
        filters={[
          {
            kind: 'select',
            name: 'reason',
            label: t('common.reason'),
            long: true,
            options: options.map((r) => ({ value: r.reason, label: named(r.reason, r.text) })),
          },
        ]}
        total={() => (reason ? found : counts[part])}
        exportBy={{ path: '/reports/settlement/orders/export', subject: 'settlement' }}
        empty={
          part === 'untold' ? (
            <EmptyTeach title={t('settlement.noUntold')} text={t('settlement.noUntoldText')} />
          ) : nothingTold(total) ? (
            <EmptyTeach
              title={t('settlement.nothingTold')}
              text={t('settlement.nothingToldText')}
              actions={<Button onClick={() => onPart('untold')}>{t('settlement.seeUntold', { n: formatNumber(total.untold) })}</Button>}
            />
          ) : (
            <EmptyTeach title={t('settlement.noDifferences')} text={t('settlement.noDifferencesText')} />
          )
        }
      />
    </Card>
  );
}
