/** Every head figure of the dashboard in one table, beside what it was in the days compared with; the file holds both. */
import type { DashboardReport } from '@api';
import { useTranslation } from 'react-i18next';
import { formatNumber, plainMoney } from '../../app/format';
import { ChartCard } from '../../ui/chart/ChartCard';
import type { Column } from '../../ui/DataTable';
import { receivedTold } from './advice';
import { useBeforeName } from './frame/change';
import { Count } from './frame/members';
import { fileOf } from './frame/spans';
import { decimals, ofReturns, type Ratio, share, useMoney } from './frame/use';

export const MEMBER_FIGURES = ['known', 'registered_in_window', 'met_by_order', 'bought_ever', 'never_bought', 'buyers', 'repeat_buyers', 'new_buyers', 'returning_buyers'] as const;
type MemberFigure = (typeof MEMBER_FIGURES)[number];

interface Figure {
  key: string;
  name: string;
  say: (d: DashboardReport) => string;
  /** For the file, where it is written otherwise than it is read. */
  plain?: (d: DashboardReport) => string | number;
  people?: MemberFigure;
}

export function FigureTable({ data, before }: { data: DashboardReport; before: DashboardReport | undefined }) {
  const { t } = useTranslation();
  const money = useMoney(data.currency);
  const beforeName = useBeforeName();
  const sum = (key: 'received' | 'paid', name: string): Figure => {
    // No file says what reached the merchant: that is not nothing.
    const untold = (d: DashboardReport) => key === 'received' && !receivedTold(d.money);
    return { key, name, say: (d) => (untold(d) ? '–' : money.exact(d.money[key])), plain: (d) => (untold(d) ? '' : plainMoney(money.of(d.money[key]))) };
  };
  const count = (key: string, name: string, of: (d: DashboardReport) => number): Figure => ({ key, name, say: (d) => formatNumber(of(d)), plain: of });
  const mean = (key: string, name: string, of: (d: DashboardReport) => Ratio): Figure => ({ key, name, say: (d) => decimals(of(d), 2) });
  const value = (d: DashboardReport) => (d.average_order_value.den ? d.average_order_value.num / d.average_order_value.den : null);
  const rows: Figure[] = [
    sum('received', t('insight.measure.received', ofReturns(data))),
    sum('paid', t('insight.measure.paid', ofReturns(data))),
    count('orders', t('insight.measure.orders'), (d) => d.orders.count),
    count('unidentified', t('insight.unnamedFigure'), (d) => d.orders.unidentified),
    { key: 'repurchase', name: t('insight.repurchase'), say: (d) => share(d.repurchase_rate) },
    {
      key: 'aov',
      name: t('insight.aov'),
      say: (d) => (value(d) === null ? '–' : money.exact(value(d) ?? 0)),
      plain: (d) => (value(d) === null ? '' : plainMoney(money.of(value(d) ?? 0))),
    },
    mean('items', t('insight.items'), (d) => d.items_per_order),
    mean('lines', t('insight.linesFigure'), (d) => d.lines_per_order),
    ...MEMBER_FIGURES.map((key): Figure => ({ ...count(key, t(`insight.memberFigure.${key}`), (d) => d.members[key]), people: key })),
  ];
  const plain = (f: Figure, d: DashboardReport) => (f.plain ?? f.say)(d);
  const columns: Column<Figure>[] = [
    { key: 'figure', title: t('insight.figure'), render: (f) => f.name, sheet: (f) => f.name },
    {
      key: 'now',
      title: t('insight.nowSpan'),
      align: 'right',
      render: (f) => (f.people ? <Count n={data.members[f.people]} of={f.people} label={f.name} /> : <span className="amount">{f.say(data)}</span>),
      sheet: (f) => plain(f, data),
    },
    ...(before ? [{ key: 'then', title: beforeName(data, before), align: 'right' as const, render: (f: Figure) => <span className="amount">{f.say(before)}</span>, sheet: (f: Figure) => plain(f, before) }] : []),
  ];
  return (
    <ChartCard both title={t('insight.allFigures')} columns={columns} rows={rows} rowKey={(f) => f.key} file={fileOf('figures', data)}>
      {null}
    </ChartCard>
  );
}
