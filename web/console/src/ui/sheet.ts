/**
 * Lists as CSV files. A cell whose text begins as a formula would is led by an apostrophe, so that no spreadsheet
 * runs what a buyer typed into a name or a memo. The byte order mark lets Excel read Chinese.
 */
export type Cell = string | number | null | undefined;

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  let text = String(value);
  if (FORMULA.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvRow(cells: Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export const BOM = '\uFEFF';
