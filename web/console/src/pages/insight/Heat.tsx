/**
 * A table whose cells are coloured by how much is in them. It is a real table, so that it can be read aloud and walked
 * by keyboard; each cell with members behind it is a button.
 */
import type { ReactNode } from 'react';
import { useHeat } from './heat';

export interface HeatCell {
  /** For the colour; `null`: there can be none. */
  value: number | null;
  text: ReactNode;
  note?: ReactNode;
  label: string;
  onOpen?: (() => void) | undefined;
  /** Another scale than the rest of the table, such as who stayed where they were. */
  quiet?: boolean;
}

export interface HeatHead {
  key: string;
  title: ReactNode;
  note?: ReactNode;
}

interface Props {
  label: string;
  corner?: ReactNode;
  columns: HeatHead[];
  rows: HeatHead[];
  cell: (row: string, column: string) => HeatCell;
  /** Sums at the right and below, without colour. */
  rowSum?: { title: string; of: (row: string) => ReactNode };
  columnSum?: { title: string; of: (column: string) => ReactNode };
  /** Large cells with a second line. */
  roomy?: boolean;
  /** The value at which the colour is full; the largest if not said. */
  full?: number;
  /** Heads are words that must not be broken: columns as wide as they need. */
  words?: boolean;
}

export function Heat({ label, corner, columns, rows, cell, rowSum, columnSum, roomy, full, words }: Props) {
  const cells = rows.map((row) => columns.map((column) => cell(row.key, column.key)));
  const most = full ?? Math.max(0, ...cells.flat().map((c) => (c.quiet ? 0 : (c.value ?? 0))));
  const heat = useHeat();
  return (
    <table className={`heat ${roomy ? 'heat-roomy' : ''} ${words ? 'heat-words' : ''}`} aria-label={label}>
      <thead>
        <tr>
          <td className="heat-corner muted">{corner}</td>
          {columns.map((column) => (
            <th key={column.key} scope="col">
              {column.title}
              {column.note ? <span className="heat-note muted">{column.note}</span> : null}
            </th>
          ))}
          {rowSum ? (
            <th scope="col" className="heat-sum">
              {rowSum.title}
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={row.key}>
            <th scope="row">
              {row.title}
              {row.note ? <span className="heat-note muted">{row.note}</span> : null}
            </th>
            {(cells[i] ?? []).map((c, j) => {
              const body = (
                <>
                  {c.text}
                  {c.note ? <span className="heat-note">{c.note}</span> : null}
                </>
              );
              const { hot, style } = heat(c.quiet ? 0 : (c.value ?? 0), most);
              return (
                <td key={columns[j]?.key} className={c.value === null ? 'heat-none' : c.quiet ? 'heat-quiet' : hot ? 'heat-cell heat-hot' : 'heat-cell'} style={style}>
                  {c.onOpen && c.value ? (
                    <button type="button" title={c.label} onClick={c.onOpen}>
                      {body}
                      <span className="visually-hidden"> {c.label}</span>
                    </button>
                  ) : (
                    <span title={c.value === null ? undefined : c.label}>{body}</span>
                  )}
                </td>
              );
            })}
            {rowSum ? <td className="heat-sum">{rowSum.of(row.key)}</td> : null}
          </tr>
        ))}
        {columnSum ? (
          <tr>
            <th scope="row" className="heat-sum">
              {columnSum.title}
            </th>
            {columns.map((column) => (
              <td key={column.key} className="heat-sum">
                {columnSum.of(column.key)}
              </td>
            ))}
            {rowSum ? <td className="heat-sum" /> : null}
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
