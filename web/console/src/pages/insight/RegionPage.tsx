/**
 * Where purchases go. Each province is a tile of the same size near its place: small ones can be hit with a thumb, no
 * outline of borders is drawn, and nothing has to be fetched.
 */
import type { RegionReport } from '@api';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { formatCount, formatNumber, formatShare, plainMoney } from '../../app/format';
import { useNarrow, usePrefs } from '../../app/prefs';
import { ChartCard } from '../../ui/chart/ChartCard';
import type { Column } from '../../ui/DataTable';
import { Delta } from '../../ui/figures';
import { Bar } from './Bar';
import { useHeat } from './heat';
import { receivedAsPaid, receivedTold } from './advice';
import { InsightPage } from './frame/InsightPage';
import { fileOf } from './frame/spans';
import { Count, MembersDrawer, useCanOpen, useOpenMembers } from './frame/members';
import { ofReturns, ratioOf, share, useMoney } from './frame/use';
import { useReport } from './frame/useReport';
import provinces from './provinces.json';

const MEASURES = ['orders', 'paid', 'buyers', 'repurchase'] as const;
type Measure = (typeof MEASURES)[number];
type Row = RegionReport['rows'][number];
type Province = (typeof provinces)[number];

/** 浙江省, 浙江 and Zhejiang are one province; what is none of them is shown as it came. */
function provinceOf(region: string | null | undefined): Province | null {
  if (!region) return null;
  const word = region.trim();
  return provinces.find((p) => word.startsWith(p.zh) || word.toLowerCase() === p.en.toLowerCase()) ?? null;
}

function useRegionName() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  return (region: string | null | undefined) => {
    if (!region) return t('insight.region.none');
    const province = language === 'en' ? provinceOf(region) : null;
    return province ? province.en : region;
  };
}

function Tiles({ data, measure }: { data: RegionReport; measure: Measure }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const money = useMoney(data.currency);
  const open = useOpenMembers();
  const can = useCanOpen();
  const heat = useHeat();
  const narrow = useNarrow();
  const found = new Map<string, Row[]>();
  for (const row of data.rows) {
    const province = provinceOf(row.region);
    if (province) found.set(province.code, [...(found.get(province.code) ?? []), row]);
  }
  const sum = (rows: Row[], of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  const figure = (rows: Row[]) => {
    if (measure === 'repurchase') {
      const [num, den] = [sum(rows, (r) => r.repurchase_rate.num), sum(rows, (r) => r.repurchase_rate.den)];
      return { value: den >= 10 ? num / den : 0, text: den ? formatShare(num, den).replace(/\.\d%$/, '%') : '' };
    }
    const value = sum(rows, (r) => r[measure]);
    return { value, text: (measure === 'paid' ? money.whole(value) : formatCount(value, language)).replace(' ', '') };
  };
  const most = Math.max(0, ...[...found.values()].map((rows) => figure(rows).value));
  return (
    <ul className="tilemap" aria-label={t('insight.region.map')}>
      {provinces.map((p) => {
        const rows = found.get(p.code) ?? [];
        const { value, text } = figure(rows);
        const { hot, style } = heat(value, most);
        const name = language === 'zh' ? p.zh : p.en;
        const buyers = sum(rows, (r) => r.buyers);
        const label = t('insight.region.tile', { name, orders: formatNumber(sum(rows, (r) => r.orders)), buyers: formatNumber(buyers), money: money.exact(sum(rows, (r) => r.paid)) });
        const body = (
          <>
            <span className="tilemap-name">{language === 'zh' ? p.zh : narrow ? p.code : p.en}</span>
            <span className="tilemap-value">{rows.length > 0 ? text : ''}</span>
          </>
        );
        const single = rows.length === 1 ? rows[0] : undefined;
        return (
          <li key={p.code} className={hot ? 'heat-hot' : ''} style={{ gridColumn: p.column, gridRow: p.row, ...style }}>
            {single && can && buyers > 0 ? (
              <button type="button" title={label} onClick={() => open(single.region ?? '')}>
                {body}
                <span className="visually-hidden"> {label}</span>
              </button>
            ) : (
              <span className="tilemap-still" title={label}>
                {body}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The ten that lead by the chosen measure. */
function Ranking({ data, measure }: { data: RegionReport; measure: Measure }) {
  const { t } = useTranslation();
  const money = useMoney(data.currency);
  const name = useRegionName();
  const of = (r: Row) => (measure === 'repurchase' ? (r.repurchase_rate.den >= 10 ? (ratioOf(r.repurchase_rate) ?? 0) : -1) : r[measure]);
  const text = (r: Row) => (measure === 'repurchase' ? share(r.repurchase_rate) : measure === 'paid' ? money.big(r.paid) : formatNumber(r[measure]));
  const narrow = useNarrow();
  const { language } = usePrefs();
  // The tiles of a phone have room for codes only.
  const coded = (region: string | null | undefined) => {
    const province = language === 'en' && narrow ? provinceOf(region) : null;
    return province ? <span className="muted">{province.code}</span> : null;
  };
  const rows = data.rows.filter((r) => r.region && of(r) > 0).sort((a, b) => of(b) - of(a)).slice(0, 10);
  const most = Math.max(0, ...rows.map(of));
  return (
    <ol className="ranking" aria-label={t('insight.region.leading')}>
      {rows.map((r) => (
        <li key={r.region}>
          <Bar part={of(r)} whole={most}>
            <span className="ranking-line">
              <span>
                {name(r.region)} {coded(r.region)}
              </span>
              <span className="amount">{text(r)}</span>
            </span>
          </Bar>
        </li>
      ))}
    </ol>
  );
}

function Regions({ data, before }: { data: RegionReport; before: RegionReport | undefined }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [params, setParams] = useSearchParams();
  const wanted = params.get('measure');
  const measure = MEASURES.find((m) => m === wanted) ?? 'orders';
  const money = useMoney(data.currency);
  const name = useRegionName();
  const narrow = useNarrow();
  const then = new Map(before?.rows.map((r) => [r.region ?? '', r]));
  const columns: Column<Row>[] = [
    { key: 'region', title: t('insight.region.name'), render: (r) => name(r.region), sheet: (r) => name(r.region) },
    {
      key: 'orders',
      title: t('insight.measure.orders'),
      align: 'right',
      render: (r) => (
        <>
          <Delta now={r.orders} before={then.get(r.region ?? '')?.orders} /> <span className="amount strong">{formatNumber(r.orders)}</span>
        </>
      ),
      sheet: (r) => r.orders,
    },
    { key: 'share', title: t('insight.region.share'), align: 'right', render: (r) => share(r.share), sheet: (r) => share(r.share) },
    { key: 'buyers', title: t('insight.measure.buyers'), align: 'right', render: (r) => <Count n={r.buyers} of={r.region ?? ''} label={name(r.region)} />, sheet: (r) => r.buyers },
    { key: 'rate', title: t('insight.repurchase'), align: 'right', render: (r) => share(r.repurchase_rate), sheet: (r) => (ratioOf(r.repurchase_rate) === null ? '' : share(r.repurchase_rate)) },
    { key: 'paid', title: t('insight.measure.paid', ofReturns(data)), align: 'right', render: (r) => money.exact(r.paid), sheet: (r) => plainMoney(money.of(r.paid)) },
    { key: 'received', title: t('insight.measure.received', ofReturns(data)), align: 'right', render: (r) => (receivedTold(r) ? money.exact(r.received) : '–'), sheet: (r) => plainMoney(receivedTold(r) ? money.of(r.received) : null) },
  ];
  return (
    <ChartCard
      both={!narrow}
      title={t('insight.region.title')}
      note={t('insight.region.note')}
      columns={columns}
      rows={data.rows}
      rowKey={(r) => r.region ?? ''}
      file={fileOf('regions', data)}
      tools={
        <Segmented<Measure>
          size="small"
          value={measure}
          aria-label={t('insight.measureOf')}
          options={MEASURES.map((value) => ({ value, label: value === 'repurchase' ? t('insight.repurchase') : t(`insight.measure.${value}`, ofReturns(data)) }))}
          onChange={(value) =>
            setParams((old) => {
              const next = new URLSearchParams(old);
              next.set('measure', value);
              return next;
            }, { replace: true })
          }
        />
      }
    >
      <div className="region">
        <div>
          <Tiles data={data} measure={measure} />
          {narrow && language === 'en' ? (
            <details className="muted small">
              <summary>{t('insight.region.codes')}</summary>
              {provinces.map((p) => `${p.code} ${p.en}`).sort().map((text) => text.replace(/ /g, '\u00a0')).join(' · ')}
            </details>
          ) : null}
          <p className="muted small">{t(measure === 'repurchase' ? 'insight.region.few' : measure === 'paid' ? 'insight.region.inYuan' : 'insight.region.darker', { currency: data.currency ?? '' })}</p>
        </div>
        <Ranking data={data} measure={measure} />
      </div>
      <p className="muted small fine">{t('insight.region.twice')} {data.rows.length > 0 && data.rows.every((r) => r.received === r.paid) && data.rows.some(receivedAsPaid) ? t('insight.receivedAsPaid') : null}</p>
    </ChartCard>
  );
}

export function Component() {
  const asked = useReport<RegionReport>('region');
  const name = useRegionName();
  return (
    <>
      <InsightPage asked={asked}>{(data, before) => <Regions data={data} before={before} />}</InsightPage>
      <MembersDrawer report="region" query={asked.query} nameOf={(of) => name(of)} />
    </>
  );
}
