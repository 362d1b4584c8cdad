/** The sums by platform, by platform and month, by platform or by month; all of them together below; each row opens its orders, each table can be had as a file. */
import type { SettlementReport, SettlementRow } from '@api';
import { Button, Dropdown, Segmented, Select } from 'antd';
import DownOutlined from '@ant-design/icons/DownOutlined';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { dayBefore, formatMoney, formatNumber } from '../../app/format';
import { useNarrow } from '../../app/prefs';
import { useAct } from '../../ui/act';
import { Card, downloadBlob, useWord } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { useShopName } from '../options';

const TABLES = ['platforms', 'by_platform', 'by_platform_month', 'by_month'] as const;
/** Rows that stand at first, the newest months: the orders below shall not be out of sight. */
const FIRST = 12;
type Table = (typeof TABLES)[number];

/** The address of the same page narrowed to what the row speaks of. */
function rowAddress(row: SettlementRow, params: URLSearchParams): string {
  const next = new URLSearchParams(params);
  for (const name of ['cursor', 'reason', 'part']) next.delete(name);
  if (row.platform) next.set('platform', row.platform);
  if (row.shop) next.set('shop', row.shop);
  if (row.month) {
    next.set('from', `${row.month}-01`);
    next.set('to', dayjs(`${row.month}-01`).endOf('month').format('YYYY-MM-DD'));
  }
  return `?${next.toString()}`;
}

export function SettlementTable({ data, query }: { data: SettlementReport; query: Record<string, string | undefined> }) {
  const { t } = useTranslation();
  const word = useWord();
  const shopName = useShopName();
  const [params] = useSearchParams();
  const narrow = useNarrow();
  const options = TABLES.map((value) => ({ value, label: t(`settlement.table.${value}`) }));
  const [table, setTable] = useState<Table>('platforms');
  const [whole, setWhole] = useState(false);
  const fetchTable = useAct<string>(
    async (client, format) => {
      const blob = await client.download('/reports/settlement/export', { ...query, table, format });
      downloadBlob(blob, `settlement-${table}-${data.from}-${dayBefore(data.to)}.${format}`);
    },
    {},
  );
  const money = (amount: number) => <span className="amount">{formatMoney({ amount, currency: data.currency })}</span>;
  // Beside a platform's shops, what no file gives to a shop is named, or it would look like their sum; no address narrows to it.
  const withShops = new Set(data[table].filter((r) => r.shop).map((r) => r.platform ?? ''));
  // Where no order's file tells a payout, a zero would say that nothing was paid.
  const told = (r: SettlementRow) => r.untold < r.orders;
  const shopless = (row: SettlementRow) => !row.shop && withShops.has(row.platform ?? '');
  const all: SettlementRow = data.total;
  const name = (row: SettlementRow) =>
    [row.platform ? word('platform', row.platform) : null, row.shop ? shopName(row.shop) : shopless(row) ? t('settlement.noShop') : null, row.month].filter(Boolean).join(' · ');
  const columns: Column<SettlementRow>[] = [
    { key: 'name', title: t(`settlement.table.${table}`), render: (r) => (r === all ? <span className="strong">{t('settlement.all')}</span> : shopless(r) ? name(r) : <Link to={rowAddress(r, params)}>{name(r)}</Link>) },
    { key: 'orders', title: t('settlement.orders'), align: 'right', render: (r) => formatNumber(r.orders) },
    { key: 'expected', title: t('settlement.expected'), align: 'right', render: (r) => money(r.expected) },
    { key: 'settled', title: t('settlement.settled'), align: 'right', render: (r) => (told(r) ? money(r.settled) : '–') },
    {
      key: 'difference',
      title: t('settlement.difference'),
      align: 'right',
      render: (r) => (
        <span className={r.difference_told < 0 ? 'bad-text' : undefined}>
          {told(r) ? money(r.difference_told) : '–'}
          {r.differing > 0 ? <span className="muted small block">{t('settlement.nOrders', { n: formatNumber(r.differing) })}</span> : null}
          {r.deducted < 0 ? <span className="muted small block">{t('settlement.deducted', { reason: t('settlement.reason.deducted'), money: formatMoney({ amount: r.deducted, currency: data.currency }) })}</span> : null}
        </span>
      ),
    },
    {
      key: 'untold',
      title: t('settlement.untold'),
      align: 'right',
      render: (r) => (
        <>
          {formatNumber(r.untold)}
          {r.untold > 0 ? <span className="muted small block">{money(r.expected_untold)}</span> : null}
        </>
      ),
    },
  ];
  const rows = [...data[table]].sort((a, b) => (b.month ?? '').localeCompare(a.month ?? ''));
  return (
    <Card
      flush
      title={t('settlement.sums')}
      extra={
        <div className="row-gap tight">
          {narrow ? (
            <Select size="small" aria-label={t('settlement.sums')} value={table} options={options} onChange={setTable} popupMatchSelectWidth={false} />
          ) : (
            <Segmented size="small" aria-label={t('settlement.sums')} value={table} options={options} onChange={setTable} />
          )}
          <Dropdown
            trigger={['click']}
            menu={{
              items: ['xlsx', 'csv', 'parquet'].map((key) => ({ key, label: t(`exports.formatName.${key}`) })),
              onClick: ({ key }) => fetchTable.mutate(key),
            }}
          >
            <Button size="small" loading={fetchTable.isPending}>
              {t('list.exportShort')} <DownOutlined className="tiny" aria-hidden="true" />
            </Button>
          </Dropdown>
        </div>
      }
    >
      {rows.length === 0 ? (
        <p className="muted pad">{t('list.nothingFound')}</p>
      ) : (
        <DataTable label={t('settlement.sums')} columns={columns} rows={[...(whole ? rows : rows.slice(0, FIRST)), all]} rowKey={(r) => `${r.platform ?? ''} ${r.shop ?? ''} ${r.month ?? ''}`} dense />
      )}
      {rows.length > FIRST && !whole ? (
        <div className="more-rows">
          <Button type="link" onClick={() => setWhole(true)}>
            {t('settlement.allRows', { n: rows.length })}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}
