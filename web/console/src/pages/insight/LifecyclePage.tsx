/** Stages by each member's own rhythm: how many, how they moved from month to month, and the rhythm behind it. */
import type { LifecycleReport } from '@api';
import { Select } from 'antd';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayBefore, formatNumber, formatShare } from '../../app/format';
import { Card } from '../../ui/bits';
import { Chart } from '../../ui/chart/Chart';
import { ChartCard } from '../../ui/chart/ChartCard';
import { base, categories, safe, tooltip, values } from '../../ui/chart/parts';
import type { Column } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { Delta } from '../../ui/figures';
import { ENOUGH_RETURNED } from './advice';
import { InsightPage } from './frame/InsightPage';
import { fileOf } from './frame/spans';
import { Count, MembersDrawer, useCanOpen, useOpenMembers } from './frame/members';
import { useMarks, useOccasions, weighty } from './frame/occasions';
import { decimals, ratioOf, useColours } from './frame/use';
import { useReport } from './frame/useReport';
import { Heat } from './Heat';

const STAGES = ['join', 'active', 'declining', 'lost', 'unconverted', 'unknown'] as const;
type Stage = (typeof STAGES)[number];
type Transition = LifecycleReport['transitions'][number];

/** The stages rest on a handful of people: nothing should be done by them. */
const isThin = ({ shop_gap, gap_from }: LifecycleReport) => Boolean(shop_gap.median) && gap_from.shop > 0 && shop_gap.members < ENOUGH_RETURNED;

/** What the stages rest on. */
function Basis({ data }: { data: LifecycleReport }) {
  const { t } = useTranslation();
  const { gaps, members } = data.shop_gap;
  if (!isThin(data)) return t('insight.stage.nowNote');
  return (
    <>
      {t('insight.stage.nowNote')} <strong>{t('insight.stage.thin', { members: formatNumber(members), n: formatNumber(gaps) })}</strong>
    </>
  );
}

function Now({ data, before }: { data: LifecycleReport; before: LifecycleReport | undefined }) {
  const { t } = useTranslation();
  const rows = STAGES.filter((s) => s !== 'unknown' || data.stages.unknown > 0).map((stage) => ({ stage, n: data.stages[stage], then: before?.stages[stage] }));
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'stage', title: t('insight.stage.name'), render: (r) => t(`insight.stage.${r.stage}`), sheet: (r) => t(`insight.stage.${r.stage}`) },
    { key: 'n', title: t('insight.members'), align: 'right', render: (r) => <Count n={r.n} of={r.stage} label={t(`insight.stage.${r.stage}`)} />, sheet: (r) => r.n },
    { key: 'share', title: t('insight.shareMembers'), align: 'right', render: (r) => formatShare(r.n, data.members), sheet: (r) => formatShare(r.n, data.members) },
    ...(before ? [{ key: 'then', title: t('insight.before'), align: 'right' as const, render: (r: (typeof rows)[number]) => formatNumber(r.then), sheet: (r: (typeof rows)[number]) => r.then }] : []),
  ];
  return (
    <ChartCard title={t('insight.stage.now', { day: dayBefore(data.as_of) })} note={<Basis data={data} />} columns={columns} rows={rows} rowKey={(r) => r.stage} file={`stages-${dayBefore(data.to)}`}>
      <ul className="stages">
        {rows.map(({ stage, n, then }) => (
          <li key={stage} className={`stage stage-${stage}`}>
            <strong>{t(`insight.stage.${stage}`)}</strong>
            <span className="rfm-number">
              <Count n={n} of={stage} label={t(`insight.stage.${stage}`)} />
            </span>
            <span className="muted small">
              {t('insight.peopleShare', { share: formatShare(n, data.members) })} <Delta points tone={stage === 'active' ? 'good' : stage === 'join' ? 'plain' : 'bad'} now={data.members ? n / data.members : null} before={before && before.members > 0 ? (then ?? 0) / before.members : null} />{' '}
              {before ? <span className="former block nowrap">{t('insight.stage.then', { day: dayBefore(before.as_of), share: formatShare(then ?? 0, before.members) })}</span> : null}
            </span>
            <span className="small">{t(`insight.stage.means.${stage}`)}</span>
            {isThin(data) ? null : <span className="small muted">{t(`insight.stage.do.${stage}`)}</span>}
          </li>
        ))}
      </ul>
    </ChartCard>
  );
}

/** Members by stage at the first of each month, and on the day of reckoning. */
function monthsOf(data: LifecycleReport) {
  const at = (tr: Transition, side: 'from' | 'to') =>
    Object.fromEntries(STAGES.map((stage) => [stage, tr.moves.filter((m) => m[side] === stage).reduce((sum, m) => sum + m.members, 0)])) as Record<Stage, number>;
  const rows = data.transitions.map((tr) => ({ day: tr.from, n: at(tr, 'from') }));
  const last = data.transitions.at(-1);
  if (last) rows.push({ day: last.to, n: at(last, 'to') });
  return rows;
}

function Months({ data }: { data: LifecycleReport }) {
  const { t } = useTranslation();
  const c = useColours();
  const open = useOpenMembers();
  const can = useCanOpen();
  const rows = useMemo(() => monthsOf(data), [data]);
  const shown = STAGES.filter((s) => s !== 'unknown' || rows.some((r) => r.n[s] > 0));
  // A bar stands at the beginning of its month: a sale in the month before is what it shows the effect of.
  const months = rows.map((r, i) => ({ from: rows[i - 1]?.day ?? r.day, to: r.day }));
  const marks = useMarks();
  const calendar = useOccasions(rows[0]?.day, rows.at(-1)?.day);
  const found = marks.at(calendar.occasions.filter(weighty), months);
  const foundText = JSON.stringify([...found]);
  const option = useMemo(() => {
    const names = shown.map((s) => t(`insight.stage.${s}`));
    return {
      ...base(c, names),
      tooltip: tooltip(c, (items) => {
        const sales = found.get(items[0]?.dataIndex ?? -1)?.join(' · ');
        const all = items.reduce((sum, i) => sum + Number(i.value), 0);
        return `${safe(items[0]?.name ?? '')}${sales ? `<br>${safe(t('insight.stage.monthBefore', { names: sales }))}` : ''}<br>${items.map((i) => `${i.marker}${safe(i.seriesName)} ${formatNumber(Number(i.value))} (${formatShare(Number(i.value), all)})`).join('<br>')}`;
      }),
      xAxis: categories(c, rows.map((r) => r.day.slice(0, 7))),
      yAxis: values(c, formatNumber),
      // A bar of nothing would still draw its border over the axis.
      series: shown.map((s) => ({ type: 'bar', stack: 'stages', name: t(`insight.stage.${s}`), data: rows.map((r) => r.n[s] || null), itemStyle: { color: c.series[STAGES.indexOf(s)], borderColor: c.surface, borderWidth: 1 }, barMaxWidth: 44 })),
    };
  }, [c, rows, shown, t, foundText]);
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'day', title: t('insight.stage.firstOf'), render: (r) => r.day, sheet: (r) => r.day },
    ...shown.map((s) => ({
      key: s,
      title: t(`insight.stage.${s}`),
      align: 'right' as const,
      render: (r: (typeof rows)[number]) => <Count n={r.n[s]} of={s} at={r.day} label={`${r.day} ${t(`insight.stage.${s}`)}`} />,
      sheet: (r: (typeof rows)[number]) => r.n[s],
    })),
  ];
  return (
    <ChartCard title={t('insight.stage.months')} note={t('insight.stage.monthsNote')} columns={columns} rows={rows} rowKey={(r) => r.day} file={fileOf('stage-months', data)}>
      <ProblemAlert error={calendar.error} retry={calendar.retry} />
      <Chart
        label={t('insight.stage.monthsLabel', { n: rows.length })}
        option={option}
        height={300}
        onPick={({ series, index }) => {
          const [row, stage] = [rows[index], shown[series]];
          if (row && stage && can) open(stage, { at: row.day });
        }}
      />
    </ChartCard>
  );
}

function moveName(t: TFunction, { from, to }: { from: string; to: string }) {
  return t('insight.stage.move', { from: t(`insight.stage.${from}`), to: t(`insight.stage.${to}`) });
}

function Moves({ data }: { data: LifecycleReport }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const open = useOpenMembers();
  const can = useCanOpen();
  const tr = data.transitions.find((x) => x.from === chosen) ?? data.transitions.at(-1);
  if (!tr) return null;
  const n = (from: string, to: string) => tr.moves.find((m) => m.from === from && m.to === to)?.members ?? 0;
  const used = STAGES.filter((s) => s !== 'unknown' || tr.moves.some((m) => m.from === s || m.to === s));
  const rows = ['none', ...used];
  const leaving = (to: Stage[], from: Stage[]) => from.reduce((sum, f) => sum + to.reduce((s, x) => s + n(f, x), 0), 0);
  const columns: Column<Transition['moves'][number]>[] = [
    { key: 'from', title: t('insight.stage.from'), render: (m) => t(`insight.stage.${m.from}`), sheet: (m) => t(`insight.stage.${m.from}`) },
    { key: 'to', title: t('insight.stage.to'), render: (m) => t(`insight.stage.${m.to}`), sheet: (m) => t(`insight.stage.${m.to}`) },
    { key: 'n', title: t('insight.members'), align: 'right', render: (m) => <Count n={m.members} of={`${m.from}>${m.to}`} from={tr.from} to={tr.to} label={moveName(t, m)} />, sheet: (m) => m.members },
  ];
  return (
    <ChartCard
      title={t('insight.stage.moves')}
      note={t('insight.stage.movesSay', {
        from: tr.from,
        to: tr.to,
        fresh: formatNumber(STAGES.reduce((sum, s) => sum + n('none', s), 0)),
        worse: formatNumber(leaving(['declining', 'lost'], ['join', 'active']) + n('declining', 'lost')),
        back: formatNumber(leaving(['active', 'join'], ['declining', 'lost', 'unconverted', 'unknown'])),
      })}
      columns={columns}
      rows={tr.moves}
      rowKey={(m) => `${m.from} ${m.to}`}
      file={`stage-moves-${tr.from}`}
      tools={
        <Select
          size="small"
          aria-label={t('insight.stage.whichMonth')}
          value={tr.from}
          popupMatchSelectWidth={false}
          options={[...data.transitions].reverse().map((x) => ({ value: x.from, label: `${x.from.slice(0, 7)} → ${x.to.slice(0, 7)}` }))}
          onChange={setChosen}
        />
      }
    >
      <Heat
        words
        label={t('insight.stage.moves')}
        corner={t('insight.stage.corner')}
        columns={used.map((s) => ({ key: s, title: t(`insight.stage.${s}`) }))}
        rows={rows.map((s) => ({ key: s, title: t(`insight.stage.${s}`) }))}
        cell={(from, to) => ({
          value: n(from, to),
          text: formatNumber(n(from, to)),
          quiet: from === to,
          onOpen: can ? () => open(`${from}>${to}`, { from: tr.from, to: tr.to }) : undefined,
          label: t('insight.stage.moveLabel', { from: t(`insight.stage.${from}`), to: t(`insight.stage.${to}`), n: n(from, to) }),
        })}
      />
      <p className="muted small fine">{t('insight.stage.stayed')}</p>
    </ChartCard>
  );
}

function Rhythm({ data }: { data: LifecycleReport }) {
  const { t } = useTranslation();
  const days = (of: number | null, times: number) => (of === null ? '–' : t('insight.days', { n: Math.round(of * times) }));
  const rows = [{ category: null, ...data.shop_gap }, ...[...data.category_gaps].sort((a, b) => b.gaps - a.gaps)];
  type Row = (typeof rows)[number];
  const name = (r: Row) => r.category ?? t('insight.stage.wholeShop');
  const columns: Column<Row>[] = [
    { key: 'category', title: t('insight.category'), render: name, sheet: name },
    { key: 'gaps', title: t('insight.stage.gaps'), align: 'right', render: (r) => formatNumber(r.gaps), sheet: (r) => r.gaps },
    { key: 'median', title: t('insight.stage.gap'), align: 'right', render: (r) => (r.median ? t('insight.days', { n: decimals(r.median) }) : t('insight.stage.tooFew')), sheet: (r) => (r.median ? decimals(r.median) : '') },
    { key: 'sleep', title: t('insight.stage.sleeps'), align: 'right', render: (r) => days(ratioOf(r.median), 2), sheet: (r) => (r.median ? Math.round((ratioOf(r.median) ?? 0) * 2) : '') },
    { key: 'lost', title: t('insight.stage.isLost'), align: 'right', render: (r) => days(ratioOf(r.median), 4), sheet: (r) => (r.median ? Math.round((ratioOf(r.median) ?? 0) * 4) : '') },
  ];
  const { category, shop, default: fixed } = data.gap_from;
  return (
    <ChartCard both title={t('insight.stage.rhythm')} note={t('insight.stage.rhythmNote')} columns={columns} rows={rows} rowKey={name} file={`rhythm-${dayBefore(data.to)}`}>
      <p className="small">{t('insight.stage.leansOn', { category: formatNumber(category), shop: formatNumber(shop), fixed: formatNumber(fixed) })}</p>
    </ChartCard>
  );
}

export function Component() {
  const { t } = useTranslation();
  const asked = useReport<LifecycleReport>('lifecycle', { atEnd: true });
  const known = (stage: string) => (STAGES as readonly string[]).includes(stage);
  const nameOf = (of: string) => {
    const [from, to] = of.split('>');
    if (from !== undefined && to !== undefined) return (known(from) || from === 'none') && known(to) ? moveName(t, { from, to }) : null;
    return known(of) ? t(`insight.stage.${of}`) : null;
  };
  return (
    <>
      <InsightPage asked={asked} ofMembers evenWithout={(data) => data.members > 0}>
        {(data, before) => (
          <>
            <Now data={data} before={before} />
            {data.transitions.length > 0 ? (
              <>
                <Months data={data} />
                <Moves data={data} />
              </>
            ) : (
              <Card>
                <p className="muted">{t('insight.stage.noMoves')}</p>
              </Card>
            )}
            <Rhythm data={data} />
          </>
        )}
      </InsightPage>
      <MembersDrawer report="lifecycle" query={asked.query} nameOf={nameOf} />
    </>
  );
}
