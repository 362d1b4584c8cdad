/** What sells: pieces, money, buyers and what comes back, goods by goods. */
import type { GoodsReport } from '@api';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber, formatShare } from '../../app/format';
import { useAct } from '../../ui/act';
import { Card, downloadBlob, EmptyTeach } from '../../ui/bits';
import { ChartCard } from '../../ui/chart/ChartCard';
import type { Column } from '../../ui/DataTable';
import { Delta, Tile } from '../../ui/figures';
import { receivedAsPaid, receivedTold } from './advice';
import { Bar } from './Bar';
import { InsightPage } from './frame/InsightPage';
import { Change } from './frame/change';
import { fileOf } from './frame/spans';
import { Count, MembersDrawer } from './frame/members';
import { ofReturns, useMoney } from './frame/use';
import { type ReportQuery, useReport } from './frame/useReport';

const TOPS = ['20', '50', '100', '500', '1000'];
type Row = GoodsReport['rows'][number];

/** All goods as a file of the server's, so that CSV and XLSX have the same rows and columns. */
function useFile(data: GoodsReport, query: ReportQuery) {
  const { top: _, ...whole } = query;
  return useAct<'csv' | 'xlsx'>(async (client, format) => {
    const file = await client.download('/reports/goods/export', { ...whole, format });
    downloadBlob(file, `${fileOf('goods', data)}.${format}`);
  }, {});
}

/** What stands below the list that is shown, and where all of it is. */
function More({ data, query }: { data: GoodsReport; query: ReportQuery }) {
  const { t } = useTranslation();
  const all = useFile(data, query);
  if (data.rows.length >= data.skus) return null;
  return (
    <p className="small">
      {t('insight.goods.more', { n: formatNumber(data.skus - data.rows.length) })}{' '}
      <Button type="link" size="small" loading={all.isPending} onClick={() => all.mutate('xlsx')}>
        {t('insight.goods.all', { n: formatNumber(data.skus) })}
      </Button>
    </p>
  );
}

function Goods({ data, before, query }: { data: GoodsReport; before: GoodsReport | undefined; query: ReportQuery }) {
  const { t } = useTranslation();
  const money = useMoney(data.currency);
  const file = useFile(data, query);
  const { total, without_sku: loose } = data;
  const most = Math.max(1, ...data.rows.map((r) => r.received));
  const then = new Map(before?.rows.map((r) => [r.sku, r]));
  const pieces = (r: { units: number; refunded_units: number }) => r.units + r.refunded_units;
  const name = (r: Row) => r.name ?? r.sku;
  const received = (d: GoodsReport, say: (n: number) => string) => (receivedTold(d.total) ? say(d.total.received) : '–');
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: t('insight.goods.name'),
      render: (r) => (
        <span className="cell-two">
          <span className="cell-title">{name(r)}</span>
          <span className="muted small break">{[r.name ? r.sku : null, r.category].filter(Boolean).join(' · ')}</span>
        </span>
      ),
    },
    {
      key: 'received',
      title: t('insight.measure.received', ofReturns(data)),
      align: 'right',
      render: (r) => (
        <Bar part={r.received} whole={most}>
          <span className="amount strong">{receivedTold(r) ? money.exact(r.received) : '–'}</span> <Delta now={receivedTold(r) ? r.received : null} before={then.get(r.sku)?.received} />
        </Bar>
      ),
    },
    { key: 'share', title: t('insight.goods.share'), align: 'right', render: (r) => formatShare(r.received, total.received) },
    { key: 'units', title: t('insight.goods.units', ofReturns(data)), align: 'right', render: (r) => formatNumber(r.units) },
    { key: 'orders', title: t('insight.measure.orders'), align: 'right', render: (r) => formatNumber(r.orders) },
    { key: 'buyers', title: t('insight.measure.buyers'), align: 'right', render: (r) => <Count n={r.buyers} of={r.sku} label={name(r)} /> },
    { key: 'back', title: t('insight.goods.back'), align: 'right', render: (r) => formatShare(r.refunded_units, pieces(r)) },
  ];
  return (
    <>
      <div className="tiles tiles-head">
        <Tile label={t('insight.goods.count')} value={data.skus > 0 ? formatNumber(data.skus) : '–'} note={t(data.skus > 0 ? 'insight.goods.countNote' : 'insight.goods.noCode')} />
        <Tile label={t('insight.measure.received', ofReturns(data))} value={received(data, money.big)} exact={received(data, money.exact)} note={<><span className="tile-foot"><Change data={data} before={before} of={(d) => (receivedTold(d.total) ? d.total.received : null)} say={(d) => received(d, money.big)} /></span><span className="block">{t('insight.paidIs', { ...ofReturns(data), money: money.big(total.paid) })}</span></>} />
        <Tile label={t('insight.goods.units', ofReturns(data))} value={formatNumber(total.units)} note={<span className="tile-foot"><Change data={data} before={before} of={(d) => d.total.units} say={(d) => formatNumber(d.total.units)} /></span>} />
        <Tile label={t('insight.goods.back')} value={formatShare(total.refunded_units, pieces(total))} note={<><span className="tile-foot"><Change data={data} before={before} points tone="bad" of={(d) => (pieces(d.total) > 0 ? d.total.refunded_units / pieces(d.total) : null)} say={(d) => formatShare(d.total.refunded_units, pieces(d.total))} /></span><span className="block">{t('insight.goods.backNote', { n: formatNumber(total.refunded_units), money: money.big(total.refunded_paid) })}</span></>} />
      </div>
      {data.skus > 0 ? (
        <ChartCard both title={t('insight.goods.title', { n: data.rows.length, all: formatNumber(data.skus) })} note={t('insight.goods.note')} columns={columns} onSave={() => file.mutate('csv')} rows={data.rows} rowKey={(r) => r.sku} file={fileOf('goods', data)}>
          <More data={data} query={query} />
          {loose.orders > 0 ? <p className="small">{t('insight.goods.loose', { ...ofReturns(data), orders: formatNumber(loose.orders), units: formatNumber(loose.units), money: money.exact(loose.received) })}</p> : null}
        </ChartCard>
      ) : (
        <Card>
          <EmptyTeach
            title={t('insight.goods.noCode')}
            text={t('insight.goods.noCodeText', { ...ofReturns(data), orders: formatNumber(loose.orders), units: formatNumber(loose.units), money: money.exact(loose.received) })}
            actions={
              <Link to="/imports/new">
                <Button type="primary">{t('insight.goods.importLines')}</Button>
              </Link>
            }
          />
        </Card>
      )}
      {receivedAsPaid(total) ? <p className="muted small">{t('insight.receivedAsPaid')}</p> : null}
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const wanted = params.get('top') ?? '20';
  const top = TOPS.includes(wanted) ? wanted : '20';
  const asked = useReport<GoodsReport>('goods', { extra: { top }, extraBefore: { top: '1000' } });
  const nameOf = (of: string) => {
    const row = asked.data?.rows.find((r) => r.sku === of);
    return row ? (row.name ?? row.sku) : of;
  };
  return (
    <>
      <InsightPage
        asked={asked}
        tools={
          (asked.data?.skus ?? 1) === 0 ? null : <Select aria-label={t('insight.goods.top')} value={top} popupMatchSelectWidth={false} options={TOPS.map((value) => ({ value, label: t('insight.goods.topN', { n: value }) }))} onChange={(value) => asked.period.set({ top: value === '20' ? undefined : value })} />
        }
      >
        {(data, before) => <Goods data={data} before={before} query={asked.query} />}
      </InsightPage>
      <MembersDrawer report="goods" query={asked.query} nameOf={nameOf} countOf={(of) => asked.data?.rows.find((r) => r.sku === of)?.buyers} />
    </>
  );
}
