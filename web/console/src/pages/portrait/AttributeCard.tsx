/** One attribute: its bars, of how many members it is known, its table and its file. */
import type { PortraitAttribute, PortraitBar } from '@api';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber, formatShare } from '../../app/format';
import { EmptyTeach } from '../../ui/bits';
import { ChartCard } from '../../ui/chart/ChartCard';
import type { Column } from '../../ui/DataTable';
import { Bars, Legend, type Named } from './Bars';
import { LiftCell } from './LiftCell';
import { nameOf, percent, times } from './lift';

/** Bars that a card shows before it is opened. */
const FIRST = 8;

interface Props {
  attribute: PortraitAttribute;
  names: [string, string];
  exprOf: (bar: PortraitBar) => unknown;
  missingExpr: unknown;
  /** The segment's own conditions fix the bar. */
  fixed: (bar: PortraitBar) => boolean;
  /** How its file's name begins. */
  file: string;
}

export function useBarColumns(names: [string, string]): Column<Named>[] {
  const { t } = useTranslation();
  const side = (key: 'group' | 'against', name: string): Column<Named>[] => [
    { key: `${key}-n`, title: t('portrait.countOf', { name }), align: 'right', render: ({ bar }) => formatNumber(bar[key].count), sheet: ({ bar }) => bar[key].count },
    { key, title: t('portrait.shareOf', { name }), align: 'right', render: ({ bar }) => percent(bar[key].share, bar[key].count), sheet: ({ bar }) => bar[key].share ?? '' },
  ];
  return [
    { key: 'label', title: t('portrait.value'), render: (r) => r.label, sheet: (r) => r.label },
    ...side('group', names[0]),
    ...side('against', names[1]),
    { key: 'lift', title: t('portrait.lift'), align: 'right', render: ({ bar }) => <LiftCell lift={bar.lift} />, sheet: ({ bar }) => bar.lift?.ratio ?? '' },
    { key: 'low', title: t('portrait.low'), align: 'right', hidden: true, render: ({ bar }) => (bar.lift ? times(bar.lift.low) : '–'), sheet: ({ bar }) => bar.lift?.low ?? '' },
    { key: 'high', title: t('portrait.high'), align: 'right', hidden: true, render: ({ bar }) => (bar.lift?.high ? times(bar.lift.high) : '–'), sheet: ({ bar }) => bar.lift?.high ?? '' },
    {
      key: 'distinct',
      title: t('portrait.distinct'),
      hidden: true,
      render: ({ bar }) => (bar.lift?.distinct ? t('portrait.yes') : t('portrait.no')),
      sheet: ({ bar }) => (bar.lift?.distinct ? t('portrait.yes') : t('portrait.no')),
    },
  ];
}

/** Why there is nothing, and what would change that. */
function Nothing({ of }: { of: PortraitAttribute }) {
  const { t } = useTranslation();
  const text = of.against.known > 0 ? t('portrait.noneHereText', { n: formatNumber(of.against.known) }) : t('portrait.noBarsText');
  if (of.against.orders_unknown === null || of.against.orders_unknown === undefined || of.against.known > 0) return <EmptyTeach title={t('portrait.noBars')} text={text} />;
  return (
    <EmptyTeach
      title={t('portrait.noWeather')}
      text={t('portrait.noWeatherText')}
      actions={
        <Link to="/imports/new">
          <Button>{t('portrait.bringWeather')}</Button>
        </Link>
      }
    />
  );
}

export function AttributeCard({ attribute, names, exprOf, missingExpr, fixed, file }: Props) {
  const { t } = useTranslation();
  const exported = useBarColumns(names);
  const rows: Named[] = attribute.bars.map((bar) => ({ key: bar.value, label: attribute.key === 'stage' ? nameOf(bar) : bar.label, bar }));
  const [whole, setWhole] = useState(false);
  const shown = whole || rows.length <= FIRST + 2 ? rows : rows.slice(0, FIRST);
  const empty = rows.length === 0 || attribute.group.known === 0;
  const all = attribute.group.known + attribute.group.missing;
  return (
    <ChartCard
      title={attribute.label}
      columns={exported.filter((c) => !c.hidden)}
      exported={exported}
      rows={rows}
      rowKey={(r) => r.key}
      file={`${file}-${attribute.label}`}
    >
      {empty ? (
        <Nothing of={attribute} />
      ) : (
        <>
          <Legend names={names} />
          <Bars bars={shown} label={attribute.label} names={names} exprOf={exprOf} fixed={fixed} />
          {shown.length < rows.length ? (
            <Button type="link" size="small" onClick={() => setWhole(true)}>
              {t(attribute.left_out > 0 ? 'portrait.showSome' : 'portrait.showAll', { n: formatNumber(rows.length), all: formatNumber(rows.length + attribute.left_out) })}
            </Button>
          ) : null}
        </>
      )}
      <p className="muted small portrait-foot">
        {attribute.multiple && !empty ? `${t('portrait.multiple')} ` : ''}
        {!empty && (attribute.group.orders_unknown ?? 0) + (attribute.against.orders_unknown ?? 0) > 0
          ? `${t('portrait.ordersUnknown', { n: formatNumber(attribute.group.orders_unknown ?? 0), other: formatNumber(attribute.against.orders_unknown ?? 0) })} `
          : ''}
        {attribute.left_out > 0 && shown.length === rows.length ? `${t('portrait.leftOut', { n: formatNumber(attribute.left_out) })} ` : ''}
        {attribute.group.missing > 0 ? (
          <Link to="/segments/new" state={{ expr: missingExpr, name: t('portrait.missingOf', { name: attribute.label }) }}>
            {t('portrait.missing', { n: formatNumber(attribute.group.missing), share: formatShare(attribute.group.missing, all) })}
          </Link>
        ) : null}
      </p>
    </ChartCard>
  );
}
