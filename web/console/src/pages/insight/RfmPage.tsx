/** RFM: how lately, how often, how much; eight groups with what to do for each, and the grid of scores behind them. */
import type { RfmReport } from '@api';
import { Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { dayBefore, formatNumber, formatShare, plainMoney } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan } from '../../app/session';
import { Amount, Card, Mark } from '../../ui/bits';
import { ChartCard } from '../../ui/chart/ChartCard';
import type { Column } from '../../ui/DataTable';
import { ENOUGH_BUYERS } from './enough';
import { InsightPage } from './frame/InsightPage';
import { Change } from './frame/change';
import { fileOf } from './frame/spans';
import { Count, MembersDrawer, useCanOpen, useOpenMembers } from './frame/members';
import { Heat } from './Heat';
import { decimals, ofReturns, ratioOf, useMoney } from './frame/use';
import { type Asked, useReport } from './frame/useReport';

type Period = Asked<RfmReport>['period'];
type Group = RfmReport['groups'][number];
const SCORES = ['1', '2', '3', '4', '5'];
const DOWN = [...SCORES].reverse();
/** A text's key may hold no sign: R+F-M+ is `hlh`. */
const wordKey = (group: string) => [1, 3, 5].map((at) => (group[at] === '+' ? 'h' : 'l')).join('');

function Signs({ group }: { group: string }) {
  const { t } = useTranslation();
  return (
    <span className="marks">
      {(['R', 'F', 'M'] as const).map((letter, i) => {
        const high = group[1 + 2 * i] === '+';
        return (
          <Mark key={letter} tone={high ? 'good' : 'plain'}>
            {t(`insight.rfm.sign.${letter}${high ? 'h' : 'l'}`)}
          </Mark>
        );
      })}
    </span>
  );
}

/**
 * Which days the groups are made of. The days are shared by all reports, so that they may have been chosen elsewhere; and
 * the ready segments bear the same names without being the same people.
 */
function Made({ data, period }: { data: RfmReport; period: Period }) {
  const { t } = useTranslation();
  const may = useCan('segments:read');
  const last = dayBefore(data.to);
  // Of the same orders, and scored alike.
  const all = period.window === 'all' && period.returns === 'net' && !period.currency && data.cuts === 'console';
  return (
    <Card className="rfm-made">
      <p className="strong">{data.from ? t('insight.rfm.of', { span: t('insight.fromTo', { from: data.from, to: last }), window: t(`insight.windows.${period.window}`) }) : t('insight.rfm.ofAll', { to: last })}</p>
      {data.members < ENOUGH_BUYERS ? <p className="warn-text small">{t('insight.rfm.few', { n: formatNumber(data.members) })}</p> : null}
      <p className="muted small">
        {t('insight.rfm.ready')} {all ? t('insight.rfm.readyHere') : null}
      </p>
      <p className="row-gap">
        {all ? null : (
          <Button size="small" onClick={() => period.set({ window: 'all', from: undefined, to: undefined, returns: undefined, currency: undefined, cuts: undefined })}>
            {t('insight.rfm.readySpan')}
          </Button>
        )}
        {may ? <Link to="/segments?tab=ready">{t('insight.rfm.readyList')}</Link> : null}
      </p>
    </Card>
  );
}

function Groups({ data, before }: { data: RfmReport; before: RfmReport | undefined }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const money = useMoney(data.currency);
  const sum = data.sum.m;
  const name = (g: Group) => (language === 'zh' ? g.zh : t(`insight.rfm.group.${wordKey(g.group)}`));
  const columns: Column<Group>[] = [
    { key: 'group', title: t('insight.rfm.groupName'), render: name, sheet: name },
    { key: 'rfm', title: 'RFM', render: (g) => g.group, sheet: (g) => g.group },
    { key: 'members', title: t('insight.members'), align: 'right', render: (g) => <Count n={g.members} of={g.group} label={name(g)} />, sheet: (g) => g.members },
    { key: 'share', title: t('insight.shareMembers'), align: 'right', render: (g) => formatShare(g.members, data.members), sheet: (g) => formatShare(g.members, data.members) },
    { key: 'money', title: t('insight.measure.paid', ofReturns(data)), align: 'right', render: (g) => <Amount value={money.of(g.m)} />, sheet: (g) => plainMoney(money.of(g.m)) },
    { key: 'moneyShare', title: t('insight.shareMoney'), align: 'right', render: (g) => formatShare(g.m, sum), sheet: (g) => formatShare(g.m, sum) },
    ...(before
      ? [{ key: 'before', title: t('insight.before'), align: 'right' as const, render: (g: Group) => formatNumber(before.groups.find((b) => b.group === g.group)?.members), sheet: (g: Group) => before.groups.find((b) => b.group === g.group)?.members }]
      : []),
  ];
  const cut = data.cut_at;
  const sizeIn = (d: RfmReport, g: Group) => d.groups.find((b) => b.group === g.group)?.members ?? 0;
  return (
    <ChartCard
      title={t('insight.rfm.groupsTitle')}
      note={
        cut
          ? t(data.centre === 'median' ? 'insight.rfm.cutMedian' : 'insight.rfm.cutMean', { r: decimals(cut.r_days), f: decimals(cut.f, 2), m: money.exact(ratioOf(cut.m) ?? 0) })
          : undefined
      }
      columns={columns}
      rows={data.groups}
      rowKey={(g) => g.group}
      file={fileOf('rfm-groups', data)}
    >
      <ul className="rfm-groups">
        {data.groups.map((g) => (
          <li key={g.group} className="rfm-group">
            <div className="rfm-group-head">
              <strong>{name(g)}</strong>
              <Signs group={g.group} />
            </div>
            <div className="rfm-group-figures">
              <span className="rfm-number">
                <Count n={g.members} of={g.group} label={name(g)} />
              </span>
              <span className="muted small">
                {t('insight.peopleShare', { share: formatShare(g.members, data.members) })}{' '}
                <Change data={data} before={before} points tone="plain" of={(d) => (d.members > 0 ? sizeIn(d, g) / d.members : null)} say={(d) => formatShare(sizeIn(d, g), d.members)} />
              </span>
              <span className="muted small">{t('insight.moneyShare', { money: money.big(g.m), share: formatShare(g.m, sum) })}</span>
            </div>
            <p className="small rfm-advice">{t(`insight.rfm.advice.${wordKey(g.group)}`)}</p>
          </li>
        ))}
      </ul>
    </ChartCard>
  );
}

const cellOf = (data: RfmReport, r: string, f: string, m: string) => data.cells[`${r}${f}${m}`] ?? 0;
const ofAllMoney = (data: RfmReport, r: string, f: string) => SCORES.reduce((sum, m) => sum + cellOf(data, r, f, m), 0);

function Grid({ data }: { data: RfmReport }) {
  const { t } = useTranslation();
  const [m, setM] = useState('all');
  const open = useOpenMembers();
  const can = useCanOpen();
  const count = (r: string, f: string) => (m === 'all' ? ofAllMoney(data, r, f) : cellOf(data, r, f, m));
  const average = (r: string, f: string) => {
    const all = ofAllMoney(data, r, f);
    return all ? decimals({ num: SCORES.reduce((sum, s) => sum + Number(s) * cellOf(data, r, f, s), 0), den: all }) : '';
  };
  const rows = DOWN.flatMap((f) => SCORES.flatMap((r) => SCORES.map((money) => ({ r, f, m: money, n: cellOf(data, r, f, money) })))).filter((row) => row.n > 0);
  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'r', title: 'R', render: (x) => x.r, sheet: (x) => x.r },
    { key: 'f', title: 'F', render: (x) => x.f, sheet: (x) => x.f },
    { key: 'm', title: 'M', render: (x) => x.m, sheet: (x) => x.m },
    { key: 'n', title: t('insight.members'), align: 'right', render: (x) => <Count n={x.n} of={`${x.r}${x.f}${x.m}`} label={`R${x.r} F${x.f} M${x.m}`} />, sheet: (x) => x.n },
    { key: 'share', title: t('insight.shareMembers'), align: 'right', render: (x) => formatShare(x.n, data.members), sheet: (x) => formatShare(x.n, data.members) },
  ];
  return (
    <ChartCard
      title={t('insight.rfm.gridTitle')}
      note={t('insight.rfm.gridNote')}
      columns={columns}
      rows={rows}
      rowKey={(x) => `${x.r}${x.f}${x.m}`}
      file={fileOf('rfm-cells', data)}
      tools={
        <Segmented
          size="small"
          value={m}
          aria-label={t('insight.rfm.moneyScore')}
          options={[{ value: 'all', label: t('insight.rfm.allMoney') }, ...SCORES.map((s) => ({ value: s, label: `M${s}` }))]}
          onChange={setM}
        />
      }
    >
      <Heat
        label={t('insight.rfm.gridTitle')}
        corner={t('insight.rfm.corner')}
        columns={SCORES.map((r) => ({ key: r, title: `R${r}`, note: r === '5' ? t('insight.rfm.lately') : r === '1' ? t('insight.rfm.longAgo') : undefined }))}
        rows={DOWN.map((f) => ({ key: f, title: data.cuts === 'console' ? t(f === '5' ? 'insight.rfm.timesMore' : 'insight.rfm.times', { n: f }) : `F${f}` }))}
        cell={(f, r) => ({
          value: count(r, f),
          text: formatNumber(count(r, f)),
          note: count(r, f) > 0 && m === 'all' ? t('insight.rfm.meanMoney', { m: average(r, f) }) : undefined,
          label: t('insight.rfm.cellLabel', { r, f, n: count(r, f) }),
          onOpen: can ? () => open(`${r}${f}${m === 'all' ? '*' : m}`) : undefined,
        })}
        roomy
      />
    </ChartCard>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [params] = useSearchParams();
  const cuts = params.get('cuts') === 'quantile' ? 'quantile' : 'console';
  const centre = params.get('centre') === 'median' ? 'median' : 'mean';
  const asked = useReport<RfmReport>('rfm', { atEnd: true, extra: { cuts: cuts === 'quantile' ? cuts : undefined, centre: centre === 'median' ? centre : undefined } });
  const data = asked.data;
  /** One cell of the grid: of one score of money, or with `*` of all, which is what the grid sums. */
  const cell = (of: string) => /^([1-5])([1-5])([1-5*])$/.exec(of);
  const nameOf = (of: string) => {
    const group = data?.groups.find((g) => g.group === of);
    if (group) return language === 'zh' ? group.zh : t(`insight.rfm.group.${wordKey(of)}`);
    const found = cell(of);
    return found ? `R${found[1]} F${found[2]}${found[3] === '*' ? '' : ` M${found[3]}`}` : null;
  };
  const countOf = (of: string) => {
    const [, r = '', f = '', m = ''] = cell(of) ?? [];
    if (data && r) return m === '*' ? ofAllMoney(data, r, f) : cellOf(data, r, f, m);
    return data?.groups.find((g) => g.group === of)?.members;
  };
  return (
    <>
      <InsightPage
        asked={asked}
        ofMembers
        tools={
          <>
            <Select
              aria-label={t('insight.rfm.cuts')}
              value={cuts}
              options={['console', 'quantile'].map((value) => ({ value, label: t(`insight.rfm.cut.${value}`) }))}
              popupMatchSelectWidth={false}
              onChange={(value) => asked.period.set({ cuts: value === 'quantile' ? value : undefined })}
            />
            <Select
              aria-label={t('insight.rfm.centre')}
              value={centre}
              options={['mean', 'median'].map((value) => ({ value, label: t(`insight.rfm.centres.${value}`) }))}
              popupMatchSelectWidth={false}
              onChange={(value) => asked.period.set({ centre: value === 'median' ? value : undefined })}
            />
          </>
        }
      >
        {(answer, before) => (
          <>
            <Made data={answer} period={asked.period} />
            <Groups data={answer} before={before} />
            <Grid data={answer} />
          </>
        )}
      </InsightPage>
      <MembersDrawer
        report="rfm"
        query={asked.query}
        nameOf={nameOf}
        countOf={countOf}
        parts={(of, choose) => {
          const found = cell(of);
          if (!found || !data) return null;
          const [, r = '', f = '', m = '*'] = found;
          return (
            <div className="row-gap">
              <span className="muted">{t('insight.rfm.moneyScore')}</span>
              <Segmented
                value={m}
                aria-label={t('insight.rfm.moneyScore')}
                options={[
                  { value: '*', label: `${t('insight.rfm.allMoney')} · ${formatNumber(ofAllMoney(data, r, f))}` },
                  ...DOWN.map((s) => ({ value: s, label: `M${s} · ${formatNumber(cellOf(data, r, f, s))}`, disabled: cellOf(data, r, f, s) === 0 })),
                ]}
                onChange={(s) => choose(`${r}${f}${s}`)}
              />
            </div>
          );
        }}
      />
    </>
  );
}
