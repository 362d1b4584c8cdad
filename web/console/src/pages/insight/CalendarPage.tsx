/** On which weekdays and at which hours people buy, on the shop's clock. */
import type { CalendarReport } from '@api';
import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber, formatShare, plainMoney } from '../../app/format';
import { useNarrow, usePrefs } from '../../app/prefs';
import { Chart } from '../../ui/chart/Chart';
import { ChartCard } from '../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../ui/chart/parts';
import { percentScale } from '../../ui/chart/scale';
import type { Column } from '../../ui/DataTable';
import { peakOf } from './advice';
import { InsightPage } from './frame/InsightPage';
import { fileOf } from './frame/spans';
import { Count, MembersDrawer, useCanOpen, useOpenMembers } from './frame/members';
import { ofReturns, useColours, useMoney } from './frame/use';
import { useReport } from './frame/useReport';
import { Heat } from './Heat';

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const HOURS = Array.from({ length: 24 }, (_, h) => h);
const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);

function Grid({ data }: { data: CalendarReport }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { language } = usePrefs();
  const money = useMoney(data.currency);
  const open = useOpenMembers();
  const can = useCanOpen();
  const [measure, setMeasure] = useState<'orders' | 'paid'>('orders');
  const of = (day: number, hour: number, what: 'orders' | 'paid' | 'members' = measure) => data[what][day - 1]?.[hour] ?? 0;
  const rows = DAYS.flatMap((day) => HOURS.map((hour) => ({ day, hour, orders: of(day, hour, 'orders'), paid: of(day, hour, 'paid'), members: of(day, hour, 'members') })));
  const all = sum(data.orders_by_hour);
  const peak = peakOf(data.orders);
  const dayName = (day: number) => t(`insight.weekday.${day}`);
  const show = (n: number) => (n === 0 ? '' : measure === 'paid' ? money.whole(n) : formatCount(n, language));
  const whenOf = (day: number, hour: number) => t('insight.calendar.when', { day: dayName(day), hour, next: hour + 1 });
  const of100 = formatShare('orders' in peak ? peak.orders : 0, all);
  const list = new Intl.ListFormat(language);
  const daysOf = (days: number[]) => list.format(days.map(dayName));
  const told = { n: formatNumber('orders' in peak ? peak.orders : 0), share: of100 };
  const sayPeak = () => {
    switch (peak.kind) {
      case 'cell':
        return t('insight.calendar.best', { ...told, day: dayName(peak.day), hour: peak.hour, next: peak.hour + 1 });
      case 'hours': {
        const hours = list.format(peak.runs.map((run) => t('insight.calendar.hours', { hour: run.hour, next: run.next })));
        return t(`insight.calendar.bestHours${peak.alike ? 'Alike' : peak.days.length > 0 ? 'Days' : ''}`, { ...told, hours, days: daysOf(peak.days) });
      }
      case 'hour':
        return t('insight.calendar.oneHour', { ...told, hour: peak.hour, next: peak.hour + 1 });
      case 'days':
        return t('insight.calendar.bestDays', { ...told, days: daysOf(peak.days) });
      case 'few':
        return t('insight.calendar.few', told);
      case 'even':
        return t('insight.calendar.even');
      default:
        return undefined;
    }
  };
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'day', title: t('insight.calendar.weekday'), render: (r) => dayName(r.day), sheet: (r) => dayName(r.day) },
    { key: 'hour', title: t('insight.calendar.hour'), render: (r) => `${r.hour}:00`, sheet: (r) => r.hour },
    { key: 'orders', title: t('insight.measure.orders'), align: 'right', render: (r) => formatNumber(r.orders), sheet: (r) => r.orders },
    { key: 'paid', title: t('insight.measure.paid', ofReturns(data)), align: 'right', render: (r) => money.exact(r.paid), sheet: (r) => plainMoney(money.of(r.paid)) },
    { key: 'members', title: t('insight.calendar.behind'), align: 'right', render: (r) => <Count n={r.members} of={`${r.day}:${r.hour}`} label={whenOf(r.day, r.hour)} />, sheet: (r) => r.members },
  ];
  const cell = (day: number, hour: number) => ({
    value: Math.max(0, of(day, hour)),
    text: show(of(day, hour)),
    label: t('insight.calendar.cell', { day: dayName(day), hour, next: hour + 1, n: formatNumber(of(day, hour, 'orders')), money: money.exact(of(day, hour, 'paid')), members: formatNumber(of(day, hour, 'members')) }),
    onOpen: can && of(day, hour, 'members') > 0 ? () => open(`${day}:${hour}`) : undefined,
  });
  const days = DAYS.map((d) => ({ key: String(d), title: narrow ? t(`insight.weekdayShort.${d}`) : dayName(d) }));
  const hours = HOURS.map((h) => ({ key: String(h), title: narrow ? `${h}:00` : String(h) }));
  return (
    <ChartCard
      title={t('insight.calendar.title')}
      note={sayPeak()}
      columns={columns}
      rows={rows}
      rowKey={(r) => `${r.day}:${r.hour}`}
      file={fileOf('hours', data)}
      tools={
        <Segmented<'orders' | 'paid'>
          size="small"
          value={measure}
          aria-label={t('insight.measureOf')}
          options={(['orders', 'paid'] as const).map((value) => ({ value, label: t(`insight.measure.${value}`, ofReturns(data)) }))}
          onChange={setMeasure}
        />
      }
    >
      {narrow ? (
        <Heat label={t('insight.calendar.title')} corner={t('insight.calendar.hour')} columns={days} rows={hours} cell={(hour, day) => cell(Number(day), Number(hour))} />
      ) : (
        <Heat label={t('insight.calendar.title')} corner={t('insight.calendar.hour')} columns={hours} rows={days} cell={(day, hour) => cell(Number(day), Number(hour))} />
      )}
      <p className="muted small fine">{t('insight.calendar.who')}</p>
      {measure === 'paid' ? <p className="muted small fine">{t('insight.calendar.inYuan', { currency: data.currency ?? '' })}</p> : null}
    </ChartCard>
  );
}

function Sums({ data, before }: { data: CalendarReport; before: CalendarReport | undefined }) {
  const { t } = useTranslation();
  const c = useColours();
  const chart = (names: string[], now: number[], then: number[] | undefined) => {
    const percent = (list: number[]) => list.map((n) => (sum(list) ? Math.round((n * 1000) / sum(list)) / 10 : 0));
    const legend = [t('insight.calendar.share'), ...(then && sum(then) > 0 ? [t('insight.before')] : [])];
    return {
      ...base(c, legend),
      tooltip: tooltip(c, (rows) => `${safe(rows[0]?.name ?? '')}<br>${rows.map((r) => `${r.marker}${safe(r.seriesName)} ${String(r.value)}%${r.seriesName === legend[0] ? ` (${formatNumber(now[r.dataIndex])})` : ''}`).join('<br>')}`),
      xAxis: categories(c, names),
      yAxis: values(c, (n) => `${n}%`, percentScale([...percent(now), ...(legend.length > 1 && then ? percent(then) : [])])),
      series: [
        { type: 'bar', name: legend[0], data: percent(now), itemStyle: { color: c.accent, borderRadius: [3, 3, 0, 0] }, barMaxWidth: 28 },
        ...(legend.length > 1 && then ? [{ type: 'line', name: legend[1], data: percent(then), symbolSize: 5, lineStyle: { type: 'dashed', width: 2, color: c.before }, itemStyle: { color: c.before } }] : []),
      ],
    };
  };
  const weekdays = useMemo(() => chart(DAYS.map((d) => t(`insight.weekday.${d}`)), data.orders_by_weekday, before?.orders_by_weekday), [c, data, before, t]);
  const hours = useMemo(() => chart(HOURS.map(String), data.orders_by_hour, before?.orders_by_hour), [c, data, before, t]);
  const rows = (now: number[], then: number[] | undefined, name: (i: number) => string) => now.map((n, i) => ({ name: name(i), n, then: then?.[i] }));
  type Row = ReturnType<typeof rows>[number];
  const columns = (title: string, all: number): Column<Row>[] => [
    { key: 'name', title, render: (r) => r.name, sheet: (r) => r.name },
    { key: 'n', title: t('insight.measure.orders'), align: 'right', render: (r) => formatNumber(r.n), sheet: (r) => r.n },
    { key: 'share', title: t('insight.calendar.share'), align: 'right', render: (r) => formatShare(r.n, all), sheet: (r) => formatShare(r.n, all) },
    ...(before ? [{ key: 'then', title: t('insight.before'), align: 'right' as const, render: (r: Row) => formatNumber(r.then), sheet: (r: Row) => r.then }] : []),
  ];
  const all = sum(data.orders_by_hour);
  return (
    <div className="halves">
      <ChartCard title={t('insight.calendar.byWeekday')} columns={columns(t('insight.calendar.weekday'), all)} rows={rows(data.orders_by_weekday, before?.orders_by_weekday, (i) => t(`insight.weekday.${i + 1}`))} rowKey={(r) => r.name} file={fileOf('weekdays', data)}>
        <Chart label={t('insight.calendar.byWeekday')} option={weekdays} height={220} />
      </ChartCard>
      <ChartCard title={t('insight.calendar.byHour')} columns={columns(t('insight.calendar.hour'), all)} rows={rows(data.orders_by_hour, before?.orders_by_hour, (i) => `${i}:00`)} rowKey={(r) => r.name} file={fileOf('by-hour', data)}>
        <Chart label={t('insight.calendar.byHour')} option={hours} height={220} />
      </ChartCard>
    </div>
  );
}

export function Component() {
  const { t } = useTranslation();
  const asked = useReport<CalendarReport>('calendar');
  const nameOf = (of: string) => {
    const found = /^([1-7]):(\d{1,2})$/.exec(of);
    return found ? t('insight.calendar.when', { day: t(`insight.weekday.${found[1]}`), hour: found[2], next: Number(found[2]) + 1 }) : null;
  };
  return (
    <>
      <InsightPage asked={asked}>
        {(data, before) => (
          <>
            <Grid data={data} />
            <Sums data={data} before={before} />
          </>
        )}
      </InsightPage>
      <MembersDrawer report="calendar" query={asked.query} nameOf={nameOf} />
    </>
  );
}
