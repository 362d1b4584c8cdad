/**
 * One table for every list: a real `table` on wide screens, cards below 768 px. The first shown column names the row
 * and heads its card; the rest follow as label and value, so that nothing is ever scrolled sideways on a phone.
 */
import { Checkbox } from 'antd';
import type { Key, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../app/prefs';
import { Hinted } from './bits';

export interface Column<T> {
  key: string;
  title: string;
  /** `shown`: the columns that stand in the table, by their keys. */
  render: (row: T, shown: string[]) => ReactNode;
  align?: 'right';
  /** Not shown until chosen in the column settings. */
  hidden?: boolean;
  /** What the exported sheet gets; a column without it is not exported. */
  sheet?: (row: T) => string | number | null | undefined;
  width?: number | string;
  /** The row has nothing here: its card goes without the line. */
  blank?: (row: T) => boolean;
  /** What the title means, where it does not say it itself. */
  hint?: string;
  /** On a card the value stands alone, without its label. */
  bare?: boolean;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  dense?: boolean;
  /** Has as many columns as the data has, and may be scrolled inside its own frame. */
  wide?: boolean;
  actions?: (row: T) => ReactNode;
  selected?: Set<Key>;
  onSelect?: (selected: Set<Key>) => void;
}

export function DataTable<T>({ label, columns, rows, rowKey, dense, wide, actions, selected, onSelect }: Props<T>) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const choose = (key: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(key);
    else next.delete(key);
    onSelect?.(next);
  };
  const here = rows.filter((row) => selected?.has(rowKey(row))).length;
  // Rows chosen on other pages stay chosen: the head of the column speaks for this page alone.
  const chooseAll = (on: boolean) => {
    const next = new Set(selected);
    for (const row of rows) {
      if (on) next.add(rowKey(row));
      else next.delete(rowKey(row));
    }
    onSelect?.(next);
  };
  const whole = (
    <Checkbox
      checked={rows.length > 0 && here === rows.length}
      indeterminate={here > 0 && here < rows.length}
      onChange={(e) => chooseAll(e.target.checked)}
      {...(narrow ? {} : { 'aria-label': t('list.selectAll') })}
    >
      {narrow ? t('list.selectAll') : null}
    </Checkbox>
  );

  const [first, ...others] = columns;
  if (!first) return null;
  const shown = columns.map((column) => column.key);

  if (narrow) {
    return (
      <>
        {onSelect ? <div className="cards-all">{whole}</div> : null}
        <ul className="cards" aria-label={label}>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <li key={key} className="row-card">
                <div className="row-card-head">
                  {onSelect ? (
                    <Checkbox
                      checked={selected?.has(key) ?? false}
                      aria-label={t('list.selectRow')}
                      onChange={(e) => choose(key, e.target.checked)}
                    />
                  ) : null}
                  <div className="row-card-title">{first.render(row, shown)}</div>
                </div>
                <dl className="row-card-facts">
                  {others.filter((column) => !column.blank?.(row)).map((column) => (
                    <div key={column.key} className={column.bare ? 'bare' : undefined}>
                      <dt>{column.title}</dt>
                      <dd>{column.render(row, shown)}</dd>
                    </div>
                  ))}
                </dl>
                {actions ? <div className="row-card-actions">{actions(row)}</div> : null}
              </li>
            );
          })}
        </ul>
      </>
    );
  }

  return (
    <div className={wide ? 'table-scroll table-wide' : 'table-scroll'} role="region" aria-label={label} tabIndex={0}>
      <table className={dense ? 'table dense' : 'table'}>
        <thead>
          <tr>
            {onSelect ? (
              <th scope="col" className="narrow">
                {whole}
              </th>
            ) : null}
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.align === 'right' ? 'right' : undefined}
                style={column.width ? { width: column.width } : undefined}
              >
                {column.hint ? <Hinted hint={column.hint}>{column.title}</Hinted> : column.title}
              </th>
            ))}
            {actions ? (
              <th scope="col" className="right">
                {t('list.actions')}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <tr key={key}>
                {onSelect ? (
                  <td className="narrow">
                    <Checkbox
                      checked={selected?.has(key) ?? false}
                      aria-label={t('list.selectRow')}
                      onChange={(e) => choose(key, e.target.checked)}
                    />
                  </td>
                ) : null}
                {columns.map((column, index) =>
                  index === 0 ? (
                    <th key={column.key} scope="row" className={column.align === 'right' ? 'right' : undefined}>
                      {column.render(row, shown)}
                    </th>
                  ) : (
                    <td key={column.key} className={column.align === 'right' ? 'right' : undefined}>
                      {column.render(row, shown)}
                    </td>
                  ),
                )}
                {actions ? <td className="right actions-cell">{actions(row)}</td> : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
