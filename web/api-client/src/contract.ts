/**
 * The shapes that travel between the console and the server, as the HTTP contract words them.
 *
 * Money is integer minor units with its currency, instants are RFC 3339 in UTC, ids are prefixed text.
 * Lists are pages by cursor. A field that the server may leave out is optional here, and the screens must bear that.
 */

import type { Reported_Dashboard } from './generated';
import type { MemberTag } from './tags';

/** A word that the document does not list; a screen shows it as it is. */
type Other = string & {};

export interface Money {
  amount: number;
  currency: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  /** Of a search of members: names are being indexed still, so that it may miss somebody. */
  index?: { state: string; done: number; total: number | null } | null;
}

export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  field?: string | null;
  params?: unknown;
  request_id?: string | null;
}

export type Role = 'owner' | 'operator' | 'agent' | 'finance' | 'integrator' | 'readonly';

export const ROLES: readonly Role[] = ['owner', 'operator', 'agent', 'finance', 'integrator', 'readonly'];

export const SCOPES = [
  'members:read',
  'members:write',
  'members:unmask',
  'orders:read',
  'orders:write',
  'imports:read',
  'imports:write',
  'products:read',
  'products:write',
  'products:cost',
  'staff:manage',
  'keys:manage',
  'webhooks:manage',
  'audit:read',
  'privacy:manage',
  'settings:write',
  'events:read',
  'export:clear',
  'segments:read',
  'segments:write',
  'batches:read',
  'batches:write',
  'batches:export',
  'points:read',
  'points:write',
  'programmes:write',
  'benefits:read',
  'benefits:write',
  'benefits:use',
  'coupons:read',
  'coupons:write',
  'coupons:use',
  'carts:price',
  'promotions:read',
  'promotions:write',
  'shopper:link',
  'sql:run',
] as const;
export type Scope = (typeof SCOPES)[number];

export interface Setup {
  needs_setup: boolean;
  version: string;
}

export interface SetupRequest {
  token: string;
  name: string;
  email: string;
  password: string;
  merchant_name: string;
}

export interface Shop {
  id: string;
  name: string;
  platform: string;
  legal_entity?: string | null;
  external?: ExternalRef | null;
}

export interface ExternalRef {
  source: string;
  id: string;
}

export interface MerchantAccess {
  id: string;
  name: string;
  role: Role;
  /** What this person may do there, in the words of the API keys' scopes. */
  permissions: string[];
  sandbox: boolean;
  shops: Shop[];
}

export interface SessionStaff {
  id: string;
  name: string;
  email_masked?: string;
  totp_enabled?: boolean;
}

export interface Session {
  staff: SessionStaff;
  merchants: MerchantAccess[];
}

export interface SessionRequest {
  email: string;
  password: string;
  totp?: string;
}

export interface TotpSecret {
  secret: string;
  otpauth_url: string;
}

export interface Staff {
  id: string;
  name: string;
  email_masked: string;
  role: Role;
  totp_enabled: boolean;
  /** Has not chosen a password yet. */
  invited?: boolean;
  created_at: string;
  disabled_at?: string | null;
}

export interface StaffInvite {
  staff: Staff;
  /** `null` where the person already had an account at another merchant of this installation. */
  invite_url_token?: string | null;
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  created_at: string;
  last_used_at?: string | null;
  test?: boolean;
}

export interface ApiKeyCreated {
  key: ApiKey;
  secret: string;
}

export interface MerchantSettings {
  settlement_delay_days?: number;
  merge_on_contact?: boolean;
  count_platform_discount?: boolean;
  pay_time_policy?: string;
}

export interface Merchant {
  id: string;
  name: string;
  zone: string;
  currency: string;
  sandbox: boolean;
  settings: MerchantSettings;
}

export interface AuditEntry {
  seq: number;
  at: string;
  actor: string;
  actor_name?: string | null;
  action: string;
  subject?: string | null;
  summary?: string | null;
  hash: string;
}

export interface AuditVerdict {
  ok: boolean;
  checked: number;
  first_bad?: number | null;
}

export interface Webhook {
  id: string;
  url: string;
  types: string[];
  state?: string;
  disabled_at?: string | null;
  created_at: string;
  position?: number;
  secret?: string | null;
}

export interface WebhookTested {
  delivered: boolean;
  status?: number | null;
  error?: string | null;
}

export interface WebhookDelivery {
  id: string;
  type?: string;
  position?: number;
  state: string;
  attempt?: number;
  status?: number | null;
  error?: string | null;
  at?: string;
  next_at?: string | null;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'dead' | Other;

export interface Job {
  id: string;
  kind: string;
  state: JobState;
  progress?: { done: number; total?: number | null; unit?: string } | null;
  title?: string | null;
  stopping?: boolean;
  error?: string | null;
  result?: unknown;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
}

export interface MemberKey {
  kind: string;
  namespace?: string | null;
  value_masked: string;
  class: 'strong' | 'platform' | 'contact' | string;
  verified: boolean;
}

export interface Member {
  id: string;
  display_name?: string | null;
  phone_masked?: string | null;
  email_masked?: string | null;
  gender?: string | null;
  birthday?: string | null;
  age_band?: string | null;
  region?: { province?: string | null; city?: string | null } | null;
  joined_at?: string | null;
  join_source?: string | null;
  tier?: string | null;
  points?: string | null;
  /** Tags as the sources' lists word them. */
  tags?: string[];
  /** The merchant's own tags. */
  assigned_tags?: MemberTag[];
  first_seen_at?: string | null;
  keys: MemberKey[];
  orders_count: number;
  net_paid: Money;
  last_order_at?: string | null;
  created_at: string;
  external?: ExternalRef | null;
  /** Of a search, why it found them. */
  matched?: MemberMatch[];
}

export interface MemberMatch {
  /** A key's kind, or `id`, `name`, `tag`. */
  kind: string;
  value_masked: string;
  /** A phone, and another one than is shown, also where the two look the same. */
  other?: boolean;
}

export interface Consent {
  id?: string | null;
  purpose: string;
  channel: string;
  granted: boolean;
  source?: string | null;
  proof?: string | null;
  at: string;
}

export interface Merge {
  id: string;
  survivor: string;
  absorbed: string;
  reason?: string | null;
  at: string;
  undone_at?: string | null;
  by?: string | null;
}

export interface MemberIdentity {
  keys: MemberKey[];
  aliases: string[];
  merges: Merge[];
}

export interface BehaviourEvent {
  id: string;
  type: string;
  source?: string;
  at: string;
  sku?: string | null;
  words?: string | null;
  quantity?: number | null;
  amount?: Money | null;
  rating?: number | null;
  data?: Record<string, unknown> | null;
}

export interface UnmergeOutcome {
  differences: { what: string; text: string }[];
  members: string[];
}

export interface Review {
  id: string;
  reason: 'conflict' | 'contact_match' | 'renamed_account' | string;
  /** Of every key that the two share. */
  reasons?: string[];
  left: Member;
  right: Member;
  evidence: { kind: string; value_masked: string }[];
  state: string;
  created_at: string;
}

export interface Suppression {
  id: string;
  channel: string;
  value_masked: string;
  reason: string;
  source?: string | null;
  at: string;
}

export interface PrivacyRequest {
  id: string;
  member: string;
  kind: 'copy' | 'erasure' | Other;
  state: string;
  due_at: string;
  created_at?: string;
  completed_at?: string | null;
}

export interface RegisterColumn {
  table: string;
  column: string;
  class: string;
}

export type OrderState = 'created' | 'paid' | 'shipped' | 'completed' | 'closed' | Other;

export interface Discount {
  payer: string;
  amount: Money;
  name?: string | null;
}

export interface OrderLine {
  id: string;
  line_no?: number | string | null;
  sku?: string | null;
  title?: string | null;
  spec?: string | null;
  category?: string | string[] | null;
  quantity: number;
  unit_price?: Money | null;
  paid?: Money | null;
  refunded?: Money | null;
  state?: string | null;
}

export interface Refund {
  id: string;
  order_id?: string | null;
  order?: string | null;
  amount: Money;
  reason?: string | null;
  state?: string | null;
  kind?: string | null;
  created_at?: string | null;
  completed_at?: string | null;
}

export interface OrderStateStep {
  state: string;
  platform_status?: string | null;
  at?: string | null;
  source?: string | null;
}

export interface Order {
  id: string;
  external?: ExternalRef | null;
  order_no?: string | null;
  platform?: string | null;
  shop?: string | null;
  state: OrderState;
  platform_status?: string | null;
  currency: string;
  paid?: Money | null;
  shipping?: Money | null;
  goods_paid?: Money | null;
  refunded?: Money | null;
  net_paid?: Money | null;
  merchant_received?: Money | null;
  /** By how much refunds exceed what was paid; only where they do. */
  refund_over?: Money | null;
  discounts?: Discount[];
  created_at?: string | null;
  paid_at?: string | null;
  shipped_at?: string | null;
  completed_at?: string | null;
  closed_at?: string | null;
  final_at?: string | null;
  counts_at?: string | null;
  member?: string | null;
  identified: boolean;
  /** Why nobody can be named for it; only where one order is asked for. */
  unidentified_because?: string | null;
  lines?: OrderLine[] | null;
  receiver?: {
    name_masked?: string | null;
    phone_masked?: string | null;
    province?: string | null;
    city?: string | null;
    district?: string | null;
    address_masked?: string | null;
  } | null;
  payment_method?: string | null;
  flags?: string[];
  estimated?: boolean;
  refunds?: Refund[] | null;
  states?: OrderStateStep[] | null;
}

export interface Product {
  id: string;
  external?: ExternalRef | null;
  sku?: string | null;
  title?: string | null;
  category?: string[] | null;
  price?: Money | null;
  cost?: Money | null;
  stock?: number | null;
}

export interface Overview {
  members: { total: number; new_30d: number };
  orders: { total: number; identified: number; unidentified: number };
  money: {
    net_paid: number | Money;
    identified: number | Money;
    unidentified: number | Money;
    merchant_received: number | Money;
    currency: string;
  };
  quarantine_open: number;
  reviews_open: number;
  as_of: string;
}

export type ImportState = 'staged' | 'previewed' | 'running' | 'stopped' | 'done' | 'undoing' | 'undone' | 'failed' | Other;

export interface ColumnMapping {
  column: string;
  field?: string | null;
  /** How sure the recognition is, in percent. */
  confidence?: number;
}

/** What one row of a file is. */
export const SHAPES = ['orders', 'order_lines', 'order_shares', 'sales', 'items', 'members', 'products', 'suppressions', 'tags', 'weather'] as const;

export interface ImportFile {
  name: string;
  format?: string | null;
  platform?: string | null;
  encoding?: string | null;
  columns?: string[] | number | null;
  records: number;
  good: number;
  bad: number;
  skipped: number;
  warned?: number;
  size?: number;
  mapping?: ColumnMapping[] | { columns: ColumnMapping[]; id?: string } | null;
  /** What a row of it is, where the server says so. */
  shape?: string | null;
  recognised?: boolean;
  /** `day_first` or `month_first` where somebody said so. */
  day_order?: string | null;
  error?: string | null;
}

export interface ImportDetail {
  id: string;
  state: ImportState;
  title?: string | null;
  shop?: string | null;
  files: ImportFile[];
  progress?: { done: number; total: number } | null;
  waiting?: number;
  repaired?: number;
  set_aside?: number;
  /** Rows with the same content as ones that were settled in an earlier import. */
  repaired_before?: number;
  set_aside_before?: number;
  counts?: Partial<
    Record<
      | 'orders_new'
      | 'orders_changed'
      | 'unchanged'
      | 'members'
      | 'members_new'
      | 'lines'
      | 'products'
      | 'suppressions'
      | 'tags'
      | 'weather'
      | 'tagged'
      | 'ends_kept'
      | 'refunds'
      | 'quarantined'
      | 'skipped'
      | 'unidentified'
      | 'mended',
      number
    >
  > | null;
  job?: string | null;
  created_at?: string;
  error?: string | null;
}

export interface PreviewNote {
  record: number;
  row?: number | null;
  /** The sheet, where several are read. */
  sheet?: string | null;
  column?: string | null;
  reason: string;
  text?: string | null;
  advice?: string | null;
  key?: string | null;
  /** The row with the same content that was settled in another import. */
  before?: { id: string; import: string; state: string; at?: string | null } | null;
}

/** What of a staged file's orders is here already; `whole: false` where only the first were looked at. */
export interface ImportForeseen {
  file: string;
  orders?: { new: number; known: number; whole: boolean } | null;
}

export interface ImportPreview {
  /** What holds for the file as a whole. */
  notes?: { code: string; text: string }[];
  good: unknown[];
  not_good: PreviewNote[];
  warned: PreviewNote[];
}

export interface MappingField {
  kind?: string;
  field: string;
  label?: string;
  required?: boolean;
}

export interface Mapping {
  id: string;
  name: string;
  format_kind: string;
  columns: ColumnMapping[];
}

export interface QuarantineReason {
  code: string;
  column?: string | null;
  text?: string | null;
  advice?: string | null;
}

export interface QuarantineEntry {
  id: string;
  import: string;
  file: string;
  record: number;
  row?: number | null;
  order_no?: string | null;
  reasons: QuarantineReason[];
  cells: Record<string, string | null>;
  /** The columns in the order of the file. */
  columns?: string[];
  /** The cells that were corrected: what the file said, and what they say now. */
  changed?: { column: string; from: string; to: string }[];
  note?: string | null;
  state: 'open' | 'repaired' | 'discarded' | Other;
  resolved_at?: string | null;
  resolved_by?: string | null;
  resolved_how?: string | null;
  resolved_import?: string | null;
  same_as?: string | null;
}

export interface SavedView {
  id: string;
  page: string;
  name: string;
  query: string;
  columns: string[];
}

/** Reports are as the server's document words them. */
export type {
  ReportCoverage,
  ReportHead,
  ReportMember,
  Reported_Calendar as CalendarReport,
  Reported_Cohorts as CohortReport,
  Reported_Goods as GoodsReport,
  Reported_Interval as IntervalReport,
  Reported_Lifecycle as LifecycleReport,
  Reported_Regions as RegionReport,
  Reported_Rfm as RfmReport,
} from './generated';

/** A day of the promotion calendar, or several. */
export interface Occasion {
  /** `occ_…` of the merchant's own. */
  id?: string | null;
  code?: string | null;
  kind: string;
  name: { zh: string; en: string };
  from: string;
  /** The day after the last. */
  to: string;
  /** The main day, where a chart puts its mark. */
  day: string;
}

/** A day, week or month of the dashboard. */
export interface SeriesPoint {
  from: string;
  to: string;
  orders: number;
  buyers: number;
  new_buyers: number;
  returning_buyers: number;
  paid: number;
  received: number;
  paid_unidentified: number;
  registered: number;
}

export type DashboardReport = Reported_Dashboard & { series?: { grain: string; points: SeriesPoint[] } | null };
