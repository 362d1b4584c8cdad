/** How many days lie between purchases, and how long the second one takes. */
import type { IntervalReport } from '@api';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatShare } from '../../app/format';
import { useNarrow } from '../../app/prefs';
import { Card } from '../../ui/bits';
import { Chart } from '../../ui/chart/Chart';
import { ChartCard } from '../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../ui/chart/parts';
import { percentScale } from '../../ui/chart/scale';
import type { Column } from '../../ui/DataTable';
import { Tile } from '../../ui/figures';
import { boughtShare, ENOUGH_RETURNED } from './advice';
import { InsightPage } from './frame/InsightPage';
import { Change } from './frame/change';
import { fileOf } from './frame/spans';
import { Count, MembersDrawer, useCanOpen, useOpenMembers } from './frame/members';
import { decimals, ratioOf, useColours } from './frame/use';
import { useReport } from './frame/useReport';

type Band = IntervalReport['gaps']['bands'][number];

const whole = (text: string | null | undefined) => (text === null || text === undefined ? null : Number(text));
const short = (n: number | null) => (n === null ? '–' : String(Math.round(n * 10) / 10));
/** A stretch of days, told once where both ends are the same. */
const stretch = (from: number | null, to: number | null) => (short(from) === short(to) ? short(from) : `${short(from)}–${short(to)}`);

function useBandName() {
  const { t } = useTranslation();
  return (from: number, to: number | null | undefined) => (to ? t('insight.interval.band', { from, to: to - 1 }) : t('insight.interval.bandMore', { from }));
}

function Gaps({ data, before }: { data: IntervalReport; before: IntervalReport | undefined }) {
  const { t } = useTranslation();
  const c = useColours();
  const open = useOpenMembers();
  const can = useCanOpen();
  const narrow = useNarrow();
  const bandName = useBandName();
  const { gaps } = data;
  const bands = gaps.bands;
  const then = before && before.gaps.count > 0 ? before.gaps : null;
  const option = useMemo(() => {
    const percent = (n: number, all: number) => (all ? Math.round((n * 1000) / all) / 10 : 0);
    const names = [t('insight.interval.share'), ...(then ? [t('insight.before')] : [])];
    const behind = (r: { seriesName: string; dataIndex: number }) => {
      const band = r.seriesName === names[0] ? bands[r.dataIndex] : undefined;
      return band ? ` (${safe(t('insight.interval.bandOf', { n: formatNumber(band.gaps), members: formatNumber(band.members) }))})` : '';
    };
    return {
      ...base(c, names),
      tooltip: tooltip(c, (rows) => `${safe(rows[0]?.name ?? '')}<br>${rows.map((r) => `${r.marker}${safe(r.seriesName)} ${String(r.value)}%${behind(r)}`).join('<br>')}`),
      xAxis: categories(c, bands.map((b) => bandName(b.from, b.to)), { axisLabel: { color: c.muted, fontSize: 11, interval: 0, hideOverlap: false, rotate: narrow ? 40 : 0 } }),
      yAxis: values(c, (n) => `${n}%`, percentScale([...bands.map((b) => percent(b.gaps, gaps.count)), ...(then?.bands ?? []).map((b) => percent(b.gaps, then?.count ?? 0))])),
      series: [
        { type: 'bar', name: names[0], data: bands.map((b) => percent(b.gaps, gaps.count)), itemStyle: { color: c.accent, borderRadius: [3, 3, 0, 0] }, barMaxWidth: 34 },
        ...(then ? [{ type: 'bar', name: names[1], data: then.bands.map((b) => percent(b.gaps, then.count)), itemStyle: { color: c.before, borderRadius: [3, 3, 0, 0] }, barMaxWidth: 34 }] : []),
      ],
    };
  }, [bandName, bands, c, gaps.count, narrow, t, then]);
  const columns: Column<Band>[] = [
    { key: 'band', title: t('insight.interval.days'), render: (b) => bandName(b.from, b.to), sheet: (b) => bandName(b.from, b.to) },
    { key: 'gaps', title: t('insight.interval.gaps'), align: 'right', render: (b) => formatNumber(b.gaps), sheet: (b) => b.gaps },
    { key: 'share', title: t('insight.interval.share'), align: 'right', render: (b) => formatShare(b.gaps, gaps.count), sheet: (b) => formatShare(b.gaps, gaps.count) },
    { key: 'members', title: t('insight.interval.behind'), align: 'right', render: (b) => <Count n={b.members} of={String(b.from)} label={t('insight.interval.boughtAfter', { band: bandName(b.from, b.to) })} />, sheet: (b) => b.members },
    ...(then ? [{ key: 'then', title: t('insight.before'), align: 'right' as const, render: (b: Band) => formatShare(then.bands.find((x) => x.from === b.from)?.gaps ?? 0, then.count), sheet: (b: Band) => formatShare(then.bands.find((x) => x.from === b.from)?.gaps ?? 0, then.count) }] : []),
  ];
  // Gaps of one member are no habit of the shop, however many.
  const few = gaps.members < ENOUGH_RETURNED;
  const days = (n: number | null) => (n === null ? '–' : t('insight.days', { n: short(n) }));
  const [p25, median, p75, p90] = [whole(gaps.p25), whole(gaps.median), whole(gaps.p75), whole(gaps.p90)];
  return (
    <>
      <div className="tiles tiles-head">
        <Tile label={t('insight.interval.median')} value={days(median)} note={<><span className="tile-foot"><Change data={data} before={before} tone="bad" of={(d) => whole(d.gaps.median)} say={(d) => days(whole(d.gaps.median))} /></span><span className="block">{t('insight.interval.medianNote')}</span></>} />
        <Tile label={t('insight.interval.middle')} value={p25 === null ? '–' : t('insight.days', { n: stretch(p25, p75) })} note={t(few ? 'insight.interval.middleFew' : 'insight.interval.middleNote')} />
        <Tile label={t('insight.interval.p90')} value={days(p90)} note={t(few ? 'insight.interval.p90Few' : 'insight.interval.p90Note')} />
        <Tile label={t('insight.interval.mean')} value={gaps.count ? t('insight.days', { n: decimals(gaps.mean) }) : '–'} note={<><span className="tile-foot"><Change data={data} before={before} tone="bad" of={(d) => ratioOf(d.gaps.mean)} say={(d) => days(ratioOf(d.gaps.mean))} /></span><span className="block">{t('insight.interval.ofGaps', { n: formatNumber(gaps.count), members: formatNumber(gaps.members) })}</span></>} />
      </div>
      <ChartCard
        title={t('insight.interval.title')}
        note={median === null || p25 === null ? t('insight.interval.none') : few ? t('insight.interval.few', { n: formatNumber(gaps.count), members: formatNumber(gaps.members), enough: ENOUGH_RETURNED }) : t('insight.interval.advice', { stretch: stretch(p25, p75), p90: short(p90) })}
        columns={columns}
        rows={bands}
        rowKey={(b) => String(b.from)}
        file={fileOf('intervals', data)}
      >
        <Chart
          label={t('insight.interval.label', { median: short(median) })}
          option={option}
          onPick={({ index }) => {
            const band = bands[index];
            if (band && band.members > 0 && can) open(String(band.from));
          }}
        />
        <p className="muted small fine">{t('insight.interval.gapsNote')}</p>
      </ChartCard>
    </>
  );
}

const HORIZONS = [30, 60, 90, 180, 365];

/** The one number that is asked for most: of new buyers, the share that is back within so many days. */
function Back({ data, before }: { data: IntervalReport; before: IntervalReport | undefined }) {
  const { t } = useTranslation();
  const second = data.second_purchase;
  const back = (of: IntervalReport, day: number) => {
    const left = whole(of.second_purchase.survival[String(day)]);
    return left === null ? null : 1 - left;
  };
  const said = (share: number | null) => (share === null ? '–' : formatShare(share, 1));
  const took = whole(second.median_of_returned);
  return (
    <Card title={t('insight.interval.back.title')}>
      <div className="tiles tiles-small">
        {HORIZONS.map((day) => {
          const share = back(data, day);
          return (
            <Tile
              key={day}
              label={t('insight.interval.back.day', { n: day })}
              value={said(share)}
              note={share === null ? t('insight.interval.back.unknown', { n: day }) : <span className="tile-foot"><Change data={data} before={before} points of={(d) => back(d, day)} say={(d) => said(back(d, day))} /></span>}
            />
          );
        })}
      </div>
      {took === null || second.events < ENOUGH_RETURNED ? null : <p className="small">{t('insight.interval.back.returned', { n: formatNumber(second.events), days: short(took) })}</p>}
      <p className="muted small fine">{t('insight.interval.back.note', { members: formatNumber(second.members), events: formatNumber(second.events) })}</p>
    </Card>
  );
}

function Second({ data, before }: { data: IntervalReport; before: IntervalReport | undefined }) {
  const { t } = useTranslation();
  const c = useColours();
  const second = data.second_purchase;
  const rows = useMemo(
    () => Object.entries(second.survival).map(([day, left]) => ({ day: Number(day), left: whole(left), then: whole(before?.second_purchase.survival[day]) })).sort((a, b) => a.day - b.day),
    [before, second],
  );
  const bought = (left: number | null) => (left === null ? null : boughtShare(left));
  const said = (share: number | null) => (share === null ? '–' : formatShare(share, 1));
  const back = (left: number | null) => said(left === null ? null : 1 - left);
  const option = useMemo(() => {
    const older = rows.some((r) => r.then !== null);
    const names = [t('insight.interval.boughtAgain'), ...(older ? [t('insight.before')] : [])];
    const line = (key: 'left' | 'then') => [[0, 0], ...rows.filter((r) => r[key] !== null).map((r) => [r.day, (1 - (r[key] ?? 0)) * 100])];
    return {
      ...base(c, names),
      grid: { left: 4, right: 16, top: names.length > 1 ? 36 : 16, bottom: 28, containLabel: true },
      tooltip: {
        ...tooltip(c, (items) => {
          const at = items[0]?.value as [number, number] | undefined;
          return `${safe(t('insight.interval.within', { n: at?.[0] ?? 0 }))}<br>${items.map((i) => `${i.marker}${safe(i.seriesName)} ${said((i.value as [number, number])[1] / 100)}`).join('<br>')}`;
        }),
        axisPointer: { type: 'line' },
      },
      xAxis: { type: 'value', min: 0, max: Math.max(30, ...rows.filter((r) => r.left !== null || r.then !== null).map((r) => r.day)), name: t('insight.interval.daysAfter'), nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: c.muted, fontSize: 12 }, axisLabel: { color: c.muted, fontSize: 12, formatter: (n: number) => String(n) }, splitLine: { show: false }, axisLine: { lineStyle: { color: c.line } } },
      yAxis: values(c, (n) => `${n}%`, percentScale([...line('left'), ...line('then')].map(([, n]) => n ?? null))),
      series: [
        { type: 'line', name: names[0], data: line('left'), symbolSize: 7, lineStyle: { width: 2, color: c.accent }, itemStyle: { color: c.accent } },
        ...(older ? [{ type: 'line', name: names[1], data: line('then'), symbolSize: 5, lineStyle: { type: 'dashed', width: 2, color: c.before }, itemStyle: { color: c.before } }] : []),
      ],
    };
  }, [c, rows, t]);
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'day', title: t('insight.interval.afterFirst'), render: (r) => t('insight.interval.within', { n: r.day }), sheet: (r) => r.day },
    { key: 'bought', title: t('insight.interval.boughtAgain'), align: 'right', render: (r) => back(r.left), sheet: (r) => bought(r.left) },
    { key: 'left', title: t('insight.interval.notYet'), align: 'right', render: (r) => said(r.left), sheet: (r) => r.left },
    ...(before ? [{ key: 'then', title: t('insight.before'), align: 'right' as const, render: (r: (typeof rows)[number]) => back(r.then), sheet: (r: (typeof rows)[number]) => bought(r.then) }] : []),
  ];
  return (
    <ChartCard
      title={t('insight.interval.second')}
      note={t(second.median_days === null || second.median_days === undefined ? 'insight.interval.secondNoMedian' : 'insight.interval.secondMedian', { members: formatNumber(second.members), events: formatNumber(second.events), n: second.median_days ?? 0 })}
      columns={columns}
      rows={rows}
      rowKey={(r) => String(r.day)}
      file={fileOf('second-purchase', data)}
    >
      <Chart label={t('insight.interval.secondLabel')} option={option} />
      <p className="muted small fine">{t('insight.interval.kaplan')}</p>
    </ChartCard>
  );
}

export function Component() {
  const { t } = useTranslation();
  const asked = useReport<IntervalReport>('interval');
  const bandName = useBandName();
  const nameOf = (of: string) => {
    const band = asked.data?.gaps.bands.find((b) => String(b.from) === of);
    return band ? t('insight.interval.boughtAfter', { band: bandName(band.from, band.to) }) : null;
  };
  return (
    <>
      <InsightPage asked={asked} ofMembers>
        {(data, before) => (
          <>
            <Back data={data} before={before} />
            <Gaps data={data} before={before} />
            <Second data={data} before={before} />
          </>
        )}
      </InsightPage>
      <MembersDrawer report="interval" query={asked.query} nameOf={nameOf} />
    </>
  );
}
