/** Which rows count: those of a time, and of them those that pass the filters. */
import FilterOutlined from '@ant-design/icons/FilterOutlined';
import { Button, Dropdown, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { columnOf, type Column, tableOf } from '../model/registry';
import { at, type Cond, type Rows, same, type Window } from '../model/tree';
import { CondRow } from './CondRow';
import { headed, useBuilder } from './context';
import { Group } from './Group';
import { WindowPicker } from './WindowPicker';

const flag = (col: string): Cond => ({ op: 'eq', left: { col }, right: true });
/** Which orders count, the way RFM and stage count first. */
const COUNTED: Record<'kept' | 'paid' | 'any', Cond | null> = { kept: flag('kept'), paid: flag('purchase'), any: null };
type Counted = keyof typeof COUNTED;
const countedAs = (filter: Cond | undefined): Counted => (['kept', 'paid'] as const).find((way) => filter !== undefined && same(filter, COUNTED[way])) ?? 'any';

/** The filters as a list: what stands alone, or all parts of an `and`. */
const filtersOf = (where: Cond | undefined): Cond[] => (!where ? [] : where.op === 'and' ? where.args : [where]);
const whereOf = (filters: Cond[]): Cond | undefined => (filters.length === 0 ? undefined : filters.length === 1 ? filters[0] : { op: 'and', args: filters });

/** A filter on a column, ready to be filled in the way people mostly want it. */
function filterOn(column: Column): Cond {
  const value = { col: column.name };
  switch (column.type) {
    case 'text':
      return column.name === 'category' ? { op: 'under', value, paths: [] } : { op: 'in', value, list: [] };
    case 'bool':
      return { op: 'eq', left: value, right: true };
    case 'instant':
    case 'date':
      return { op: 'le', left: { days_since: value }, right: 30 };
    default:
      return { op: 'ge', left: value, right: null };
  }
}

interface FiltersProps {
  table: string;
  where: Cond | undefined;
  path: string;
  onChange: (where: Cond | undefined) => void;
}

export function Filters({ table, where, path, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const filters = filtersOf(where);
  const inAnd = where?.op === 'and';
  const counted = countedAs(filters[0]);
  const canCount = columnOf(registry, table, 'kept') !== undefined;
  const shown = filters.map((filter, index) => ({ filter, index })).filter(({ index }) => !(counted !== 'any' && index === 0));
  const put = (index: number, filter: Cond | null) => onChange(whereOf(filters.flatMap((old, i) => (i !== index ? [old] : filter ? [filter] : []))));
  const columns = (tableOf(registry, table)?.columns ?? []).filter((c) => !((c.name === 'purchase' || c.name === 'kept') && canCount));
  const add = (filter: Cond) => onChange(whereOf([...filters, filter]));
  return (
    <div className="filters-part">
      {shown.map(({ filter, index }) => {
        const here = inAnd ? at(path, 'args', index) : path;
        return filter.op === 'and' || filter.op === 'or' ? (
          <Group key={index} group={filter} path={here} table={table} nested onChange={(next) => put(index, next)} onRemove={() => put(index, null)} />
        ) : (
          <CondRow key={index} cond={filter} path={here} table={table} onChange={(next) => put(index, next)} onRemove={() => put(index, null)} />
        );
      })}
      <div className="filters-foot">
        {canCount ? (
          <Select<Counted>
            size="small"
            className="counted"
            aria-label={t('builder.counted.label')}
            value={counted}
            options={(['kept', 'paid', 'any'] as const).map((way) => ({ value: way, label: t(`builder.counted.${way}`), title: t(`builder.counted.${way}Note`) }))}
            onChange={(way) => {
              const rest = counted === 'any' ? filters : filters.slice(1);
              const first = COUNTED[way];
              onChange(whereOf(first ? [first, ...rest] : rest));
            }}
            popupMatchSelectWidth={false}
          />
        ) : null}
        <Dropdown
          trigger={['click']}
          menu={{
            className: 'filter-menu',
            items: [
              ...columns.map((column) => ({ key: column.name, label: headed(column.label) })),
              { type: 'divider' as const },
              { key: ' or', label: t('builder.filterGroup') },
            ],
            onClick: ({ key }) => {
              const column = columns.find((c) => c.name === key);
              if (column) add(filterOn(column));
              else if (columns[0]) add({ op: 'or', args: [filterOn(columns.find((c) => c.name === 'category') ?? columns[0])] });
            },
          }}
        >
          <Button size="small" type="dashed" icon={<FilterOutlined aria-hidden="true" />}>
            {t('builder.addFilter')}
          </Button>
        </Dropdown>
      </div>
    </div>
  );
}

interface RowsProps {
  rows: Rows;
  path: string;
  onChange: (rows: Rows) => void;
}

export function RowsPart({ rows, path, onChange }: RowsProps) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const put = (change: { where?: Cond | undefined; window?: Window | undefined; on?: string | undefined }) => {
    const next = { ...rows, ...change };
    onChange({
      table: next.table,
      ...(next.where ? { where: next.where } : {}),
      ...(next.window ? { window: next.window } : {}),
      ...(next.on ? { on: next.on } : {}),
    });
  };
  const instants = (tableOf(registry, rows.table)?.columns ?? []).filter((c) => c.type === 'instant');
  return (
    <div className="rows-part">
      <WindowPicker
        label={t('builder.window.label')}
        window={rows.window}
        onChange={(window) => put({ window })}
        on={{ value: rows.on, options: instants.map((c) => ({ value: c.name, label: c.label })), onChange: (on) => put({ on }) }}
      />
      <Filters table={rows.table} where={rows.where} path={at(path, 'where')} onChange={(where) => put({ where })} />
    </div>
  );
}
