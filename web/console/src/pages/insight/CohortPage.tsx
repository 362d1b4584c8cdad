/** Members by the month of their first purchase, and how many of them bought again in each month after it. */
import type { CohortReport } from '@api';
import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber, formatShare, plainMoney } from '../../app/format';
import { useNarrow, usePrefs } from '../../app/prefs';
import { EmptyTeach } from '../../ui/bits';
import { Chart } from '../../ui/chart/Chart';
import { ChartCard } from '../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../ui/chart/parts';
import { percentScale } from '../../ui/chart/scale';
import type { Column } from '../../ui/DataTable';
import { InsightPage } from './frame/InsightPage';
import { cutMonth, fileOf, monthAfter } from './frame/spans';
import { Count, MembersDrawer, useCanOpen, useOpenMembers } from './frame/members';
import { ofReturns, useColours, useMoney } from './frame/use';
import { useReport } from './frame/useReport';
import { Heat } from './Heat';

const MEASURES = ['retention', 'within', 'members', 'paid'] as const;
type Measure = (typeof MEASURES)[number];
type Cohort = CohortReport['cohorts'][number];

/** On a phone these months stand for all; the table and the file have every one. */
const FEW = [0, 1, 2, 3, 6, 12];

function Retention({ data }: { data: CohortReport }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { language } = usePrefs();
  const [measure, setMeasure] = useState<Measure>('retention');
  const open = useOpenMembers();
  const can = useCanOpen();
  const money = useMoney(data.currency);
  const longest = Math.max(0, ...data.cohorts.map((c) => c.members.length));
  const months = Array.from({ length: longest }, (_, i) => i).filter((i) => !narrow || FEW.includes(i));
  const rows = data.cohorts.flatMap((c) => c.members.map((n, i) => ({ cohort: c.cohort, size: c.size, month: i, n, within: c.within[i] ?? 0, paid: c.paid[i] ?? 0 })));
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    { key: 'cohort', title: t('insight.cohort.first'), render: (r) => r.cohort, sheet: (r) => r.cohort },
    { key: 'size', title: t('insight.cohort.size'), align: 'right', render: (r) => formatNumber(r.size), sheet: (r) => r.size },
    { key: 'month', title: t('insight.cohort.after'), align: 'right', render: (r) => r.month, sheet: (r) => r.month },
    { key: 'n', title: t('insight.measure.buyers'), align: 'right', render: (r) => <Count n={r.n} of={r.month ? `${r.cohort}:${r.month}` : r.cohort} label={t('insight.cohort.cell', { cohort: r.cohort, month: r.month })} />, sheet: (r) => r.n },
    { key: 'share', title: t('insight.cohort.retention'), align: 'right', render: (r) => formatShare(r.n, r.size), sheet: (r) => formatShare(r.n, r.size) },
    { key: 'within', title: t('insight.cohort.within'), align: 'right', render: (r) => <Count n={r.within} of={`${r.cohort}:within:${r.month}`} label={t('insight.cohort.cellWithin', { cohort: r.cohort, month: r.month })} />, sheet: (r) => r.within },
    { key: 'withinShare', title: t('insight.cohort.by.within'), align: 'right', render: (r) => formatShare(r.within, r.size), sheet: (r) => formatShare(r.within, r.size) },
    { key: 'paid', title: t('insight.measure.paid', ofReturns(data)), align: 'right', render: (r) => money.exact(r.paid), sheet: (r) => plainMoney(money.of(r.paid)) },
  ];
  const of = (c: Cohort, i: number) => {
    const n = c.members[i];
    if (n === undefined) return { value: null, text: '' };
    if (measure === 'members') return { value: n, text: formatCount(n, language) };
    if (measure === 'paid') return { value: Math.max(0, c.paid[i] ?? 0), text: money.whole(c.paid[i] ?? 0) };
    const counted = measure === 'within' ? (c.within[i] ?? 0) : n;
    return { value: (counted / c.size) * 100, text: counted > 0 && counted * 200 < c.size ? '<1%' : `${Math.round((counted * 100) / c.size)}%` };
  };
  // The month that the last day cuts: its cells count fewer days than the others.
  const cut = cutMonth(data);
  const isCut = (cohort: string, i: number) => cut?.month === monthAfter(cohort, i);
  const byCohort = new Map(data.cohorts.map((c) => [c.cohort, c]));
  // The first month is whole by nature: it would drown the colour of all others.
  const full = Math.max(0, ...data.cohorts.flatMap((c) => c.members.slice(1).map((_, i) => of(c, i + 1).value ?? 0)));
  return (
    <ChartCard
      title={t('insight.cohort.title')}
      note={`${t('insight.cohort.note')} ${t('insight.cohort.follows')}`}
      columns={columns}
      rows={rows}
      rowKey={(r) => `${r.cohort} ${r.month}`}
      file={fileOf('cohorts', data)}
      tools={<Segmented<Measure> size="small" value={measure} aria-label={t('insight.measureOf')} options={MEASURES.map((value) => ({ value, label: t(`insight.cohort.by.${value}`) }))} onChange={setMeasure} />}
    >
      <div className="heat-frame" role="region" aria-label={t('insight.cohort.title')} tabIndex={0}>
        <Heat
          label={t('insight.cohort.title')}
          corner={t('insight.cohort.corner')}
          full={full || 1}
          columns={months.map((i) => ({ key: String(i), title: narrow ? String(i) : t('insight.cohort.monthN', { n: i }) }))}
          rows={data.cohorts.map((c) => ({ key: c.cohort, title: c.cohort, note: t('insight.cohort.people', { n: formatNumber(c.size) }) }))}
          cell={(cohort, column) => {
            const c = byCohort.get(cohort);
            const i = Number(column);
            if (!c) return { value: null, text: '', label: '' };
            const shown = of(c, i);
            const marked = shown.value !== null && isCut(cohort, i);
            const text = marked ? `${shown.text}*` : shown.text;
            const say = (label: string) => (marked ? t('insight.cohort.cellOpen', { label, day: cut?.day }) : label);
            if (measure === 'within') {
              const n = c.within[i] ?? 0;
              return {
                ...shown,
                text,
                label: say(t('insight.cohort.withinLabel', { cohort, month: i, n: formatNumber(n), share: formatShare(n, c.size) })),
                onOpen: can && n > 0 ? () => open(`${cohort}:within:${i}`) : undefined,
              };
            }
            const n = c.members[i] ?? 0;
            return {
              ...shown,
              text,
              quiet: i === 0,
              label: say(t('insight.cohort.cellLabel', { cohort, month: i, n: formatNumber(n), share: formatShare(n, c.size), money: money.exact(c.paid[i] ?? 0) })),
              onOpen: can && n > 0 ? () => open(i ? `${cohort}:${i}` : cohort) : undefined,
            };
          }}
        />
      </div>
      {cut ? <p className="muted small fine">{t('insight.cohort.openMonth', cut)}</p> : null}
      {narrow && longest > FEW.length ? <p className="muted small fine">{t('insight.cohort.few')}</p> : null}
    </ChartCard>
  );
}

/** Of all cohorts that were observed for so long: how many bought in that month. */
function curveOf(cohorts: Cohort[]) {
  const longest = Math.max(0, ...cohorts.map((c) => c.members.length));
  return Array.from({ length: longest }, (_, i) => {
    const seen = cohorts.filter((c) => c.members.length > i);
    const size = seen.reduce((sum, c) => sum + c.size, 0);
    const n = seen.reduce((sum, c) => sum + (c.members[i] ?? 0), 0);
    return { month: i, cohorts: seen.length, size, n };
  }).slice(1);
}

function Curve({ data, before }: { data: CohortReport; before: CohortReport | undefined }) {
  const { t } = useTranslation();
  const c = useColours();
  const rows = useMemo(() => curveOf(data.cohorts), [data]);
  const then = useMemo(() => (before ? curveOf(before.cohorts) : []), [before]);
  const option = useMemo(() => {
    const names = [t('insight.cohort.average'), ...(then.length > 0 ? [t('insight.before')] : [])];
    const percent = (r: { n: number; size: number }) => (r.size ? Math.round((r.n * 1000) / r.size) / 10 : null);
    const months = Array.from({ length: Math.max(rows.length, then.length) }, (_, i) => t('insight.cohort.monthN', { n: i + 1 }));
    return {
      ...base(c, names),
      tooltip: tooltip(c, (items) => `${safe(items[0]?.name ?? '')}<br>${items.filter((i) => i.value !== null && i.value !== undefined).map((i) => `${i.marker}${safe(i.seriesName)} ${String(i.value)}%`).join('<br>')}`),
      xAxis: categories(c, months, { boundaryGap: false }),
      yAxis: values(c, (n) => `${n}%`, percentScale([...rows, ...then].map(percent))),
      series: [
        { type: 'line', name: names[0], data: rows.map(percent), symbolSize: 6, lineStyle: { width: 2, color: c.accent }, itemStyle: { color: c.accent } },
        ...(then.length > 0 ? [{ type: 'line', name: names[1], data: then.map(percent), symbolSize: 5, lineStyle: { type: 'dashed', width: 2, color: c.before }, itemStyle: { color: c.before } }] : []),
      ],
    };
  }, [c, rows, t, then]);
  if (rows.length === 0) return null;
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'month', title: t('insight.cohort.after'), render: (r) => r.month, sheet: (r) => r.month },
    { key: 'cohorts', title: t('insight.cohort.cohorts'), align: 'right', render: (r) => r.cohorts, sheet: (r) => r.cohorts },
    { key: 'size', title: t('insight.cohort.size'), align: 'right', render: (r) => formatNumber(r.size), sheet: (r) => r.size },
    { key: 'n', title: t('insight.measure.buyers'), align: 'right', render: (r) => formatNumber(r.n), sheet: (r) => r.n },
    { key: 'share', title: t('insight.cohort.retention'), align: 'right', render: (r) => formatShare(r.n, r.size), sheet: (r) => formatShare(r.n, r.size) },
  ];
  return (
    <ChartCard title={t('insight.cohort.curve')} note={t('insight.cohort.curveNote')} columns={columns} rows={rows} rowKey={(r) => String(r.month)} file={fileOf('retention', data)}>
      {rows.every((r) => r.n === 0) ? <EmptyTeach title={t('insight.cohort.noneBack')} text={t('insight.cohort.sameMonth')} /> : <Chart label={t('insight.cohort.curveLabel', { first: formatShare(rows[0]?.n ?? 0, rows[0]?.size ?? 0) })} option={option} height={240} />}
    </ChartCard>
  );
}

export function Component() {
  const { t } = useTranslation();
  const asked = useReport<CohortReport>('cohort');
  const nameOf = (of: string) => {
    const found = /^(\d{4}-\d{2})(?::(within:)?(\d+))?$/.exec(of);
    if (!found) return null;
    if (found[2]) return t('insight.cohort.cellWithin', { cohort: found[1], month: found[3] });
    return found[3] ? t('insight.cohort.cell', { cohort: found[1], month: found[3] }) : t('insight.cohort.whole', { cohort: found[1] });
  };
  const countOf = (of: string) => {
    const [month = '', ...more] = of.split(':');
    const cohort = asked.data?.cohorts.find((c) => c.cohort === month);
    const at = Number(more.at(-1));
    if (more.length === 0) return cohort?.size;
    return more[0] === 'within' ? cohort?.within[at] : cohort?.members[at];
  };
  return (
    <>
      <InsightPage asked={asked} ofMembers>
        {(data, before) => (
          <>
            <Retention data={data} />
            <Curve data={data} before={before} />
          </>
        )}
      </InsightPage>
      <MembersDrawer report="cohort" query={asked.query} nameOf={nameOf} countOf={countOf} />
    </>
  );
}
