/** The dashboard's figures by day, week or month, with the days before and the promotion calendar beside them. */
import type { DashboardReport, SeriesPoint } from '@api';
import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { formatNumber, plainMoney } from '../../app/format';
import { Amount } from '../../ui/bits';
import { Chart } from '../../ui/chart/Chart';
import { ChartCard } from '../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../ui/chart/parts';
import type { Column } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { receivedTold } from './advice';
import { useCanOpen, useOpenMembers } from './frame/members';
import { NAME_ROOM, OccasionsDrawer, useMarks, useOccasions, weighty } from './frame/occasions';
import type { Period } from './frame/period';
import { useBeforeName } from './frame/change';
import { Unbroken } from './frame/Unbroken';
import { beside, fileOf, type Span } from './frame/spans';
import { ofReturns, useColours, useMoney } from './frame/use';

const MEASURES = ['received', 'paid', 'orders', 'buyers', 'new_buyers'] as const;
type Measure = (typeof MEASURES)[number];
export const GRAINS = ['day', 'week', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** Days for a month or two, weeks for half a year, else months. */
export function grainOf(wanted: string | null, span: Span): Grain {
  const found = GRAINS.find((g) => g === wanted);
  if (found) return found;
  const days = span.from ? (Date.parse(span.to) - Date.parse(span.from)) / 86_400_000 : Number.POSITIVE_INFINITY;
  return days <= 62 ? 'day' : days <= 190 ? 'week' : 'month';
}

const labelOf = (p: SeriesPoint, grain: Grain) => (grain === 'month' ? p.from.slice(0, 7) : p.from.slice(5));

interface Props {
  data: DashboardReport;
  before: DashboardReport | undefined;
  period: Period;
}

export function Trend({ data, before, period }: Props) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState(false);
  const open = useOpenMembers();
  const can = useCanOpen();
  const c = useColours();
  const money = useMoney(data.currency);
  const marks = useMarks();
  const beforeName = useBeforeName();
  const measure: Measure = MEASURES.find((m) => m === params.get('measure')) ?? 'received';
  const grain = grainOf(data.series?.grain ?? null, period.span);
  const points = useMemo(() => data.series?.points ?? [], [data]);
  const first = points[0]?.from;
  const calendar = useOccasions(first, points.at(-1)?.to);
  const { occasions } = calendar;
  const isMoney = measure === 'received' || measure === 'paid';
  const older = before?.series;
  // The window before falls on other months: there is none to stand under this one. The same months a year ago do.
  const then = useMemo(
    () => (older && older.grain === grain && (grain !== 'month' || period.compare === 'year') ? beside(points, older.points) : null),
    [older, grain, period.compare, points],
  );
  const found = marks.at(grain === 'month' ? occasions.filter(weighty) : occasions.filter((o) => weighty(o) || o.kind === 'holiday'), points);
  const foundText = JSON.stringify([...found]);
  const option = useMemo(() => {
    const say = (n: number) => (isMoney ? money.exact(n) : formatNumber(n));
    const short = (n: number) => (isMoney ? money.axis(n) : formatNumber(n));
    const drawn = (p: SeriesPoint) => (measure === 'received' && !receivedTold(p) ? null : p[measure]);
    const names = [t(`insight.measure.${measure}`, ofReturns(data)), ...(then ? [t(`insight.compares.${period.compare}`)] : [])];
    const top = (names.length > 1 ? 36 : 16) + (found.size > 0 ? NAME_ROOM : 0);
    return (width: number) => ({
      ...base(c, names),
      grid: { left: 4, right: 16, top, bottom: 4, containLabel: true },
      tooltip: tooltip(c, (rows) => {
        const index = rows[0]?.dataIndex ?? 0;
        const day = points[index];
        const head = [day ? (grain === 'month' ? day.from.slice(0, 7) : day.from) : '', ...(found.get(index) ?? [])].filter(Boolean).join(' · ');
        return `${safe(head)}<br>${rows.filter((r) => r.value !== null && r.value !== undefined).map((r) => `${r.marker}${safe(r.seriesName)} ${say(Number(r.value))}`).join('<br>')}`;
      }),
      xAxis: categories(c, points.map((p) => labelOf(p, grain))),
      yAxis: values(c, short),
      series: [
        {
          type: 'bar',
          name: names[0],
          data: points.map(drawn),
          itemStyle: { color: c.accent, borderRadius: [3, 3, 0, 0] },
          barMaxWidth: 36,
          markLine: marks.line(found, points.length, width, c),
        },
        ...(then ? [{ type: 'line', name: names[1], data: then.map((p) => (p ? drawn(p) : null)), symbolSize: 5, lineStyle: { type: 'dashed', width: 2, color: c.before }, itemStyle: { color: c.before } }] : []),
      ],
    });
    // `found` is made anew with every drawing; its text tells whether it says something else.
  }, [c, points, then, isMoney, measure, money.axis, grain, period.compare, t, foundText]);
  const untold = (p: SeriesPoint, key: 'paid' | 'received') => key === 'received' && !receivedTold(p);
  const sum = (p: SeriesPoint, key: 'paid' | 'received') => (untold(p, key) ? '–' : <Amount value={money.of(p[key])} />);
  const plain = (p: SeriesPoint | null | undefined, key: 'paid' | 'received') => plainMoney(p && !untold(p, key) ? money.of(p[key]) : null);
  const people = (p: SeriesPoint, key: 'buyers' | 'new_buyers' | 'returning_buyers') =>
    p[key] > 0 && can ? (
      <button type="button" className="link-button amount" aria-label={t('insight.openMembers', { name: `${p.from} ${t(`insight.measure.${key}`)}`, n: formatNumber(p[key]) })} onClick={() => open(key, { from: p.from, to: p.to })}>
        {formatNumber(p[key])}
      </button>
    ) : (
      formatNumber(p[key])
    );
  const columns: Column<SeriesPoint>[] = [
    { key: 'from', title: t(`insight.grain.${grain}`), render: (p) => (grain === 'month' ? p.from.slice(0, 7) : p.from), sheet: (p) => p.from },
    { key: 'received', title: t('insight.measure.received', ofReturns(data)), align: 'right', render: (p) => sum(p, 'received'), sheet: (p) => plain(p, 'received') },
    { key: 'paid', title: t('insight.measure.paid', ofReturns(data)), align: 'right', render: (p) => sum(p, 'paid'), sheet: (p) => plain(p, 'paid') },
    { key: 'orders', title: t('insight.measure.orders'), align: 'right', render: (p) => formatNumber(p.orders), sheet: (p) => p.orders },
    { key: 'buyers', title: t('insight.measure.buyers'), align: 'right', render: (p) => people(p, 'buyers'), sheet: (p) => p.buyers },
    { key: 'new', title: t('insight.measure.new_buyers'), align: 'right', render: (p) => people(p, 'new_buyers'), sheet: (p) => p.new_buyers },
    { key: 'returning', title: t('insight.measure.returning_buyers'), align: 'right', render: (p) => people(p, 'returning_buyers'), sheet: (p) => p.returning_buyers },
  ];
  // The file tells, beside each stretch, the one that stands under it in the drawing.
  const matched = new Map(points.map((p, i) => [p.from, then?.[i] ?? null]));
  const named = (title: string) => t('insight.ofBefore', { name: title, span: before ? beforeName(data, before) : '' });
  const exported: Column<SeriesPoint>[] = then
    ? [
        ...columns,
        { key: 'then', title: named(t(`insight.grain.${grain}`)), render: () => null, sheet: (p) => matched.get(p.from)?.from },
        ...(['received', 'paid'] as const).map((key) => ({ key: `then-${key}`, title: named(t(`insight.measure.${key}`, ofReturns(data))), render: () => null, sheet: (p: SeriesPoint) => plain(matched.get(p.from), key) })),
        ...(['orders', 'buyers', 'new_buyers', 'returning_buyers'] as const).map((key) => ({ key: `then-${key}`, title: named(t(`insight.measure.${key}`, ofReturns(data))), render: () => null, sheet: (p: SeriesPoint) => matched.get(p.from)?.[key] })),
      ]
    : columns;
  const put = (name: string, value: string) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const begun = occasions.filter(weighty);
  // What began before the first day has no line in the drawing.
  const told = begun.filter((o) => points.some((p) => o.day >= p.from && o.day < p.to));
  // Only days are told apart finely enough; a day without orders at the end is more often one not imported yet.
  const newest = grain === 'day' ? points.findLast((p) => p.orders > 0) : undefined;
  return (
    <ChartCard
      title={t('insight.trend')}
      columns={columns}
      exported={exported}
      rows={points}
      rowKey={(p) => p.from}
      file={fileOf(`dashboard-${grain}`, data)}
      tools={
        <>
          <Segmented<Measure> size="small" className="wrap-choice" value={measure} aria-label={t('insight.measureOf')} options={MEASURES.map((value) => ({ value, label: t(`insight.measure.${value}`, ofReturns(data)) }))} onChange={(value) => put('measure', value)} />
          <Segmented<Grain> size="small" value={grain} aria-label={t('insight.grainOf')} options={GRAINS.map((value) => ({ value, label: t(`insight.grain.${value}`) }))} onChange={(value) => put('grain', value)} />
        </>
      }
    >
      <Chart
        label={t('insight.trendLabel', { measure: t(`insight.measure.${measure}`, ofReturns(data)), n: points.length })}
        option={option}
        onPick={({ index, series }) => {
          const point = points[index];
          if (point && can && series === 0) open(measure === 'new_buyers' ? 'new_buyers' : 'buyers', { from: point.from, to: point.to });
        }}
      />
      {newest && newest !== points.at(-1) ? <p className="muted small fine">{t('insight.newestOrder', { day: newest.from })}</p> : null}
      <ProblemAlert error={calendar.error} retry={calendar.retry} />
      <div className="occasion-line muted small">
        <span>{calendar.error ? null : told.length > 0 ? <Unbroken text={t('insight.occasion.marked', { names: told.map((o) => `${marks.name(o)}\u00a0${o.day.slice(5)}`).join(' · ') })} /> : begun.length > 0 ? null : t('insight.occasion.none')}</span>
        <Button type="link" size="small" onClick={() => setEditing(true)}>
          {t('insight.occasion.title')}
        </Button>
      </div>
      <OccasionsDrawer open={editing} occasions={occasions} onClose={() => setEditing(false)} />
    </ChartCard>
  );
}
