/** Records as they will be read: money as money, times in the shop's zone, what the file does not tell as a dash. */
import { useTranslation } from 'react-i18next';
import { formatMoney, formatTime } from '../../app/format';
import { useZone } from '../../app/session';
import { useWord } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';

type Row = Record<string, unknown>;

/** The columns that name a record come first; times in the shop's clock make the same times in UTC superfluous. */
const FIRST = ['day', 'order_no', 'nick', 'name', 'sku', 'title', 'own_id', 'email', 'phone', 'phone_masked'];
const HIDDEN = new Set(['raw', 'currency', 'warnings', 'record', 'row']);

function isMoney(value: unknown): value is { amount: number; currency: string } {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value && typeof value.amount === 'number';
}

export function Canonical({ rows }: { rows: Row[] }) {
  const { t } = useTranslation();
  const word = useWord();
  const zone = useZone();
  const show = (row: Row, key: string): string => {
    const value = row[key];
    if (value === null || value === undefined || value === '') return '–';
    if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
    if (isMoney(value)) return formatMoney({ amount: value.amount, currency: String(value.currency) });
    if (key.endsWith('_fen') && typeof value === 'number') return formatMoney({ amount: value, currency: String(row.currency ?? 'CNY') });
    if (key === 'state' && typeof value === 'string') return word('orderState', value);
    if (key === 'condition' && typeof value === 'string') return word('weather', value);
    if (key === 'platform' && typeof value === 'string') return word('platform', value);
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return formatTime(value, zone, true);
    if (Array.isArray(value)) return value.every((v) => typeof v === 'string') ? value.join('、') : t('imports.nItems', { n: value.length });
    if (typeof value === 'object') return Object.values(value).filter((v) => typeof v === 'string').join(' ') || '–';
    return String(value);
  };
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (key) => !key.endsWith('_utc') && !HIDDEN.has(key) && rows.some((row) => row[key] !== null && row[key] !== undefined && row[key] !== ''),
  );
  keys.sort((a, b) => {
    const rank = (k: string) => (FIRST.includes(k) ? FIRST.indexOf(k) : FIRST.length);
    return rank(a) - rank(b);
  });
  const columns: Column<Row>[] = keys.map((key) => ({
    key,
    title: t(`canonical.${key}`, { defaultValue: t(`fields.${key.replace(/_fen$/, '')}`, { defaultValue: key }) }),
    render: (row) => <span className={key.endsWith('_at') || key.endsWith('_fen') ? 'nowrap' : undefined}>{show(row, key)}</span>,
    ...(key.endsWith('_fen') ? { align: 'right' as const } : {}),
  }));
  if (rows.length === 0) return <p className="muted pad">{t('imports.noGood')}</p>;
  const indexed = rows.map((row, index) => ({ row, index }));
  return (
    <DataTable
      label={t('imports.goodTitle', { n: rows.length })}
      columns={columns.map((c) => ({ ...c, render: (r: { row: Row; index: number }, shown: string[]) => c.render(r.row, shown) }) as Column<{ row: Row; index: number }>)}
      rows={indexed}
      rowKey={(r) => String(r.index)}
      dense
      wide
    />
  );
}
