/** What the import pages share: the parts of an import, its fields, and how values are shown. */
import type { ColumnMapping, ImportDetail, ImportFile } from '@api';

/** Each kind of file and the fields that its columns can mean, in the order of the choice list. */
export const FIELDS: Record<string, readonly string[]> = {
  order: [
    'order_no', 'sub_order_no', 'line_order_no', 'internal_no', 'status', 'financial_status', 'fulfilment_status', 'after_sale',
    'close_reason', 'created_at', 'paid_at', 'shipped_at', 'completed_at', 'closed_at', 'goods_list', 'goods_payable',
    'order_total', 'shipping', 'paid', 'refund', 'merchant_received', 'discount_shop', 'discount_platform',
    'discount_influencer', 'discount', 'tax', 'qty_total', 'payment_method', 'currency', 'discount_code', 'channel',
    'buyer_memo', 'seller_memo', 'tracking_no', 'carrier', 'shop_id', 'shop_name', 'platform', 'titles',
  ],
  line: [
    'line_title', 'line_spec', 'line_code', 'line_outer_code', 'product_id', 'quantity', 'unit_price', 'line_paid',
    'line_refund', 'packed_line', 'packed_refunds',
  ],
  buyer: [
    'buyer_account', 'buyer_nick', 'buyer_pay_account', 'buyer_phone', 'buyer_email', 'open_id', 'customer_id',
    'is_member', 'receiver_name', 'receiver_phone', 'receiver_tel', 'address', 'province', 'city', 'district', 'street',
    'zip', 'country',
  ],
  member: [
    'nick', 'name', 'first_name', 'last_name', 'phone', 'email', 'birthday', 'gender', 'tier', 'paid_tier', 'points',
    'growth', 'orders', 'spent', 'balance', 'last_order_at', 'joined_at', 'member_since', 'tags', 'source',
    'consent_email', 'consent_sms', 'own_id',
  ],
  product: ['sku', 'title', 'category', 'price', 'cost', 'stock', 'barcode', 'brand'],
  suppression: ['suppress_channel', 'suppress_value', 'suppress_reason', 'suppress_at'],
  tag: ['tag_category', 'tag_source', 'tag_score', 'tag_until'],
  weather: ['weather_day', 'weather_words', 'weather_high', 'weather_low', 'weather_both', 'weather_rain'],
};

export function columnNames(file: ImportFile): string[] {
  if (Array.isArray(file.columns)) return file.columns;
  return mappingOf(file).map((m) => m.column);
}

export function mappingOf(file: ImportFile): ColumnMapping[] {
  if (!file.mapping) return [];
  return Array.isArray(file.mapping) ? file.mapping : file.mapping.columns;
}

/** The mapping with one row for each column of the file, in the file's order; `null` means: not read. */
export function fullMapping(file: ImportFile): ColumnMapping[] {
  const known = new Map(mappingOf(file).map((m) => [m.column, m.field]));
  return columnNames(file).map((column) => ({ column, field: known.get(column) ?? null }));
}

/** Read as a plain table because no known layout fits: its columns are then a person's to name. */
export const unknownFormat = (file: ImportFile): boolean =>
  file.recognised === false || !file.format || file.format === 'unknown';

/** What a row of the file is, as the server says or as the name of its format tells. */
export function shapeOf(file: ImportFile): string {
  if (file.shape) return file.shape;
  const format = file.format ?? '';
  if (/member|customer/.test(format)) return 'members';
  if (/item|suborder|detail/.test(format)) return 'items';
  if (/product/.test(format)) return 'products';
  if (/suppress/.test(format)) return 'suppressions';
  if (/^tag/.test(format)) return 'tags';
  if (/^weather/.test(format)) return 'weather';
  return 'orders';
}

export const total = (detail: ImportDetail, what: 'records' | 'good' | 'bad' | 'skipped'): number =>
  detail.files.reduce((sum, file) => sum + (file[what] ?? 0), 0);

export const settled = (detail: ImportDetail): boolean => ['staged', 'previewed'].includes(detail.state);

/** What tells whose an order is, rather than who takes the parcel in. */
const NAMING = ['buyer_account', 'buyer_pay_account', 'buyer_phone', 'buyer_email', 'open_id', 'customer_id'];

/** Whether orders of this file can find no member, because no column is read as anything that names the buyer. */
export function namesNobody(file: ImportFile): boolean {
  const fields = mappingOf(file).map((m) => m.field);
  return !['items', 'members', 'products', 'suppressions', 'tags', 'weather'].includes(shapeOf(file)) && fields.includes('order_no') && !fields.some((field) => NAMING.includes(field ?? ''));
}
