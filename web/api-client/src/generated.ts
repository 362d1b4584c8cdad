/** Generated from the OpenAPI document by generate.mjs. Do not edit: run `make gen`. */

/** Points to be given or taken by hand. */
export type AdjustInput = {
  id?: string | null;
  /** Below nothing they are taken. */
  points: number;
  reason: string;
};

/** An API key, without its secret. */
export type ApiKey = {
  created_at: string;
  id: string;
  /** Within ten minutes. */
  last_used_at?: string | null;
  name: string;
  /** The beginning of the secret. */
  prefix: string;
  /** Permission words. */
  scopes: string[];
  /** For a sandbox merchant. */
  test: boolean;
};

export type ApiKeyCreate = {
  name: string;
  /** Permission words; at least one. */
  scopes: string[];
  /** For a sandbox merchant: then it must be true. */
  test?: boolean;
};

/** A new key with its secret. */
export type ApiKeyCreated = {
  key: ApiKey;
  /** Shown this once. */
  secret: string;
};

/** What somebody did. */
export type AuditEntry = {
  action: string;
  /** `stf_…`, `key_…`, `cli` or `system:…`. */
  actor: string;
  /** Their name, where it is one of the staff and still known. */
  actor_name?: string | null;
  at: string;
  /** Hash of the chain up to here, in hex. */
  hash: string;
  /** Gapless, from 1. */
  seq: number;
  /** The id it was done to. */
  subject?: string | null;
  /** In words; absent once erased. */
  summary?: string | null;
};

/** What verifying the chain found. */
export type AuditVerdict = {
  /** How many hold. */
  checked: number;
  /** The first that does not. */
  first_bad?: number | null;
  /** Whether every entry holds. */
  ok: boolean;
};

/** A batch. */
export type Batch = {
  /** When the question was put. */
  asked_at?: string | null;
  channel: string;
  click_days: number;
  closed_at?: string | null;
  codes: number;
  codes_used: number;
  cost_fixed: Money;
  cost_per_thousand: Money;
  coupon_link?: string | null;
  created_at: string;
  created_by: string;
  delivery_days: number;
  destination: string;
  exclude: string[];
  /** How often it was given out: from the second time on a repeat. */
  exports: number;
  expr?: Record<string, unknown> | null;
  fatigue?: BatchFatigue | null;
  frozen_at?: string | null;
  /** As it stands now: who withdrew between freezing and handing over is in `losses`. */
  funnel: BatchFunnel;
  handed_at?: string | null;
  holdout_percent: number;
  id: string;
  ignore_holdouts: boolean;
  /** Up to when its answer knew. */
  known_at?: string | null;
  link_base?: string | null;
  /** How many members the list has that it was asked for by. */
  listed?: number | null;
  name: string;
  progress?: BatchProgress | null;
  purpose: string;
  segment?: string | null;
  signature?: string | null;
  /** `draft` (being put together), `frozen`, `handed_over` or `closed`. */
  state: string;
  target_url?: string | null;
  text?: string | null;
  variables: string[];
  window_days: number;
  with_codes: boolean;
};

/** One side of the comparison, over the whole window. */
export type BatchArm = {
  buyers: number;
  members: number;
  orders: number;
  /** Net of refunds. */
  revenue: Money;
};

/** Orders laid to the batch as the last touch before them. */
export type BatchAttributed = {
  buyers: number;
  click_days: number;
  delivery_days: number;
  orders: number;
  /** Of the orders those after a click. */
  orders_by_click: number;
  revenue: Money;
};

/** Codes to be given to members, one each. */
export type BatchCodes = {
  codes: string[];
};

/** What was added. */
export type BatchCodesAdded = {
  /** Codes that the batch did not have. */
  added: number;
};

/** A difference with its interval at 95 %. */
export type BatchDifference = {
  high: number;
  low: number;
  value: number;
};

/** How often a member may be reached. */
export type BatchFatigue = {
  /** In so many days … */
  days: number;
  /** … who was reached so many times is left out. Default: 1. */
  max?: number;
};

/** One funnel: how many are left after each step, and how many each reason took. */
export type BatchFunnel = {
  /** Left who have an address that is not suppressed and not another's. */
  addressed: number;
  /** Left after exclusion and consent. */
  consented: number;
  /** Of them those whom an exclusion named, or who are no members any more. */
  excluded: number;
  /** Who is, or is to be, handed over. */
  handed_over: number;
  /**
   * How many each reason took: `excluded`, `gone`, `no_consent`, `refused`, `under_14`, `no_address`,
   * `suppressed`, `same_address`, `fatigued`, `held_by_other`, `held_out`. With `handed_over` they sum to `matched`.
   */
  losses: Record<string, number>;
  /** Whom the question means. */
  matched: number;
  /** Left who were not reached too often. */
  not_fatigued: number;
  /** Left who are not held out, by this batch or by another. */
  not_held_out: number;
};

/** What the batch brought beyond what would have come anyway, with the interval's ends. */
export type BatchGain = {
  high: Money;
  low: Money;
  value: Money;
};

/** The task that sends it. */
export type BatchHandOver = {
  job: string;
};

/** A batch whose comparison still runs, and how many of those asked for it holds out. */
export type BatchHeldBy = {
  batch: string;
  members: number;
  name: string;
  /** The end of its window; absent where it has not been handed over. */
  until?: string | null;
};

/** A batch to be previewed or frozen. Say whom by exactly one of `segment`, `expr`, `text`, `members`. */
export type BatchInput = {
  /** The id that a preview gave: then the very members are held out that the preview counted. */
  batch?: string | null;
  /**
   * The channel whose consent counts: `sms` for `sms`, `wechat` for `wecom`, `any` for `wangwang`, `ads`
   * and `parcel`, which need not be said. A webhook must name its own: `sms`, `email`, `wechat`, `push`, `phone`.
   */
  channel?: string | null;
  /** Days after a click within which an order is laid to it. Default: 7. */
  click_days?: number | null;
  /** Codes, one for each member; more can be added until the batch is handed over. */
  codes?: string[];
  /** What it costs whatever its size, minor units of the merchant's currency. */
  cost_fixed?: number;
  /** What a thousand rows cost, minor units: 4500 is 4.5 fen a message. */
  cost_per_thousand?: number;
  /** A platform coupon's link, the same for all. */
  coupon_link?: string | null;
  /** Days after delivery. Default: 3. */
  delivery_days?: number | null;
  /** `sms`, `wecom`, `wangwang`, `ads`, `parcel` or `webhook`. */
  destination: string;
  /** Segments whose members are left out. */
  exclude?: string[];
  /** An expression (docs/segment.schema.json). */
  expr?: Record<string, unknown> | null;
  fatigue?: BatchFatigue | null;
  /** Percent held out. Default: none. */
  holdout_percent?: number;
  /**
   * Hand over as well whom another batch holds out while its window runs, or is still to begin. Default:
   * no, for that batch's comparison would be spoilt.
   */
  ignore_holdouts?: boolean;
  /** The address that short links begin with. Default: this server's public address. */
  link_base?: string | null;
  /** Members by id. */
  members?: string[] | null;
  /** What people call it; not needed for a preview. */
  name?: string;
  /** `marketing` (default), `service`, or `ads`, which is the one of the destination `ads`. */
  purpose?: string;
  /** A kept segment: `seg_…`. */
  segment?: string | null;
  /** The messages' signature, without brackets. */
  signature?: string | null;
  /** Where short links lead; no links if absent. */
  target_url?: string | null;
  /** An expression in the text form. */
  text?: string | null;
  /** Facts that stand in the sheet: `name`, `gender`, `province`, `city`, `tier`, `points`. */
  variables?: string[];
  /** Days over which treated and held out are compared. Default: 14. */
  window_days?: number | null;
  /** Each member gets a code of the list in `codes` or `POST /batches/{id}/codes`. */
  with_codes?: boolean;
};

/** A member of a batch. */
export type BatchMember = {
  /** The first click by a person. */
  clicked_at?: string | null;
  clicks: number;
  /** Masked: the name, else the phone or another key; absent for who is no member any more. */
  display_name?: string | null;
  handed_at?: string | null;
  /** The code of the short link. */
  link?: string | null;
  member: string;
  phone_masked?: string | null;
  /** `delivered` or `failed`, as a receipt says. */
  receipt?: string | null;
  receipt_at?: string | null;
  replied_at?: string | null;
  unsubscribed_at?: string | null;
  /** `treated`, `held_out`, or why they were left out. */
  verdict: string;
};

/** What is to change of a batch; what is absent stays. */
export type BatchPatch = {
  /** Minor units. */
  cost_fixed?: number | null;
  /** Minor units for a thousand rows. */
  cost_per_thousand?: number | null;
  name?: string | null;
};

/** What freezing it now would come to. */
export type BatchPreview = {
  asked_at: string;
  /** The id to hand to `POST /batches`, so that the preview comes true. */
  batch: string;
  funnel: BatchFunnel;
  /** The batches that hold out those of `held_by_other`, each member counted with one of them. */
  held_by: BatchHeldBy[];
  /** Up to when the answer knows. */
  known_at: string;
};

/** How far a batch is put together, or sent. */
export type BatchProgress = {
  done: number;
  error?: string | null;
  /** The task. */
  job: string;
  /** `queued`, `running`, `done`, `stopped`, `dead`. */
  state: string;
  total?: number | null;
};

/** What a sheet of results came to. */
export type BatchReceipts = {
  bad: number;
  /** The first thousand of them. */
  bad_rows: BatchResultProblem[];
  /** Receipts that say something new. */
  delivered: number;
  failed: number;
  /** Rows of people whom the batch was not handed over for. Who ends the messages among them is obeyed. */
  not_in_batch: number;
  replied: number;
  rows: number;
  /** Rows whose status says only that a message was sent. */
  sent: number;
  /** Rows that said what was known. */
  unchanged: number;
  /** People who end the messages: suppressed and refused at once. */
  unsubscribed: number;
};

/** What a batch brought. */
export type BatchReport = {
  attributed: BatchAttributed;
  /** Members who followed the link, by a person's browser. */
  clicked: number;
  clicks: number;
  /** Whether the window is over: before, the figures still grow. */
  complete: boolean;
  cost: Money;
  delivered: number;
  failed: number;
  /** The window of the comparison, from the first row that left; absent before. */
  from?: string | null;
  funnel: BatchFunnel;
  gain?: BatchGain | null;
  /** Members handed over. The same member by way of a merge is one. */
  handed_over: number;
  held_out: BatchArm;
  lift?: BatchDifference | null;
  method: string;
  /** Orders in the window of another currency: counted, in no sum of money. */
  other_currency_orders: number;
  replied: number;
  revenue_per_member?: BatchDifference | null;
  roi?: BatchDifference | null;
  /** Requests of links by programs: in no other number. */
  scans: number;
  to?: string | null;
  treated: BatchArm;
  unsubscribed: number;
};

/** The answer to an item. */
export type BatchResult = {
  /** The record. */
  id?: string | null;
  /** Its place in the batch, from 0. */
  index: number;
  problem?: Problem | null;
  /** `created`, `updated`, `unchanged` or `refused`. */
  status: string;
};

/** A row that was not taken. */
export type BatchResultProblem = {
  code: string;
  /** In the language of the request. */
  reason: string;
  /** Its number in the sheet. */
  row: number;
};

/** The answers to a batch, one an item, in their order. */
export type BatchResults = {
  /** One an item. */
  results: BatchResult[];
};

/** A row with the same content that was settled before. */
export type BeforeOut = {
  at?: string | null;
  /** `qua_…` */
  id: string;
  /** `imp_…` */
  import: string;
  /** `repaired` or `discarded`. */
  state: string;
};

/** What a member did. */
export type Behaviour = {
  amount?: Money | null;
  /** When. */
  at: string;
  /** More. */
  data: Record<string, string>;
  /** `act_…`. */
  id: string;
  /** How many. */
  quantity?: number | null;
  /** Stars. */
  rating?: number | null;
  /** On which goods. */
  sku?: string | null;
  /** Which system saw it. */
  source: string;
  /** Its id there. */
  source_id: string;
  /** What it was. */
  type: string;
  /** Search words. */
  words?: string | null;
};

export type BehaviourBatch = {
  /** 1 to 1000 acts. */
  items: BehaviourInput[];
};

/** What somebody did. */
export type BehaviourInput = {
  /** Worth, minor units of your currency. */
  amount?: number | null;
  /** When. */
  at: string;
  /** More, as words and whole numbers by name. Nothing that names a person. */
  data?: Record<string, string>;
  /** Its id there; the same id is recorded once. */
  id: string;
  /** Or by keys. An act of nobody is kept and finds its member when a key arrives. */
  keys?: BuyerKey[];
  /** Who: `mem_…`. */
  member?: string | null;
  /** How many. */
  quantity?: number | null;
  /** Stars. */
  rating?: number | null;
  /** On which goods. */
  sku?: string | null;
  /** Which system saw it. */
  source: string;
  /** Free text of a review or question; kept sealed. */
  text?: string | null;
  /**
   * `browse`, `search`, `cart`, `favourite`, `share`, `review`, `consult`, `login`, `check_in`, `visit`,
   * `message_sent`, `message_opened`, `message_clicked`, `message_replied`, `register`, `follow`, `subscribe`.
   */
  type: string;
  /** Search words. */
  words?: string | null;
};

/** A benefit. */
export type Benefit = BenefitInput & {
  /** When it was made. */
  created_at: string;
  /** `ben_…`. */
  id: string;
  /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
  state: string;
  /** Counts its changes: what a change names. */
  version: number;
};

/** Whether it depends on the birthday. */
export type BenefitBirthday = "any" | "day" | "month";

/** What a benefit, reward, pack or growth task is called. */
export type BenefitBrief = {
  /** Its id. */
  id: string;
  /** Its sort; of a pack its occasion, of a growth task its goal. */
  kind: string;
  /** Its name. */
  name: string;
};

/** Who sees to it that a use comes true. */
export type BenefitBy = "system" | "hand" | "erp";

/** What benefits and rewards cost in a stretch of days. */
export type BenefitCost = {
  /** What is taken for given, in the caller's language. */
  assumed: string[];
  /** Of which currency the amounts are, in its minor units. */
  currency: string;
  from: string;
  lines: BenefitCostLine[];
  rewards: RewardCostLine[];
  to: string;
  totals: BenefitCostTotals;
};

/** Uses of a benefit by members of a tier, minor units. */
export type BenefitCostLine = {
  benefit: BenefitBrief;
  cost: number;
  /** By how many members. */
  members: number;
  platform: number;
  /** What is left for the shop. */
  shop: number;
  supplier: number;
  tier?: BenefitTier | null;
  uses: number;
};

/** All lines together, minor units. */
export type BenefitCostTotals = {
  cost: number;
  platform: number;
  shop: number;
  supplier: number;
  /** Uses and redemptions. */
  uses: number;
};

/** Percent of a cost that others bear; the rest is the shop's. */
export type BenefitFunded = {
  /** The platform, percent. */
  platform?: number;
  /** The supplier, percent. */
  supplier?: number;
};

/** Uses that packs gave, beside tier and quota. */
export type BenefitGranted = {
  /** How many are left. */
  left: number;
  /** When the first of them end. */
  until: string;
};

/** What a merchant says of a benefit. */
export type BenefitInput = {
  /** Who sees to it. */
  by?: BenefitBy;
  cost?: Money | null;
  /** In the words of the shop. */
  description?: string;
  /** Days after the use on which its task is due. */
  due_days?: number;
  /** From when on it can be used. */
  from?: string | null;
  /** Who else bears it. */
  funded?: BenefitFunded;
  /** What sort of benefit. */
  kind: BenefitKind;
  /** As people read it. */
  name: string;
  quota?: BenefitQuota | null;
  /** What it is worth to the member. */
  terms?: BenefitTerms;
  /** When it ends. */
  until?: string | null;
  /** To change one: the `version` that was read. */
  version?: number | null;
  /** On which days. */
  when?: BenefitWhen;
  /** Whose it is. */
  who?: BenefitWho;
};

/** What sort of benefit. */
export type BenefitKind = "member_discount" | "coupon_pack" | "free_shipping" | "priority_dispatch" | "own_agent" | "birthday_gift" | "birthday_offer" | "product_trial" | "early_access" | "member_goods" | "member_day" | "cashback" | "personal_adviser" | "tailored_service" | "custom";

/** A pack. */
export type BenefitPack = PackInput & {
  /** When it was made. */
  created_at: string;
  /** How often it was given. */
  given: number;
  /** `pck_…`. */
  id: string;
  /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
  state: string;
  /** Counts its changes: what a change names. */
  version: number;
};

/** How often. */
export type BenefitQuota = {
  /** in such a stretch. */
  per: QuotaPer;
  /** So many times, */
  uses: number;
};

/** How much of a quota is used. */
export type BenefitQuotaUsed = {
  /** When it began. */
  from?: string | null;
  /** What is left. */
  left: number;
  /** In which stretch of time. */
  per: QuotaPer;
  /** When it ends, and all can be had again. */
  until?: string | null;
  /** Used so far. */
  used: number;
  /** So many times. */
  uses: number;
};

/** Why. */
export type BenefitReason = {
  /** In words. */
  reason: string;
};

/**
 * What came back of benefits and rewards in a stretch of days. A difference between members who chose to use them and others of
 * their tier; it is no proof of effect.
 */
export type BenefitReturn = {
  /** What is taken for given, in the caller's language. */
  assumed: string[];
  /** The first day of the span before, which is as long and ends the day before `from`. */
  before_from: string;
  /** Of which currency the amounts are, in its minor units. */
  currency: string;
  from: string;
  least: number;
  /** By tier and benefit, the dearest first. */
  lines: BenefitReturnLine[];
  /** As asked, thousandths. */
  margin?: number | null;
  /** By tier and reward, the dearest first. */
  rewards: RewardReturnLine[];
  /** All benefits of a tier together, the dearest first. */
  tiers: BenefitReturnLine[];
  to: string;
};

/** What came back of a benefit in a tier, or of all benefits in it, minor units. */
export type BenefitReturnLine = {
  /** Spent more than before, less what as many of the others spent more. */
  added?: number | null;
  /** The margin of that. */
  added_margin?: number | null;
  benefit?: BenefitBrief | null;
  /** All of it, whoever bears it. */
  cost: number;
  others?: BenefitReturnSide | null;
  /** That margin less the cost, in thousandths of the cost: 632 is a return of 63.2%. */
  roi_permille?: number | null;
  tier?: BenefitTier | null;
  untold?: BenefitReturnUntold | null;
  used?: BenefitReturnSide | null;
  uses: number;
};

/** Members and what they spent, minor units, net of refunds. */
export type BenefitReturnSide = {
  /** In the span before. */
  before: number;
  /** In the span that was asked about. */
  during: number;
  members: number;
};

/** Why a number is missing. */
export type BenefitReturnUntold = "no_tier" | "too_few" | "no_margin" | "no_cost";

/** Something to be done for a use. */
export type BenefitTask = {
  /** Of which benefit. */
  benefit: BenefitBrief;
  /** `hand` or `erp`. */
  by: string;
  /** When it was made. */
  created_at: string;
  /** When it was done. */
  done_at?: string | null;
  /** Who said so. */
  done_by?: string | null;
  /** The day on which it is due. */
  due_on: string;
  /** `bnt_…`. */
  id: string;
  /** For whom. */
  member: string;
  /** For which order. */
  order?: string | null;
  /** Whether it should be done by now. */
  overdue: boolean;
  /** `open`, `done` or `cancelled`. */
  state: string;
  /** `bnu_…`. */
  use: string;
};

/** What is open. */
export type BenefitTaskCounts = {
  /** All that is open. */
  open: number;
  /** What should be done by now. */
  overdue: number;
  /** What is due today. */
  today: number;
};

/** A ready set of benefits. */
export type BenefitTemplate = {
  benefits: BenefitTemplatePart[];
  description: string;
  key: string;
  name: string;
  /** The ready programme whose ladder it is for. */
  programme_template: string;
  /** How many tiers it needs. */
  tiers: number;
};

/** A benefit of a ready set. */
export type BenefitTemplatePart = BenefitInput & ({
  /** The lowest place in the ladder, from 0, whose members have it. */
  tier: number;
  /** The highest; null for the top. */
  to?: number | null;
});

/** What it is worth to the member. */
export type BenefitTerms = {
  amount?: Money | null;
  /** Of a discount the percent off, of cashback the percent that comes back. */
  percent?: number | null;
};

/** A tier of a programme. */
export type BenefitTier = {
  /** Its name. */
  id: string;
  /** `prg_…`. */
  programme: string;
};

/** What a change of a benefit would make of all members. */
export type BenefitTrial = {
  after?: BenefitTrialCost | null;
  /** What is assumed, in the caller's language. */
  assumed: string[];
  before?: BenefitTrialCost | null;
  /** What the uses cost a month as they were booked. */
  booked: number;
  /** Of which currency the amounts are, in its minor units. */
  currency: string;
  /** from here on. */
  from: string;
  /** Whose it would be and is not. */
  gaining: number;
  /** Of them those that a pack gave: they need no tier, day or quota. */
  granted: number;
  /** Whose the benefit is by tier and segment, */
  had: number;
  /** and whose it would be. */
  has: number;
  /** When it was reckoned. */
  known_at: string;
  /** Members who lose the benefit, or uses that they had. */
  losing: number;
  /** Whose it is and would not be. */
  losing_it: number;
  /** Why those who lose it do. */
  lost_by: BenefitTrialReason[];
  /** All members. */
  members: number;
  /** Months of real uses that were judged again, */
  months: number;
  /**
   * What those whose it would be newly come to a month, if they used it as often as those whose it is; null where that
   * cannot be told.
   */
  newcomers?: number | null;
  /** Uses that could not have been. */
  refused: number;
  /** Why not. */
  refused_by: BenefitTrialReason[];
  /** and those of them with uses that could not have been. */
  refused_users: number;
  /** By the tier held now, the lowest first; none where no programme is named. */
  tiers: BenefitTrialTier[];
  /** How long it took, in milliseconds. */
  took_ms: number;
  /** Members who used it, */
  users: number;
  /** Uses in these months. */
  uses: number;
};

/** What uses are said to cost a month, minor units. */
export type BenefitTrialCost = {
  cost: number;
  /** What of it is the shop's. */
  shop: number;
};

/** A benefit to be tried. */
export type BenefitTrialInput = {
  /** Which benefit would be changed; left out for one that would be new. */
  benefit?: string | null;
  definition?: BenefitInput | null;
  /** Months of real uses that are judged again; 3 unless given. */
  months?: number | null;
};

/** A member as a trial has them. */
export type BenefitTrialMember = {
  /** Whether the benefit is theirs by what they are, */
  had: boolean;
  /** and whether it would be. */
  has: boolean;
  member: string;
  /** How often they could not have. */
  refused: number;
  /** The tier held now; null without one. */
  tier?: string | null;
  /** How often they used it. */
  uses: number;
  /** What these uses are said to cost, minor units. */
  value: number;
  /** Why it would not: `ended`, `tier` or `segment`. */
  why?: string | null;
};

/** A benefit to be tried, and which members are to be listed. */
export type BenefitTrialMembersInput = {
  benefit?: string | null;
  definition?: BenefitInput | null;
  /** Of the file: `csv` (default), `xlsx` or `parquet`. */
  format?: string | null;
  months?: number | null;
  /** `losing` (default), `refused` or `gaining`. */
  which?: string | null;
};

/** How many members, or uses, for a reason. */
export type BenefitTrialReason = {
  count: number;
  /** `ended`, `tier`, `segment`, `birthday`, `day` or `quota`. */
  why: string;
};

/** Members who hold a tier now. */
export type BenefitTrialTier = {
  gaining: number;
  /** Whose the benefit is by what they are, */
  had: number;
  /** and whose it would be. */
  has: number;
  /** The tier; null for those who hold none. */
  id?: string | null;
  losing: number;
  members: number;
  /** What people call it. */
  name?: string | null;
};

/** A use of a benefit. */
export type BenefitUse = {
  /** Of which benefit. */
  benefit: BenefitBrief;
  /** What it cost. */
  cost: Money;
  /** Whether it was one of those that a pack gave. */
  granted: boolean;
  /** `bnu_…`. */
  id: string;
  /** Who asked for it. */
  made_by: string;
  /** By whom. */
  member: string;
  /** For which order: our id of it, or the shop's number. */
  order?: string | null;
  /** and the platform. */
  platform: Money;
  /** Of which the supplier bears, */
  supplier: Money;
  task?: BenefitUseTask | null;
  tier?: BenefitTier | null;
  /** When it was taken back. */
  undone_at?: string | null;
  /** When. */
  used_at: string;
};

/** A use of a benefit. */
export type BenefitUseInput = {
  cost?: Money | null;
  /** The caller's id of this: the same again is the same use. The idempotency key unless given. */
  id?: string | null;
  /** For which order: our id of it, or the shop's number. */
  order?: string | null;
};

/** The task of a use. */
export type BenefitUseTask = {
  /** The day on which it is due. */
  due_on: string;
  /** `bnt_…`. */
  id: string;
  /** `open`, `done` or `cancelled`. */
  state: string;
};

/** What came of it. */
export type BenefitUsed = {
  /** `ok`, or `duplicate` where the same request was made before. */
  result: string;
  use: BenefitUse;
};

/** Whether a member may use a benefit now. */
export type BenefitVerdict = {
  /** Who sees to it. */
  by: BenefitBy;
  granted?: BenefitGranted | null;
  /** Whether they may. */
  may: boolean;
  quota?: BenefitQuotaUsed | null;
  /** What it is worth to the member. */
  terms: BenefitTerms;
  tier?: BenefitTier | null;
  why?: BenefitWhy | null;
};

/** On which days it can be used; all that is stated must hold. */
export type BenefitWhen = {
  /** Whether it depends on the birthday. */
  birthday?: BenefitBirthday;
  /** On these days of the month, or of the week; any where neither is named. */
  month_days?: number[];
  /** 1 is Monday. */
  week_days?: number[];
};

/** All that is stated must hold; where nothing is, it is everybody. */
export type BenefitWho = {
  /** The programme whose tiers are meant. */
  programme?: string | null;
  /** The member is in one of these segments; in any or none where none is named. */
  segments?: string[];
  /** The member's tier is one of these; any where none is named. */
  tiers?: string[];
};

/** Why something may not be had, in both languages. */
export type BenefitWhy = {
  /** A stable word such as `benefit.not_in_tier`. */
  code: string;
  /** The same in English. */
  en: string;
  /** A whole sentence in Chinese. */
  zh: string;
};

/** One sentence in both languages. */
export type BothLanguages = {
  /** English */
  en: string;
  /** 中文 */
  zh: string;
};

/** What came of it: the task where a filter was given, else each member's answer. */
export type BulkTagged = {
  changed: number;
  job?: string | null;
  not_found: number;
  results: TaggedMember[];
  unchanged: number;
};

export type BulkTags = {
  /** Tags to give. */
  add?: string[];
  filter?: MemberFilter | null;
  /** To these, at once. */
  members?: string[] | null;
  /** Why; it goes into the audit. */
  reason?: string | null;
  /** Tags to take off. */
  remove?: string[];
};

/** A purchase that the shop's till took money for. */
export type BuyInput = {
  /** When; now unless given, never in the future. */
  at?: string | null;
  /** How many of it, one after the other. */
  count?: number;
  /** The id by which it is known where it was sold; the idempotency key unless given. */
  id?: string | null;
  paid?: Money | null;
  /** The key of the term. */
  term: string;
  /** What the till calls it, such as a payment's number. */
  till?: string | null;
};

/** Who bought. */
export type Buyer = {
  /** Their keys. */
  keys?: BuyerKey[];
  /** What the source calls them, for display. */
  nick?: string | null;
};

/** A key of the buyer. */
export type BuyerKey = {
  /** `own_id`, `open_id`, `union_id`, `phone`, `email`, `account_name`, `card`. */
  kind: string;
  /** Where the value means something: `platform:app` for open ids, the platform for account names. */
  namespace?: string | null;
  /** The value. */
  value: string;
  /** Proven by you, or stated by the platform as the account's. A phone that is not is a contact. */
  verified?: boolean;
};

/** The report. */
export type Calendar = {
  /** Members with such a purchase, in the same shape. */
  members: number[][];
  /** Purchases: seven rows from Monday, 24 hours each. */
  orders: number[][];
  /** Purchases by hour. */
  orders_by_hour: number[];
  /** Purchases from Monday to Sunday. */
  orders_by_weekday: number[];
  /** Their net paid, minor units, in the same shape. */
  paid: number[][];
};

/** A card that is sold. */
export type Card = {
  counts_from: string;
  created_at: string;
  description: string;
  discounts: string[];
  /** Of these, those of whom it ends within thirty days. */
  ending: number;
  /** Members who hold it now, trials among them. */
  holders: number;
  id: string;
  /** The task that looks at orders of before, where one was begun. */
  job?: string | null;
  name: string;
  notice_days: number;
  refund: CardRefund;
  /** Given up or taken back within thirty days. */
  returned: CardSum;
  /** Bought within thirty days. */
  sold: CardSum;
  /** `active`, `paused` or `archived`. */
  state: string;
  terms: CardTerm[];
  trial_days: number;
  /** Of these, those who try it. */
  trials: number;
  /** To be sent back when it is changed. */
  version: number;
};

/** What became of the request, and where the member stands now. */
export type CardAnswer = {
  /** `ok`, or `duplicate` where the id was noted before. */
  result: string;
  standing: CardStanding;
};

/** A card, changed. */
export type CardChange = {
  card: CardInput;
  /** The `version` that was read: refused where somebody changed it since. */
  version: number;
};

/** What goes back, and where the member stands now. */
export type CardGivenUp = {
  /** What the till is to give back. */
  returned: Money;
  standing: CardStanding;
};

/** A member who holds a card, or held it. */
export type CardHolder = {
  member: string;
  /** Since when without a gap. */
  since: string;
  /** Whether it ends as a trial. */
  trial: boolean;
  /** Until when. */
  until: string;
};

/** What is written of a card. */
export type CardInput = {
  /**
   * Orders paid before have sold nothing of it; when it is made unless given. May lie in the past: orders that are
   * there already are then looked at.
   */
  counts_from?: string | null;
  /** What it is good for, in the shop's words. */
  description?: string;
  /**
   * Names of discounts in orders that are this card's doing, as the orders' source writes them: what it saved is
   * their sum.
   */
  discounts?: string[];
  name: string;
  /** So many days before it ends `card.ending` is told; 0 for never. */
  notice_days?: number;
  refund?: CardRefund;
  terms: CardTerm[];
  /** Days that it may be tried for nothing, once a member; 0 for not at all. */
  trial_days?: number;
};

/** A card by its name. */
export type CardName = {
  id: string;
  name: string;
};

/** Something bought, tried or given. */
export type CardPurchase = {
  at: string;
  count: number;
  /** Since when it is given up or taken back. */
  cut_at?: string | null;
  /** The id by which it is known where it was sold. */
  external_id: string;
  /** From when on it runs; none where nothing of it is left. */
  from?: string | null;
  id: string;
  /** `paid`, `trial` or `gift`. */
  kind: string;
  made_by: string;
  /** The order that sold it. */
  order?: string | null;
  paid: Money;
  /** Why it was given, or given up. */
  reason?: string | null;
  returned: Money;
  term?: TermName | null;
  /** What the shop's till calls it. */
  till?: string | null;
  /** Until when. */
  until?: string | null;
  unused?: CardUnused | null;
};

/** What goes back when a card is given up. */
export type CardRefund = "unused" | "never";

/** What a card saved somebody so far. */
export type CardSaved = {
  /** Discounts that the card names, of orders paid while it ran. */
  amount: Money;
  orders: number;
};

/** Where a member stands with a card. */
export type CardStanding = {
  card: CardName;
  /** Whether they may try it now. */
  may_try: boolean;
  /** In order of time. */
  purchases: CardPurchase[];
  /** What goes back if they give it up now. */
  refund: Money;
  /** What can go back at most, if somebody decides so. */
  refund_most: Money;
  saved: CardSaved;
  /** Since when without a gap. */
  since?: string | null;
  /** `none`, `trial`, `active` or `ended`. */
  state: string;
  /** Until when, everything bought ahead included. */
  until?: string | null;
};

/** How many, and for how much. */
export type CardSum = {
  amount: Money;
  count: number;
};

/** What a card is sold for. */
export type CardTerm = {
  /** Calendar days that it runs. */
  days?: number | null;
  /** What programs call it: lower-case letters, digits, underscores. */
  key: string;
  /** Calendar months that it runs; either these or days. */
  months?: number | null;
  /** What people call it. */
  name: string;
  /** What it costs. */
  price: Money;
  /** The goods by which it is sold in orders: their codes. */
  skus?: string[];
};

/** What of a purchase goes back if it is given up now. */
export type CardUnused = {
  amount: Money;
  /** Days that it runs in all. */
  days: number;
  /** Of these, days that have not begun. */
  left: number;
};

/** `cart.json`: a cart at one instant. */
export type CartFile = {
  /** `"auto"` (any held coupon may be taken) or a list of ids (only these). */
  coupons?: Record<string, unknown> | null;
  /** Always 1. */
  format: number;
  /** The goods. */
  lines: CartLineFile[];
  /** Whose, by the id under `members`; none for a guest. */
  member?: string | null;
  /** Gift cards and store credit. */
  payments?: CartPaymentFile[] | null;
  /** A number of points, or `"max"`. */
  points_to_use?: Record<string, unknown> | null;
  /** Before anything is taken off it, minor units. */
  shipping_fee?: number | null;
  /** Of pricing: RFC 3339 in UTC. */
  time: string;
};

/** A line of a cart. */
export type CartLineFile = {
  /** A path such as `home/kitchen`. */
  category?: string | null;
  /** Its name in the answer. */
  line: string;
  /** Pieces. */
  qty: number;
  /** Which goods. */
  sku: string;
  /** Of one piece, minor units. */
  unit_price: number;
  /** Of one piece. */
  weight_g?: number | null;
};

/** What of a member a price rests on, as it is now. */
export type CartMember = {
  /** Never an alias. */
  id: string;
  /** Points free to spend there. */
  points: number;
  /** Of the groups that promotions name, those that the member is in. */
  segments: string[];
  /** Of these, segments that are being reckoned: the member counts as out of them meanwhile. */
  segments_unknown: string[];
  /** The tier held in the programme that the settings name. */
  tier?: string | null;
  /** How often each promotion, and each template of their coupons, was had that may be had so many times only, by id. */
  usage: Record<string, unknown>;
};

/** Money that the customer already gave. */
export type CartPaymentFile = {
  /** What is on it, minor units. */
  available: number;
  /** Its name in the answer. */
  id: string;
  /** `store_credit` or `gift_card`. */
  kind: string;
};

/** A category's rhythm. */
export type CategoryGap = {
  /** Its name. */
  category: string;
  /** How many gaps. */
  gaps: number;
  median?: Ratio | null;
};

/** Something that happened: ids, amounts and words, never personal data. */
export type Change = {
  /** By type and version. */
  data: Record<string, unknown>;
  /** `evt_…`. */
  id: string;
  /** The member it concerns. */
  member?: string | null;
  /** `mer_…`. */
  merchant: string;
  /** By the source's clock. */
  occurred_at: string;
  /** Gapless per merchant, from 1. */
  position: number;
  /** By ours. */
  recorded_at: string;
  /** What it happened to. */
  subject: ChangeSubject;
  /** In the past tense. */
  type: string;
  /** Of the form of `data`. */
  version: number;
};

/** What an event happened to. */
export type ChangeSubject = {
  /** The id. */
  id: string;
  /** The id's prefix. */
  kind: string;
};

/** A cell that was corrected. */
export type ChangedOut = {
  column: string;
  /** What the file said. */
  from: string;
  /** What it says now. */
  to: string;
};

/** A stretch of the feed. */
export type Changes = {
  /** In order of position. */
  items: Change[];
  /** Ask for `since` this next. With a filter it moves on although `items` may be empty. */
  next_position: number;
};

/** Check-ins. */
export type CheckIns = {
  /** The last day on which the member checked in. */
  last?: string | null;
  /** The run of days that ends with it. */
  run: number;
};

/** What may prove that an order is somebody's. */
export type ClaimProof = "phone_last4" | "receiver_name" | "paid";

/** Members whose first purchase lies in one month. */
export type Cohort = {
  /** The month, `2025-01`. */
  cohort: string;
  /** Those who bought in month 0, 1, … */
  members: number[];
  /** Net paid in those months, minor units. */
  paid: number[];
  /** The same as a share of all, four decimals. */
  retention: string[];
  /** How many. */
  size: number;
  /**
   * Those who had bought a second time by the end of month 0, 1, …: each is counted in the month
   * of the second purchase and in all after it.
   */
  within: number[];
};

/** The report. */
export type Cohorts = {
  /** By month, without empty ones. */
  cohorts: Cohort[];
  /** `month`. */
  period: string;
};

/** A column and what it means. */
export type ColumnIn = {
  column: string;
  /** A field of `GET /imports/fields`; none: kept aside. */
  field?: string | null;
};

/** A column and what it means. */
export type ColumnOut = {
  column: string;
  confidence: number;
  field?: string | null;
};

/** The figures of another window, by what was known on the same day of reckoning. */
export type ComparedWindow = {
  /** Net paid of a purchase, minor units. */
  average_order_value: Ratio;
  /** Its first day. */
  from: string;
  /** Live pieces of a purchase. */
  items_per_order: Ratio;
  /** Live lines of a purchase. */
  lines_per_order: Ratio;
  /** Members. */
  members: DashboardMembers;
  /** Its money, minor units. */
  money: DashboardMoney;
  /** Purchases of that window. */
  orders: DashboardOrders;
  /** Repeat buyers among buyers. */
  repurchase_rate: Ratio;
  series?: DashboardSeries | null;
  /** The day before which it ends. */
  to: string;
  /** `previous` or `last_year`. */
  with: string;
};

/** A statement of consent. */
export type Consent = {
  at: string;
  /** The legal basis that a batch declared. */
  basis: string;
  channel: string;
  granted: boolean;
  id?: string | null;
  proof?: string | null;
  purpose: string;
  source: string;
};

/** A statement of consent to be recorded. */
export type ConsentInput = {
  /** When it was said. */
  at: string;
  /** `sms`, `email`, `wechat`, `push`, `phone` or `any`. */
  channel: string;
  granted: boolean;
  /** What proves it. */
  proof?: string | null;
  /** `marketing`, `service`, `profiling`, `ads` or `sharing` (across legal entities). */
  purpose: string;
  /** Where it was said. */
  source?: string | null;
};

/** What a load came to. */
export type CountsOut = {
  /** Sources of tags of which nobody's tags ended, as more than a tenth of the rows were refused. */
  ends_kept: number;
  lines: number;
  members: number;
  members_new: number;
  /** Records of earlier imports that its rows settled in quarantine. */
  mended: number;
  orders_changed: number;
  orders_new: number;
  products: number;
  quarantined: number;
  refunds: number;
  skipped: number;
  suppressions: number;
  /** Members who have other tags since. */
  tagged: number;
  /** Rows of tags taken in. */
  tags: number;
  unchanged: number;
  unidentified: number;
  /** Days of weather in a region of which something else is known since. */
  weather: number;
};

/** A coupon. */
export type Coupon = {
  amount?: Money | null;
  /** `cpb_…`. */
  batch: string;
  /** In the words of the shop. */
  description: string;
  /** Not good at this instant any more. */
  expires_at: string;
  /** Not good before. */
  from?: string | null;
  /** `claimed`, `granted` or `code`. */
  how: string;
  /** `cpn_…`. */
  id: string;
  /** Until when that order holds it. */
  lock_until?: string | null;
  /** When it was had. */
  made_at: string;
  /** Whose; null where a code was shown by who is no member. */
  member?: string | null;
  /** What it is called. */
  name: string;
  /** What it gives and under which conditions, as the pricing engine reads it. */
  offer: CouponOffer;
  order?: ExternalName | null;
  /** Where it stands now. */
  state: CouponState;
  /** `cpt_…`. */
  template: string;
};

/** A batch. */
export type CouponBatch = {
  budget?: Money | null;
  /** From when it can be claimed. */
  claim_from?: string | null;
  /** When claiming ends. */
  claim_to?: string | null;
  codes?: CouponCodes | null;
  /** When it was made. */
  created_at: string;
  /** `cpb_…`. */
  id: string;
  /** How many are left; null for no end. */
  left?: number | null;
  /** As people read it. */
  name: string;
  /** How many a member may have. */
  per_member?: number | null;
  /** How many there are in all; null for no end. */
  pieces?: number | null;
  /** What those that were handed out take off at most, of those whose most is known. */
  spent: Money;
  /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
  state: string;
  /** How many were handed out. */
  taken: number;
  /** `cpt_…`: what its coupons are of, */
  template: string;
  /** what that is called, */
  template_name: string;
  /** and in which version. */
  template_version: number;
  /** Counts its changes: what a change names. */
  version: number;
  /** The word by which everybody can claim it. */
  word?: string | null;
};

/** What a merchant says of a batch. */
export type CouponBatchInput = {
  budget?: Money | null;
  /** From when it can be claimed. */
  claim_from?: string | null;
  /** When claiming ends. */
  claim_to?: string | null;
  /** To make one: it is had by codes, one for each piece. */
  codes?: boolean;
  /** As people read it. */
  name: string;
  /** How many a member may have. */
  per_member?: number | null;
  /** To make one: how many there are; without end where it is left out. Changed by itself later. */
  pieces?: number | null;
  /** To make one: coupons of which template, in the version that it has then. */
  template?: string | null;
  /** To change one: the `version` that was read. */
  version?: number | null;
  /** A word that everybody may know and by which it can be claimed, such as `HELLO10`. */
  word?: string | null;
};

/** A batch and what became of it. */
export type CouponBatchTally = {
  /** The batch. */
  batch: CouponBatch;
  /** Orders that were paid when a coupon of theirs was not there any more, as long as nobody settled them. */
  exceptions: number;
  /** What those saved by it, as their carts were priced. */
  saved: Money;
  /** The money at stake in those. */
  stake: Money;
  /** Its coupons by where they stand. */
  states: Record<string, number>;
  /** Orders that used one. */
  uses: number;
};

/** Days and hours on which it can be used, in the merchant's zone. */
export type CouponCalendar = {
  /** Two times of day, half open: `["20:00", "22:00"]`. */
  hours?: string[] | null;
  /** 1 to 31. */
  month_days?: number[] | null;
  /** 1 is Monday. */
  weekdays?: number[] | null;
};

/** Who claims one. */
export type CouponClaimInput = {
  /** The caller's id of this: the same again is the same coupon. The idempotency key unless given. */
  id?: string | null;
  /** `mem_…`. */
  member: string;
};

/** What a code or a word is. */
export type CouponCodeFound = {
  /** `cpb_…`: of which batch, */
  batch: string;
  /** what that is called, */
  batch_name: string;
  /** and how it stands: `scheduled`, `active`, `ended`, `paused` or `archived`. */
  batch_state: string;
  found?: CouponWithUses | null;
  /** Of a code: the how-many-eth of its batch, as the sheet has it; null of a word. */
  no?: number | null;
};

/** A code, and who enters it. */
export type CouponCodeInput = {
  /** As it was typed: small letters, blanks and dashes are understood. Or a word that everybody may know. */
  code: string;
  /** Of a word: the caller's id of this. The idempotency key unless given. */
  id?: string | null;
  /** `mem_…`. */
  member: string;
};

/** A code to be looked for. */
export type CouponCodeSought = {
  /** As it was typed; or a word that everybody may know. */
  code: string;
};

/** How far the codes of a batch are. */
export type CouponCodes = {
  /** Bits of a code that nobody can foresee. */
  entropy_bits: number;
  /** Made so far. */
  made: number;
  /** Of so many. */
  of: number;
};

/** How often which amounts are drawn. */
export type CouponDistribution = "even" | "low";

/** How many exceptions are open. */
export type CouponExceptionCount = {
  /** How many. */
  count: number;
  /** The money at stake. */
  money: Money;
};

/** How it keeps others of its group out. */
export type CouponExclusive = "none" | "order";

/** Goods given. */
export type CouponGift = {
  /** Pieces. */
  qty: number;
  /** Which. */
  sku: string;
  /** What one piece is worth, minor units. */
  value: number;
};

/** Who are given one each. */
export type CouponGrantInput = {
  /** 1 to 200 members. */
  items: CouponGrantItem[];
};

/** Who is given one. */
export type CouponGrantItem = {
  /** The caller's id of this: the same again is the same coupon. The member and the idempotency key unless given. */
  id?: string | null;
  /** `mem_…`. */
  member: string;
};

/** What came of a grant. */
export type CouponGranted = {
  coupon?: Coupon | null;
  /** Whose. */
  member: string;
  /** `ok`, `duplicate`, or the code of why not, such as `coupon.sold_out`. */
  result: string;
  /** and in English. */
  why?: string | null;
  /** Why not, in Chinese, */
  why_zh?: string | null;
};

/** A coupon that somebody asked for. */
export type CouponHad = {
  /** The coupon. */
  coupon: Coupon;
  /** `ok`, or `duplicate` where the same was asked for before. */
  result: string;
};

/** Who issues it, and in whose step of the price it is taken. */
export type CouponIssuer = "shop" | "platform";

/** What sort of coupon. */
export type CouponKind = "amount_off" | "percent_off" | "no_threshold" | "gift" | "exchange" | "free_shipping";

/** Coupons that an order takes. */
export type CouponLockInput = {
  /** 1 to 50 of them: all are locked, or none. */
  coupons: CouponLockItem[];
  /** Whose coupons; left out where codes are shown by who is no member. */
  member?: string | null;
  /** The order, by the source and number under which it will be sent here. */
  order: ExternalName;
  /** Until when, such as the order's payment deadline; for the minutes of each template unless given. */
  until?: string | null;
};

/** A coupon that an order takes. */
export type CouponLockItem = {
  /** As it was typed. */
  code?: string | null;
  /** `cpn_…`: which. Or by its code. */
  coupon?: string | null;
  /** What it takes off, as the cart was priced: the money at stake. */
  saving: Money;
};

/** A coupon that an order has. */
export type CouponLocked = {
  /** The coupon. */
  coupon: Coupon;
  /** `ok`, or `duplicate` where the order had it before. */
  result: string;
};

/** What a coupon gives and when. */
export type CouponOffer = {
  /** Of an amount off: how much, unless it is drawn. */
  amount?: number | null;
  calendar?: CouponCalendar | null;
  /** Of a percentage and of shipping: the most that is taken off. */
  cap?: number | null;
  exclusive?: CouponExclusive | null;
  /** Of a gift: which goods. */
  gifts?: CouponGift[] | null;
  /** Whose members may keep each other out. */
  group?: string | null;
  /** Who issues it. */
  issuer?: CouponIssuer;
  /** What sort. */
  kind: CouponKind;
  /** Up to what weight of the cart, grams. */
  max_weight_g?: number | null;
  /** Guests are left out. */
  members_only?: boolean | null;
  /** From what amount of the goods in scope on. */
  min_amount?: number | null;
  /** From how many pieces in scope on. */
  min_qty?: number | null;
  /** Of an exchange: what a piece costs then. */
  pay?: number | null;
  /** Of a percentage: the share that is paid, `"0.85"` for 8.5折. */
  pay_rate?: string | null;
  /** How often a member may use coupons of this template. */
  per_member?: number | null;
  /** Higher first. */
  priority?: number | null;
  scope?: CouponScope | null;
  /** Any of these segments, `seg_…`. */
  segments?: string[] | null;
  /** Of an exchange: for which goods. */
  sku?: string | null;
  /** Any of these tiers of the template's programme, by name. */
  tiers?: string[] | null;
};

/** A member's coupons that can be used or that an order has, as parts of `promotions.json`. */
export type CouponOffers = {
  /** The templates, each version by itself. */
  coupon_templates: Record<string, unknown>[];
  /** The merchant's. */
  currency: string;
  /** 1. */
  format: number;
  /** The one member: what they used of which template, and what they hold. */
  members: Record<string, unknown>;
  /** The merchant's; Shanghai's where none is said. */
  zone?: string | null;
};

/** Which coupons of an order. */
export type CouponOrderInput = {
  /** Only these; all that it locked unless given. */
  coupons?: string[] | null;
  /** The order that locked them. */
  order: ExternalName;
  /** Of a payment: when it was made, where that is known. */
  paid_at?: string | null;
};

/** From what an amount is drawn, minor units. */
export type CouponRange = {
  /** How often which. Where a batch has a budget in money it is `even`: the budget says what a piece has on average. */
  distribution?: CouponDistribution;
  /** The most. */
  max: number;
  /** The least. */
  min: number;
};

/** Why. */
export type CouponReason = {
  /** In words. */
  reason: string;
};

/** A price that replaces another one. */
export type CouponReplacement = "member_price" | "flash_price";

/** Which lines of a cart are meant; where neither goods nor categories are named, all. */
export type CouponScope = {
  /** Goods in these categories and below: `home` admits `home/kitchen`. */
  categories?: string[] | null;
  /** nor those in these categories, */
  exclude_categories?: string[];
  /** But not these goods, */
  exclude_skus?: string[];
  /** nor lines with such a price. */
  not_replaced_by?: CouponReplacement[];
  /** These goods. */
  skus?: string[] | null;
};

/** How an exception was settled. */
export type CouponSettleInput = {
  /** What was done, in words: the difference was asked for, or borne. */
  note: string;
  /** The order that was paid. */
  order: ExternalName;
};

/** Where a coupon stands. */
export type CouponState = "available" | "locked" | "used" | "restored" | "closed" | "expired" | "revoked";

/** What came of a coupon of an order. */
export type CouponStep = {
  /** The coupon. */
  coupon: Coupon;
  /**
   * `ok`; `duplicate` where it had been done before or there was nothing to do; `exception` where the order is paid and the
   * coupon is not there any more.
   */
  result: string;
  /** The money at stake: what it took off, as the cart was priced. */
  saving: Money;
};

/** How a stock is to change. */
export type CouponStockInput = {
  budget?: Money | null;
  /** By so many pieces; below nothing they are taken off what is left. */
  pieces?: number;
};

/** A template. */
export type CouponTemplate = CouponTemplateInput & {
  /** When it was made. */
  created_at: string;
  /** `cpt_…`. */
  id: string;
  /** `active`, `paused` or `archived`. */
  state: string;
  /** Counts its versions: what a change names, and what coupons keep. */
  version: number;
};

/** What a merchant says of a template. */
export type CouponTemplateInput = {
  /** In the words of the shop. */
  description?: string;
  /** For how many minutes an order holds it, unless the order says until when. */
  lock_minutes?: number;
  /** As people read it. */
  name: string;
  /** What it gives and under which conditions. */
  offer: CouponOffer;
  /** The programme whose tiers `offer.tiers` names. */
  programme?: string | null;
  random?: CouponRange | null;
  /** Whether it comes back when its order is closed or wholly refunded. */
  restore?: boolean;
  /** Days it is good for from then, once, where its own end has passed. */
  restore_grace_days?: number;
  /** How long it is good. */
  validity: CouponValidity;
  /** To change one: the `version` that was read. */
  version?: number | null;
};

/** A version of a template. */
export type CouponTemplateVersion = {
  /** What it says. */
  definition: CouponTemplateInput;
  /** When it was made. */
  made_at: string;
  /** By whom. */
  made_by: string;
  /** The how-many-eth. */
  no: number;
};

/** What an order did with a coupon. */
export type CouponUse = {
  /** `cpn_…`. */
  coupon: string;
  /** and when it was let go or given back. */
  ended_at?: string | null;
  /** How it was let go: `timeout`, `order` or `shop`. */
  how?: string | null;
  /** until when, */
  lock_until: string;
  /** When it was locked, */
  locked_at: string;
  /** Whose. */
  member?: string | null;
  /** Of an exception: when the order was found paid without it, */
  missed_at?: string | null;
  /** where the coupon stood then, */
  missed_why?: string | null;
  /** and how, in their words. */
  note?: string | null;
  /** Which order. */
  order: ExternalName;
  /** What it took off, as the cart was priced; of an exception the money at stake. */
  saving: Money;
  /** and when that was settled, */
  settled_at?: string | null;
  /** by whom, */
  settled_by?: string | null;
  /** `held`, `used`, `let_go`, `given_back` or `missed`. */
  state: string;
  /** when it was used, */
  used_at?: string | null;
};

/** How long a coupon is good: to an instant, for days from when it is had, or whichever ends first. */
export type CouponValidity = {
  /** Days after which it begins to be good; at once unless given. */
  after_days?: number | null;
  /** Days behind the day on which it is had; the last of them is its last whole day. */
  days?: number | null;
  /** Not before. */
  from?: string | null;
  /** No longer at this instant. */
  to?: string | null;
};

/** A coupon and what orders did with it. */
export type CouponWithUses = {
  /** The coupon. */
  coupon: Coupon;
  /** Why it was taken away, where it was. */
  reason?: string | null;
  /** What orders did with it, the latest first. */
  uses: CouponUse[];
};

/** The dashboard. */
export type Dashboard = {
  /** Net paid of a purchase, minor units. */
  average_order_value: Ratio;
  compared?: ComparedWindow | null;
  /** Live pieces of a purchase. */
  items_per_order: Ratio;
  /** Live lines of a purchase. */
  lines_per_order: Ratio;
  /** Members. */
  members: DashboardMembers;
  /** Money of the window, minor units. */
  money: DashboardMoney;
  /** Purchases of the window. */
  orders: DashboardOrders;
  previous?: PreviousWindow | null;
  /** Repeat buyers among buyers. */
  repurchase_rate: Ratio;
  series?: DashboardSeries | null;
  /** Month by month, from the first day seen in the window to the last. */
  trend: TrendMonth[];
};

/** Members on the dashboard. */
export type DashboardMembers = {
  /** With a purchase before `to`. */
  bought_ever: number;
  /** With a purchase in the window. */
  buyers: number;
  /** First seen before `to`. */
  known: number;
  /** First seen in the window by an order or a refund, without registering in it. */
  met_by_order: number;
  /** Known, without one. */
  never_bought: number;
  /** Buyers whose first purchase ever lies in the window. */
  new_buyers: number;
  /** Registered in the window. */
  registered_in_window: number;
  /** With two or more. */
  repeat_buyers: number;
  /** Buyers who are not new. */
  returning_buyers: number;
};

/** Money on the dashboard, minor units. */
export type DashboardMoney = {
  /** Paid, net. */
  paid: number;
  /** Net paid on first purchases. */
  paid_first: number;
  /** Paid on all lines before refunds. */
  paid_gross: number;
  /** Net paid on later ones. */
  paid_repeat: number;
  /** Net paid on those of nobody known. */
  paid_unidentified: number;
  /** Received, net. */
  received: number;
  /** Received on all lines before refunds. */
  received_gross: number;
  /** Given back to buyers. */
  refunded_paid: number;
  /** Given back by the merchant. */
  refunded_received: number;
};

/** Purchases on the dashboard. */
export type DashboardOrders = {
  /** All. */
  count: number;
  /** A member's first ever. */
  first: number;
  /** A member's later ones. */
  repeat: number;
  /** Of nobody known. */
  unidentified: number;
};

/** A stretch of days, cut to the window. */
export type DashboardPoint = {
  /** Members with one. */
  buyers: number;
  /** Its first day. */
  from: string;
  /** Members with their first ever. */
  new_buyers: number;
  /** Purchases. */
  orders: number;
  /** Net paid, minor units. */
  paid: number;
  /** Net paid by nobody known, minor units. */
  paid_unidentified: number;
  /** Net received, minor units. */
  received: number;
  /** Members who registered. */
  registered: number;
  /** Buyers who are not new. */
  returning_buyers: number;
  /** The day before which it ends. */
  to: string;
};

/** A window cut into stretches. */
export type DashboardSeries = {
  /** `day`, `week` or `month`. */
  grain: string;
  /** From the first day of the window (without `from`: the first day seen) to its last. */
  points: DashboardPoint[];
};

/** Where something is sent. */
export type DeliveryAddress = {
  /** City. */
  city: string;
  /** District or county; left out where the city has none. */
  district?: string;
  /** Their telephone: figures, and what is written between them. */
  phone: string;
  /** Province, or municipality. */
  province: string;
  /** Who receives it. */
  receiver: string;
  /** The rest of it: street, number, door. */
  street: string;
};

/** Why a record is given up. */
export type DiscardIn = {
  /** For the audit. */
  reason: string;
};

/** A discount with who pays for it. */
export type Discount = {
  /** How much. */
  amount: Money;
  /** What it was called. */
  name?: string | null;
  /** `shop`, `platform`, `supplier`, `influencer`, `payment` or `unknown`. */
  payer: string;
};

/** Why an entry was booked. */
export type EntryCause = {
  /** Who asked for it, and why; of what somebody asked for. */
  by?: string | null;
  /** The event's id; else the order, lot, year or tier. */
  id: string;
  /** The event's kind, or what happened by itself: `final`, `lot_end`, `birthday`, `tier_reward`. */
  kind: string;
  /** What people call it, in the caller's language. */
  label: string;
  reason?: string | null;
};

/** Offers and a cart, each as the format has its file. */
export type EvaluateInput = {
  /** Lines, time, shipping fee, points to use. */
  cart: CartFile;
  /** Promotions, coupon templates, settings, and the members with their coupons and points. */
  promotions: PromotionsFile;
  refunds?: RefundsFile | null;
};

/** Points that end on a day. */
export type Expiring = {
  /** Their last day. */
  day: string;
  /** How many. */
  points: number;
};

/** An export. */
export type Export = {
  /** Identifiers in clear. */
  clear: boolean;
  created_at: string;
  created_by: string;
  /** Why it failed. */
  error?: string | null;
  /** Until when the file is kept. */
  expires_at: string;
  file_name: string;
  /** Names of the filters that are set. */
  filters: string[];
  finished_at?: string | null;
  /** `csv`, `xlsx` or `parquet`. */
  format: string;
  id: string;
  /** The task that gathers it. */
  job?: string | null;
  /** `zh` or `en`. */
  language: string;
  progress: ExportProgress;
  /** How many rows it has, once it is ready. */
  row_count?: number | null;
  /** What a row is, where there is a choice: `orders`, `lines` or `both`. */
  rows?: string | null;
  /** Sheets of a workbook; each holds 1,048,575 rows, what is more goes on in the next. */
  sheets: number;
  /** `queued`, `running`, `ready`, `stopped`, `failed`, `withdrawn` (somebody in it was erased: export again) or `expired`. */
  state: string;
  /** `members`, `orders`, `refunds`, `products` or `settlement`. */
  subject: string;
};

/** An export to be made. */
export type ExportInput_MemberExportFilter = {
  /** Identifiers in clear: needs `export:clear` and a reason, and is audited. */
  clear?: boolean;
  /**
   * Only these columns, by the names that Parquet and English headings have; all if absent. Without the
   * receiver's, what names people is not opened, and a large file comes much sooner.
   */
  columns?: string[];
  /** Which members: the filter of their list. */
  filter?: {
    /** `female`, `male` or `other`. */
    gender?: string | null;
    /** With, or without, a phone. */
    has_phone?: boolean | null;
    /** With keys of that platform. */
    platform?: string | null;
    /** A province. */
    province?: string | null;
    /** A phone, its last four digits, an e-mail, an id, an account name, a card, a name. */
    query?: string | null;
    /** Members who have all of these tags: `tag_…`. */
    tags?: string[];
  };
  /** `csv`, `xlsx` or `parquet`. */
  format: string;
  /** `zh` or `en`: the headings of CSV and XLSX. Default: the language of the request. */
  language?: string | null;
  /** Why in clear. */
  reason?: string;
};

/** An export to be made. */
export type ExportInput_ProductExportFilter = {
  /** Identifiers in clear: needs `export:clear` and a reason, and is audited. */
  clear?: boolean;
  /**
   * Only these columns, by the names that Parquet and English headings have; all if absent. Without the
   * receiver's, what names people is not opened, and a large file comes much sooner.
   */
  columns?: string[];
  /** Which products: the filter of their list. */
  filter?: {
    /** The beginning of a category path, levels joined by ` > `. */
    category?: string | null;
    /** The beginning of a code, or part of a title. */
    query?: string | null;
  };
  /** `csv`, `xlsx` or `parquet`. */
  format: string;
  /** `zh` or `en`: the headings of CSV and XLSX. Default: the language of the request. */
  language?: string | null;
  /** Why in clear. */
  reason?: string;
};

/** An export to be made. */
export type ExportInput_RefundExportFilter = {
  /** Identifiers in clear: needs `export:clear` and a reason, and is audited. */
  clear?: boolean;
  /**
   * Only these columns, by the names that Parquet and English headings have; all if absent. Without the
   * receiver's, what names people is not opened, and a large file comes much sooner.
   */
  columns?: string[];
  /** Which refunds: the filter of their list. */
  filter?: {
    /** `succeeded`, `open` or `closed`. */
    state?: string | null;
  };
  /** `csv`, `xlsx` or `parquet`. */
  format: string;
  /** `zh` or `en`: the headings of CSV and XLSX. Default: the language of the request. */
  language?: string | null;
  /** Why in clear. */
  reason?: string;
};

/** An export to be made. */
export type ExportInput_SettlementExportFilter = {
  /** Identifiers in clear: needs `export:clear` and a reason, and is audited. */
  clear?: boolean;
  /**
   * Only these columns, by the names that Parquet and English headings have; all if absent. Without the
   * receiver's, what names people is not opened, and a large file comes much sooner.
   */
  columns?: string[];
  /** Which orders whose settlement differs: the filter of their list. */
  filter?: {
    /** The currency. Default: the merchant's. */
    currency?: string | null;
    /** Placed on that day or later. Default: twelve months before `to`. */
    from?: string | null;
    /** `differs`: a file gives a figure that is not what was expected; `untold`: no file gives one. Default: both. */
    part?: string | null;
    /** On that platform. */
    platform?: string | null;
    /** Only those that differ for this reason. */
    reason?: string | null;
    /** Of that shop, as the orders tell it. */
    shop?: string | null;
    /** Placed before that day. Default: tomorrow. */
    to?: string | null;
  };
  /** `csv`, `xlsx` or `parquet`. */
  format: string;
  /** `zh` or `en`: the headings of CSV and XLSX. Default: the language of the request. */
  language?: string | null;
  /** Why in clear. */
  reason?: string;
};

/** How far an export is. */
export type ExportProgress = {
  /** So many rows … */
  done: number;
  /** … of so many, where that is known. */
  total?: number | null;
};

/** What another system calls a record. */
export type External = {
  /** Its id there. */
  id: string;
  /** Which system. */
  source: string;
};

/** What another system calls a record. */
export type ExternalName = {
  /** Its id there. */
  id: string;
  /** Which system. */
  source: string;
};

/** A field that a column can mean. */
export type FieldOut = {
  field: string;
  label: string;
};

/** What a file as a whole leaves open, or what of it was passed over. */
export type FileNote = {
  /** `status_assumed_completed`, `order_amount_unsure`, `column_not_taken`, `formulas_as_saved` or `sheet_not_read`. */
  code: string;
  /** The sentence for people. */
  text: string;
};

/** A file of an import. */
export type FileOut = {
  bad: number;
  columns?: number | null;
  /** `day_first` or `month_first` where somebody said so; else the file itself tells. */
  day_order?: string | null;
  encoding?: string | null;
  format: string;
  good: number;
  /** How its columns are read. */
  mapping: ColumnOut[];
  name: string;
  platform: string;
  /** Whether its format was recognised or a mapping given. */
  recognised: boolean;
  records: number;
  size: number;
  skipped: number;
  warned: number;
};

/** The last months as the same method would have foretold them. */
export type ForecastCheck = {
  expired: ForecastRange;
  expired_really: number;
  months: number;
  used: ForecastRange;
  used_really: number;
};

/** What will become of lots of one month. */
export type ForecastLots = {
  allocated?: Money | null;
  deferred?: Money | null;
  expired: number;
  issued: number;
  left: number;
  lot_month: string;
  redeemed: number;
  reversed: number;
  /** What of it will end unused. */
  will_expire: ForecastRange;
  /** What of it will be used. */
  will_use: ForecastRange;
};

/** A month to come. */
export type ForecastMonth = {
  closing: ForecastRange;
  expired: ForecastRange;
  issued: ForecastRange;
  month: string;
  used: ForecastRange;
};

/** Points: the estimate, `null` where there is too little to know, and between what they lie in nine of ten cases. */
export type ForecastRange = {
  estimate?: number | null;
  high: number;
  low: number;
  worth?: Money | null;
};

/** A share as a decimal, such as `0.1834`, in the same way. */
export type ForecastShare = {
  estimate?: string | null;
  high: string;
  low: string;
};

/** How many orders are new. */
export type ForeseenOrders = {
  /** Here already. Which of them change, the counts of the finished import say. */
  known: number;
  /** Not here yet. */
  new: number;
  /** `false` where the file has more orders than are looked at: the first 100,000. */
  whole: boolean;
};

/** What of a staged file's orders is here already. */
export type ForeseenOut = {
  file: string;
  orders?: ForeseenOrders | null;
};

/** A half-open band of days. */
export type GapBand = {
  /** From. */
  from: number;
  /** Gaps in it. */
  gaps: number;
  /** Members with such a gap. */
  members: number;
  /** To, not included; `null` for no end. */
  to?: number | null;
};

/** Members by what their expected gap leans on. */
export type GapFrom = {
  /** Their category. */
  category: number;
  /** Ninety days. */
  default: number;
  /** The shop. */
  shop: number;
};

/** Days between purchases. */
export type Gaps = {
  /** In bands of days. */
  bands: GapBand[];
  /** How many gaps. */
  count: number;
  /** The longest. */
  max?: number | null;
  /** Their mean. */
  mean: Ratio;
  /** Half are shorter. */
  median?: string | null;
  /** Members who left one or more of them: one alone may have left all. */
  members: number;
  /** The shortest. */
  min?: number | null;
  /** A quarter are shorter; linear between neighbours, four decimals, as the next three. */
  p25?: string | null;
  /** Three quarters are shorter. */
  p75?: string | null;
  /** Nine tenths are shorter. */
  p90?: string | null;
};

/** A card that the shop gives. */
export type GiveInput = {
  /** The id by which it is known; the idempotency key unless given. */
  id?: string | null;
  /** Why. */
  reason: string;
  /** The key of the term. */
  term: string;
};

/** Why a card is given up. */
export type GiveUpInput = {
  amount?: Money | null;
  reason: string;
};

/** The report. */
export type Goods = {
  /** By net received, the most first. */
  rows: GoodsRow[];
  /** How many goods were sold or given back. */
  skus: number;
  /** Over all of them, and what has no code. */
  total: GoodsTotal;
  /** Lines without a code. */
  without_sku: WithoutSku;
};

/** One of the goods. */
export type GoodsRow = {
  /** Members with one. */
  buyers: number;
  /** Its category when last sold. */
  category?: string | null;
  /** Its title when last sold. */
  name?: string | null;
  /** Purchases with a live line of it. */
  orders: number;
  /** Net paid, minor units. */
  paid: number;
  /** Net received, minor units. */
  received: number;
  /** Given back to buyers, minor units. */
  refunded_paid: number;
  /** Pieces given back. */
  refunded_units: number;
  /** Its code. */
  sku: string;
  /** Pieces, net. */
  units: number;
};

/** Sums over all goods. */
export type GoodsTotal = {
  /** Net paid, minor units. */
  paid: number;
  /** Net received, minor units. */
  received: number;
  /** Given back to buyers, minor units. */
  refunded_paid: number;
  /** Pieces given back. */
  refunded_units: number;
  /** Pieces, net. */
  units: number;
};

/** How many have done already what a task would ask. */
export type GrowthAlready = {
  /** who may, and have done it by what is known now, */
  done: number;
  /** Members looked at in this step, */
  looked: number;
  /** of so many members in all. */
  members: number;
  /** What to ask next with; null where everybody was looked at. */
  next?: string | null;
};

/** A growth task that was done. */
export type GrowthDone = {
  /** When the reward was given. */
  done_at: string;
  /** Growth value. */
  growth: number;
  /** `pkg_…`: what the reward's points, uses and redemptions name. */
  id: string;
  /** By whom. */
  member: string;
  /** What could not be given. */
  missing: PackMissing[];
  /** In which period: `once`, a month such as `2026-11`, or a year. */
  period: string;
  /** Points. */
  points: number;
  /** Rewards. */
  rewards: PackGivenReward[];
  /** Which task; `kind` is that of its goal. */
  task: BenefitBrief;
  /** Uses of benefits. */
  uses: PackGivenUses[];
  /** By which version of the task. */
  version: number;
};

/** A fact of a member. */
export type GrowthField = "name" | "gender" | "birthday" | "region";

/** A goal. What its sort does not ask for is left out. */
export type GrowthGoal = {
  /** Of acts: `share`, `review` or another kind of act. */
  act?: string | null;
  amount?: Money | null;
  /** Of orders and spending: only goods of these categories; of any where none is named. */
  categories?: string[];
  /** Of a profile: the facts that are to be known. */
  fields?: GrowthField[];
  /** What is to be done. */
  kind: GrowthGoalKind;
  /** Of orders and spending: only orders of these shops; of any where none is named. */
  shops?: string[];
  /** Of acts: only on these goods; on any or none where none is named. */
  skus?: string[];
  /** How many orders, acts, days or points. */
  times?: number;
};

/** What is to be done. */
export type GrowthGoalKind = "profile" | "orders" | "spend" | "acts" | "check_in" | "points";

/** Growth value to be given or taken by hand. */
export type GrowthInput = {
  id?: string | null;
  reason: string;
  /** Below nothing it is taken. */
  value: number;
};

/** What is made of what members did before the task was made. */
export type GrowthPast = "ignore" | "count";

/** How often a member may do it. */
export type GrowthRepeat = "once" | "month" | "year";

/** A text in both languages. */
export type GrowthSaid = {
  /** In English. */
  en: string;
  /** In Chinese. */
  zh: string;
};

/** A growth task. */
export type GrowthTask = GrowthTaskInput & ({
  /** When it was made. */
  created_at: string;
  /** How often its reward was given. */
  given: number;
  /** `gtk_…`. */
  id: string;
  /** How often it can still be given; null without end. */
  left?: number | null;
  /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
  state: string;
  /** Counts its changes: what a change names. */
  version: number;
});

/** What a merchant says of a growth task. */
export type GrowthTaskInput = {
  /** What is done from then on counts. */
  from?: string | null;
  /** What is to be done. */
  goal: GrowthGoal;
  /** Growth value. */
  growth?: number;
  /** As people read it. */
  name: string;
  /** What is made of what was before the task. */
  past?: GrowthPast;
  /** So often it is given in all, whoever comes first; without end where none is stated. */
  pieces?: number | null;
  /** Points. */
  points?: number;
  /** How often. */
  repeat?: GrowthRepeat;
  /** Rewards, a piece of each. */
  rewards?: string[];
  /** A sentence for the shopper, in the words of the shop. */
  says?: string;
  /** What is done until then counts. */
  until?: string | null;
  /** Uses of benefits. */
  uses?: PackUses[];
  /** To change one: the `version` that was read. */
  version?: number | null;
  /** Who may. Points and growth go into the programme that is named here, and points that are to be earned are of it. */
  who?: BenefitWho;
};

/** What was said of a growth task at a time. */
export type GrowthTaskVersion = {
  /** When. */
  made_at: string;
  /** By whom. */
  made_by: string;
  /** Its number. */
  no: number;
  /** What was said. */
  task: GrowthTaskInput;
};

/** Points to be set aside. */
export type HoldInput = {
  /** What the hold is called from now on; the idempotency key unless given. */
  id?: string | null;
  points: number;
  /** They are given back then, unless captured or released before: in fifteen minutes unless given. */
  until?: string | null;
};

/** A request that needs nothing but its id. */
export type IdInput = {
  id?: string | null;
};

/** An import. */
export type ImportOut = {
  counts: CountsOut;
  created_at: string;
  files: FileOut[];
  finished_at?: string | null;
  /** `imp_…` */
  id: string;
  /** The job that loads or undoes it. */
  job?: string | null;
  progress: ProgressOut;
  /** Its records that were repaired, by hand or by a corrected sheet. */
  repaired: number;
  /** Its records that came with the same content in an earlier import and were repaired there: they do not wait. */
  repaired_before: number;
  /** Its records that were set aside. */
  set_aside: number;
  /** The same for those that were set aside there. */
  set_aside_before: number;
  shop?: string | null;
  /** `staged`, `running`, `stopped`, `done`, `undoing`, `undone` or `failed`. */
  state: string;
  title: string;
  /** Its records that still wait in quarantine; `counts.quarantined` is how many were put there. */
  waiting: number;
};

/** The report. */
export type Interval = {
  /** Between neighbouring days of purchase, the later one in the window. */
  gaps: Gaps;
  /** From the first to the second, by Kaplan and Meier. */
  second_purchase: SecondPurchase;
};

export type InviteAccept = {
  password: string;
  /** As in the invitation. */
  token: string;
};

/** Whose invitation was taken. */
export type InviteAccepted = {
  email_masked: string;
  id: string;
  name: string;
};

/** A long task. */
export type Job = {
  created_at: string;
  error?: string | null;
  finished_at?: string | null;
  id: string;
  kind: string;
  progress: JobProgress;
  /** What came of it, by kind. */
  result?: Record<string, unknown> | null;
  started_at?: string | null;
  /** `queued`, `running`, `done`, `failed` (refused by a rule), `cancelled`, `dead` (gave up). */
  state: string;
  /** Whether it was asked to stop and has not yet. */
  stopping: boolean;
  title: string;
};

/** How far a task is. */
export type JobProgress = {
  /** So many are done … */
  done: number;
  /** … of so many, where known. */
  total?: number | null;
  /** Of these. */
  unit: string;
};

/** A key as an integrator sends it, clear. */
export type KeyInput = {
  /** See `MemberKey.kind`. */
  kind: string;
  /** The platform, `platform:app` or system; not needed for phones, e-mails and cards. */
  namespace?: string;
  /** The whole value, never masked. */
  value: string;
  /** Whether it was proven, or stated by the platform as the account's. An unproven phone or e-mail only proposes. */
  verified?: boolean;
};

/** The address that a redemption or an order of the member's went to last. */
export type LastAddress = {
  address: MaskedAddress;
  /** When it was redeemed or placed. */
  at: string;
  /** The `rdm_…` or `ord_…` that went there: what `address_of` names. */
  of: string;
};

/** What lots of one month come to. */
export type LiabilityLine = {
  /** opening + issued − redeemed − expired − reversed. */
  closing: number;
  expired: number;
  issued: number;
  /** The month in which the lots were made; `null` for what lies in no lot: debts, and points that are set aside. */
  lot_month?: string | null;
  opening: number;
  redeemed: number;
  reversed: number;
  worth?: LiabilityWorth | null;
};

/** What the parts of what is owed buy, rounded in the same way. */
export type LiabilityPartsWorth = {
  available: Money;
  debt: Money;
  frozen: Money;
  pending: Money;
};

/** What the points of a line buy, each figure rounded to the fen for itself, half a fen up. */
export type LiabilityWorth = {
  closing: Money;
  expired: Money;
  issued: Money;
  opening: Money;
  redeemed: Money;
  reversed: Money;
};

/** The report. */
export type Lifecycle = {
  /** The same in each category that somebody bought, by bytes. */
  category_gaps: CategoryGap[];
  /** By what their expected gap leans on; unknown ones are not counted. */
  gap_from: GapFrom;
  /** Members first seen before `as_of`. */
  members: number;
  /** Each member, by id; only when asked for. */
  rows?: LifecycleRow[] | null;
  /** Gaps between days of purchase in the shop. */
  shop_gap: ShopGap;
  /** By stage. */
  stages: Stages;
  /** Moves between neighbouring firsts of a month. */
  transitions: StageTransition[];
};

/** A member's stage. */
export type LifecycleRow = {
  expected_gap?: Ratio | null;
  /** What it leans on: `category`, `shop` or `default`. */
  gap_from?: string | null;
  /** The member's id. */
  member: string;
  /** Days since the last purchase, or since registration. */
  since_days?: number | null;
  /** The stage. */
  stage: string;
};

/** How a staged file's columns are to be read. */
export type MappingChoice = {
  /** Or the columns themselves. */
  columns?: ColumnIn[] | null;
  /** Currency where no column tells it. */
  currency?: string | null;
  /** `day_first` or `month_first` where the year comes last; `auto`: told by the file itself. */
  day_order?: string | null;
  /** The file's name. */
  file: string;
  /** A saved mapping. */
  mapping_id?: string | null;
  /** Platform, with `columns`. */
  platform?: string | null;
  /** `orders`, `order_lines`, `order_shares`, `sales`, `items`, `members`, `products`, `suppressions`, `tags`, `weather`: what rows are, with `columns`. */
  shape?: string | null;
  /** The shop that the files are of. */
  shop?: string | null;
};

/** A mapping to save. */
export type MappingIn = {
  columns: ColumnIn[];
  currency?: string | null;
  /** `day_first` or `month_first` where the year comes last; `auto` or absent: told by the file itself. */
  day_order?: string | null;
  /** `orders`, `order_lines`, `order_shares`, `sales`, `items`, `members`, `products`, `suppressions`, `tags` or `weather`. */
  format_kind: string;
  name: string;
  platform?: string | null;
  /** IANA zone of bare times. */
  zone?: string | null;
};

/** A saved mapping. */
export type MappingOut = {
  columns: ColumnOut[];
  /** What rows are. */
  format_kind: string;
  /** `map_…` */
  id: string;
  name: string;
};

/** Where something is sent, masked. */
export type MaskedAddress = {
  /** Province and city. */
  address: string;
  /** The ends of the phone. */
  phone: string;
  /** The receiver's first character. */
  receiver: string;
};

/** A member, identifiers masked. */
export type Member = {
  /** Of whoever tells no birthday. */
  age_band?: string | null;
  /** Tags that were given here, the longest held first. */
  assigned_tags: MemberTag[];
  /** `1990-05-01`; `--05-01` without a year; `L` behind lunar ones. */
  birthday?: string | null;
  /** When the member was recorded. */
  created_at: string;
  /** What the member is called, masked. */
  display_name: string;
  /** An e-mail address, masked. */
  email_masked?: string | null;
  external?: MemberExternal | null;
  /** The earliest that anything tells of them. */
  first_seen_at: string;
  /** `female`, `male` or `other`. */
  gender?: string | null;
  /** Which. */
  id: string;
  /** Where they joined. */
  join_source?: string | null;
  /** When they joined. */
  joined_at?: string | null;
  /** What identifies them, masked. */
  keys: MemberKey[];
  /** The last purchase. */
  last_order_at?: string | null;
  /** Of a search of the list, why it found the member: one for the whole query, or one for each of its words. Else empty. */
  matched?: MemberMatch[];
  /** What these come to, less refunds. */
  net_paid: Money;
  /** Orders that count as purchases. */
  orders_count: number;
  /** A phone, masked. */
  phone_masked?: string | null;
  /** Of the newest list that tells it. */
  points?: string | null;
  region?: RegionDto | null;
  /** Words of the newest list that tells them. */
  tags: string[];
  /** Of the newest list that tells it. */
  tier?: string | null;
};

export type MemberBatch = {
  items: MemberInput[];
};

/** A benefit, and whether a member may use it now. */
export type MemberBenefit = {
  benefit: Benefit;
  verdict: BenefitVerdict;
};

/** Which members: the filter of their list. */
export type MemberExportFilter = {
  /** `female`, `male` or `other`. */
  gender?: string | null;
  /** With, or without, a phone. */
  has_phone?: boolean | null;
  /** With keys of that platform. */
  platform?: string | null;
  /** A province. */
  province?: string | null;
  /** A phone, its last four digits, an e-mail, an id, an account name, a card, a name. */
  query?: string | null;
  /** Members who have all of these tags: `tag_…`. */
  tags?: string[];
};

/** The id of something in the system that it comes from. */
export type MemberExternal = {
  id: string;
  source: string;
};

/** The member list's own filter. */
export type MemberFilter = {
  /** Set where everybody is meant: a filter that names nothing is refused otherwise. */
  all?: boolean;
  gender?: string | null;
  has_phone?: boolean | null;
  platform?: string | null;
  province?: string | null;
  /** See `GET /members`. */
  query?: string | null;
  /** Members who have all of these. */
  tags?: string[];
};

/** A growth task of a member. */
export type MemberGrowthTask = {
  /** When the reward was given. */
  done_at?: string | null;
  /** What is to be done, in words. */
  goal: GrowthSaid;
  /** So much is done: facts, orders, minor units, acts, days or points. */
  have: number;
  /** What is counted. */
  kind: GrowthGoalKind;
  /** Pieces that are left; null without end. */
  left?: number | null;
  /** What is missing, in words. */
  missing: GrowthSaid;
  /** So much is needed. */
  need: number;
  /** Of a profile: the facts that are missing. */
  open: GrowthField[];
  /** The period in which now lies: `once`, a month or a year. */
  period: string;
  /** What is given, in words. */
  reward: GrowthSaid;
  /** The shop's own sentence about it; empty where there is none. */
  says: string;
  /** `open`, `done` in this period, or `not`: it brings this member nothing, and `why` says why not. */
  state: string;
  /** Which. */
  task: BenefitBrief;
  /** What is done until then counts. */
  until?: string | null;
  /** So much is done and counts once its orders are final. */
  waiting: number;
  why?: BenefitWhy | null;
};

/** What a member is known by. */
export type MemberIdentity = {
  /** Ids that lead here since a merge. */
  aliases: string[];
  keys: MemberKey[];
  merges: Merge[];
};

/** A member to be made or changed. */
export type MemberInput = {
  age_band?: string | null;
  birthday?: string | null;
  consents?: ConsentInput[];
  external?: MemberExternal | null;
  gender?: string | null;
  join_source?: string | null;
  joined_at?: string | null;
  keys?: KeyInput[];
  name?: string | null;
  region?: RegionDto | null;
  /** The shop that the member is of: customers of shops of different legal entities are kept apart. */
  shop?: string | null;
  /** When your system says this held: an older statement never overwrites a newer one. */
  source_time?: string | null;
  tags?: string[] | null;
  under_14?: boolean | null;
};

/** A key, masked. */
export type MemberKey = {
  /** `strong`, `platform` or `contact`. */
  class: string;
  /** `own_id`, `open_id`, `union_id`, `phone`, `email`, `account_name`, `card`, `receiver_phone`, `receiver_name`, `receiver_address`. */
  kind: string;
  /** Where the value means something. */
  namespace: string;
  value_masked: string;
  verified: boolean;
};

/** Some members of the list. */
export type MemberList = {
  index?: NameIndex | null;
  items: Member[];
  /** Pass it as `cursor` for the next page; `null` after the last. */
  next_cursor?: string | null;
};

/** What of a member answers a search. */
export type MemberMatch = {
  /** A key's kind (see `MemberKey.kind`), or `id`, `name`, `tag`. */
  kind: string;
  /** A phone, and another one than `phone_masked` shows, also where the two look the same. */
  other?: boolean;
  /** The phone, name or other value that answers, masked; a tag's name. */
  value_masked: string;
};

/** A member with what it agreed to. */
export type MemberPage = Member & {
  /** What holds now. */
  consents: Consent[];
  /** What lists tell of points and tier there, each record for itself, newest first: after a merge there may be several of one list. */
  told: ToldStanding[];
};

/** Changes of a member: what is absent stays, null takes a fact back. */
export type MemberPatch = {
  age_band?: string | null;
  birthday?: string | null;
  gender?: string | null;
  join_source?: string | null;
  joined_at?: string | null;
  /** Keys to bind beside those that it has. */
  keys?: KeyInput[] | null;
  name?: string | null;
  /** Why; it goes into the audit. */
  reason?: string | null;
  region?: RegionDto | null;
  tags?: string[] | null;
  under_14?: boolean | null;
};

/** A member's place among all. */
export type MemberPlace = {
  /** The stage, by the member's own rhythm. */
  lifecycle: StagePlace;
  /** Why, in words. */
  reasons: StandingReason[];
  rfm?: RfmPlace | null;
};

/** What became of one item of a batch. */
export type MemberResult = {
  id?: string | null;
  index: number;
  problem?: Problem | null;
  /** `created`, `updated`, `unchanged` or `refused`. */
  status: string;
};

/** What became of a batch, item by item. */
export type MemberResults = {
  results: MemberResult[];
};

/** A reward, and whether a member may redeem it now. */
export type MemberReward = {
  may: boolean;
  /** What it costs this member. */
  points: number;
  reward: Reward;
  why?: BenefitWhy | null;
};

/** Where a member stands. */
export type MemberStanding = MemberPlace & ({
  /** The day of reckoning. */
  as_of: string;
  /** Up to when those they are compared with know: in a large shop a minute or so before. */
  compared_with: ReportFreshness;
  /** The currency of all money. */
  currency?: string | null;
  /** The first day of the window. */
  from?: string | null;
  /** Up to when the member's own figures know. */
  known: ReportFreshness;
  /** The member; of one who was merged, who took them in. */
  member: string;
  /** `net` or `ignore`. */
  returns: string;
  /** The day before which it ends. */
  to: string;
  /** The zone of the days. */
  zone: string;
});

/** A tag that a member has. */
export type MemberTag = {
  /** Whether nobody gets it any more. */
  archived: boolean;
  /** Who gave it first, of those who give it now: `stf_…`, `key_…`, `system:tag_rule`, `import:…` with the source. */
  by: string;
  category?: TagCategoryRef | null;
  /** `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`. */
  color?: string | null;
  id: string;
  name: string;
  /** Which files say it; told of one member, not in lists. */
  said: TagSaid[];
  /** Since when the member has it. */
  since: string;
};

/** Members. */
export type MembersFigure = {
  /** Recorded within 30 days. */
  new_30d: number;
  total: number;
};

/** A merchant. */
export type Merchant = {
  currency: string;
  id: string;
  name: string;
  role?: Role | null;
  sandbox: boolean;
  /** A merchant's choices where the rules leave one. */
  settings: {
    /** Whether what a platform paid counts in net paid. */
    count_platform_discount?: boolean;
    /** Whether two members who share a contact (a receiver's phone) merge by themselves. */
    merge_on_contact?: boolean;
    /** See [`PayTimePolicy`]. */
    pay_time_policy?: PayTimePolicy;
    /** Requests a second for each key and person of this merchant; absent: the server's own limit. */
    requests_per_second?: number | null;
    /**
     * Every so many minutes all living segments are reckoned because time passes, and after midnight;
     * absent: every hour.
     */
    segment_pass_minutes?: number | null;
    /** Days after completion until an order is final: 0 to 90. */
    settlement_delay_days?: number;
  };
  /** IANA name. */
  zone: string;
};

export type MerchantCreate = {
  currency?: string | null;
  name: string;
  /** For trying, with test keys. */
  sandbox?: boolean;
  zone?: string | null;
};

export type MerchantPatch = {
  /** Only while the merchant has no data. */
  currency?: string | null;
  name?: string | null;
  settings?: SettingsPatch | null;
  zone?: string | null;
};

/** A merge of two members. */
export type Merge = {
  absorbed: string;
  at: string;
  by: string;
  /** `keys`, `review`, `manual`. */
  cause: string;
  id: string;
  reason: string;
  survivor: string;
  undone_at?: string | null;
  undone_by?: string | null;
};

/** What a merge came to. */
export type MergeDone = {
  member: Member;
  merge_id: string;
};

export type MergeInput = {
  /** The other member. */
  other: string;
  /** Why; it goes into the audit. */
  reason: string;
};

/** One thing that is missing. */
export type MissingPart = {
  /** `net_spend` (minor units), `orders` or `growth`. */
  metric: string;
  /** How much more. */
  missing: number;
};

/** An amount in minor units with its currency. */
export type Money = {
  /** Minor units: 12850 is 128.50 yuan. */
  amount: number;
  /** ISO 4217. */
  currency: string;
};

/** Money, with and without a member. */
export type MoneyFigure = {
  currency: string;
  identified: Money;
  merchant_received: Money;
  net_paid: Money;
  unidentified: Money;
};

/** An index of names that is not whole yet. */
export type NameIndex = NameIndexProgress & {
  /** `building`. */
  state: string;
};

/** How far the index of names is, while it is not whole. */
export type NameIndexProgress = {
  /** Records of keys that are indexed. */
  done: number;
  /** Of so many, where that is known already. */
  total?: number | null;
};

/** The stage that comes by itself. */
export type NextStage = {
  /** Its name in English. */
  en: string;
  /** The day at whose end they are in it: a reckoning of the day after says so. */
  on: string;
  /** The stage. */
  stage: string;
  /** Its name in Chinese. */
  zh: string;
};

/** What is missing to the next tier. */
export type NextTier = {
  /** Whether one of these is enough; else all are needed. */
  any: boolean;
  /** What. */
  of: MissingPart[];
  /** In words that a shopper understands, in the caller's language. */
  sentence: string;
  /** Which. */
  tier: string;
};

/** A record in a preview. */
export type NotedOut = {
  advice: string;
  before?: BeforeOut | null;
  column?: string | null;
  key: string;
  reason: string;
  record: number;
  /** The row of the file or of the sheet. */
  row: number;
  /** The sheet, where several are read. */
  sheet?: string | null;
  text: string;
  verdict: string;
};

/** An occasion. */
export type Occasion = {
  /** The word of one that everybody has, such as `double_11`; `null` of the merchant's own. */
  code?: string | null;
  /** The main day of it. */
  day: string;
  /** Its first day. */
  from: string;
  /** `occ_…` of the merchant's own; `null` of others. */
  id?: string | null;
  /** What sort it is. */
  kind: OccasionSort;
  /** Its name. */
  name: OccasionName;
  /** The day before which it ends. */
  to: string;
};

/** What is said of an occasion of your own. */
export type OccasionInput = {
  /** Its main day; absent: the first. */
  day?: string | null;
  /** Its first day. */
  from: string;
  /** Its name. */
  name: string;
  /** In English; absent: the same. */
  name_en?: string | null;
  /** The day before which it ends. */
  to: string;
};

/** An occasion's name. */
export type OccasionName = {
  /** In English. */
  en: string;
  /** In Chinese. */
  zh: string;
};

/** What sort of occasion it is. */
export type OccasionSort = "sale" | "holiday" | "festival" | "own";

/** Occasions, by their first day. */
export type Occasions = {
  items: Occasion[];
};

/** An offer that was applied. */
export type OfferApplied = {
  /** Which. */
  id: string;
  /** Its kind. */
  kind: string;
  /** What it took off; a gift saves nothing. */
  saving: number;
  /** `price`, `line`, `order`, `shop`, `platform` or `shipping`. */
  step: string;
};

/** How much more would do. */
export type OfferMissing = {
  /** Minor units of goods in scope. */
  amount?: number | null;
  /** Points. */
  points?: number | null;
  /** Pieces in scope. */
  qty?: number | null;
};

/** An offer that was not applied, or points that were asked for and did not pay. */
export type OfferNotApplied = {
  /** The first reason that fits, such as `threshold_not_met`. */
  code: string;
  /** The applied one that keeps it out. */
  excluded_by?: string | null;
  /** Which. */
  id: string;
  /** The reason in words. */
  message: BothLanguages;
  missing?: OfferMissing | null;
};

/** What can be offered to send something to. */
export type OfferedAddress = {
  last?: LastAddress | null;
};

/** An order. */
export type Order = {
  bonus_credit?: Money | null;
  /** Where it came from. */
  channel?: string | null;
  /** Closed. */
  closed_at?: string | null;
  /** Completed. */
  completed_at?: string | null;
  /**
   * When it counts for points and windows: when it was paid; where the source does not tell (flag
   * `pay_time_unknown`), when it was placed, or never, as the merchant has chosen.
   */
  counts_at?: string | null;
  /** Placed. */
  created_at?: string | null;
  /** ISO 4217. */
  currency: string;
  /** Delivered. */
  delivered_at?: string | null;
  deposit?: Money | null;
  /** Each discount with its payer. */
  discounts: Discount[];
  /** An amount is inferred. */
  estimated: boolean;
  /** Its name at its source. */
  external: ExternalName;
  /** From when on it is final. */
  final_at?: string | null;
  /** Words that stay with it. */
  flags: string[];
  goods_after_discount?: Money | null;
  goods_list?: Money | null;
  goods_paid?: Money | null;
  /** `ord_…`. */
  id: string;
  /** Whether anybody can be named for it. */
  identified: boolean;
  /** Lines. */
  lines: OrderLine[];
  /** Whose it is. */
  member?: string | null;
  merchant_received?: Money | null;
  net_paid?: Money | null;
  /** Its number. */
  order_no: string;
  paid?: Money | null;
  /** Paid. */
  paid_at?: string | null;
  /** How it was paid. */
  payment_method?: string | null;
  /** Platform. */
  platform: string;
  /** The platform's word. */
  platform_status?: string | null;
  points_cash?: Money | null;
  /** Whether it was paid: it counts as a purchase. */
  purchase: boolean;
  /** Receiver, masked. */
  receiver: Receiver;
  refund_over?: Money | null;
  /** Given back. */
  refunded: Money;
  /** Refunds; only where one order is asked for. */
  refunds?: Refund[] | null;
  /** Dispatched. */
  shipped_at?: string | null;
  shipping?: Money | null;
  /** Shop. */
  shop?: string | null;
  /** `created`, `paid`, `shipped`, `completed` or `closed`. */
  state: string;
  /** What was said of its state; only where one order is asked for. */
  states?: OrderStep[] | null;
  tax?: Money | null;
  /**
   * Why nobody can be named for it: `platform_told_nobody` (what the platform told has neither buyer nor
   * receiver), `nobody_told` (the same, not of a platform), `masked` (what was told is masked or enciphered),
   * `receiver_phone_only` (a receiver's phone proposes and makes no member: tell it as the buyer's phone with
   * `verified`, or tell an open id, account or own id), `receiver_only` (only the receiver's name, land line or
   * address), `account_not_proven` (the buyer's phone or e-mail without `verified`), `key_without_member` (no
   * member carries the key: records from before an erasure make nobody again), `erased`. Absent where there is
   * a member; only where one order is asked for.
   */
  unidentified_because?: string | null;
};

/** What came of an order that was sent. */
export type OrderAccepted = {
  /** Its name at its source. */
  external: ExternalName;
  /** The order. */
  id: string;
  /** Whether anybody can be named for it. */
  identified: boolean;
  /** Whose it is. */
  member?: string | null;
  net_paid?: Money | null;
  /** The state that it is in now. */
  state: string;
  /** `created`, `updated` or `unchanged`. */
  status: string;
};

export type OrderBatch = {
  /** 1 to 1000 orders, each with its `external`. */
  items: OrderInput[];
};

export type OrderClaim = {
  /** Who claims it. */
  member: string;
  /** With which proof. */
  proof: OrderClaimProof;
};

/** What proves that the order is the member's. */
export type OrderClaimProof = {
  /** `phone_last4` or `receiver_name`. */
  kind: string;
  /** The last four digits of the receiver's phone, or the receiver's name. */
  value: string;
};

/** Which orders: the filter of their list. */
export type OrderExportFilter = {
  /** Placed then or later. */
  from?: string | null;
  /** With a member, or without. */
  identified?: boolean | null;
  /** Of that member: `mem_…`. */
  member?: string | null;
  /** The platform. */
  platform?: string | null;
  /** The order's number; where no order has it, how the number begins, from six characters on. */
  query?: string | null;
  /** The shop, as the orders tell it. */
  shop?: string | null;
  /** `created`, `paid`, `shipped`, `completed` or `closed`. */
  state?: string | null;
  /** Placed before. */
  to?: string | null;
};

/** An export of orders to be made. */
export type OrderExportInput = {
  /** Identifiers in clear: needs `export:clear` and a reason, and is audited. */
  clear?: boolean;
  /**
   * Only these columns, by the names that Parquet and English headings have; all if absent. Without the
   * receiver's, what names people is not opened, and a large file comes much sooner.
   */
  columns?: string[];
  /** Which orders; as in the list. */
  filter?: OrderExportFilter;
  /** `csv`, `xlsx` or `parquet`. */
  format: string;
  /** `zh` or `en`: the headings of CSV and XLSX. Default: the language of the request. */
  language?: string | null;
  /** Why in clear. */
  reason?: string;
  /** What a row is: `orders` (default), `lines`, or `both`, a sheet each (XLSX). */
  rows?: OrderExportRows;
};

/** What a row of an orders' export is. */
export type OrderExportRows = "orders" | "lines" | "both";

/** An order as you know it. What is absent is not told and leaves what is known. */
export type OrderInput = {
  balance?: Money | null;
  bonus_credit?: Money | null;
  buyer?: Buyer | null;
  /** The buyer's message. */
  buyer_memo?: string | null;
  /** Carrier. */
  carrier?: string | null;
  /** Where it came from. */
  channel?: string | null;
  /** Why it was closed. */
  close_reason?: string | null;
  /** Closed. */
  closed_at?: string | null;
  /** Completed. */
  completed_at?: string | null;
  /** Placed. */
  created_at?: string | null;
  /** ISO 4217, if no amount tells it. */
  currency?: string | null;
  /** Delivered. */
  delivered_at?: string | null;
  deposit?: Money | null;
  /** Codes that gave discounts. */
  discount_code?: string | null;
  /** All discounts of the order. */
  discounts?: Discount[] | null;
  external?: ExternalName | null;
  /** Words that stay with the order. */
  flags?: string[];
  goods_after_discount?: Money | null;
  goods_list?: Money | null;
  /** All lines that the order has; absent: not told. */
  lines?: OrderLineInput[] | null;
  merchant_received?: Money | null;
  paid?: Money | null;
  /** Paid. */
  paid_at?: string | null;
  /** How it was paid. */
  payment_method?: string | null;
  /** `taobao`, `jd`, `own` …; absent: the source. */
  platform?: string | null;
  /** The platform's own word for it. */
  platform_status?: string | null;
  points_cash?: Money | null;
  /** Pieces in all. */
  quantity?: number | null;
  receiver?: ReceiverInput | null;
  refunded?: Money | null;
  /** Your note. */
  seller_memo?: string | null;
  /** Dispatched. */
  shipped_at?: string | null;
  shipping?: Money | null;
  /** The shop: `shp_…`, or its name. */
  shop?: string | null;
  /** `created`, `paid`, `shipped`, `completed` or `closed`. */
  state?: string | null;
  tax?: Money | null;
  /** Parcel number. */
  tracking_no?: string | null;
  /**
   * When the source last changed the order. It decides which of two statements is newer; without
   * it the later one is, but the state never goes back.
   */
  updated_at?: string | null;
};

/** A line of an order. */
export type OrderLine = {
  /** Category. */
  category?: string | null;
  /** An amount of it is inferred. */
  estimated: boolean;
  /** The order's id and the line's number. */
  id: string;
  /** Its number in the order, from 1. */
  line_no: number;
  list?: Money | null;
  paid?: Money | null;
  /** The platform's goods id. */
  product_id?: string | null;
  /** Pieces. */
  quantity: number;
  /** Its part of what was given back. */
  refunded: Money;
  /** What it is. */
  role: string;
  /** Merchant code. */
  sku?: string | null;
  /** The source's id of it. */
  source_line?: string | null;
  /** Variant. */
  spec?: string | null;
  /** Its state. */
  state: string;
  /** Title. */
  title?: string | null;
  unit_price?: Money | null;
};

/** A line of an order. */
export type OrderLineInput = {
  /** Category. */
  category?: string | null;
  /** When it was completed. */
  completed_at?: string | null;
  /** Its discounts and its shares of the order's. */
  discounts?: Discount[];
  /** Your id of the line, such as a sub-order number. */
  id?: string | null;
  list?: Money | null;
  paid?: Money | null;
  /** The platform's goods id. */
  product_id?: string | null;
  /** Pieces. */
  quantity: number;
  refunded?: Money | null;
  /** `goods` (default), `gift`, `shipping`, `fee` or `discount`. */
  role?: string | null;
  /** When it was dispatched. */
  shipped_at?: string | null;
  /** Merchant code. */
  sku?: string | null;
  /** Variant. */
  spec?: string | null;
  /** Its own state; absent: the order's. */
  state?: string | null;
  /** Title. */
  title?: string | null;
  unit_price?: Money | null;
};

/** A state that the order was said to be in. */
export type OrderStep = {
  /** When. */
  at?: string | null;
  /** The platform's word. */
  platform_status?: string | null;
  /** What kind of document said so. */
  source: string;
  /** The state. */
  state: string;
};

/** Orders, with and without a member. */
export type OrdersFigure = {
  identified: number;
  total: number;
  unidentified: number;
};

/** The figures of the first page. */
export type Overview = {
  /** The instant that all figures are of. */
  as_of: string;
  members: MembersFigure;
  /** In the merchant's currency. */
  money: MoneyFigure;
  orders: OrdersFigure;
  /** The same in other currencies; no amounts are added across currencies. */
  other_money: MoneyFigure[];
  /** Records that wait in quarantine. */
  quarantine_open: number;
  /** Pairs that wait for a person. */
  reviews_open: number;
};

/** A pack that was given. */
export type PackGiven = {
  /** When. */
  given_at: string;
  /** Growth value. */
  growth: number;
  /** `pkg_…`. */
  id: string;
  /** To whom. */
  member: string;
  /** What could not be given. */
  missing: PackMissing[];
  /** What makes it once: `newcomer`, a year, a tier, the day of the purchase before a pause. */
  occasion: string;
  /** Of which pack; `kind` is its occasion. */
  pack: BenefitBrief;
  /** Points. */
  points: number;
  /** Rewards. */
  rewards: PackGivenReward[];
  /** Uses of benefits. */
  uses: PackGivenUses[];
};

/** A reward that a pack or a growth task gave. */
export type PackGivenReward = {
  /** `rdm_…`. */
  redemption: string;
  /** Which. */
  reward: BenefitBrief;
};

/** Uses that a pack or a growth task gave. */
export type PackGivenUses = {
  /** Of which benefit. */
  benefit: BenefitBrief;
  /** Until when. */
  until: string;
  /** How many. */
  uses: number;
};

/** What a merchant says of a pack. */
export type PackInput = {
  /** Of a comeback: after so many days without a purchase. */
  days?: number;
  /** Occasions from then on; from when it was made unless given. */
  from?: string | null;
  /** Growth value. */
  growth?: number;
  /** As people read it. */
  name: string;
  /** By what it is given. */
  occasion: PackOccasion;
  /** Points. */
  points?: number;
  /** Rewards, a piece of each. */
  rewards?: string[];
  /** Occasions until then. */
  until?: string | null;
  /** Uses of benefits. */
  uses?: PackUses[];
  /** To change one: the `version` that was read. */
  version?: number | null;
  /** To whom. Points and growth go into the programme that is named here. */
  who?: BenefitWho;
};

/** What could not be given. */
export type PackMissing = {
  /** `points`, or the id of the benefit or reward. */
  what: string;
  /** Why not. */
  why: BenefitWhy;
};

/** By what a pack is given. */
export type PackOccasion = "newcomer" | "comeback" | "upgrade" | "anniversary" | "birthday";

/** Uses of a benefit in a pack, or in the reward of a task. */
export type PackUses = {
  /** Of which benefit. */
  benefit: string;
  /** Days after which they end. */
  days: number;
  /** How many. */
  uses: number;
};

/** One page of a list. */
export type Page_ApiKey = {
  /** The items, in the list's order. */
  items: ({
    created_at: string;
    id: string;
    /** Within ten minutes. */
    last_used_at?: string | null;
    name: string;
    /** The beginning of the secret. */
    prefix: string;
    /** Permission words. */
    scopes: string[];
    /** For a sandbox merchant. */
    test: boolean;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_AuditEntry = {
  /** The items, in the list's order. */
  items: ({
    action: string;
    /** `stf_…`, `key_…`, `cli` or `system:…`. */
    actor: string;
    /** Their name, where it is one of the staff and still known. */
    actor_name?: string | null;
    at: string;
    /** Hash of the chain up to here, in hex. */
    hash: string;
    /** Gapless, from 1. */
    seq: number;
    /** The id it was done to. */
    subject?: string | null;
    /** In words; absent once erased. */
    summary?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Batch = {
  /** The items, in the list's order. */
  items: ({
    /** When the question was put. */
    asked_at?: string | null;
    channel: string;
    click_days: number;
    closed_at?: string | null;
    codes: number;
    codes_used: number;
    cost_fixed: Money;
    cost_per_thousand: Money;
    coupon_link?: string | null;
    created_at: string;
    created_by: string;
    delivery_days: number;
    destination: string;
    exclude: string[];
    /** How often it was given out: from the second time on a repeat. */
    exports: number;
    expr?: Record<string, unknown> | null;
    fatigue?: BatchFatigue | null;
    frozen_at?: string | null;
    /** As it stands now: who withdrew between freezing and handing over is in `losses`. */
    funnel: BatchFunnel;
    handed_at?: string | null;
    holdout_percent: number;
    id: string;
    ignore_holdouts: boolean;
    /** Up to when its answer knew. */
    known_at?: string | null;
    link_base?: string | null;
    /** How many members the list has that it was asked for by. */
    listed?: number | null;
    name: string;
    progress?: BatchProgress | null;
    purpose: string;
    segment?: string | null;
    signature?: string | null;
    /** `draft` (being put together), `frozen`, `handed_over` or `closed`. */
    state: string;
    target_url?: string | null;
    text?: string | null;
    variables: string[];
    window_days: number;
    with_codes: boolean;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_BatchMember = {
  /** The items, in the list's order. */
  items: ({
    /** The first click by a person. */
    clicked_at?: string | null;
    clicks: number;
    /** Masked: the name, else the phone or another key; absent for who is no member any more. */
    display_name?: string | null;
    handed_at?: string | null;
    /** The code of the short link. */
    link?: string | null;
    member: string;
    phone_masked?: string | null;
    /** `delivered` or `failed`, as a receipt says. */
    receipt?: string | null;
    receipt_at?: string | null;
    replied_at?: string | null;
    unsubscribed_at?: string | null;
    /** `treated`, `held_out`, or why they were left out. */
    verdict: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Behaviour = {
  /** The items, in the list's order. */
  items: ({
    amount?: Money | null;
    /** When. */
    at: string;
    /** More. */
    data: Record<string, string>;
    /** `act_…`. */
    id: string;
    /** How many. */
    quantity?: number | null;
    /** Stars. */
    rating?: number | null;
    /** On which goods. */
    sku?: string | null;
    /** Which system saw it. */
    source: string;
    /** Its id there. */
    source_id: string;
    /** What it was. */
    type: string;
    /** Search words. */
    words?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Benefit = {
  /** The items, in the list's order. */
  items: (BenefitInput & {
    /** When it was made. */
    created_at: string;
    /** `ben_…`. */
    id: string;
    /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
    state: string;
    /** Counts its changes: what a change names. */
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_BenefitPack = {
  /** The items, in the list's order. */
  items: (PackInput & {
    /** When it was made. */
    created_at: string;
    /** How often it was given. */
    given: number;
    /** `pck_…`. */
    id: string;
    /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
    state: string;
    /** Counts its changes: what a change names. */
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_BenefitTask = {
  /** The items, in the list's order. */
  items: ({
    /** Of which benefit. */
    benefit: BenefitBrief;
    /** `hand` or `erp`. */
    by: string;
    /** When it was made. */
    created_at: string;
    /** When it was done. */
    done_at?: string | null;
    /** Who said so. */
    done_by?: string | null;
    /** The day on which it is due. */
    due_on: string;
    /** `bnt_…`. */
    id: string;
    /** For whom. */
    member: string;
    /** For which order. */
    order?: string | null;
    /** Whether it should be done by now. */
    overdue: boolean;
    /** `open`, `done` or `cancelled`. */
    state: string;
    /** `bnu_…`. */
    use: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_BenefitTemplate = {
  /** The items, in the list's order. */
  items: {
    benefits: BenefitTemplatePart[];
    description: string;
    key: string;
    name: string;
    /** The ready programme whose ladder it is for. */
    programme_template: string;
    /** How many tiers it needs. */
    tiers: number;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_BenefitTrialMember = {
  /** The items, in the list's order. */
  items: ({
    /** Whether the benefit is theirs by what they are, */
    had: boolean;
    /** and whether it would be. */
    has: boolean;
    member: string;
    /** How often they could not have. */
    refused: number;
    /** The tier held now; null without one. */
    tier?: string | null;
    /** How often they used it. */
    uses: number;
    /** What these uses are said to cost, minor units. */
    value: number;
    /** Why it would not: `ended`, `tier` or `segment`. */
    why?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_BenefitUse = {
  /** The items, in the list's order. */
  items: ({
    /** Of which benefit. */
    benefit: BenefitBrief;
    /** What it cost. */
    cost: Money;
    /** Whether it was one of those that a pack gave. */
    granted: boolean;
    /** `bnu_…`. */
    id: string;
    /** Who asked for it. */
    made_by: string;
    /** By whom. */
    member: string;
    /** For which order: our id of it, or the shop's number. */
    order?: string | null;
    /** and the platform. */
    platform: Money;
    /** Of which the supplier bears, */
    supplier: Money;
    task?: BenefitUseTask | null;
    tier?: BenefitTier | null;
    /** When it was taken back. */
    undone_at?: string | null;
    /** When. */
    used_at: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Card = {
  /** The items, in the list's order. */
  items: ({
    counts_from: string;
    created_at: string;
    description: string;
    discounts: string[];
    /** Of these, those of whom it ends within thirty days. */
    ending: number;
    /** Members who hold it now, trials among them. */
    holders: number;
    id: string;
    /** The task that looks at orders of before, where one was begun. */
    job?: string | null;
    name: string;
    notice_days: number;
    refund: CardRefund;
    /** Given up or taken back within thirty days. */
    returned: CardSum;
    /** Bought within thirty days. */
    sold: CardSum;
    /** `active`, `paused` or `archived`. */
    state: string;
    terms: CardTerm[];
    trial_days: number;
    /** Of these, those who try it. */
    trials: number;
    /** To be sent back when it is changed. */
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CardHolder = {
  /** The items, in the list's order. */
  items: {
    member: string;
    /** Since when without a gap. */
    since: string;
    /** Whether it ends as a trial. */
    trial: boolean;
    /** Until when. */
    until: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CardStanding = {
  /** The items, in the list's order. */
  items: ({
    card: CardName;
    /** Whether they may try it now. */
    may_try: boolean;
    /** In order of time. */
    purchases: CardPurchase[];
    /** What goes back if they give it up now. */
    refund: Money;
    /** What can go back at most, if somebody decides so. */
    refund_most: Money;
    saved: CardSaved;
    /** Since when without a gap. */
    since?: string | null;
    /** `none`, `trial`, `active` or `ended`. */
    state: string;
    /** Until when, everything bought ahead included. */
    until?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Consent = {
  /** The items, in the list's order. */
  items: ({
    at: string;
    /** The legal basis that a batch declared. */
    basis: string;
    channel: string;
    granted: boolean;
    id?: string | null;
    proof?: string | null;
    purpose: string;
    source: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Coupon = {
  /** The items, in the list's order. */
  items: ({
    amount?: Money | null;
    /** `cpb_…`. */
    batch: string;
    /** In the words of the shop. */
    description: string;
    /** Not good at this instant any more. */
    expires_at: string;
    /** Not good before. */
    from?: string | null;
    /** `claimed`, `granted` or `code`. */
    how: string;
    /** `cpn_…`. */
    id: string;
    /** Until when that order holds it. */
    lock_until?: string | null;
    /** When it was had. */
    made_at: string;
    /** Whose; null where a code was shown by who is no member. */
    member?: string | null;
    /** What it is called. */
    name: string;
    /** What it gives and under which conditions, as the pricing engine reads it. */
    offer: CouponOffer;
    order?: ExternalName | null;
    /** Where it stands now. */
    state: CouponState;
    /** `cpt_…`. */
    template: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponBatch = {
  /** The items, in the list's order. */
  items: ({
    budget?: Money | null;
    /** From when it can be claimed. */
    claim_from?: string | null;
    /** When claiming ends. */
    claim_to?: string | null;
    codes?: CouponCodes | null;
    /** When it was made. */
    created_at: string;
    /** `cpb_…`. */
    id: string;
    /** How many are left; null for no end. */
    left?: number | null;
    /** As people read it. */
    name: string;
    /** How many a member may have. */
    per_member?: number | null;
    /** How many there are in all; null for no end. */
    pieces?: number | null;
    /** What those that were handed out take off at most, of those whose most is known. */
    spent: Money;
    /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
    state: string;
    /** How many were handed out. */
    taken: number;
    /** `cpt_…`: what its coupons are of, */
    template: string;
    /** what that is called, */
    template_name: string;
    /** and in which version. */
    template_version: number;
    /** Counts its changes: what a change names. */
    version: number;
    /** The word by which everybody can claim it. */
    word?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponExceptionCount = {
  /** The items, in the list's order. */
  items: {
    /** How many. */
    count: number;
    /** The money at stake. */
    money: Money;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponGranted = {
  /** The items, in the list's order. */
  items: ({
    coupon?: Coupon | null;
    /** Whose. */
    member: string;
    /** `ok`, `duplicate`, or the code of why not, such as `coupon.sold_out`. */
    result: string;
    /** and in English. */
    why?: string | null;
    /** Why not, in Chinese, */
    why_zh?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponLocked = {
  /** The items, in the list's order. */
  items: {
    /** The coupon. */
    coupon: Coupon;
    /** `ok`, or `duplicate` where the order had it before. */
    result: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponStep = {
  /** The items, in the list's order. */
  items: {
    /** The coupon. */
    coupon: Coupon;
    /**
     * `ok`; `duplicate` where it had been done before or there was nothing to do; `exception` where the order is paid and the
     * coupon is not there any more.
     */
    result: string;
    /** The money at stake: what it took off, as the cart was priced. */
    saving: Money;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponTemplate = {
  /** The items, in the list's order. */
  items: (CouponTemplateInput & {
    /** When it was made. */
    created_at: string;
    /** `cpt_…`. */
    id: string;
    /** `active`, `paused` or `archived`. */
    state: string;
    /** Counts its versions: what a change names, and what coupons keep. */
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponTemplateVersion = {
  /** The items, in the list's order. */
  items: {
    /** What it says. */
    definition: CouponTemplateInput;
    /** When it was made. */
    made_at: string;
    /** By whom. */
    made_by: string;
    /** The how-many-eth. */
    no: number;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_CouponUse = {
  /** The items, in the list's order. */
  items: ({
    /** `cpn_…`. */
    coupon: string;
    /** and when it was let go or given back. */
    ended_at?: string | null;
    /** How it was let go: `timeout`, `order` or `shop`. */
    how?: string | null;
    /** until when, */
    lock_until: string;
    /** When it was locked, */
    locked_at: string;
    /** Whose. */
    member?: string | null;
    /** Of an exception: when the order was found paid without it, */
    missed_at?: string | null;
    /** where the coupon stood then, */
    missed_why?: string | null;
    /** and how, in their words. */
    note?: string | null;
    /** Which order. */
    order: ExternalName;
    /** What it took off, as the cart was priced; of an exception the money at stake. */
    saving: Money;
    /** and when that was settled, */
    settled_at?: string | null;
    /** by whom, */
    settled_by?: string | null;
    /** `held`, `used`, `let_go`, `given_back` or `missed`. */
    state: string;
    /** when it was used, */
    used_at?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Export = {
  /** The items, in the list's order. */
  items: ({
    /** Identifiers in clear. */
    clear: boolean;
    created_at: string;
    created_by: string;
    /** Why it failed. */
    error?: string | null;
    /** Until when the file is kept. */
    expires_at: string;
    file_name: string;
    /** Names of the filters that are set. */
    filters: string[];
    finished_at?: string | null;
    /** `csv`, `xlsx` or `parquet`. */
    format: string;
    id: string;
    /** The task that gathers it. */
    job?: string | null;
    /** `zh` or `en`. */
    language: string;
    progress: ExportProgress;
    /** How many rows it has, once it is ready. */
    row_count?: number | null;
    /** What a row is, where there is a choice: `orders`, `lines` or `both`. */
    rows?: string | null;
    /** Sheets of a workbook; each holds 1,048,575 rows, what is more goes on in the next. */
    sheets: number;
    /** `queued`, `running`, `ready`, `stopped`, `failed`, `withdrawn` (somebody in it was erased: export again) or `expired`. */
    state: string;
    /** `members`, `orders`, `refunds`, `products` or `settlement`. */
    subject: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_FieldOut = {
  /** The items, in the list's order. */
  items: {
    field: string;
    label: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_GrowthDone = {
  /** The items, in the list's order. */
  items: {
    /** When the reward was given. */
    done_at: string;
    /** Growth value. */
    growth: number;
    /** `pkg_…`: what the reward's points, uses and redemptions name. */
    id: string;
    /** By whom. */
    member: string;
    /** What could not be given. */
    missing: PackMissing[];
    /** In which period: `once`, a month such as `2026-11`, or a year. */
    period: string;
    /** Points. */
    points: number;
    /** Rewards. */
    rewards: PackGivenReward[];
    /** Which task; `kind` is that of its goal. */
    task: BenefitBrief;
    /** Uses of benefits. */
    uses: PackGivenUses[];
    /** By which version of the task. */
    version: number;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_GrowthTask = {
  /** The items, in the list's order. */
  items: (GrowthTaskInput & ({
    /** When it was made. */
    created_at: string;
    /** How often its reward was given. */
    given: number;
    /** `gtk_…`. */
    id: string;
    /** How often it can still be given; null without end. */
    left?: number | null;
    /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
    state: string;
    /** Counts its changes: what a change names. */
    version: number;
  }))[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_GrowthTaskVersion = {
  /** The items, in the list's order. */
  items: {
    /** When. */
    made_at: string;
    /** By whom. */
    made_by: string;
    /** Its number. */
    no: number;
    /** What was said. */
    task: GrowthTaskInput;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_ImportOut = {
  /** The items, in the list's order. */
  items: ({
    counts: CountsOut;
    created_at: string;
    files: FileOut[];
    finished_at?: string | null;
    /** `imp_…` */
    id: string;
    /** The job that loads or undoes it. */
    job?: string | null;
    progress: ProgressOut;
    /** Its records that were repaired, by hand or by a corrected sheet. */
    repaired: number;
    /** Its records that came with the same content in an earlier import and were repaired there: they do not wait. */
    repaired_before: number;
    /** Its records that were set aside. */
    set_aside: number;
    /** The same for those that were set aside there. */
    set_aside_before: number;
    shop?: string | null;
    /** `staged`, `running`, `stopped`, `done`, `undoing`, `undone` or `failed`. */
    state: string;
    title: string;
    /** Its records that still wait in quarantine; `counts.quarantined` is how many were put there. */
    waiting: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Job = {
  /** The items, in the list's order. */
  items: ({
    created_at: string;
    error?: string | null;
    finished_at?: string | null;
    id: string;
    kind: string;
    progress: JobProgress;
    /** What came of it, by kind. */
    result?: Record<string, unknown> | null;
    started_at?: string | null;
    /** `queued`, `running`, `done`, `failed` (refused by a rule), `cancelled`, `dead` (gave up). */
    state: string;
    /** Whether it was asked to stop and has not yet. */
    stopping: boolean;
    title: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_MappingOut = {
  /** The items, in the list's order. */
  items: {
    columns: ColumnOut[];
    /** What rows are. */
    format_kind: string;
    /** `map_…` */
    id: string;
    name: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_MemberBenefit = {
  /** The items, in the list's order. */
  items: {
    benefit: Benefit;
    verdict: BenefitVerdict;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_MemberGrowthTask = {
  /** The items, in the list's order. */
  items: ({
    /** When the reward was given. */
    done_at?: string | null;
    /** What is to be done, in words. */
    goal: GrowthSaid;
    /** So much is done: facts, orders, minor units, acts, days or points. */
    have: number;
    /** What is counted. */
    kind: GrowthGoalKind;
    /** Pieces that are left; null without end. */
    left?: number | null;
    /** What is missing, in words. */
    missing: GrowthSaid;
    /** So much is needed. */
    need: number;
    /** Of a profile: the facts that are missing. */
    open: GrowthField[];
    /** The period in which now lies: `once`, a month or a year. */
    period: string;
    /** What is given, in words. */
    reward: GrowthSaid;
    /** The shop's own sentence about it; empty where there is none. */
    says: string;
    /** `open`, `done` in this period, or `not`: it brings this member nothing, and `why` says why not. */
    state: string;
    /** Which. */
    task: BenefitBrief;
    /** What is done until then counts. */
    until?: string | null;
    /** So much is done and counts once its orders are final. */
    waiting: number;
    why?: BenefitWhy | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_MemberReward = {
  /** The items, in the list's order. */
  items: ({
    may: boolean;
    /** What it costs this member. */
    points: number;
    reward: Reward;
    why?: BenefitWhy | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_MemberTag = {
  /** The items, in the list's order. */
  items: ({
    /** Whether nobody gets it any more. */
    archived: boolean;
    /** Who gave it first, of those who give it now: `stf_…`, `key_…`, `system:tag_rule`, `import:…` with the source. */
    by: string;
    category?: TagCategoryRef | null;
    /** `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`. */
    color?: string | null;
    id: string;
    name: string;
    /** Which files say it; told of one member, not in lists. */
    said: TagSaid[];
    /** Since when the member has it. */
    since: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Merchant = {
  /** The items, in the list's order. */
  items: ({
    currency: string;
    id: string;
    name: string;
    role?: Role | null;
    sandbox: boolean;
    /** A merchant's choices where the rules leave one. */
    settings: {
      /** Whether what a platform paid counts in net paid. */
      count_platform_discount?: boolean;
      /** Whether two members who share a contact (a receiver's phone) merge by themselves. */
      merge_on_contact?: boolean;
      /** See [`PayTimePolicy`]. */
      pay_time_policy?: PayTimePolicy;
      /** Requests a second for each key and person of this merchant; absent: the server's own limit. */
      requests_per_second?: number | null;
      /**
       * Every so many minutes all living segments are reckoned because time passes, and after midnight;
       * absent: every hour.
       */
      segment_pass_minutes?: number | null;
      /** Days after completion until an order is final: 0 to 90. */
      settlement_delay_days?: number;
    };
    /** IANA name. */
    zone: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Merge = {
  /** The items, in the list's order. */
  items: ({
    absorbed: string;
    at: string;
    by: string;
    /** `keys`, `review`, `manual`. */
    cause: string;
    id: string;
    reason: string;
    survivor: string;
    undone_at?: string | null;
    undone_by?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Order = {
  /** The items, in the list's order. */
  items: ({
    bonus_credit?: Money | null;
    /** Where it came from. */
    channel?: string | null;
    /** Closed. */
    closed_at?: string | null;
    /** Completed. */
    completed_at?: string | null;
    /**
     * When it counts for points and windows: when it was paid; where the source does not tell (flag
     * `pay_time_unknown`), when it was placed, or never, as the merchant has chosen.
     */
    counts_at?: string | null;
    /** Placed. */
    created_at?: string | null;
    /** ISO 4217. */
    currency: string;
    /** Delivered. */
    delivered_at?: string | null;
    deposit?: Money | null;
    /** Each discount with its payer. */
    discounts: Discount[];
    /** An amount is inferred. */
    estimated: boolean;
    /** Its name at its source. */
    external: ExternalName;
    /** From when on it is final. */
    final_at?: string | null;
    /** Words that stay with it. */
    flags: string[];
    goods_after_discount?: Money | null;
    goods_list?: Money | null;
    goods_paid?: Money | null;
    /** `ord_…`. */
    id: string;
    /** Whether anybody can be named for it. */
    identified: boolean;
    /** Lines. */
    lines: OrderLine[];
    /** Whose it is. */
    member?: string | null;
    merchant_received?: Money | null;
    net_paid?: Money | null;
    /** Its number. */
    order_no: string;
    paid?: Money | null;
    /** Paid. */
    paid_at?: string | null;
    /** How it was paid. */
    payment_method?: string | null;
    /** Platform. */
    platform: string;
    /** The platform's word. */
    platform_status?: string | null;
    points_cash?: Money | null;
    /** Whether it was paid: it counts as a purchase. */
    purchase: boolean;
    /** Receiver, masked. */
    receiver: Receiver;
    refund_over?: Money | null;
    /** Given back. */
    refunded: Money;
    /** Refunds; only where one order is asked for. */
    refunds?: Refund[] | null;
    /** Dispatched. */
    shipped_at?: string | null;
    shipping?: Money | null;
    /** Shop. */
    shop?: string | null;
    /** `created`, `paid`, `shipped`, `completed` or `closed`. */
    state: string;
    /** What was said of its state; only where one order is asked for. */
    states?: OrderStep[] | null;
    tax?: Money | null;
    /**
     * Why nobody can be named for it: `platform_told_nobody` (what the platform told has neither buyer nor
     * receiver), `nobody_told` (the same, not of a platform), `masked` (what was told is masked or enciphered),
     * `receiver_phone_only` (a receiver's phone proposes and makes no member: tell it as the buyer's phone with
     * `verified`, or tell an open id, account or own id), `receiver_only` (only the receiver's name, land line or
     * address), `account_not_proven` (the buyer's phone or e-mail without `verified`), `key_without_member` (no
     * member carries the key: records from before an erasure make nobody again), `erased`. Absent where there is
     * a member; only where one order is asked for.
     */
    unidentified_because?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PackGiven = {
  /** The items, in the list's order. */
  items: {
    /** When. */
    given_at: string;
    /** Growth value. */
    growth: number;
    /** `pkg_…`. */
    id: string;
    /** To whom. */
    member: string;
    /** What could not be given. */
    missing: PackMissing[];
    /** What makes it once: `newcomer`, a year, a tier, the day of the purchase before a pause. */
    occasion: string;
    /** Of which pack; `kind` is its occasion. */
    pack: BenefitBrief;
    /** Points. */
    points: number;
    /** Rewards. */
    rewards: PackGivenReward[];
    /** Uses of benefits. */
    uses: PackGivenUses[];
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PointsBook = {
  /** The items, in the list's order. */
  items: ({
    /** Balances: `pending`, `available`, `frozen`, `issued`, `redeemed`, `expired`, `reversed`. They sum to nothing. */
    accounts: Record<string, number>;
    /** 6 for the most active; none without a visit, or where the rules grade nobody. */
    activity_grade?: number | null;
    check_in: CheckIns;
    /** Points owed: taken back after they were spent. */
    debt: number;
    /** What ends within ninety days. */
    expiring: Expiring[];
    /** Up to when it knows. */
    known_at: string;
    /** Lots with something left, in the order in which they are spent. */
    lots: PointsLot[];
    next?: NextTier | null;
    programme: ProgrammeRef;
    tier?: TierHeld | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PointsEnding = {
  /** The items, in the list's order. */
  items: ({
    /** All points that are free to spend now. */
    available: number;
    /** How many on which day. */
    days: Expiring[];
    /** The last day of those that end first. */
    first_day: string;
    /** The last day of those that end last. */
    last_day: string;
    member: string;
    /** How many end in all. */
    points: number;
    /** The tier held, where there is a ladder. */
    tier?: string | null;
    worth?: Money | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PointsEntry = {
  /** The items, in the list's order. */
  items: ({
    /** so many points. */
    amount: number;
    booked_at: string;
    cause: EntryCause;
    /** By how much it changed the points free to spend. */
    change: number;
    /** Whether it corrects earlier ones because something arrived late or was told otherwise. */
    corrects: boolean;
    /** From this account */
    from: string;
    happened_at: string;
    /** The lot that it takes from or gives to. */
    lot?: string | null;
    /** Whose; only where entries of several members are listed. */
    member?: string | null;
    /** Its number in the member's book. */
    seq: number;
    /** to this one */
    to: string;
    /** The version of the rules that was in force; 0 is before the programme began. */
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PortraitTarget = {
  /** The items, in the list's order. */
  items: ({
    /** When it was made. */
    created_at: string;
    /** By whom. */
    created_by: string;
    /** Which. */
    id: string;
    last?: PortraitTargetLast | null;
    /** As people read it. */
    name: string;
    /** The same in words; `null` where its segment is there no more. */
    sentence?: string | null;
    /** `active` or `archived`. */
    state: string;
    /** Whose portrait. */
    subject: PortraitSubject;
    /** When it was last changed. */
    updated_at: string;
    /** By whom. */
    updated_by: string;
    /** Send it with a change. */
    version: number;
    /** What is wished. */
    wishes: PortraitWish[];
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PriceSettingsVersion = {
  /** The items, in the list's order. */
  items: ({
    /** When they were posted. */
    at: string;
    /** By whom they were posted. */
    by: string;
    /** From when on they are in force. */
    from: string;
    /** Counts from 1. */
    no: number;
    /** Why, in words. */
    note: string;
    /** The programme whose tiers and points are meant. */
    programme?: string | null;
    /** `max_coupons`, `points_cash`, `earn`, `floors`, as they were written. */
    settings: Record<string, unknown>;
    /** `past`, `current`, `scheduled` or `withdrawn`. */
    state: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PrivacyRequest = {
  /** The items, in the list's order. */
  items: ({
    completed_at?: string | null;
    completed_by?: string | null;
    created_at: string;
    /** The end of the fifteenth working day. */
    due_at: string;
    id: string;
    /** `copy` or `erasure`. */
    kind: string;
    member: string;
    /** `open` or `done`. */
    state: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Product = {
  /** The items, in the list's order. */
  items: ({
    /** Bar code. */
    barcode?: string | null;
    /** Brand. */
    brand?: string | null;
    /** Category path, broadest first. */
    category: string[];
    cost?: Money | null;
    /** Its name at its source. */
    external: ExternalName;
    /** `prd_…`. */
    id: string;
    price?: Money | null;
    /** The platform's goods id. */
    product_id?: string | null;
    /** Merchant code. */
    sku: string;
    /** Variant. */
    spec?: string | null;
    /** Pieces in stock. */
    stock?: number | null;
    /** Title. */
    title?: string | null;
    /** When it last changed here. */
    updated_at: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Programme = {
  /** The items, in the list's order. */
  items: ({
    /** Orders paid before earn nothing and count for tiers. */
    begins_at: string;
    /** When it was made. */
    created_at: string;
    /** The version in force; before the programme begins the first that will be. */
    current: ProgrammeVersion;
    filling?: ProgrammeFilling | null;
    /** `prg_…`. */
    id: string;
    /** The task that fills its books, while it waits or runs. */
    job?: string | null;
    /** How many members have a book. */
    members: number;
    /** As people call it. */
    name: string;
    next?: ProgrammeVersion | null;
    /** All books together, by account. */
    points: Record<string, number>;
    /** The shops whose orders count; empty for all. */
    shops: string[];
    /** `scheduled`, `active`, `paused` or `archived`. */
    state: string;
    /** Counts its changes: what a change names. */
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_ProgrammeRerun = {
  /** The items, in the list's order. */
  items: ({
    /** Members who then have less than nothing to spend, and had not before. */
    below_zero: number;
    /** Members for whom it was booked. */
    booked: number;
    booked_at?: string | null;
    booked_by?: string | null;
    /** Of them those for whom anything would be otherwise. */
    changed: number;
    /** Orders that then earn something else. */
    corrections: number;
    /** Of them those that follow from the others, as where a cap of the month has more room or less. */
    following: number;
    from: string;
    id: string;
    /** The task that reckons or books it. */
    job: string;
    /** Orders of the span that are left as they are: so judged already, or gone into another's book with a merge of members. */
    left: number;
    /** Who has fewer. */
    less: RerunSide;
    made_at: string;
    made_by: string;
    /** Members with orders in the span. */
    members: number;
    /** Who has more points by it. */
    more: RerunSide;
    /** Why, in the words of who booked it. */
    note: string;
    /** Orders that are judged by another version than before. */
    orders: number;
    programme: string;
    progress?: RerunProgress | null;
    /** Members who were left as they are, because their history was another by then: ask for a re-run again. */
    stale: number;
    /** `looking`, `shown`, `booking`, `booked` or `dropped`. */
    state: string;
    /** Members who then hold another tier. */
    tiers: number;
    to: string;
    /** Members who are left as they are, because their numbers are too large to reckon. */
    unreckoned: number;
    /** Which version judges; `null` for the one in force at each payment. */
    version?: number | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_ProgrammeTemplate = {
  /** The items, in the list's order. */
  items: {
    description: string;
    key: string;
    name: string;
    rules: Record<string, unknown>;
    sentences: RuleSentence[];
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_ProgrammeVersion = {
  /** The items, in the list's order. */
  items: {
    /** When it was posted. */
    at: string;
    /** By whom it was posted. */
    by: string;
    /** From when on they are in force. */
    from: string;
    /** Counts from 1. */
    no: number;
    /** Why, in words. */
    note: string;
    /** The rules, as they were posted. */
    rules: Record<string, unknown>;
    /** Each rule as one sentence. */
    sentences: RuleSentence[];
    /** `past`, `current`, `scheduled` or `withdrawn`. */
    state: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PromotionLine = {
  /** The items, in the list's order. */
  items: ({
    /** From when on these rules hold; none where nothing was published. */
    from?: string | null;
    /** Whether there are rules that are not published. */
    has_draft: boolean;
    id: string;
    /** Of the version in force, else of the next, else of the draft. */
    kind: string;
    name: string;
    /** What it does, in one sentence; of the same. */
    sentence: BothLanguages;
    /** `draft`, `scheduled`, `running`, `ended`, `paused` or `archived`. */
    state: string;
    /** Until when, if they end by themselves. */
    to?: string | null;
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_PromotionVersion = {
  /** The items, in the list's order. */
  items: {
    /** When they were published. */
    at: string;
    /** By whom they were published. */
    by: string;
    /** From when on they are in force. */
    from: string;
    /** Such as `stepped_threshold`. */
    kind: string;
    /** Counts from 1. */
    no: number;
    /** Why, in words. */
    note: string;
    /** The rules, as they were written. */
    rules: Record<string, unknown>;
    /** What they do, in one sentence. */
    sentence: BothLanguages;
    /** `past`, `current`, `scheduled` or `withdrawn`. */
    state: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_QuarantinedOut = {
  /** The items, in the list's order. */
  items: ({
    /** Column and text; identifiers are masked in lists. */
    cells: Record<string, string>;
    /** The cells that were corrected; masked as `cells` is. */
    changed: ChangedOut[];
    /** The columns in the order of the file. */
    columns: string[];
    created_at: string;
    file: string;
    /** `qua_…` */
    id: string;
    /** `imp_…` */
    import: string;
    note?: string | null;
    /** The order's number as it stands in the row now, where a column is read as it. */
    order_no?: string | null;
    /** Why it waits; of a repaired record, all that it waited for. */
    reasons: ReasonOut[];
    record: number;
    /** When it was repaired or discarded. */
    resolved_at?: string | null;
    /** By whom. */
    resolved_by?: string | null;
    /**
     * `console`: repaired or discarded by hand; `sheet`: a corrected sheet that names the record was loaded; `key`: a
     * file of the same format brought a good row with the same key; `before`: the same row was settled in another import.
     */
    resolved_how?: string | null;
    /** The import that loaded the corrected row, where it is another than the record's own. */
    resolved_import?: string | null;
    row: number;
    /** The row with the same content, of another import, that settled it. */
    same_as?: string | null;
    /** `open`, `repaired` or `discarded`. */
    state: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Redemption = {
  /** The items, in the list's order. */
  items: ({
    address?: MaskedAddress | null;
    /** When it was cancelled. */
    cancelled_at?: string | null;
    /** By whom it is sent. */
    carrier?: string | null;
    /** What it costs the merchant. */
    cost: Money;
    /** When it arrived. */
    delivered_at?: string | null;
    /** `pkg_…` where a pack gave it, or a growth task that was done. */
    given?: string | null;
    /** `rdm_…`. */
    id: string;
    /** Who asked for it. */
    made_by: string;
    /** By whom. */
    member: string;
    /** Under which number. */
    number?: string | null;
    /** The order in whose parcel it goes. */
    order?: string | null;
    /** What it cost the member. */
    points: number;
    /** With points of which programme. */
    programme: string;
    /** When it was redeemed. */
    redeemed_at: string;
    /** Of which reward. */
    reward: BenefitBrief;
    /** When it was sent. */
    sent_at?: string | null;
    /** `requested`, `sent`, `delivered` or `cancelled`. */
    state: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Refund = {
  /** The items, in the list's order. */
  items: ({
    /** All that went back. */
    amount: Money;
    /** When, as the source tells. */
    created_at?: string | null;
    /** The amount is inferred. */
    estimated: boolean;
    /** Its name at its source; what an order states without a number is `…#stated`. */
    external: ExternalName;
    /** What of it lowers net paid. */
    goods: Money;
    /** `ref_…`. */
    id: string;
    /** Why. */
    kind: string;
    /** The lines that it names. */
    lines: RefundLine[];
    /** Whose. */
    member?: string | null;
    /** The order; `null` where it stands alone. */
    order_id?: string | null;
    /** The reason's word. */
    reason?: string | null;
    /** How far. */
    state: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_RegisterColumn = {
  /** The items, in the list's order. */
  items: {
    /** `public`, `attribute` (about a person, erasable), `identifier` (sealed, or a blind token) or `secret`. */
    class: string;
    column: string;
    /** Whether the table's rows belong to a member. */
    of_member: boolean;
    table: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_ReportMember = {
  /** The items, in the list's order. */
  items: {
    /** `mem_…`. */
    member: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_RerunMember = {
  /** The items, in the list's order. */
  items: ({
    /** Orders that then earn something else, in order of their names. */
    corrections: RerunCorrection[];
    member: string;
    /** Points pending, available and frozen when it was reckoned, */
    points: number;
    /** `shown`, `booked`, or `stale`: left as it is, because the history was another by then. */
    state: string;
    /** The id of the tier held then; none where there was no ladder. */
    tier?: string | null;
    worth?: Money | null;
    /** and with it. Rewards of tiers and what had ended meanwhile are in it, so it need not be the sum of the corrections. */
    would_have: number;
    /** The tier with it. */
    would_hold?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Review = {
  /** The items, in the list's order. */
  items: ({
    created_at: string;
    decided_at?: string | null;
    decided_by?: string | null;
    /** Every key that the two share. */
    evidence: ReviewEvidence[];
    /** How many members hold the key; the two shown are the oldest that nobody decided on. */
    holders: number;
    id: string;
    left: Member;
    /** `conflict` (a strong key with contradicting others), `renamed_account` or `contact_match`. */
    reason: string;
    /** The reasons of every key that the two share, this one first. */
    reasons: string[];
    right: Member;
    /** `open`, `kept_apart` or `merged`. */
    state: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Reward = {
  /** The items, in the list's order. */
  items: (RewardInput & ({
    /** When it was made. */
    created_at: string;
    /** `rwd_…`. */
    id: string;
    /** Where its picture is; null without one. */
    picture?: string | null;
    /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
    state: string;
    /** Pieces left; null without end. */
    stock?: number | null;
    /** Redemptions that were not cancelled. */
    taken: number;
    /** Counts its changes: what a change names. */
    version: number;
  }))[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_SavedView = {
  /** The items, in the list's order. */
  items: {
    columns: string[];
    id: string;
    name: string;
    page: string;
    query: string;
    updated_at: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Segment = {
  /** The items, in the list's order. */
  items: ({
    /** Of a scheduled one: when, by the shop's clock. */
    at?: string | null;
    /** Whether it is being reckoned: its members are still those of before. */
    building: boolean;
    /** When it was made. */
    created_at: string;
    /** By whom. */
    created_by: string;
    /** What it is for. */
    description?: string | null;
    /** Members who came today, by the shop's days. */
    entered_today: number;
    every?: SegmentEvery | null;
    /** Its expression; a list given by ids has none. */
    expr?: Record<string, unknown> | null;
    /** Which. */
    id: string;
    /** `living`, `static` or `scheduled`. */
    kind: SegmentKind;
    /** Members who went today. */
    left_today: number;
    /** As people read it. */
    name: string;
    /** What it says, in words. */
    sentence?: string | null;
    /** How many members. */
    size: number;
    /** Up to when that is known; none before it was ever reckoned. */
    size_at?: string | null;
    /** `active` or `archived`. */
    state: string;
    /** Its text form; none where it cannot be judged any more. */
    text?: string | null;
    /** When it was last changed. */
    updated_at: string;
    /** By whom. */
    updated_by: string;
    /** How many these are. */
    use_count: number;
    /** Segments that refer to it. */
    used_by: SegmentName[];
    /** Send it with a change. */
    version: number;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_SegmentChange = {
  /** The items, in the list's order. */
  items: {
    /** When. */
    at: string;
    /** Why: `event`, `time`, `edit` or `refresh`. */
    cause: SegmentCause;
    /** What the member is called, masked. */
    display_name: string;
    /** `entered` or `left`. */
    kind: string;
    /** Who. */
    member: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_SegmentMember = {
  /** The items, in the list's order. */
  items: (Member & {
    /** There when the segment was first reckoned: no coming, and in no count of those who entered. */
    at_first: boolean;
    /** Since when. */
    entered_at: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_SettlementOrder = {
  /** The items, in the list's order. */
  items: ({
    completed_at?: string | null;
    /** Settled less expected; the reasons' amounts add up to it. */
    difference: Money;
    /** What was to be received. */
    expected: Money;
    member?: string | null;
    order: string;
    order_no: string;
    /** `differs`: a file gives a figure that is not what was expected; `untold`: no file gives one. */
    part: string;
    placed_at: string;
    platform: string;
    reasons: SettlementReason[];
    settled?: Money | null;
    shop?: string | null;
    state: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Shop = {
  /** The items, in the list's order. */
  items: ({
    external?: External | null;
    /** `shp_…`. */
    id: string;
    /** Who answers for its customers' data. */
    legal_entity?: string | null;
    /** Its name. */
    name: string;
    /** `taobao`, `tmall`, `jd`, `pdd`, `douyin`, `wechat`, `youzan`, `shopify`, `woocommerce`, `own` … */
    platform: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Staff = {
  /** The items, in the list's order. */
  items: ({
    created_at: string;
    disabled_at?: string | null;
    /** `l***@example.com`. */
    email_masked: string;
    id: string;
    /** Whether they have not taken their invitation yet. */
    invited: boolean;
    name: string;
    role: Role;
    totp_enabled: boolean;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Suppression = {
  /** The items, in the list's order. */
  items: {
    at: string;
    channel: string;
    id: string;
    reason: string;
    source: string;
    value_masked: string;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Tag = {
  /** The items, in the list's order. */
  items: ({
    /** Since when nobody gets it any more. */
    archived_at?: string | null;
    category?: TagCategoryRef | null;
    /** `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`. */
    color?: string | null;
    created_at: string;
    created_by: string;
    id: string;
    /** How many members have it now. */
    members: number;
    name: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_TagCategory = {
  /** The items, in the list's order. */
  items: {
    created_at: string;
    created_by: string;
    id: string;
    name: string;
    /** How many tags it holds, archived ones too. */
    tags: number;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_TagDay = {
  /** The items, in the list's order. */
  items: {
    day: string;
    /** Members to whom it was given, by whomever. */
    given: number;
    /** Members from whom it was taken. */
    taken: number;
  }[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_TagRule = {
  /** The items, in the list's order. */
  items: ({
    /** When everybody was last looked at. */
    applied_at?: string | null;
    /** How many members have the tag by the rule now; told of one rule, not in lists. */
    members?: number | null;
    segment: TagRuleRef;
    set_at: string;
    set_by: string;
    /** `applying` until everybody was looked at; `applied`; `resting` while the tag or the segment is archived. */
    state: string;
    tag: TagRuleRef;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_TagSource = {
  /** The items, in the list's order. */
  items: ({
    /** When its loading began. */
    begun_at: string;
    /** When it was loaded to its end; from then on what it does not say has ended. */
    finished_at?: string | null;
    /** The import that holds. */
    import?: string | null;
    /** How many members had tags by it when everybody was last looked at. */
    members?: number | null;
    /** As the file names it; else the file's platform or name. */
    name: string;
    /** The tags that it says. */
    tags: TagSourceTag[];
    /** As imports are listed. */
    title?: string | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_TimelineEntry = {
  /** The items, in the list's order. */
  items: ({
    /** When it happened, by whoever told it. */
    at: string;
    behaviour?: TimelineAct | null;
    /** Who did it, where somebody here did: `stf_…`, `key_…`, `cli`, `system:…`. */
    by?: string | null;
    consent?: TimelineConsent | null;
    import?: TimelineImport | null;
    /** Where the member joined, of `joined`. */
    join_source?: string | null;
    /** `order`, `refund`, `behaviour`, `consent`, `merge`, `unmerge`, `tag`, `untag`, `import`, `profile`, `joined`, `first_seen`. */
    kind: string;
    merge?: TimelineMerge | null;
    order?: TimelineOrder | null;
    profile?: TimelineProfile | null;
    refund?: TimelineRefund | null;
    tag?: TimelineTag | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_TriedMember = {
  /** The items, in the list's order. */
  items: ({
    /** What that costs the shop. */
    cost: Money;
    earning?: TriedPoints | null;
    /** The tier held at `as_of`. */
    held: TriedTier;
    /** Points given by itself up to `as_of`. */
    issued: TriedPoints;
    /** The tier once the period has ended. */
    judged: TriedTier;
    member: string;
    /** Points more, or fewer, with the rules. */
    points: number;
    /** What these buy. */
    value: Money;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Weather = {
  /** The items, in the list's order. */
  items: ({
    /** Its short name; `null`: the whole province. */
    city?: string | null;
    /** `clear`, `cloudy`, `fog`, `rain`, `snow` or `extreme`: the worst that was told of the day. */
    condition?: string | null;
    /** By the shop's clock. */
    day: string;
    /** The highest temperature, degrees Celsius. */
    high?: number | null;
    /** The lowest. */
    low?: number | null;
    /** Its short name. */
    province: string;
    /** Rain and melted snow, millimetres. */
    rain?: number | null;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_Webhook = {
  /** The items, in the list's order. */
  items: ({
    created_at: string;
    disabled_at?: string | null;
    /** Since when nothing got through. */
    failing_since?: string | null;
    id: string;
    /** Shown when made and when rotated. */
    secret?: string | null;
    /** `active` or `disabled`. */
    state: string;
    /** Which events; none means all. */
    types: string[];
    url: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

/** One page of a list. */
export type Page_WebhookDelivery = {
  /** The items, in the list's order. */
  items: ({
    /** When it was last tried, or made. */
    at: string;
    /** How often it was tried. */
    attempt: number;
    /** Why there was none. */
    error?: string | null;
    /** The event: the message's `webhook-id`. */
    id: string;
    /** When it will be tried again. */
    next_at?: string | null;
    position: number;
    /** `pending`, `paused`, `delivered` or `failed`. */
    state: string;
    /** The last answer's status. */
    status?: number | null;
    type: string;
  })[];
  /** Where the next page begins; `null` on the last. */
  next_cursor?: string | null;
};

export type PasswordChange = {
  new_password: string;
  old_password: string;
};

export type PasswordProof = {
  password: string;
};

/** A link for choosing a new password. */
export type PasswordReset = {
  /** For the link `/accept?token=…`, good for a week. */
  invite_url_token: string;
};

/** What windows and points do with an order whose source gives no pay time. */
export type PayTimePolicy = "created_at" | "unknown";

/** What came of a request about points. */
export type PointsAnswer = {
  /** Balances now. */
  accounts: Record<string, number>;
  /** `ok`, `duplicate` (this id was taken before; nothing changed) or `already_today`. */
  result: string;
  tier?: TierHeld | null;
};

/** A member's book in a programme. */
export type PointsBook = {
  /** Balances: `pending`, `available`, `frozen`, `issued`, `redeemed`, `expired`, `reversed`. They sum to nothing. */
  accounts: Record<string, number>;
  /** 6 for the most active; none without a visit, or where the rules grade nobody. */
  activity_grade?: number | null;
  check_in: CheckIns;
  /** Points owed: taken back after they were spent. */
  debt: number;
  /** What ends within ninety days. */
  expiring: Expiring[];
  /** Up to when it knows. */
  known_at: string;
  /** Lots with something left, in the order in which they are spent. */
  lots: PointsLot[];
  next?: NextTier | null;
  programme: ProgrammeRef;
  tier?: TierHeld | null;
};

/** A member whose points end. */
export type PointsEnding = {
  /** All points that are free to spend now. */
  available: number;
  /** How many on which day. */
  days: Expiring[];
  /** The last day of those that end first. */
  first_day: string;
  /** The last day of those that end last. */
  last_day: string;
  member: string;
  /** How many end in all. */
  points: number;
  /** The tier held, where there is a ladder. */
  tier?: string | null;
  worth?: Money | null;
};

/** An entry of the ledger. It is never changed. */
export type PointsEntry = {
  /** so many points. */
  amount: number;
  booked_at: string;
  cause: EntryCause;
  /** By how much it changed the points free to spend. */
  change: number;
  /** Whether it corrects earlier ones because something arrived late or was told otherwise. */
  corrects: boolean;
  /** From this account */
  from: string;
  happened_at: string;
  /** The lot that it takes from or gives to. */
  lot?: string | null;
  /** Whose; only where entries of several members are listed. */
  member?: string | null;
  /** Its number in the member's book. */
  seq: number;
  /** to this one */
  to: string;
  /** The version of the rules that was in force; 0 is before the programme began. */
  version: number;
};

/** What will become of a programme's points. */
export type PointsForecast = {
  /** By month to come. */
  ahead: ForecastMonth[];
  /** Of points used or ended, the share that ends unused. */
  breakage: ForecastShare;
  check?: ForecastCheck | null;
  deferred?: Money | null;
  /** Whole months up to and with `month` in which points were issued. */
  history_months: number;
  lots: ForecastLots[];
  /** The closed month at whose end it stands. Nothing later is looked at: it is the same for ever. */
  month: string;
  /** As many of these are needed before anything is estimated. */
  needed_months: number;
  /**
   * `few_months`: fewer than `needed_months`, nothing is estimated. `lots_not_followed_to_their_end`: of what is left of lots only bounds are
   * told. `null`: there is enough.
   */
  too_little?: string | null;
};

/** What is owed in points at the end of a month: `available` + `frozen` − `debt` is the closing of `totals`. */
export type PointsLiability = {
  /** Of what is owed: free to spend, in lots. */
  available: number;
  /** The first month with entries, whichever month is asked about: no month before it has any. `null` as long as nothing was booked. */
  books_from?: string | null;
  /** Whether nothing is booked into it any more: then it is the same for ever. */
  closed: boolean;
  /** Taken off what is owed: what members owe, because it was taken back after they spent it. */
  debt: number;
  /** Of what is owed: set aside by holds. */
  frozen: number;
  /** By the month of the lots. */
  lines: LiabilityLine[];
  month: string;
  /** Not owed yet: earned on orders that were not final at its end. */
  pending: number;
  /** All lines together. */
  totals: LiabilityLine;
  worth?: LiabilityPartsWorth | null;
};

/** A lot of points. */
export type PointsLot = {
  /** Named after what made it: `order:ord_…`, `check_in:2026-11-27`. */
  id: string;
  /** The last day on which it can be spent. */
  last_day: string;
  /** What is left. */
  left: number;
};

/** What an order would earn. */
export type PointsQuote = {
  /** What the caps of orders, days and months take off. */
  capped: number;
  /** After all caps. */
  points: number;
  /** What each rule adds, after its own caps. */
  rules: QuoteRule[];
  /** The tier that the order would meet. */
  tier?: string | null;
};

/** A day. */
export type PortraitDay = {
  /** When the day began, by the shop's clock. */
  at: string;
  /** Up to when everything was in. */
  known_at: string;
  /** Members of the group. */
  members: number;
  /** When it was reckoned. */
  recorded_at: string;
  /** The shortfalls of all wishes added up. */
  shortfall: number;
  /** Of which version the wishes are. */
  version: number;
  wishes: PortraitDayWish[];
};

/** A wish on a day. */
export type PortraitDayWish = {
  attribute: string;
  attribute_label: string;
  count: number;
  known: number;
  label: string;
  /** The share that there was. */
  share?: number | null;
  values: string[];
  /** The share that was wished then. */
  wished: number;
};

/** Days of a wished-for portrait. */
export type PortraitDays = {
  items: PortraitDay[];
};

/** Members outside the group who would close at least so many gaps. */
export type PortraitLevel = {
  /** They, as an expression. */
  expr: Record<string, unknown>;
  /** How many gaps: values of one attribute count once. */
  gaps: number;
  /** How many members. */
  members: number;
};

/** How a group stands to what is wished of it. */
export type PortraitStanding = {
  /** The time of the question. */
  at: string;
  /** Members of the base. */
  base: number;
  /** The group, as an expression. */
  group_expr: Record<string, unknown>;
  /** Up to when everything is in. */
  known_at: string;
  /** Who would close gaps, those who close most first. */
  levels: PortraitLevel[];
  /** Members of the group. */
  members: number;
  /** The shortfalls of all wishes added up. */
  shortfall: number;
  /** What all of it took, in milliseconds. */
  took_ms: number;
  /** Of which version the wishes are. */
  version: number;
  /** The wishes, in their order. */
  wishes: PortraitWishStanding[];
};

/** Whose portrait: one of `skus`, `category`, `segment`. */
export type PortraitSubject = {
  /** Who bought from this category or one below it, by its path. */
  category?: string | null;
  /** Of goods: who bought in so many days; without it, who ever bought. */
  days?: number | null;
  /** Who is in this segment. */
  segment?: string | null;
  /** Who bought one of these goods, by their sku. */
  skus?: string[] | null;
};

/** A wished-for portrait. */
export type PortraitTarget = {
  /** When it was made. */
  created_at: string;
  /** By whom. */
  created_by: string;
  /** Which. */
  id: string;
  last?: PortraitTargetLast | null;
  /** As people read it. */
  name: string;
  /** The same in words; `null` where its segment is there no more. */
  sentence?: string | null;
  /** `active` or `archived`. */
  state: string;
  /** Whose portrait. */
  subject: PortraitSubject;
  /** When it was last changed. */
  updated_at: string;
  /** By whom. */
  updated_by: string;
  /** Send it with a change. */
  version: number;
  /** What is wished. */
  wishes: PortraitWish[];
};

/** The same of one that is there. */
export type PortraitTargetChange = {
  name: string;
  subject: PortraitSubject;
  /** The version that was read. */
  version: number;
  wishes: PortraitWishInput[];
};

/** A wished-for portrait as it is to be. */
export type PortraitTargetInput = {
  name: string;
  subject: PortraitSubject;
  wishes: PortraitWishInput[];
};

/** The last day that was recorded. */
export type PortraitTargetLast = {
  /** Up to when everything was in. */
  known_at: string;
  /** Members of the group. */
  members: number;
  /** Wishes that were short. */
  short: number;
  /** The shortfalls of all wishes added up. */
  shortfall: number;
};

/** A wish, with its names. */
export type PortraitWish = {
  /** As a portrait names it. */
  attribute: string;
  /** As people call it. */
  attribute_label: string;
  /** As people call them. */
  label: string;
  /** The share that is wished. */
  share: number;
  /** Its values, as the portrait's bars name them. */
  values: string[];
};

/** What share is to have which values. */
export type PortraitWishInput = {
  /** As a portrait names it: `gender`, `age`, `province` …; fifths of spending and occasions cannot be wished. */
  attribute: string;
  /** Of the members of whom the attribute is known. */
  share: number;
  /** As the portrait's bars name them. Of an attribute with one value a member several may be given: they count together. */
  values: string[];
};

/** A wish and what there is of it. */
export type PortraitWishStanding = {
  attribute: string;
  /** As people call it. */
  attribute_label: string;
  /** The share of all members; `null` where it is known of nobody. */
  base_share?: number | null;
  /** Members of the group with one of the values. */
  count: number;
  /** Whether what there is is told apart from what is wished, all wishes judged together. */
  distinct: boolean;
  /** What is wished less what there is; below nought where there is more. */
  gap?: number | null;
  /** The upper end. */
  high?: number | null;
  /** Members of the group of whom the attribute is known. */
  known: number;
  /** As people call them. */
  label: string;
  /** The lower end of its 95 % interval. */
  low?: number | null;
  /** Members of the group of whom it is missing. */
  missing: number;
  /** Of the members there are, how many more would have the values if it were as wished; below nought: how many fewer. */
  people: number;
  /** The share that there is; `null` where the attribute is known of nobody. */
  share?: number | null;
  /** Whether there is less than is wished. */
  short: boolean;
  /** How many would have to join, all with the values, until it is as wished; `null` where no number is enough. */
  to_join?: number | null;
  values: string[];
  /** The share that is wished. */
  wished: number;
};

/** How a file would be read. */
export type PreviewOut = {
  file: string;
  /** Ten good records as they will be read. */
  good: unknown[];
  /** Every bad or skipped record. */
  not_good: NotedOut[];
  /** What holds for the file as a whole. */
  notes: FileNote[];
  /** Good records that deserve a look. */
  warned: NotedOut[];
};

/** The window of equal length before. */
export type PreviousWindow = {
  /** Members with one. */
  buyers: number;
  /** Its first day. */
  from: string;
  /** Purchases. */
  orders: number;
  /** Net paid, minor units. */
  paid: number;
  /** Net received, minor units. */
  received: number;
  /** Those with two or more among them. */
  repurchase_rate: Ratio;
  /** The day before which it ends. */
  to: string;
};

/** What was taken off, and by what. */
export type PriceReduction = {
  /** Above zero. */
  amount: number;
  /** The id of a promotion or coupon, or `points_cash`. */
  cause: string;
};

/** What holds for every order, now and next. */
export type PriceSettings = {
  current?: PriceSettingsVersion | null;
  next?: PriceSettingsVersion | null;
};

/** Settings that are to follow. */
export type PriceSettingsInput = {
  /** The `no` of the last version that was read, 0 where there was none: refused where another followed on it. */
  after?: number | null;
  /** From when on they are in force: now unless given, never in the past. */
  from?: string | null;
  /** Why, in words. */
  note?: string;
  /** The programme whose tiers promotions name and whose points pay; none for nobody's. */
  programme?: string | null;
  /** The whole of what stands under `settings` in `docs/pricing-format.md`. */
  settings: Record<string, unknown>;
};

/** From when on an older version holds again. */
export type PriceSettingsRestore = {
  /** Now unless given, never in the past. */
  from?: string | null;
  /** Why, in words. */
  note?: string;
};

/** A version of what holds for every order. */
export type PriceSettingsVersion = {
  /** When they were posted. */
  at: string;
  /** By whom they were posted. */
  by: string;
  /** From when on they are in force. */
  from: string;
  /** Counts from 1. */
  no: number;
  /** Why, in words. */
  note: string;
  /** The programme whose tiers and points are meant. */
  programme?: string | null;
  /** `max_coupons`, `points_cash`, `earn`, `floors`, as they were written. */
  settings: Record<string, unknown>;
  /** `past`, `current`, `scheduled` or `withdrawn`. */
  state: string;
};

/** A priced cart. All amounts are minor units. */
export type PricedCart = {
  /** In order of application. */
  applied: OfferApplied[];
  /** Always 1. */
  format: number;
  /** What is given. */
  gift_lines: PricedGift[];
  /** As in the cart. */
  lines: PricedCartLine[];
  /** By id: every offer that is not applied, and why. */
  not_applied: OfferNotApplied[];
  /** The order as a whole. */
  order: PricedOrder;
  /** What store credit and gift cards pay, if the cart names any. */
  payments?: PricedPayment[] | null;
  /** What goes back, if that was asked. */
  refunds?: Record<string, unknown>[] | null;
  /** There were too many candidates to go through all sets: a better one may have been missed. Absent where it is not so. */
  search_bounded?: boolean | null;
};

/** A line with its price. */
export type PricedCartLine = {
  /** After prices were replaced. */
  base: number;
  /** Its name in the cart. */
  line: string;
  /** Unit price × quantity. */
  list: number;
  /** Base less reductions. */
  payable: number;
  /** Points of the order that paid for this line. */
  points_used: number;
  /** The promotion that replaced the price. */
  price_by?: string | null;
  /** In order of application. */
  reductions: PriceReduction[];
};

/** Goods given. */
export type PricedGift = {
  /** What gives them. */
  cause: string;
  /** Always 0. */
  payable: number;
  /** Pieces. */
  qty: number;
  /** Which goods. */
  sku: string;
  /** Of all pieces. */
  value: number;
};

/** The sums of an order. */
export type PricedOrder = {
  /** Of all reductions but points. */
  discounts: number;
  /** What is left to pay after `payments`. */
  due?: number | null;
  /** Of what lines cost: the net paid. */
  goods_payable: number;
  /** Of the bases. */
  goods_total: number;
  /** Of the list amounts. */
  list_total: number;
  /** What points pay. */
  points_cash: number;
  /** By this order, should nothing come back. */
  points_earned: number;
  /** How many points that takes. */
  points_used: number;
  /** What shipping costs. */
  shipping: number;
  /** Before anything is taken off it. */
  shipping_fee: number;
  /** In order of application. */
  shipping_reductions: PriceReduction[];
  /** Goods and shipping. */
  total: number;
};

/** What a gift card or store credit pays. */
export type PricedPayment = {
  /** At most what is left of the total. */
  amount: number;
  /** Its name in the cart. */
  id: string;
};

/** A person's request. */
export type PrivacyRequest = {
  completed_at?: string | null;
  completed_by?: string | null;
  created_at: string;
  /** The end of the fifteenth working day. */
  due_at: string;
  id: string;
  /** `copy` or `erasure`. */
  kind: string;
  member: string;
  /** `open` or `done`. */
  state: string;
};

export type PrivacyRequestInput = {
  /** `copy` or `erasure`. */
  kind: string;
  member: string;
};

/** The form of every error, as `application/problem+json`. */
export type Problem = {
  /** `area.snake_case`, never renamed. */
  code: string;
  /** What was wrong and what to do, in the request's language. */
  detail: string;
  /** The field at fault, as a path. */
  field?: string | null;
  /** The values in the text. */
  params?: Record<string, string>;
  /** Quote it when asking for help. */
  request_id: string;
  /** The HTTP status. */
  status: number;
  /** The status in words. */
  title: string;
  /** `urn:shuke:problem:` and the code. */
  type: string;
};

/** A product. */
export type Product = {
  /** Bar code. */
  barcode?: string | null;
  /** Brand. */
  brand?: string | null;
  /** Category path, broadest first. */
  category: string[];
  cost?: Money | null;
  /** Its name at its source. */
  external: ExternalName;
  /** `prd_…`. */
  id: string;
  price?: Money | null;
  /** The platform's goods id. */
  product_id?: string | null;
  /** Merchant code. */
  sku: string;
  /** Variant. */
  spec?: string | null;
  /** Pieces in stock. */
  stock?: number | null;
  /** Title. */
  title?: string | null;
  /** When it last changed here. */
  updated_at: string;
};

/** What came of a product that was sent. */
export type ProductAccepted = {
  /** Its name at its source. */
  external: ExternalName;
  /** The product. */
  id: string;
  /** `created`, `updated` or `unchanged`. */
  status: string;
};

export type ProductBatch = {
  /** 1 to 1000 products, each with its `external`. */
  items: ProductInput[];
};

/** Which products: the filter of their list. */
export type ProductExportFilter = {
  /** The beginning of a category path, levels joined by ` > `. */
  category?: string | null;
  /** The beginning of a code, or part of a title. */
  query?: string | null;
};

/** A product as you know it. */
export type ProductInput = {
  /** Bar code. */
  barcode?: string | null;
  /** Brand. */
  brand?: string | null;
  /** Category path, broadest first. */
  category?: string[];
  cost?: Money | null;
  external?: ExternalName | null;
  price?: Money | null;
  /** The platform's goods id. */
  product_id?: string | null;
  /** Merchant code; absent: the id of `external`. */
  sku?: string | null;
  /** Variant. */
  spec?: string | null;
  /** Pieces in stock. */
  stock?: number | null;
  /** Title. */
  title?: string | null;
  /** When the source last changed it; absent: now. */
  updated_at?: string | null;
};

/** A programme. */
export type Programme = {
  /** Orders paid before earn nothing and count for tiers. */
  begins_at: string;
  /** When it was made. */
  created_at: string;
  /** The version in force; before the programme begins the first that will be. */
  current: ProgrammeVersion;
  filling?: ProgrammeFilling | null;
  /** `prg_…`. */
  id: string;
  /** The task that fills its books, while it waits or runs. */
  job?: string | null;
  /** How many members have a book. */
  members: number;
  /** As people call it. */
  name: string;
  next?: ProgrammeVersion | null;
  /** All books together, by account. */
  points: Record<string, number>;
  /** The shops whose orders count; empty for all. */
  shops: string[];
  /** `scheduled`, `active`, `paused` or `archived`. */
  state: string;
  /** Counts its changes: what a change names. */
  version: number;
};

/** A programme's name and shops. */
export type ProgrammeChange = {
  name: string;
  /** All of the merchant's where none is named. */
  shops?: string[];
  /** The `version` that was read: refused where somebody changed it since. */
  version: number;
};

/** How far the walk over all members is. */
export type ProgrammeFilling = {
  /** Members that were looked at. */
  done: number;
  /** Whether it waits or runs. One that was stopped or failed goes on from the task centre. */
  running: boolean;
  /** Of how many; `null` before it began. */
  total?: number | null;
};

/** A programme to be made. */
export type ProgrammeInput = {
  /** Orders paid before earn nothing and count for tiers; now unless given. May lie in the past. */
  begins_at?: string | null;
  name: string;
  /** The rules, as `docs/scenarios.md` has them under `programme`. */
  rules: Record<string, unknown>;
  /** The shops whose orders count; all of the merchant's where none is named. */
  shops?: string[];
};

/** A programme by id and name. */
export type ProgrammeRef = {
  id: string;
  name: string;
};

/** A re-run and what it comes to, as far as it was reckoned. */
export type ProgrammeRerun = {
  /** Members who then have less than nothing to spend, and had not before. */
  below_zero: number;
  /** Members for whom it was booked. */
  booked: number;
  booked_at?: string | null;
  booked_by?: string | null;
  /** Of them those for whom anything would be otherwise. */
  changed: number;
  /** Orders that then earn something else. */
  corrections: number;
  /** Of them those that follow from the others, as where a cap of the month has more room or less. */
  following: number;
  from: string;
  id: string;
  /** The task that reckons or books it. */
  job: string;
  /** Orders of the span that are left as they are: so judged already, or gone into another's book with a merge of members. */
  left: number;
  /** Who has fewer. */
  less: RerunSide;
  made_at: string;
  made_by: string;
  /** Members with orders in the span. */
  members: number;
  /** Who has more points by it. */
  more: RerunSide;
  /** Why, in the words of who booked it. */
  note: string;
  /** Orders that are judged by another version than before. */
  orders: number;
  programme: string;
  progress?: RerunProgress | null;
  /** Members who were left as they are, because their history was another by then: ask for a re-run again. */
  stale: number;
  /** `looking`, `shown`, `booking`, `booked` or `dropped`. */
  state: string;
  /** Members who then hold another tier. */
  tiers: number;
  to: string;
  /** Members who are left as they are, because their numbers are too large to reckon. */
  unreckoned: number;
  /** Which version judges; `null` for the one in force at each payment. */
  version?: number | null;
};

/** A ready programme that can be taken and changed. */
export type ProgrammeTemplate = {
  description: string;
  key: string;
  name: string;
  rules: Record<string, unknown>;
  sentences: RuleSentence[];
};

/** What rules would make of all members. */
export type ProgrammeTrial = {
  /** Up to when time passed. */
  as_of: string;
  /** What is assumed, in the caller's language. */
  assumed: string[];
  earning?: TrialEarning | null;
  /** From when on they would hold. */
  from: string;
  /** Tiers held at `as_of`, as they will be once the rules are saved: nobody falls before a period ends. */
  held: TrialMoves;
  /** Points given by itself up to `as_of`: for tiers that are reached, for birthdays. */
  issued: TrialIssued;
  /** Tiers if everybody's period ended at `from`, without grace. */
  judged: TrialMoves;
  /** When it was reckoned. */
  known_at: string;
  /** The ladder of the rules. */
  ladder_after?: TrialTier[] | null;
  /** The ladder without the rules, the lowest tier first; none where there is no ladder. */
  ladder_before?: TrialTier[] | null;
  /** Members who lose something: a tier, now or when their period ends, or points. */
  losing: number;
  /** Members who have a book. */
  members: number;
  /** How long it took, in milliseconds. */
  took_ms: number;
  /** Of them those whose numbers are too large to reckon. */
  unreckoned: number;
};

/** Rules to be tried, and what is assumed. */
export type ProgrammeTrialInput = {
  /** Up to when time passes, with nothing but what is due by itself: `from` unless given, three years later at most. */
  as_of?: string | null;
  /** From when on they would hold; now unless given. At most 15 minutes ago, so that the `from` of an answer can be asked for again. */
  from?: string | null;
  /** The share of the price of what points buy that is the shop's margin, 0 to 1; 0 unless given. */
  margin?: string | null;
  /** Months of real orders before `from` that are earned again under both rules; 3 unless given. */
  months?: number | null;
  /** Yuan that a point buys; 0.01 unless given. */
  point_value?: string | null;
  /** The whole rules, as a new version has them. */
  rules: Record<string, unknown>;
  /** The share of points that is used, 0 to 1; 1 unless given. */
  used?: string | null;
};

/** A version of a programme's rules. */
export type ProgrammeVersion = {
  /** When it was posted. */
  at: string;
  /** By whom it was posted. */
  by: string;
  /** From when on they are in force. */
  from: string;
  /** Counts from 1. */
  no: number;
  /** Why, in words. */
  note: string;
  /** The rules, as they were posted. */
  rules: Record<string, unknown>;
  /** Each rule as one sentence. */
  sentences: RuleSentence[];
  /** `past`, `current`, `scheduled` or `withdrawn`. */
  state: string;
};

/** How far a load is. */
export type ProgressOut = {
  done: number;
  total: number;
};

/** A promotion. */
export type Promotion = {
  /** When it was made. */
  created_at: string;
  /** By whom. */
  created_by: string;
  current?: PromotionVersion | null;
  draft?: PromotionDraft | null;
  /** `pro_…`: the cause that reductions name. */
  id: string;
  /** As people call it. */
  name: string;
  next?: PromotionVersion | null;
  /** `draft`, `scheduled`, `running`, `ended`, `paused` or `archived`. */
  state: string;
  /** When it was last changed. */
  updated_at: string;
  /** Counts its changes: what a change names. */
  version: number;
};

/** A promotion's name and draft. */
export type PromotionChange = {
  name: string;
  /** The whole draft; none takes the draft away, and what is in force stays. */
  rules?: Record<string, unknown> | null;
  /** The `version` that was read: refused where somebody changed it since. */
  version: number;
};

/** Rules that are not published. */
export type PromotionDraft = {
  /** Such as `stepped_threshold`. */
  kind: string;
  /** As they were written. */
  rules: Record<string, unknown>;
  /** What they would do, in one sentence. */
  sentence: BothLanguages;
};

/** A promotion to be made. */
export type PromotionInput = {
  name: string;
  /** As `docs/pricing-format.md` has them in the list `promotions`, without `id`. */
  rules: Record<string, unknown>;
};

/** A promotion in a list. */
export type PromotionLine = {
  /** From when on these rules hold; none where nothing was published. */
  from?: string | null;
  /** Whether there are rules that are not published. */
  has_draft: boolean;
  id: string;
  /** Of the version in force, else of the next, else of the draft. */
  kind: string;
  name: string;
  /** What it does, in one sentence; of the same. */
  sentence: BothLanguages;
  /** `draft`, `scheduled`, `running`, `ended`, `paused` or `archived`. */
  state: string;
  /** Until when, if they end by themselves. */
  to?: string | null;
  version: number;
};

/** When the draft begins. */
export type PromotionPublish = {
  /** From when on the rules are in force: now unless given, never in the past. */
  from?: string | null;
  /** Why, in words. */
  note?: string;
  /** The `version` that was read: refused where somebody changed it since. */
  version: number;
};

/** From when on an older version holds again. */
export type PromotionRestore = {
  /** Now unless given, never in the past. */
  from?: string | null;
  /** Why, in words. */
  note?: string;
};

/** Rules to be looked at. */
export type PromotionRules = {
  rules: Record<string, unknown>;
};

/** What rules say. */
export type PromotionRulesChecked = {
  error?: PromotionRulesError | null;
  kind?: string | null;
  ok: boolean;
  sentence?: BothLanguages | null;
};

/** What is wrong with rules, and where. */
export type PromotionRulesError = {
  code: string;
  /** In the caller's language. */
  message: string;
  /** The place in the rules, such as `rules.steps[0].amount_off`. */
  path?: string | null;
};

/** A version of a promotion's rules. */
export type PromotionVersion = {
  /** When they were published. */
  at: string;
  /** By whom they were published. */
  by: string;
  /** From when on they are in force. */
  from: string;
  /** Such as `stepped_threshold`. */
  kind: string;
  /** Counts from 1. */
  no: number;
  /** Why, in words. */
  note: string;
  /** The rules, as they were written. */
  rules: Record<string, unknown>;
  /** What they do, in one sentence. */
  sentence: BothLanguages;
  /** `past`, `current`, `scheduled` or `withdrawn`. */
  state: string;
};

/** `promotions.json`: what a shop offers and who its members are. Each kind's keys are in `docs/pricing-format.md`. */
export type PromotionsFile = {
  /** Each with `id`, `kind`, `issuer` and the kind's keys. */
  coupon_templates?: Record<string, unknown>[] | null;
  /** ISO 4217; CNY unless given. */
  currency?: string | null;
  /** Always 1. */
  format: number;
  /** By id: `tier`, `segments`, `points`, `usage`, `coupons`. */
  members?: Record<string, unknown> | null;
  /** Each with `id`, `kind` and the kind's keys. */
  promotions?: Record<string, unknown>[] | null;
  /** `max_coupons`, `points_cash`, `earn`, `floors`. */
  settings?: Record<string, unknown> | null;
  /** The IANA zone of calendars; Asia/Shanghai unless given. */
  zone?: string | null;
};

/** A record in quarantine. */
export type QuarantinedOut = {
  /** Column and text; identifiers are masked in lists. */
  cells: Record<string, string>;
  /** The cells that were corrected; masked as `cells` is. */
  changed: ChangedOut[];
  /** The columns in the order of the file. */
  columns: string[];
  created_at: string;
  file: string;
  /** `qua_…` */
  id: string;
  /** `imp_…` */
  import: string;
  note?: string | null;
  /** The order's number as it stands in the row now, where a column is read as it. */
  order_no?: string | null;
  /** Why it waits; of a repaired record, all that it waited for. */
  reasons: ReasonOut[];
  record: number;
  /** When it was repaired or discarded. */
  resolved_at?: string | null;
  /** By whom. */
  resolved_by?: string | null;
  /**
   * `console`: repaired or discarded by hand; `sheet`: a corrected sheet that names the record was loaded; `key`: a
   * file of the same format brought a good row with the same key; `before`: the same row was settled in another import.
   */
  resolved_how?: string | null;
  /** The import that loaded the corrected row, where it is another than the record's own. */
  resolved_import?: string | null;
  row: number;
  /** The row with the same content, of another import, that settled it. */
  same_as?: string | null;
  /** `open`, `repaired` or `discarded`. */
  state: string;
};

/** In which stretch of time uses are counted. */
export type QuotaPer = "day" | "month" | "year" | "tier_period" | "ever";

/** An order that might be paid now. */
export type QuoteInput = {
  lines?: QuoteLine[];
  member: string;
  /** Goods paid, after all discounts, without shipping and points used as cash. */
  net_paid: Money;
};

/** A line of an order that is to be quoted. */
export type QuoteLine = {
  /** Its category. */
  category?: string | null;
  /** Net paid for it. */
  net_paid: Money;
  /** Pieces. */
  quantity: number;
};

/** What a rule adds. */
export type QuoteRule = {
  points: number;
  rule: string;
};

/** A ratio of whole numbers with its value to four decimals. */
export type Ratio = {
  /** Below it. */
  den: number;
  /** Above the line. */
  num: number;
  /** To four decimals, half up; `null` when `den` is 0. */
  value?: string | null;
};

/** A segment that is ready to be used. */
export type ReadySegment = {
  /** What it is for. */
  description: string;
  /** The expression. */
  expr: Record<string, unknown>;
  /** `value`, `stage`, `rfm` or `play`. */
  group: string;
  /** Its name in addresses. */
  key: string;
  /** As people read it. */
  name: string;
  /** Its text form. */
  text: string;
};

/** Segments that are ready to be used. */
export type ReadySegments = {
  items: ReadySegment[];
};

export type Reason = {
  /** Why; it goes into the audit. */
  reason?: string;
};

/** Why a record is in quarantine. */
export type ReasonOut = {
  advice: string;
  code: string;
  column?: string | null;
  text: string;
};

/** A receiver, masked. */
export type Receiver = {
  /** Its beginning. */
  address_masked?: string | null;
  /** City. */
  city?: string | null;
  /** Country. */
  country?: string | null;
  /** District. */
  district?: string | null;
  /** `张*`. */
  name_masked?: string | null;
  /** `138****0000`. */
  phone_masked?: string | null;
  /** Province. */
  province?: string | null;
};

/** Who gets the parcel. Contacts only propose members, they never make one. */
export type ReceiverInput = {
  /** The rest of the address. */
  address?: string | null;
  /** City. */
  city?: string | null;
  /** Country. */
  country?: string | null;
  /** District. */
  district?: string | null;
  /** Name. */
  name?: string | null;
  /** Mobile. */
  phone?: string | null;
  /** Province. */
  province?: string | null;
  /** Land line. */
  tel?: string | null;
  /** Postcode. */
  zip?: string | null;
};

/** A redemption that is asked for. */
export type RedeemInput = {
  address?: DeliveryAddress | null;
  /** Instead: it goes where this redemption or order of the same member went, `rdm_…` or `ord_…`. */
  address_of?: string | null;
  /** The caller's id of this: the same again is the same redemption. The idempotency key unless given. */
  id?: string | null;
  /** The order in whose parcel it goes: our id of it, or the shop's number. */
  order?: string | null;
};

/** What came of it. */
export type Redeemed = {
  /** Points that the member has left. */
  available: number;
  redemption: Redemption;
  /** `ok`, or `duplicate` where the same request was made before. */
  result: string;
};

/** A redemption. */
export type Redemption = {
  address?: MaskedAddress | null;
  /** When it was cancelled. */
  cancelled_at?: string | null;
  /** By whom it is sent. */
  carrier?: string | null;
  /** What it costs the merchant. */
  cost: Money;
  /** When it arrived. */
  delivered_at?: string | null;
  /** `pkg_…` where a pack gave it, or a growth task that was done. */
  given?: string | null;
  /** `rdm_…`. */
  id: string;
  /** Who asked for it. */
  made_by: string;
  /** By whom. */
  member: string;
  /** Under which number. */
  number?: string | null;
  /** The order in whose parcel it goes. */
  order?: string | null;
  /** What it cost the member. */
  points: number;
  /** With points of which programme. */
  programme: string;
  /** When it was redeemed. */
  redeemed_at: string;
  /** Of which reward. */
  reward: BenefitBrief;
  /** When it was sent. */
  sent_at?: string | null;
  /** `requested`, `sent`, `delivered` or `cancelled`. */
  state: string;
};

/** Where it is to go: one of the two. */
export type RedemptionAddressInput = {
  address?: DeliveryAddress | null;
  /** Where this redemption or order of the same member went, `rdm_…` or `ord_…`. */
  address_of?: string | null;
};

/** Which redemptions, and why in clear. */
export type RedemptionAddressesInput = {
  /** `csv` (default), `xlsx` or `parquet`. */
  format?: string | null;
  /** Why in clear; it goes into the audit. */
  reason: string;
  /** Only of this reward. */
  reward?: string | null;
  /** `requested` (default), `sent`, `delivered` or `cancelled`. */
  state?: string | null;
};

/** How it is sent. */
export type RedemptionParcel = {
  /** By whom. */
  carrier: string;
  /** Under which number. */
  number: string;
};

export type RedemptionUnmask = {
  /** Why; it goes into the audit. */
  reason: string;
};

/** A refund. */
export type Refund = {
  /** All that went back. */
  amount: Money;
  /** When, as the source tells. */
  created_at?: string | null;
  /** The amount is inferred. */
  estimated: boolean;
  /** Its name at its source; what an order states without a number is `…#stated`. */
  external: ExternalName;
  /** What of it lowers net paid. */
  goods: Money;
  /** `ref_…`. */
  id: string;
  /** Why. */
  kind: string;
  /** The lines that it names. */
  lines: RefundLine[];
  /** Whose. */
  member?: string | null;
  /** The order; `null` where it stands alone. */
  order_id?: string | null;
  /** The reason's word. */
  reason?: string | null;
  /** How far. */
  state: string;
};

/** What came of a refund that was sent. */
export type RefundAccepted = {
  /** Its name at its source. */
  external: ExternalName;
  /** The refund. */
  id: string;
  /** The order; `null` where it stands alone. */
  order?: string | null;
  order_net_paid?: Money | null;
  order_refund_over?: Money | null;
  /** `created`, `updated` or `unchanged`. */
  status: string;
};

export type RefundBatch = {
  /** 1 to 1000 refunds, each with its `external`. */
  items: RefundInput[];
};

/** Which refunds: the filter of their list. */
export type RefundExportFilter = {
  /** `succeeded`, `open` or `closed`. */
  state?: string | null;
};

/** A refund as you know it. */
export type RefundInput = {
  amount?: Money | null;
  /** When. */
  at?: string | null;
  /** Who it went to, for a refund that stands alone. */
  buyer_keys?: BuyerKey[];
  external?: ExternalName | null;
  /** `return` (default), `money_only`, `price_protection`, `compensation` or `exchange`. */
  kind?: string | null;
  /** The lines that it names; none: the order as a whole. */
  lines?: RefundLineInput[];
  /** The order: `ord_…`. */
  order?: string | null;
  order_external?: ExternalName | null;
  /** The reason's word. */
  reason?: string | null;
  shipping?: Money | null;
  /** `succeeded` (default), `open` or `closed`. */
  state?: string | null;
  /** When the source last changed it. */
  updated_at?: string | null;
};

/** A line that a refund names. */
export type RefundLine = {
  /** Given back for it. */
  amount: Money;
  /** Its number in the order; `null` where the order has no such line. */
  line_no?: number | null;
  /** Pieces. */
  quantity: number;
  /** Its code. */
  sku?: string | null;
};

/** A line that came back. */
export type RefundLineInput = {
  amount?: Money | null;
  /** The order line's id at your side. */
  line?: string | null;
  /** Pieces that came back. */
  quantity?: number | null;
  /** Or its code. */
  sku?: string | null;
};

/** `refunds.json`: what came back of the order that the cart became, in order of time. */
export type RefundsFile = {
  /** Always 1. */
  format: number;
  /** Each with `id`, `lines` (`line` and `qty`) and `shipping`. */
  refunds: Record<string, unknown>[];
};

/** Province and city. */
export type RegionDto = {
  city?: string | null;
  province?: string | null;
};

/** A region. */
export type RegionRow = {
  /** Members with one. */
  buyers: number;
  /** Purchases. */
  orders: number;
  /** Net paid, minor units. */
  paid: number;
  /** Net received, minor units. */
  received: number;
  /** Its name; `null` where neither order nor member has one. */
  region?: string | null;
  /** Those with two or more here, among them. */
  repurchase_rate: Ratio;
  /** Their share of all. */
  share: Ratio;
};

/** The report. */
export type Regions = {
  /** By net paid, the most first; what has no region last. */
  rows: RegionRow[];
};

/** A column of the store with its class. */
export type RegisterColumn = {
  /** `public`, `attribute` (about a person, erasable), `identifier` (sealed, or a blind token) or `secret`. */
  class: string;
  column: string;
  /** Whether the table's rows belong to a member. */
  of_member: boolean;
  table: string;
};

/** Cells to change. */
export type RepairIn = {
  /** Column → new text; null empties it. */
  cells: Record<string, string | null>;
};

/** A replay that was queued. */
export type ReplayQueued = {
  /** See `/jobs/{id}`. */
  job: string;
};

/** What the figures rest on: how many orders could be named, and what was estimated. */
export type ReportCoverage = {
  /** Purchases of known members. */
  orders_identified: number;
  /** Orders left out because they are in another currency. */
  orders_other_currency: number;
  /** Closed orders that were paid, without refunds that say where the money went. */
  orders_refund_estimated: number;
  /** Purchases whose time of payment is missing: the time of placing stands in. */
  orders_time_estimated: number;
  /** Purchases of nobody known. */
  orders_unidentified: number;
  /** Net paid by known members, minor units. */
  paid_identified: number;
  /** Net paid by nobody known, minor units. */
  paid_unidentified: number;
  /** What refunds claim beyond what was left of their orders, minor units. */
  refunds_over: number;
  /** Refunds of no known order. */
  refunds_unlinked: number;
  /** Their sum, minor units. */
  refunds_unlinked_paid: number;
};

/** Up to when a report knows. */
export type ReportFreshness = {
  /** When everything that had happened was last seen to be in. */
  at: string;
  /** The position in the change feed up to which everything is in. */
  position: number;
};

/** What every answer begins with. */
export type ReportHead = {
  /** The day of reckoning. */
  as_of: string;
  /** What the figures rest on. */
  coverage: ReportCoverage;
  /** The currency of all money. */
  currency?: string | null;
  /** The first day of the window. */
  from?: string | null;
  /** Which report. */
  report: string;
  /** `net` or `ignore`. */
  returns: string;
  /** The day before which it ends. */
  to: string;
  /** The zone of the days. */
  zone: string;
};

/** A member behind a number. */
export type ReportMember = {
  /** `mem_…`. */
  member: string;
};

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Calendar = ReportHead & {
  /** Members with such a purchase, in the same shape. */
  members: number[][];
  /** Purchases: seven rows from Monday, 24 hours each. */
  orders: number[][];
  /** Purchases by hour. */
  orders_by_hour: number[];
  /** Purchases from Monday to Sunday. */
  orders_by_weekday: number[];
  /** Their net paid, minor units, in the same shape. */
  paid: number[][];
} & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Cohorts = ReportHead & {
  /** By month, without empty ones. */
  cohorts: Cohort[];
  /** `month`. */
  period: string;
} & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Dashboard = ReportHead & ({
  /** Net paid of a purchase, minor units. */
  average_order_value: Ratio;
  compared?: ComparedWindow | null;
  /** Live pieces of a purchase. */
  items_per_order: Ratio;
  /** Live lines of a purchase. */
  lines_per_order: Ratio;
  /** Members. */
  members: DashboardMembers;
  /** Money of the window, minor units. */
  money: DashboardMoney;
  /** Purchases of the window. */
  orders: DashboardOrders;
  previous?: PreviousWindow | null;
  /** Repeat buyers among buyers. */
  repurchase_rate: Ratio;
  series?: DashboardSeries | null;
  /** Month by month, from the first day seen in the window to the last. */
  trend: TrendMonth[];
}) & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Goods = ReportHead & {
  /** By net received, the most first. */
  rows: GoodsRow[];
  /** How many goods were sold or given back. */
  skus: number;
  /** Over all of them, and what has no code. */
  total: GoodsTotal;
  /** Lines without a code. */
  without_sku: WithoutSku;
} & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Interval = ReportHead & {
  /** Between neighbouring days of purchase, the later one in the window. */
  gaps: Gaps;
  /** From the first to the second, by Kaplan and Meier. */
  second_purchase: SecondPurchase;
} & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Lifecycle = ReportHead & ({
  /** The same in each category that somebody bought, by bytes. */
  category_gaps: CategoryGap[];
  /** By what their expected gap leans on; unknown ones are not counted. */
  gap_from: GapFrom;
  /** Members first seen before `as_of`. */
  members: number;
  /** Each member, by id; only when asked for. */
  rows?: LifecycleRow[] | null;
  /** Gaps between days of purchase in the shop. */
  shop_gap: ShopGap;
  /** By stage. */
  stages: Stages;
  /** Moves between neighbouring firsts of a month. */
  transitions: StageTransition[];
}) & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Regions = ReportHead & {
  /** By net paid, the most first; what has no region last. */
  rows: RegionRow[];
} & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** A report: what every one begins with, up to when it knows, and its own part. */
export type Reported_Rfm = ReportHead & ({
  /** Members by the three scores as digits. */
  cells: Record<string, number>;
  /** `mean` or `median`. */
  centre: string;
  cut_at?: RfmCut | null;
  /** `console` or `quantile`. */
  cuts: string;
  /** The eight groups. */
  groups: RfmGroup[];
  /** Members with a purchase in the window. */
  members: number;
  /** Each member, by id; only when asked for. */
  rows?: RfmRow[] | null;
  /** Members by score, of each of the three. */
  scores: RfmScores;
  /** Sums over them. */
  sum: RfmSum;
}) & ({
  /** Up to when the report knows. */
  known: ReportFreshness;
  /**
   * The sales, holidays and festivals that touch the window, of its last ten years: on the dashboard
   * and the calendar.
   */
  occasions?: Occasion[] | null;
});

/** Why a re-run is booked. */
export type RerunBooking = {
  /** Why, in words. */
  note?: string;
};

/** An order that then earns something else. */
export type RerunCorrection = {
  /** What it earned, before refunds, */
  earned: number;
  /** and would have. */
  earns: number;
  /** Whether the version judges it; else it follows from others. */
  judged: boolean;
  /** and would have. */
  leaves: number;
  /** What refunds have left of that, */
  left: number;
  /** As entries name it. */
  order: string;
  /** Net paid, before refunds. */
  paid: Money;
  paid_at: string;
};

/** Which orders are to be judged, and by which version. */
export type RerunInput = {
  /** The first day of payment, in the programme's zone. Where the version has caps of months, the first of a month. */
  from: string;
  /**
   * The last day of payment; it is over, and 1,100 days are the most. Where the version has caps of months, the last of a month or
   * yesterday.
   */
  to: string;
  /**
   * The number of a version that has begun; `null` for the one in force at each payment, which takes earlier re-runs back.
   * It must be said which.
   */
  version: number | null;
};

/** What a re-run comes to for a member. */
export type RerunMember = {
  /** Orders that then earn something else, in order of their names. */
  corrections: RerunCorrection[];
  member: string;
  /** Points pending, available and frozen when it was reckoned, */
  points: number;
  /** `shown`, `booked`, or `stale`: left as it is, because the history was another by then. */
  state: string;
  /** The id of the tier held then; none where there was no ladder. */
  tier?: string | null;
  worth?: Money | null;
  /** and with it. Rewards of tiers and what had ended meanwhile are in it, so it need not be the sum of the corrections. */
  would_have: number;
  /** The tier with it. */
  would_hold?: string | null;
};

/** Where the task of a re-run is. */
export type RerunProgress = {
  /** Members so far. */
  done: number;
  /** Why it failed. */
  error?: string | null;
  /** `queued`, `running`, `cancelled`, `failed` or `dead`: as the task says. Whatever it is, it goes on from there when asked to. */
  state: string;
  /** Of how many, where that is known. */
  total?: number | null;
};

/** Members, and their points together. */
export type RerunSide = {
  members: number;
  points: number;
  worth?: Money | null;
};

/** A re-run that was begun. */
export type RerunStarted = {
  id: string;
  /** The task: its progress, stopping it and letting it go on. */
  job: string;
};

/** From when on an older version holds again. */
export type RestoreInput = {
  /** Now unless given, never in the past. */
  from?: string | null;
  /** Why, in words. */
  note?: string;
};

/** How much of a spend is given back. */
export type ReverseInput = {
  id?: string | null;
  /** All that is left of it unless given. */
  points?: number | null;
};

/** Two members that share a key. */
export type Review = {
  created_at: string;
  decided_at?: string | null;
  decided_by?: string | null;
  /** Every key that the two share. */
  evidence: ReviewEvidence[];
  /** How many members hold the key; the two shown are the oldest that nobody decided on. */
  holders: number;
  id: string;
  left: Member;
  /** `conflict` (a strong key with contradicting others), `renamed_account` or `contact_match`. */
  reason: string;
  /** The reasons of every key that the two share, this one first. */
  reasons: string[];
  right: Member;
  /** `open`, `kept_apart` or `merged`. */
  state: string;
};

/** A decided review, with the member where the two became one. */
export type ReviewDecided = {
  member?: Member | null;
  review: Review;
};

/** What two members share. */
export type ReviewEvidence = {
  kind: string;
  value_masked: string;
};

/** Both sides of a review in clear. */
export type ReviewUncovered = {
  left: UncoveredSide;
  right: UncoveredSide;
};

export type ReviewUnmask = {
  /** `name`, `phone`, `email`, `account`, `external`, `card`, `address`. */
  fields: string[];
  /** Why; it goes into the audit, once for each side. */
  reason: string;
};

/** A reward. */
export type Reward = RewardInput & ({
  /** When it was made. */
  created_at: string;
  /** `rwd_…`. */
  id: string;
  /** Where its picture is; null without one. */
  picture?: string | null;
  /** `scheduled`, `active`, `ended`, `paused` or `archived`. */
  state: string;
  /** Pieces left; null without end. */
  stock?: number | null;
  /** Redemptions that were not cancelled. */
  taken: number;
  /** Counts its changes: what a change names. */
  version: number;
});

/** Redemptions of a reward that were not cancelled, minor units. */
export type RewardCostLine = {
  cost: number;
  platform: number;
  points: number;
  redeemed: number;
  reward: BenefitBrief;
  shop: number;
  supplier: number;
};

/** What a merchant says of a reward. */
export type RewardInput = {
  cost?: Money | null;
  /** Of a coupon: out of which batch. */
  coupons?: string | null;
  /** In the words of the shop. */
  description?: string;
  /** From when on. */
  from?: string | null;
  /** Who else bears it. */
  funded?: BenefitFunded;
  /** Of growth value: how much. */
  growth?: number;
  /** What sort of reward. */
  kind: RewardKind;
  limit?: BenefitQuota | null;
  /** As people read it. */
  name: string;
  /** Of goods: redeeming it takes an address to send it to, or an order in whose parcel it goes. */
  needs_address?: boolean;
  /** What it costs, points. */
  points: number;
  /** The programme whose points it costs. It stays what it is. */
  programme: string;
  /** To make one: how many pieces there are; without end where it is left out. Changed by itself later. */
  stock?: number | null;
  /** What it costs members of these tiers instead. */
  tier_points?: TierPoints[];
  /** When it ends. */
  until?: string | null;
  /** To change one: the `version` that was read. */
  version?: number | null;
  /** Who may redeem it; tiers are those of its programme. */
  who?: BenefitWho;
};

/** What sort of reward. */
export type RewardKind = "goods" | "service" | "growth" | "coupon";

/** A picture. */
export type RewardPictureInput = {
  /** PNG, JPEG or WebP in base64, 300 kB at most before it. */
  data: string;
};

/** What came back of a reward in a tier, minor units. */
export type RewardReturnLine = {
  /** Spent more than before, less what as many of the others spent more. */
  added?: number | null;
  /** The margin of that. */
  added_margin?: number | null;
  /** What the pieces cost, whoever bears it. */
  cost: number;
  others?: BenefitReturnSide | null;
  points: number;
  /** How often it was redeemed with points and not cancelled. */
  redeemed: number;
  reward: BenefitBrief;
  /** That margin less the cost, in thousandths of the cost. */
  roi_permille?: number | null;
  tier?: BenefitTier | null;
  untold?: BenefitReturnUntold | null;
  used?: BenefitReturnSide | null;
};

/** How the stock is to change: one of the two. */
export type RewardStockInput = {
  /** By so many pieces; below nothing they are taken off. */
  change?: number | null;
  /** There is no end to it. */
  unlimited?: boolean;
};

/** The report. */
export type Rfm = {
  /** Members by the three scores as digits. */
  cells: Record<string, number>;
  /** `mean` or `median`. */
  centre: string;
  cut_at?: RfmCut | null;
  /** `console` or `quantile`. */
  cuts: string;
  /** The eight groups. */
  groups: RfmGroup[];
  /** Members with a purchase in the window. */
  members: number;
  /** Each member, by id; only when asked for. */
  rows?: RfmRow[] | null;
  /** Members by score, of each of the three. */
  scores: RfmScores;
  /** Sums over them. */
  sum: RfmSum;
};

/** What divides high from low. */
export type RfmCut = {
  /** Purchases. */
  f: Ratio;
  /** Money, minor units. */
  m: Ratio;
  /** Days since the last purchase: fewer is better. */
  r_days: Ratio;
};

/** One of the eight groups. */
export type RfmGroup = {
  /** Its name in English. */
  en: string;
  /** `R+F+M+` and the like. */
  group: string;
  /** Their money, minor units. */
  m: number;
  /** Members. */
  members: number;
  /** Its name in Chinese. */
  zh: string;
};

/** A member's recency, frequency and money. */
export type RfmPlace = {
  /** `mean` or `median`. */
  centre: string;
  cut_at?: RfmCut | null;
  /** `console` or `quantile`. */
  cuts: string;
  /** Its name in English. */
  en: string;
  /** Purchases. */
  f: number;
  /** The group: `R+F-M+` and the like. */
  group: string;
  /** Money, minor units. */
  m: number;
  /** Members they are compared with: who bought in the window. */
  members: number;
  /** Days since the last purchase. */
  r_days: number;
  /** The three scores. */
  score: string;
  /** Its name in Chinese. */
  zh: string;
};

/** A member's figures. */
export type RfmRow = {
  /** Purchases. */
  f: number;
  /** The group. */
  group: string;
  /** Money, minor units. */
  m: number;
  /** The member's id. */
  member: string;
  /** Days since the last purchase. */
  r_days: number;
  /** The three scores. */
  score: string;
};

/** Members by score. */
export type RfmScores = {
  /** Frequency. */
  f: Record<string, number>;
  /** Money. */
  m: Record<string, number>;
  /** Recency. */
  r: Record<string, number>;
};

/** Sums of the three. */
export type RfmSum = {
  /** Purchases. */
  f: number;
  /** Money, minor units. */
  m: number;
  /** Days since the last purchase. */
  r_days: number;
};

/** What a member of the staff is at one merchant. */
export type Role = "owner" | "operator" | "agent" | "finance" | "integrator" | "readonly";

/** A task that was queued. */
export type RotationQueued = {
  /** See `/jobs/{id}`. */
  job: string;
};

/** A rule as one sentence. */
export type RuleSentence = {
  /** The rule's id, or the part of the rules that it is of. */
  rule: string;
  /** In the caller's language. */
  text: string;
};

/** What rules say. */
export type RulesChecked = {
  error?: RulesError | null;
  ok: boolean;
  /** Each rule as one sentence. */
  sentences: RuleSentence[];
};

/** What is wrong with rules, and where. */
export type RulesError = {
  code: string;
  message: string;
  /** The place in the rules, such as `rules.earn[0].per_fen`. */
  path?: string | null;
};

/** Rules to be looked at. */
export type RulesInput = {
  rules: Record<string, unknown>;
};

/** A saved view. */
export type SavedView = {
  columns: string[];
  id: string;
  name: string;
  page: string;
  query: string;
  updated_at: string;
};

export type SavedViewPut = {
  columns?: string[];
  /** Absent for a new one. */
  id?: string | null;
  name: string;
  page: string;
  /** The list's query, as in the address. */
  query: string;
};

/** Time to the second purchase. */
export type SecondPurchase = {
  /** Those who bought on a second day. */
  events: number;
  /** The first day by which half had, else `null`. */
  median_days?: number | null;
  /** Of those who bought on a second day, and of nobody else: half took fewer days; linear between neighbours, four decimals. */
  median_of_returned?: string | null;
  /** Members whose first purchase lies in the window. */
  members: number;
  /** The share that had not, by days; `null` beyond the longest observation. */
  survival: Record<string, string | null>;
};

/** A segment. */
export type Segment = {
  /** Of a scheduled one: when, by the shop's clock. */
  at?: string | null;
  /** Whether it is being reckoned: its members are still those of before. */
  building: boolean;
  /** When it was made. */
  created_at: string;
  /** By whom. */
  created_by: string;
  /** What it is for. */
  description?: string | null;
  /** Members who came today, by the shop's days. */
  entered_today: number;
  every?: SegmentEvery | null;
  /** Its expression; a list given by ids has none. */
  expr?: Record<string, unknown> | null;
  /** Which. */
  id: string;
  /** `living`, `static` or `scheduled`. */
  kind: SegmentKind;
  /** Members who went today. */
  left_today: number;
  /** As people read it. */
  name: string;
  /** What it says, in words. */
  sentence?: string | null;
  /** How many members. */
  size: number;
  /** Up to when that is known; none before it was ever reckoned. */
  size_at?: string | null;
  /** `active` or `archived`. */
  state: string;
  /** Its text form; none where it cannot be judged any more. */
  text?: string | null;
  /** When it was last changed. */
  updated_at: string;
  /** By whom. */
  updated_by: string;
  /** How many these are. */
  use_count: number;
  /** Segments that refer to it. */
  used_by: SegmentName[];
  /** Send it with a change. */
  version: number;
};

/** Why somebody came or went. */
export type SegmentCause = "event" | "time" | "edit" | "refresh";

/** A coming or going. */
export type SegmentChange = {
  /** When. */
  at: string;
  /** Why: `event`, `time`, `edit` or `refresh`. */
  cause: SegmentCause;
  /** What the member is called, masked. */
  display_name: string;
  /** `entered` or `left`. */
  kind: string;
  /** Who. */
  member: string;
};

/** An expression to be judged. */
export type SegmentCheck = {
  /** The tree, as docs/segment.schema.json says. */
  expr?: Record<string, unknown> | null;
  /** The segment that is being edited: an expression that leads back to it is refused. */
  id?: string | null;
  /** Or its text form. */
  text?: string | null;
};

/** An expression, judged. */
export type SegmentChecked = {
  error?: SegmentRefusal | null;
  /** The expression in its canonical form. */
  expr?: Record<string, unknown> | null;
  /** Whether it is accepted. */
  ok: boolean;
  /** What it says, in words, in the caller's language. */
  sentence?: string | null;
  /** Its text form. */
  text?: string | null;
  uses?: SegmentUses | null;
};

/** A column of a table. */
export type SegmentColumn = {
  /** As people call it. */
  label: string;
  /** As it stands in expressions. */
  name: string;
  /** See [`RegistryFact::kind`]. */
  type: string;
  /** The words it may be, where they are few. */
  values?: SegmentWord[] | null;
};

/** How a copy is to be called. */
export type SegmentCopy = {
  /** Absent: the name with a number behind it. */
  name?: string | null;
};

/** How many an expression is true of. */
export type SegmentCount = {
  /** The time of the question. */
  at: string;
  /** Members in the base at the time of the question. */
  base: number;
  /** Members it is true of. */
  count: number;
  /** Facts that are told as they are now, whatever the time of the question. */
  current_facts: string[];
  /** Up to when everything is in. */
  known_at: string;
  /** Each condition by itself, where the expression has more than one and `parts` was asked. */
  parts: SegmentCountPart[];
  /** Some of the members, as the list of members shows them. */
  sample: Member[];
  /** What all of it took, in milliseconds. */
  took_ms: number;
};

/** A condition by itself. */
export type SegmentCountPart = {
  /** How many it is true of. */
  count: number;
  /** A JSON Pointer into the expression. */
  path: string;
  /** What that took, in milliseconds. */
  took_ms: number;
};

/** An expression to be counted. */
export type SegmentCountRequest = {
  /** The time of the question: what happened before it is known. Default: now. */
  at?: string | null;
  /** The tree, as docs/segment.schema.json says. */
  expr?: Record<string, unknown> | null;
  /** Whether each condition is counted by itself too. */
  parts?: boolean;
  /** How many of the members are shown. */
  sample?: number;
  /** Or its text form. */
  text?: string | null;
};

/** A day of a segment. */
export type SegmentDay = {
  /** When the day began, by the shop's clock. */
  at: string;
  /** Members who came. */
  entered: number;
  /** Members who went. */
  left: number;
  /** How many members at the end of what happened on it. */
  size: number;
};

/** How often a scheduled segment is reckoned. */
export type SegmentEvery = "day" | "week" | "month";

/** A fact of a member. */
export type SegmentFact = {
  /** Whether it is told as it is now, whatever the time of the question. */
  current: boolean;
  /** Whether anything fills it yet; else it is missing for everybody. */
  filled: boolean;
  /** Facts that belong together. */
  group: string;
  /** What the group is called. */
  group_label: string;
  /** As people call it. */
  label: string;
  /** As it stands in expressions. */
  name: string;
  /** `int`, `fen`, `dec`, `text`, `date`, `instant`, `bool` or `tags`. */
  type: string;
  /** The words it may be, where they are few. */
  values?: SegmentWord[] | null;
};

/** What a segment is to say. */
export type SegmentInput = {
  /** Of a scheduled one: when, by the shop's clock; 03:00 if absent. */
  at?: string | null;
  description?: string | null;
  every?: SegmentEvery | null;
  /** The tree, as docs/segment.schema.json says. */
  expr?: Record<string, unknown> | null;
  /** `living`, `static` or `scheduled`; never changes. */
  kind: SegmentKind;
  /** Of a list: its members, instead of an expression. */
  members?: string[] | null;
  name: string;
  /** Or its text form. */
  text?: string | null;
};

/** How a segment is kept. */
export type SegmentKind = "living" | "static" | "scheduled";

/** A member of a segment. */
export type SegmentMember = Member & {
  /** There when the segment was first reckoned: no coming, and in no count of those who entered. */
  at_first: boolean;
  /** Since when. */
  entered_at: string;
};

/** Another segment, by name. */
export type SegmentName = {
  /** Which. */
  id: string;
  /** What it is: `segment`. */
  kind: string;
  /** As people read it. */
  name: string;
};

/** How segments overlap: every combination of them. */
export type SegmentOverlap = {
  sizes: SegmentOverlapSize[];
};

/** Which segments. */
export type SegmentOverlapRequest = {
  /** Two to five. */
  ids: string[];
};

/** Members who are in each of some segments. */
export type SegmentOverlapSize = {
  /** Members who are in all of them. */
  count: number;
  /** Which. */
  ids: string[];
};

/** What a segment is to say from now on; what is absent stays. */
export type SegmentPatch = {
  /** Of a scheduled one: when, by the shop's clock. */
  at?: string | null;
  description?: string | null;
  every?: SegmentEvery | null;
  /** The tree, as docs/segment.schema.json says. */
  expr?: Record<string, unknown> | null;
  kind?: SegmentKind | null;
  /** Of a list: its members. */
  members?: string[] | null;
  name?: string | null;
  /** Or its text form. */
  text?: string | null;
  /** The version that was read. */
  version: number;
};

/** What distinguishes a group. */
export type SegmentPortrait = {
  /** What it is compared with. */
  against: SegmentPortraitTotals;
  /** What it is compared with, as a condition. */
  against_expr: Record<string, unknown>;
  /** The time of the question. */
  at: string;
  /** Attributes by dimension. */
  attributes: SegmentPortraitAttribute[];
  /** Members of both. */
  both: number;
  /** The group. */
  group: SegmentPortraitTotals;
  /** The group, as a condition. */
  group_expr: Record<string, unknown>;
  /** Up to when everything is in. */
  known_at: string;
  /** How it was reckoned. */
  method: SegmentPortraitMethod;
  /** Figures. */
  metrics: SegmentPortraitMetric[];
  /** What all of it took, in milliseconds. */
  took_ms: number;
};

/** An attribute with its bars. */
export type SegmentPortraitAttribute = {
  /** In what it is compared with. */
  against: SegmentPortraitKnown;
  /** Bars. */
  bars: SegmentPortraitBar[];
  /** `demand`, `buyer`, `purchase` or `dynamic`. */
  dimension: string;
  /** In the group. */
  group: SegmentPortraitKnown;
  /** `gender`, `category` …; tags come by category: `tags:tgc_…`, and `tags` of those without. */
  key: string;
  /** As people call it. */
  label: string;
  /** Bars that are there and not told: see `bars` of the request. */
  left_out: number;
  /** Whom it is missing of; `null` where it never is. */
  missing_expr?: Record<string, unknown> | null;
  /** Whether a member may be in several bars, so that shares add up to more than 1. */
  multiple: boolean;
  /** Whether the bars have an order of their own; else the greatest of the group stand first. */
  ordered: boolean;
};

/** A bar. */
export type SegmentPortraitBar = {
  /** In what it is compared with. */
  against: SegmentPortraitSide;
  /** The condition of the bar. With the group's by `and` it is the members behind the bar. */
  expr: Record<string, unknown>;
  /** In the group. */
  group: SegmentPortraitSide;
  /** As people call it. */
  label: string;
  lift?: SegmentPortraitLift | null;
  /** The word or number of the class. */
  value: string;
};

/** A figure of one of the groups. */
export type SegmentPortraitFigure = {
  /** Members it is of. */
  members: number;
  /** A share, a mean count, or a mean in minor units; `null` where it is of nobody, or of acts that no source reports. */
  value?: number | null;
};

/** Of how many members an attribute is known, and of how many it is missing. */
export type SegmentPortraitKnown = {
  known: number;
  missing: number;
  /** Orders that are purchases and say nothing of it: of weather those without a region, or of a day of which no file told any. Absent where orders are not asked one by one. */
  orders_unknown?: number | null;
};

/** How a share or mean of the group stands to the other's. */
export type SegmentPortraitLift = {
  /** Whether it is told apart from 1 when all ratios of the portrait are judged together. */
  distinct: boolean;
  /** The upper end; `null` where there is none. */
  high?: number | null;
  /** The lower end of the 95 % interval. */
  low: number;
  /** How likely a ratio so far from 1 is by chance, taken alone. */
  p: number;
  /** The group's over the other's; `null` where the other's is nought. */
  ratio?: number | null;
};

/** How it was reckoned. */
export type SegmentPortraitMethod = {
  /** How many ratios were judged together. */
  comparisons: number;
  /** How many comparisons are judged together: `benjamini_hochberg`. */
  control: string;
  /** The share of marks that is expected to be chance. */
  false_marks: number;
  /** The interval of a ratio: `katz_log`, with members of both groups counted once. */
  interval: string;
  /** Its level. */
  level: number;
};

/** A figure of both. */
export type SegmentPortraitMetric = {
  against: SegmentPortraitFigure;
  group: SegmentPortraitFigure;
  /** `buyer_share`, `sales_per_member` … */
  key: string;
  /** `share`, `count` or `money` (minor units). */
  kind: string;
  /** As people call it. */
  label: string;
  lift?: SegmentPortraitLift | null;
};

/** Whose portrait, beside whom, and over which orders. */
export type SegmentPortraitRequest = {
  against?: SegmentPortraitWhom | null;
  /** The time of the question: what happened before it is known. Default: now. */
  at?: string | null;
  /** How many bars of an attribute without an order of its own are told, the greatest first; 30 if absent. How many are not told is said. */
  bars?: number | null;
  /** Or a tree, as docs/segment.schema.json says. */
  expr?: Record<string, unknown> | null;
  /** Orders and acts from this day on; without it everything there is. */
  from?: string | null;
  /** Whose portrait: a segment by its id. */
  segment?: string | null;
  /** Orders of this shop only (`shp_…`). What members did (cart, favourite) is known of no shop and is not narrowed. */
  shop?: string | null;
  /** Or its text form. */
  text?: string | null;
  /** To before this day; without it to the time of the question. */
  to?: string | null;
};

/** A count of members and its share of those of whom the attribute is known. */
export type SegmentPortraitSide = {
  /** Members in the bar. */
  count: number;
  /** Of those of whom it is known; `null` where it is known of none. */
  share?: number | null;
};

/** What a group comes to. */
export type SegmentPortraitTotals = {
  /** Times that something was put into the cart. */
  carts: number;
  /** Times that something was made a favourite. */
  favourites: number;
  /** Members. */
  members: number;
  /** Orders that are purchases. */
  orders: number;
  /** Paid for goods, less what was given back. */
  sales: Money;
  /** Times that goods were looked at. */
  views: number;
};

/** A group of members: one of the three. */
export type SegmentPortraitWhom = {
  /** A tree, as docs/segment.schema.json says. */
  expr?: Record<string, unknown> | null;
  /** A segment by its id. */
  segment?: string | null;
  /** Or its text form. */
  text?: string | null;
};

/** Why an expression is refused. */
export type SegmentRefusal = {
  /** A stable code, such as `unknown_field`. */
  code: string;
  /** What is wrong, in the caller's language. */
  message: string;
  /** A JSON Pointer to the node at fault; the root is empty. */
  path: string;
};

/** What an expression may speak of. */
export type SegmentRegistry = {
  /** Facts, those that belong together beside each other. */
  facts: SegmentFact[];
  /** Up to when the words of the merchant are known. */
  known_at: string;
  /** Tables. */
  tables: SegmentTable[];
};

/** How large a segment was, day by day; days on which nothing changed have the size of the day before. */
export type SegmentSizes = {
  items: SegmentDay[];
};

/** A table of rows. */
export type SegmentTable = {
  /** Its columns. */
  columns: SegmentColumn[];
  /** As people call it. */
  label: string;
  /** As it stands in expressions. */
  name: string;
};

/** What an expression speaks of, the segments that it refers to included. */
export type SegmentUses = {
  /** Facts that are told as they are now, whatever the time of the question. */
  current_facts: string[];
  /** Facts; `tags` among them where tags are asked. */
  facts: string[];
  /** Segments that it leads to. */
  segments: string[];
  /** Tables of rows. */
  tables: string[];
};

/** Why somebody is in, or is not. */
export type SegmentWhy = {
  /** Whether it is true of the member; none where it is unknown, which does not match. */
  matches?: boolean | null;
  /** The expression and its conditions, in reading order. */
  tree: SegmentWhyNode[];
};

/** A condition as it was judged. */
export type SegmentWhyNode = {
  /** A JSON Pointer into the expression. */
  path: string;
  /** What came of it; none where it is unknown. */
  result?: boolean | null;
  /** What it says, in the caller's language. */
  text: string;
  /** What it was judged by. */
  values: SegmentWhyValue[];
};

/** An expression and a member. */
export type SegmentWhyRequest = {
  /** The tree, as docs/segment.schema.json says. */
  expr?: Record<string, unknown> | null;
  /** Who: `mem_…`. */
  member: string;
  /** Or its text form. */
  text?: string | null;
};

/** What a condition was judged by. */
export type SegmentWhyValue = {
  /** What is looked at. */
  text: string;
  /** What it is, as people read it; none where nothing is known. */
  value?: string | null;
};

/** A word that a text may be. */
export type SegmentWord = {
  /** As people call it. */
  label: string;
  /** As it stands in expressions. */
  value: string;
};

/** A word. */
export type SegmentWordFound = {
  /** Of a tag: how many members have it. */
  count?: number | null;
  /** As people call it: a title, a name, or the word itself. */
  label: string;
  /** As it stands in expressions. */
  value: string;
};

/** Words of a vocabulary. */
export type SegmentWords = {
  /** Those that begin with what was sought first. */
  items: SegmentWordFound[];
};

/** Who is signed in, and where they work. */
export type Session = {
  merchants: SessionMerchant[];
  staff: SessionStaff;
};

/** A merchant where the person works. */
export type SessionMerchant = {
  id: string;
  name: string;
  /** What the role may do there. */
  permissions: string[];
  role: Role;
  sandbox: boolean;
  shops: Shop[];
};

/** The signed-in person. */
export type SessionStaff = {
  email_masked: string;
  id: string;
  name: string;
  totp_enabled: boolean;
};

export type SettingsPatch = {
  count_platform_discount?: boolean | null;
  merge_on_contact?: boolean | null;
  pay_time_policy?: PayTimePolicy | null;
  requests_per_second?: number | null;
  segment_pass_minutes?: number | null;
  settlement_delay_days?: number | null;
};

/** Sales reconciled. */
export type Settlement = {
  /** When it was computed: what the store knew then. */
  as_of: string;
  /** By month. */
  by_month: SettlementOfMonth[];
  /** By platform and shop. */
  by_platform: SettlementOfPlatform[];
  /** By platform, shop and month. */
  by_platform_month: SettlementOfPlatformMonth[];
  /** The currency of all money. */
  currency: string;
  /** The first day. */
  from: string;
  /** Orders left out because they are in another currency. */
  orders_other_currency: number;
  /** Purchases of which no document tells what was paid, and no file what was settled: in no sum. */
  orders_without_amount: number;
  /** By platform, all its shops together. */
  platforms: SettlementOfWholePlatform[];
  /** What explains the differences, the largest first. */
  reasons: SettlementReasonSum[];
  /** `settlement`. */
  report: string;
  /** The day before which it ends. */
  to: string;
  /** All of it. */
  total: SettlementSum;
  /** The zone of days and months. */
  zone: string;
};

/** Which orders whose settlement differs: the filter of their list. */
export type SettlementExportFilter = {
  /** The currency. Default: the merchant's. */
  currency?: string | null;
  /** Placed on that day or later. Default: twelve months before `to`. */
  from?: string | null;
  /** `differs`: a file gives a figure that is not what was expected; `untold`: no file gives one. Default: both. */
  part?: string | null;
  /** On that platform. */
  platform?: string | null;
  /** Only those that differ for this reason. */
  reason?: string | null;
  /** Of that shop, as the orders tell it. */
  shop?: string | null;
  /** Placed before that day. Default: tomorrow. */
  to?: string | null;
};

/** The sums of a month. */
export type SettlementOfMonth = SettlementSum & {
  /** The month in which the orders were placed: `2026-09`. */
  month: string;
};

/** The sums of a shop. */
export type SettlementOfPlatform = SettlementSum & ({
  /** The platform. */
  platform: string;
  /** The shop, as the orders tell it. */
  shop?: string | null;
});

/** The sums of a shop's month. */
export type SettlementOfPlatformMonth = SettlementSum & ({
  /** The month in which the orders were placed: `2026-09`. */
  month: string;
  /** The platform. */
  platform: string;
  /** The shop, as the orders tell it. */
  shop?: string | null;
});

/** The sums of a platform, all its shops together. */
export type SettlementOfWholePlatform = SettlementSum & {
  /** The platform. */
  platform: string;
};

/** An order whose settlement is not what was expected. */
export type SettlementOrder = {
  completed_at?: string | null;
  /** Settled less expected; the reasons' amounts add up to it. */
  difference: Money;
  /** What was to be received. */
  expected: Money;
  member?: string | null;
  order: string;
  order_no: string;
  /** `differs`: a file gives a figure that is not what was expected; `untold`: no file gives one. */
  part: string;
  placed_at: string;
  platform: string;
  reasons: SettlementReason[];
  settled?: Money | null;
  shop?: string | null;
  state: string;
};

/** Why an order differs, and by how much. */
export type SettlementReason = {
  /** Its part of the difference. */
  amount: Money;
  /** Its word. */
  reason: string;
  /** In words. */
  text: string;
};

/** What a reason comes to. */
export type SettlementReasonSum = {
  /** Its part of the differences, minor units. */
  amount: number;
  /** Orders for which it holds. */
  orders: number;
  /** Its word. */
  reason: string;
  /** In words. */
  text: string;
};

/** Sums of orders. `expected + difference = settled`. */
export type SettlementSum = {
  /** What of `difference_told` is less and no document explains: commission, service fees, insurance; never above 0, minor units. */
  deducted: number;
  /** Settled less expected of all, minor units: `difference_told - expected_untold`. */
  difference: number;
  /** Settled less expected of the orders whose figure a file gives, minor units. */
  difference_told: number;
  /** Those whose figure is not. */
  differing: number;
  /** What was to be received, minor units. */
  expected: number;
  /** What of it was to be received for orders of which no file gives a figure. */
  expected_untold: number;
  /** Those whose figure is what was expected. */
  matched: number;
  /** Orders of which money was to come or came. */
  orders: number;
  /** What the files say was received, minor units. */
  settled: number;
  /** Those for which no file gives a figure. */
  untold: number;
};

export type SetupRequest = {
  email: string;
  merchant_name: string;
  name: string;
  password: string;
  /** As printed by the server. */
  token: string;
};

/** Whether the first owner is still to come. */
export type SetupState = {
  /** If so, the console asks for the token that the server printed. */
  needs_setup: boolean;
  /** Of this program. */
  version: string;
};

/** A shop. */
export type Shop = {
  external?: External | null;
  /** `shp_…`. */
  id: string;
  /** Who answers for its customers' data. */
  legal_entity?: string | null;
  /** Its name. */
  name: string;
  /** `taobao`, `tmall`, `jd`, `pdd`, `douyin`, `wechat`, `youzan`, `shopify`, `woocommerce`, `own` … */
  platform: string;
};

/** A cart to be priced by the shop's own promotions: `cart.json`, whose `format` and `time` may be left out. */
export type ShopCart = {
  /** `"auto"` (any held coupon may be taken) or a list of ids (only these). */
  coupons?: Record<string, unknown> | null;
  /** 1, unless left out. */
  format?: number | null;
  /** The goods. */
  lines: CartLineFile[];
  /** `mem_…`; none for a guest. */
  member?: string | null;
  /** Gift cards and store credit. */
  payments?: CartPaymentFile[] | null;
  /** A number of points, or `"max"`. */
  points_to_use?: Record<string, unknown> | null;
  /** Before anything is taken off it, minor units. */
  shipping_fee?: number | null;
  /** When; now unless given. Promotions are those in force then, what is known of the member is of now. */
  time?: string | null;
};

/** A member's or a guest's cart, priced by the shop's own promotions. All amounts are minor units. */
export type ShopCartPriced = {
  /** In order of application. */
  applied: OfferApplied[];
  /** What the member's coupons are called, by id. */
  coupons: Record<string, unknown>;
  /** Whether anybody knows what coupons the member holds. Where not, the cart is priced without any. */
  coupons_known: boolean;
  /** Of all amounts, ISO 4217. */
  currency: string;
  /** Always 1. */
  format: number;
  /** What is given. */
  gift_lines: PricedGift[];
  /** As in the cart. */
  lines: PricedCartLine[];
  member?: CartMember | null;
  /** By id: every promotion and coupon that is not applied, and why. */
  not_applied: OfferNotApplied[];
  /** The order as a whole. */
  order: PricedOrder;
  /** What store credit and gift cards pay, if the cart names any. */
  payments?: PricedPayment[] | null;
  /** What the promotions that were looked at are called, by id. */
  promotions: Record<string, unknown>;
  /** There were too many candidates to go through all sets. Absent where it is not so. */
  search_bounded?: boolean | null;
  /** When it was priced for. */
  time: string;
};

export type ShopCreate = {
  external?: External | null;
  legal_entity?: string | null;
  name: string;
  platform: string;
};

/** The shop's rhythm. */
export type ShopGap = {
  /** How many gaps. */
  gaps: number;
  median?: Ratio | null;
  /** Members who left one or more of them: one alone may set the pace of all. */
  members: number;
};

/** What is to change; what is absent stays. */
export type ShopPatch = {
  /** Who answers for its customers' data; empty: nobody said. */
  legal_entity?: string | null;
  /** Its name. */
  name?: string | null;
  /** Its platform. */
  platform?: string | null;
};

/** A link to a member's own page. Whoever holds it is the member until it ends. */
export type ShopperLink = {
  expires_at: string;
  /** The pass alone: after `Authorization: Bearer` for `/shopper/v1`. */
  token: string;
  /** The page's address, pass included; without the host where the server does not know its own (`--public-url`). */
  url: string;
};

/** How long a link is to live. */
export type ShopperLinkInput = {
  /** Seconds: 60 to 86,400; 1,800 unless given. */
  seconds?: number | null;
};

/** What the shopper's page may do. */
export type ShopperPage = {
  /** Pages of these origins may ask `/shopper/v1` in a browser. */
  origins: string[];
  /** What proves that an order is a shopper's; empty where orders cannot be claimed. */
  proofs: ClaimProof[];
};

/** Another choice of what the shopper's page may do. */
export type ShopperPageInput = {
  /** Like `https://shop.example.com`: 20 at most. */
  origins: string[];
  proofs: ClaimProof[];
};

export type SignIn = {
  email: string;
  password: string;
  /** The six digits of the second factor, where it is set up. */
  totp?: string | null;
};

/** Points to be spent. */
export type SpendInput = {
  /** The caller's id of this: the same again is the same request. The idempotency key unless given. */
  id?: string | null;
  points: number;
  /** For what, in words. */
  reason?: string | null;
};

/** An answer. */
export type SqlAnswer = {
  /** The columns. */
  columns: SqlColumn[];
  /** Whether there were more rows than are told. */
  cut: boolean;
  /** Up to when everything is in. */
  known_at: string;
  /** The rows, each an array with a value for each column. Whole numbers beyond 2^53 are texts. */
  rows: Record<string, unknown>[][];
  /** What it took, in milliseconds. */
  took_ms: number;
};

/** A column of an answer. */
export type SqlColumn = {
  /** Its name. */
  name: string;
  /** `int`, `float`, `dec` (a text), `text`, `bool`, `date`, `instant` (RFC 3339 in the merchant's zone) or `other` (a text). */
  type: string;
};

/** As what an answer comes. */
export type SqlFormat = "json" | "csv";

/** A question in SQL. */
export type SqlRequest = {
  /** Personal columns in clear (`birthday`); else of a day of birth only its year is told. Needs `export:clear`. */
  clear?: boolean;
  /** `json` (default) or `csv`, a file. One of more rows than it may have breaks off: nobody takes a part for the whole. */
  format?: SqlFormat;
  /** Rows told at most; 1,000 if absent. A file has all, up to 1,000,000. */
  limit?: number | null;
  /** One statement that reads: SELECT, WITH, EXPLAIN, SHOW TABLES or DESCRIBE. `GET /sql/tables` has the tables. */
  statement: string;
};

/** A table. */
export type SqlTable = {
  /** Its columns. */
  columns: SqlTableColumn[];
  /** What its rows are. */
  label: string;
  /** Its name. */
  name: string;
};

/** A column. */
export type SqlTableColumn = {
  /** What it means. */
  label: string;
  /** Whether it is told coarsely unless asked for in clear. */
  masked: boolean;
  /** Its name. */
  name: string;
  /** `int`, `money` (a whole number of the currency's minor unit), `dec`, `text`, `date`, `instant` or `bool`. */
  type: string;
  /** The words it may be, where they are few and fixed. */
  values: string[];
};

/** What can be asked. */
export type SqlTables = {
  /** Whether the program that answers is installed. */
  installed: boolean;
  /** The tables. */
  tables: SqlTable[];
};

/** A person of the staff. */
export type Staff = {
  created_at: string;
  disabled_at?: string | null;
  /** `l***@example.com`. */
  email_masked: string;
  id: string;
  /** Whether they have not taken their invitation yet. */
  invited: boolean;
  name: string;
  role: Role;
  totp_enabled: boolean;
};

export type StaffInvite = {
  email: string;
  name: string;
  role: Role;
};

/** An invitation. */
export type StaffInvited = {
  /** For the link `/accept?token=…`, good for a week; absent if the person has an account. */
  invite_url_token?: string | null;
  staff: Staff;
};

export type StaffPatch = {
  /** Shut out, or let in again. */
  disabled?: boolean | null;
  name?: string | null;
  role?: Role | null;
};

/** A move. */
export type StageMove = {
  /** The stage before; `none` for not seen yet. */
  from: string;
  /** How many. */
  members: number;
  /** The stage after. */
  to: string;
};

/** A member's stage and what it rests on. */
export type StagePlace = {
  base_gap?: Ratio | null;
  /** The category in which they spent most. */
  category?: string | null;
  /** Its name in English. */
  en: string;
  expected_gap?: Ratio | null;
  /** What `base_gap` is the median of: `category`, `shop` or `default` (ninety days). */
  gap_from?: string | null;
  next?: NextStage | null;
  /** Their sum, days. */
  own_gap_days: number;
  /** The gaps between the days of them. */
  own_gaps: number;
  /** Purchases. */
  purchases: number;
  /** `purchase` or `registration`. */
  since?: string | null;
  /** That day. */
  since_day?: string | null;
  /** Days since the last purchase, else since registration. */
  since_days?: number | null;
  /** `join active declining lost unconverted unknown`; `none`: first seen after the day of reckoning, or not in the columns yet. */
  stage: string;
  times?: Ratio | null;
  /** Its name in Chinese. */
  zh: string;
};

/** Moves from the first of one month to the next. */
export type StageTransition = {
  /** The first of a month. */
  from: string;
  /** Without empty ones. */
  moves: StageMove[];
  /** The first of the next. */
  to: string;
};

/** Members by stage. */
export type Stages = {
  /** Bought twice or more, and lately. */
  active: number;
  /** Longer away than twice their rhythm. */
  declining: number;
  /** Registered or bought once, lately. */
  join: number;
  /** Longer than four times. */
  lost: number;
  /** Never bought, for as long. */
  unconverted: number;
  /** Never bought, and nobody knows since when they are here. */
  unknown: number;
};

/** A reason in words. */
export type StandingReason = {
  /** In English. */
  en: string;
  /** Of what: `stage`, `expected_gap`, `next` or `rfm`. */
  of: string;
  /** In Chinese. */
  zh: string;
};

/** An address that must not be written to. */
export type Suppression = {
  at: string;
  channel: string;
  id: string;
  reason: string;
  source: string;
  value_masked: string;
};

export type SuppressionImport = {
  items: SuppressionInput[];
};

/** An address to be suppressed. */
export type SuppressionInput = {
  at?: string | null;
  /** `sms`, `email`, `wechat`, `phone` or `any`. */
  channel: string;
  /** `unsubscribed`, `bounced`, `complained`, … */
  reason?: string | null;
  source?: string | null;
  /** A whole phone number or e-mail address. */
  value: string;
};

/** An address that could not be suppressed. */
export type SuppressionRefused = {
  index: number;
  problem: Problem;
};

/** What became of addresses to be suppressed. */
export type SuppressionResults = {
  added: number;
  /** What could not be read. */
  refused: SuppressionRefused[];
  /** Suppressed before. */
  unchanged: number;
};

/** A tag. */
export type Tag = {
  /** Since when nobody gets it any more. */
  archived_at?: string | null;
  category?: TagCategoryRef | null;
  /** `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`. */
  color?: string | null;
  created_at: string;
  created_by: string;
  id: string;
  /** How many members have it now. */
  members: number;
  name: string;
};

/** A category of tags. */
export type TagCategory = {
  created_at: string;
  created_by: string;
  id: string;
  name: string;
  /** How many tags it holds, archived ones too. */
  tags: number;
};

export type TagCategoryInput = {
  name: string;
};

/** A category by id and name. */
export type TagCategoryRef = {
  id: string;
  name: string;
};

/** To whom a tag was given, and from whom it was taken, on a day of the merchant's zone. */
export type TagDay = {
  day: string;
  /** Members to whom it was given, by whomever. */
  given: number;
  /** Members from whom it was taken. */
  taken: number;
};

/** How many of those counted have a tag now. */
export type TagHeld = {
  /** Who have it already. */
  having: number;
  /** Who do not. */
  lacking: number;
  name: string;
  tag: string;
};

export type TagInput = {
  category?: string | null;
  /** `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`. */
  color?: string | null;
  name: string;
};

/** The task that does it. */
export type TagJob = {
  job: string;
};

export type TagPatch = {
  /** An archived tag stays with those who have it; nobody gets it any more. */
  archived?: boolean | null;
  /** Null for none. */
  category?: string | null;
  /** Null for none. */
  color?: string | null;
  name?: string | null;
};

/** What a change of tags would come to. */
export type TagPreview = {
  /** Tags to give: who lacks one gets it. */
  add: TagHeld[];
  /** For whom at least one tag would change. */
  changed: number;
  /** Members that are meant, of those counted by this answer. */
  members: number;
  /** A long list is counted in several answers: pass it as `cursor` and add up. `null` where all are counted. */
  next_cursor?: string | null;
  /** Of ids, those that are nobody's. */
  not_found: number;
  /** Tags to take off: who has one loses it. */
  remove: TagHeld[];
  /** Who is so already. */
  unchanged: number;
};

export type TagPreviewInput = {
  /** Tags to give. */
  add?: string[];
  /** Of a filter: go on counting where the last answer ended. */
  cursor?: string | null;
  filter?: MemberFilter | null;
  /** To these. */
  members?: string[] | null;
  /** Tags to take off. */
  remove?: string[];
};

export type TagReason = {
  /** Why; it goes into the audit. */
  reason?: string | null;
};

/** The rule of a tag: whoever is in the segment has the tag. */
export type TagRule = {
  /** When everybody was last looked at. */
  applied_at?: string | null;
  /** How many members have the tag by the rule now; told of one rule, not in lists. */
  members?: number | null;
  segment: TagRuleRef;
  set_at: string;
  set_by: string;
  /** `applying` until everybody was looked at; `applied`; `resting` while the tag or the segment is archived. */
  state: string;
  tag: TagRuleRef;
};

export type TagRuleInput = {
  /** A living or scheduled segment. */
  segment: string;
};

/** A thing by its id and name. */
export type TagRuleRef = {
  id: string;
  name: string;
};

/** What a file says of a member's tag. */
export type TagSaid = {
  /** How sure or how strong, as the file wrote it. */
  score?: number | null;
  /** Who says it. */
  source: string;
  /** Until when it holds. */
  valid_until?: string | null;
};

/** A source of tags: what its last import said holds. */
export type TagSource = {
  /** When its loading began. */
  begun_at: string;
  /** When it was loaded to its end; from then on what it does not say has ended. */
  finished_at?: string | null;
  /** The import that holds. */
  import?: string | null;
  /** How many members had tags by it when everybody was last looked at. */
  members?: number | null;
  /** As the file names it; else the file's platform or name. */
  name: string;
  /** The tags that it says. */
  tags: TagSourceTag[];
  /** As imports are listed. */
  title?: string | null;
};

/** A tag that a source says. */
export type TagSourceTag = {
  id: string;
  name: string;
};

/** What became of one member. */
export type TaggedMember = {
  id: string;
  index: number;
  /** `changed`, `unchanged` or `not_found`. */
  status: string;
};

/** For which programme. */
export type TakeInput = {
  programme: string;
};

/** A term by its name. */
export type TermName = {
  key: string;
  name: string;
};

/** The tier that is held. */
export type TierHeld = {
  /** Its name in the rules. */
  id: string;
  /** Whether it is only kept by grace. */
  in_grace: boolean;
  /** When its period, or its grace, ends; the lowest has no end. */
  until?: string | null;
};

/** What members of a tier pay. */
export type TierPoints = {
  /** Points. */
  points: number;
  /** The tier's name. */
  tier: string;
};

/** Something that the member did beside buying. */
export type TimelineAct = {
  /** Minor units. */
  amount?: number | null;
  id: string;
  quantity?: number | null;
  /** Stars, 1 to 5. */
  rating?: number | null;
  sku?: string | null;
  source: string;
  /** `browse`, `search`, `cart`, `favourite`, `review` … */
  type: string;
  /** Search words. */
  words?: string | null;
};

/** A statement of consent. */
export type TimelineConsent = {
  /** Added by a merge, so that the stricter of two statements holds. */
  by_merge: boolean;
  channel: string;
  granted: boolean;
  purpose: string;
  source: string;
};

/** One thing that happened to a member. `kind` says which of the others is there. */
export type TimelineEntry = {
  /** When it happened, by whoever told it. */
  at: string;
  behaviour?: TimelineAct | null;
  /** Who did it, where somebody here did: `stf_…`, `key_…`, `cli`, `system:…`. */
  by?: string | null;
  consent?: TimelineConsent | null;
  import?: TimelineImport | null;
  /** Where the member joined, of `joined`. */
  join_source?: string | null;
  /** `order`, `refund`, `behaviour`, `consent`, `merge`, `unmerge`, `tag`, `untag`, `import`, `profile`, `joined`, `first_seen`. */
  kind: string;
  merge?: TimelineMerge | null;
  order?: TimelineOrder | null;
  profile?: TimelineProfile | null;
  refund?: TimelineRefund | null;
  tag?: TimelineTag | null;
};

/** An import. */
export type TimelineImport = {
  id: string;
  title: string;
};

/** A merge. */
export type TimelineMerge = {
  absorbed: string;
  /** `keys`, `review`, `manual`. */
  cause: string;
  id: string;
  reason: string;
  survivor: string;
};

/** An order in a timeline. */
export type TimelineOrder = {
  id: string;
  net_paid?: Money | null;
  /** Its number at its source. */
  number: string;
  paid?: Money | null;
  platform: string;
  /** Whether it counts as a purchase. */
  purchase: boolean;
  quantity?: number | null;
  refunded: Money;
  shop?: string | null;
  /** `created`, `paid`, `shipped`, `completed` or `closed`. */
  state: string;
  /** The platform's word. */
  status?: string | null;
  /** Titles of its lines. */
  titles: string[];
};

/** What a record told. */
export type TimelineProfile = {
  /** The facts that it tells, by name. */
  fields: string[];
  /** `staff`, `member`, `api`, or the source of a list. */
  source: string;
};

/** A refund in a timeline. */
export type TimelineRefund = {
  amount: Money;
  id: string;
  /** The order; absent where the refund names none. */
  order?: string | null;
  /** Why: the word of its kind. */
  reason_kind: string;
  /** When it went back, as the source tells; where it does not, the entry stands at when it became known. */
  refunded_at?: string | null;
  state: string;
};

/** A tag. */
export type TimelineTag = {
  id: string;
  name: string;
};

/** What a record of a list tells of a member's standing there. The figures of two records are two accounts: they are not added. */
export type ToldStanding = {
  /** When it says so. */
  at: string;
  /** Its points, in its words. */
  points?: string | null;
  /** Whose list. */
  source: string;
  /** Its tier, in its words. */
  tier?: string | null;
};

export type TotpCode = {
  /** Six digits. */
  code: string;
};

/** The secret of a second factor that is being set up. */
export type TotpSecret = {
  /** For a QR code. */
  otpauth_url: string;
  /** Base32, for typing. */
  secret: string;
};

/** A month of the trend. */
export type TrendMonth = {
  /** Members with one. */
  buyers: number;
  /** `2025-01`. */
  month: string;
  /** Members with their first ever. */
  new_buyers: number;
  /** Purchases. */
  orders: number;
  /** Net paid, minor units. */
  paid: number;
  /** Net received, minor units. */
  received: number;
};

/** Rules, a member and what happens to them. */
export type Trial = {
  member?: TrialMember;
  rules: Record<string, unknown>;
  /** `{at, do}` as `docs/scenarios.md` has them. */
  steps: Record<string, unknown>[];
};

/** What real orders of some months earn without the rules and with them, each by the tiers that judging gives, a month. */
export type TrialEarning = {
  /** A month, with them. */
  after: TrialPoints;
  /** A month, without the rules. */
  before: TrialPoints;
  /** Paid from here on */
  from: string;
  /** Members who earn less, and how much less. */
  members_less: number;
  /** Members who earn more, and how much more they earn a month together. */
  members_more: number;
  /** Of so many months. */
  months: number;
  /** How many. */
  orders: number;
  points_less: number;
  points_more: number;
  /** and before here. */
  to: string;
};

/** Points without the rules and with them. */
export type TrialIssued = {
  after: TrialPoints;
  before: TrialPoints;
};

/** A member to try rules on. */
export type TrialMember = {
  birthday?: string | null;
  joined?: string | null;
};

/** Members who go from one tier to another. */
export type TrialMove = {
  /** `same`, `up` or `down`: a tier that the new ladder has no more counts as lost. */
  change: string;
  /** The tier without the rules; none without a ladder. */
  from?: string | null;
  members: number;
  /** The tier with them. */
  to?: string | null;
};

/** How many members move from where to where. */
export type TrialMoves = {
  /** Only those with members. */
  cells: TrialMove[];
  down: number;
  same: number;
  up: number;
};

/** Points, what they buy, and what that costs the shop. */
export type TrialPoints = {
  cost: Money;
  points: number;
  value: Money;
};

/** A tier of a ladder. */
export type TrialTier = {
  id: string;
  /** What people call it. */
  name: string;
};

/** The state after each step. */
export type Tried = {
  /** As `shuke simulate` prints them. */
  steps: Record<string, unknown>[];
};

/** A member as a trial has them. */
export type TriedMember = {
  /** What that costs the shop. */
  cost: Money;
  earning?: TriedPoints | null;
  /** The tier held at `as_of`. */
  held: TriedTier;
  /** Points given by itself up to `as_of`. */
  issued: TriedPoints;
  /** The tier once the period has ended. */
  judged: TriedTier;
  member: string;
  /** Points more, or fewer, with the rules. */
  points: number;
  /** What these buy. */
  value: Money;
};

/** Rules to be tried, and which members are to be listed. */
export type TriedMembersInput = {
  as_of?: string | null;
  /** Which tiers the two below are: `held` (default) or `judged`. */
  by?: string | null;
  /** Of the file: `csv` (default), `xlsx` or `parquet`. */
  format?: string | null;
  from?: string | null;
  margin?: string | null;
  months?: number | null;
  point_value?: string | null;
  rules: Record<string, unknown>;
  /** Only members with that tier with the rules. */
  tier_after?: string | null;
  /** Only members with that tier without the rules. */
  tier_before?: string | null;
  used?: string | null;
  /** `losing` (default), `held_down`, `held_up`, `judged_down`, `judged_up`, `points_less`, `points_more` or `all`. */
  which?: string | null;
};

/** Points without the rules and with them. */
export type TriedPoints = {
  after: number;
  before: number;
};

/** A tier without the rules and with them. */
export type TriedTier = {
  after?: string | null;
  before?: string | null;
};

/** A trial. */
export type TryInput = {
  /** The id by which it is known where it was asked for; the idempotency key unless given. */
  id?: string | null;
};

/** A key of one side, with its value where it was asked for. */
export type UncoveredKey = MemberKey & ({
  /** In clear; `null` where its field was not asked for. */
  value?: string | null;
});

/** One side of a review. */
export type UncoveredSide = {
  id: string;
  /** Every key of the side, in the order of its card. */
  keys: UncoveredKey[];
  /** What the member is called, where names were asked for. */
  name?: string | null;
  /** The phone that the card shows, where phones were asked for. */
  phone?: string | null;
};

export type Unmask = {
  /** `name`, `phone`, `email`, `account`, `external`, `card`, `address`. */
  fields: string[];
  /** Why; it goes into the audit. */
  reason: string;
};

/** Something that is not as it was before the merge. */
export type UnmergeDifference = {
  text: string;
  /** `keys`, `profile`, `consent`, `tags`; `merge` of a member that another took in since. */
  what: string;
};

/** What taking a merge back came to. */
export type UnmergeDone = {
  differences: UnmergeDifference[];
  members: string[];
};

/** Rules that are to follow. */
export type VersionInput = {
  /** From when on they are in force: now unless given, never in the past. */
  from?: string | null;
  /** Why, in words. */
  note?: string;
  /** The whole rules, not what is otherwise in them. */
  rules: Record<string, unknown>;
};

/** The weather of a day in a province, or in a city of it. */
export type Weather = {
  /** Its short name; `null`: the whole province. */
  city?: string | null;
  /** `clear`, `cloudy`, `fog`, `rain`, `snow` or `extreme`: the worst that was told of the day. */
  condition?: string | null;
  /** By the shop's clock. */
  day: string;
  /** The highest temperature, degrees Celsius. */
  high?: number | null;
  /** The lowest. */
  low?: number | null;
  /** Its short name. */
  province: string;
  /** Rain and melted snow, millimetres. */
  rain?: number | null;
};

/** A webhook. */
export type Webhook = {
  created_at: string;
  disabled_at?: string | null;
  /** Since when nothing got through. */
  failing_since?: string | null;
  id: string;
  /** Shown when made and when rotated. */
  secret?: string | null;
  /** `active` or `disabled`. */
  state: string;
  /** Which events; none means all. */
  types: string[];
  url: string;
};

export type WebhookCreate = {
  /** `order.paid`, `order.*`; none means all. */
  types?: string[];
  /** `https://…`, public. */
  url: string;
};

/** What became of an event on its way to a webhook. */
export type WebhookDelivery = {
  /** When it was last tried, or made. */
  at: string;
  /** How often it was tried. */
  attempt: number;
  /** Why there was none. */
  error?: string | null;
  /** The event: the message's `webhook-id`. */
  id: string;
  /** When it will be tried again. */
  next_at?: string | null;
  position: number;
  /** `pending`, `paused`, `delivered` or `failed`. */
  state: string;
  /** The last answer's status. */
  status?: number | null;
  type: string;
};

export type WebhookPatch = {
  /** Off, or on again. */
  disabled?: boolean | null;
  types?: string[] | null;
  url?: string | null;
};

export type WebhookReplay = {
  /** The first position to send again. */
  from_position: number;
};

/** What came of a test message. */
export type WebhookTested = {
  /** Whether the receiver answered with a 2xx. */
  delivered: boolean;
  error?: string | null;
  status?: number | null;
};

/** Lines without a code of goods. */
export type WithoutSku = {
  /** Members with one. */
  buyers: number;
  /** Purchases with such a line. */
  orders: number;
  /** Net paid, minor units. */
  paid: number;
  /** Net received, minor units. */
  received: number;
  /** Given back to buyers, minor units. */
  refunded_paid: number;
  /** Pieces given back. */
  refunded_units: number;
  /** Pieces, net. */
  units: number;
};

export interface Operations {
  /** The audit, newest first. */
  list_audit: {
    method: 'GET';
    path: "/audit";
    params: Record<string, never>;
    query: { actor?: string; action?: string; since?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_AuditEntry;
  };
  /** Verifies the whole chain. */
  verify_audit: {
    method: 'GET';
    path: "/audit/verify";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: AuditVerdict;
  };
  /** Batches, newest first. */
  list_batches: {
    method: 'GET';
    path: "/batches";
    params: Record<string, never>;
    query: { state?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Batch;
  };
  /** Freezes a group as a batch: a task judges each member once. A small one is frozen in the answer. A segment or an expression needs `segments:read` as well, a list `members:read`. */
  create_batch: {
    method: 'POST';
    path: "/batches";
    params: Record<string, never>;
    query: Record<string, never>;
    body: BatchInput;
    answer: Batch;
  };
  /** Judges everybody by the funnel that the freezing uses, and writes nothing. A segment or an expression needs `segments:read` as well, a list `members:read`. */
  preview_batch: {
    method: 'POST';
    path: "/batches/preview";
    params: Record<string, never>;
    query: Record<string, never>;
    body: BatchInput;
    answer: BatchPreview;
  };
  /** One batch. */
  get_batch: {
    method: 'GET';
    path: "/batches/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Batch;
  };
  /** Changes a batch's name and costs. Whom it is about is frozen. */
  update_batch: {
    method: 'PATCH';
    path: "/batches/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: BatchPatch;
    answer: Batch;
  };
  /** Closes a batch: nothing of it is handed over any more. One that nothing left from counts against nobody. */
  close_batch: {
    method: 'POST';
    path: "/batches/{id}/close";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Batch;
  };
  /** Adds codes to a batch. One that it has already is not added again. */
  add_batch_codes: {
    method: 'POST';
    path: "/batches/{id}/codes";
    params: { id: string };
    query: Record<string, never>;
    body: BatchCodes;
    answer: BatchCodesAdded;
  };
  /** Hands a batch over as the sheet of its destination, addresses in clear, written while it is sent. Taking it is audited. Rows that were given out before say so in `repeat`, and so does the file's name; whoever withdrew since is not in it. */
  download_batch: {
    method: 'GET';
    path: "/batches/{id}/file";
    params: { id: string };
    query: { format?: string; language?: string; merchant?: string };
    body: undefined;
    answer: string;
  };
  /** Hands a batch for `webhook` over: a task writes an event `batch.member_handed_over` for each member, which the merchant's webhooks get signed, at least once. */
  hand_over_batch: {
    method: 'POST';
    path: "/batches/{id}/hand-over";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: BatchHandOver;
  };
  /** The members of a batch with their verdicts, and what came of them. */
  list_batch_members: {
    method: 'GET';
    path: "/batches/{id}/members";
    params: { id: string };
    query: { verdict?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_BatchMember;
  };
  /** What a batch brought: orders laid to it as the last touch, and the lift over those held out with its interval. The two are never mixed. */
  batch_report: {
    method: 'GET';
    path: "/batches/{id}/report";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: BatchReport;
  };
  /** Takes in receipts, replies and unsubscribes from a provider's sheet (CSV, XLSX), columns told by what they mean. The same sheet again changes nothing. */
  load_batch_results: {
    method: 'POST';
    path: "/batches/{id}/results";
    params: { id: string };
    query: Record<string, never>;
    body: FormData;
    answer: BatchReceipts;
  };
  /** The merchant's benefits, the oldest first. */
  list_benefits: {
    method: 'GET';
    path: "/benefits";
    params: Record<string, never>;
    query: { state?: string; kind?: string };
    body: undefined;
    answer: Page_Benefit;
  };
  /** Makes a benefit. */
  create_benefit: {
    method: 'POST';
    path: "/benefits";
    params: Record<string, never>;
    query: Record<string, never>;
    body: BenefitInput;
    answer: Benefit;
  };
  /** What benefits and rewards cost on these days, by the tier that was held, with the shares that supplier and platform bear kept apart. */
  get_benefit_cost: {
    method: 'GET';
    path: "/benefits/cost";
    params: Record<string, never>;
    query: { from: string; to: string };
    body: undefined;
    answer: BenefitCost;
  };
  /** Packs that were given, newest first, with what of them could not be given and why. */
  list_given_packs: {
    method: 'GET';
    path: "/benefits/given";
    params: Record<string, never>;
    query: { pack?: string; member?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_PackGiven;
  };
  /** The merchant's packs, the oldest first. */
  list_benefit_packs: {
    method: 'GET';
    path: "/benefits/packs";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_BenefitPack;
  };
  /** Makes a pack. What happened before it is no occasion for it. */
  create_benefit_pack: {
    method: 'POST';
    path: "/benefits/packs";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PackInput;
    answer: BenefitPack;
  };
  /** One pack. */
  get_benefit_pack: {
    method: 'GET';
    path: "/benefits/packs/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: BenefitPack;
  };
  /** Says something else of a pack. Its occasion stays; `version` is the one that was read. */
  update_benefit_pack: {
    method: 'PUT';
    path: "/benefits/packs/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: PackInput;
    answer: BenefitPack;
  };
  /** Puts a pack away for good; what was given stays. */
  archive_benefit_pack: {
    method: 'POST';
    path: "/benefits/packs/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: BenefitPack;
  };
  /** Pauses a pack: it is not given, and what happens meanwhile is not made up for. */
  pause_benefit_pack: {
    method: 'POST';
    path: "/benefits/packs/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: BenefitPack;
  };
  /** Sets a paused pack going again. */
  resume_benefit_pack: {
    method: 'POST';
    path: "/benefits/packs/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: BenefitPack;
  };
  /** What members who used benefits or redeemed rewards spent more than before, beside others of their tier, and what that is worth against the cost. */
  get_benefit_return: {
    method: 'GET';
    path: "/benefits/return";
    params: Record<string, never>;
    query: { from: string; to: string; margin?: number; least?: number };
    body: undefined;
    answer: BenefitReturn;
  };
  /** What is to be done for uses of benefits, by the day on which it is due. */
  list_benefit_tasks: {
    method: 'GET';
    path: "/benefits/tasks";
    params: Record<string, never>;
    query: { state?: string; by?: string; benefit?: string; due?: string; overdue?: boolean; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_BenefitTask;
  };
  /** How much is to be done. */
  count_benefit_tasks: {
    method: 'GET';
    path: "/benefits/tasks/counts";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: BenefitTaskCounts;
  };
  /** The list as CSV, whole. */
  export_benefit_tasks: {
    method: 'GET';
    path: "/benefits/tasks/export";
    params: Record<string, never>;
    query: { state?: string; by?: string; benefit?: string; due?: string; overdue?: boolean; merchant?: string };
    body: undefined;
    answer: string;
  };
  /** It is done. */
  finish_benefit_task: {
    method: 'POST';
    path: "/benefits/tasks/{id}/done";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: BenefitTask;
  };
  /** Ready sets of benefits for the ready ladders, to be taken and changed. */
  list_benefit_templates: {
    method: 'GET';
    path: "/benefits/templates";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_BenefitTemplate;
  };
  /** Takes a ready set for a programme: its places become the tiers of the programme's present ladder. */
  take_benefit_template: {
    method: 'POST';
    path: "/benefits/templates/{key}/take";
    params: { key: string };
    query: Record<string, never>;
    body: TakeInput;
    answer: Page_Benefit;
  };
  /**
   * Tries a benefit, changed, new or ended, on all members before that is saved: whose it is and would be, which real uses could
   * not have been, what a month costs. Nothing is changed and nothing is kept.
   */
  try_benefit: {
    method: 'POST';
    path: "/benefits/trials";
    params: Record<string, never>;
    query: Record<string, never>;
    body: BenefitTrialInput;
    answer: BenefitTrial;
  };
  /** The same members as a file, whole, written while it is sent. Who took it is audited. */
  export_benefit_trial_members: {
    method: 'POST';
    path: "/benefits/trials/file";
    params: Record<string, never>;
    query: Record<string, never>;
    body: BenefitTrialMembersInput;
    answer: string;
  };
  /** The members of a trial who lose something, or whom `which` chooses, in order of their ids. */
  list_benefit_trial_members: {
    method: 'POST';
    path: "/benefits/trials/members";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string };
    body: BenefitTrialMembersInput;
    answer: Page_BenefitTrialMember;
  };
  /** Who used what, newest first; uses that were taken back are among them and say so. */
  list_benefit_uses: {
    method: 'GET';
    path: "/benefits/uses";
    params: Record<string, never>;
    query: { benefit?: string; member?: string; order?: string; from?: string; until?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_BenefitUse;
  };
  /** Takes a use back: the quota is free again, and what was still to be done is not. */
  undo_benefit_use: {
    method: 'POST';
    path: "/benefits/uses/{use}/undo";
    params: { use: string };
    query: Record<string, never>;
    body: BenefitReason;
    answer: BenefitUse;
  };
  /** One benefit. */
  get_benefit: {
    method: 'GET';
    path: "/benefits/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Benefit;
  };
  /** Says something else of a benefit. What was used stays as it is; `version` is the one that was read. */
  update_benefit: {
    method: 'PUT';
    path: "/benefits/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: BenefitInput;
    answer: Benefit;
  };
  /** Puts a benefit away for good; its uses stay readable. */
  archive_benefit: {
    method: 'POST';
    path: "/benefits/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Benefit;
  };
  /** Pauses a benefit: nobody can use it. */
  pause_benefit: {
    method: 'POST';
    path: "/benefits/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Benefit;
  };
  /** Sets a paused benefit going again. */
  resume_benefit: {
    method: 'POST';
    path: "/benefits/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Benefit;
  };
  /** Sales, holidays and festivals that touch some days, and the merchant's own. */
  list_occasions: {
    method: 'GET';
    path: "/calendar/occasions";
    params: Record<string, never>;
    query: { from: string; to: string };
    body: undefined;
    answer: Occasions;
  };
  /** Adds an occasion of your own. */
  create_occasion: {
    method: 'POST';
    path: "/calendar/occasions";
    params: Record<string, never>;
    query: Record<string, never>;
    body: OccasionInput;
    answer: Occasion;
  };
  /** An occasion of your own. */
  get_occasion: {
    method: 'GET';
    path: "/calendar/occasions/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Occasion;
  };
  /** Puts another name and other days in its place. */
  put_occasion: {
    method: 'PUT';
    path: "/calendar/occasions/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: OccasionInput;
    answer: Occasion;
  };
  /** Removes an occasion of your own. */
  remove_occasion: {
    method: 'DELETE';
    path: "/calendar/occasions/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** All cards of the merchant, the oldest first. */
  list_cards: {
    method: 'GET';
    path: "/cards";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_Card;
  };
  /** Makes a card that can be bought. */
  create_card: {
    method: 'POST';
    path: "/cards";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CardInput;
    answer: Card;
  };
  /** One card. */
  get_card: {
    method: 'GET';
    path: "/cards/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Card;
  };
  /** Changes a card. Terms that were sold keep their length; what members have stays what it is. */
  update_card: {
    method: 'PUT';
    path: "/cards/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: CardChange;
    answer: Card;
  };
  /** Puts a card away for good: nothing sells it any more, who has it keeps it until it ends. */
  archive_card: {
    method: 'POST';
    path: "/cards/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Card;
  };
  /** Who holds a card, or held it. */
  list_card_holders: {
    method: 'GET';
    path: "/cards/{id}/holders";
    params: { id: string };
    query: { state?: "running" | "ended"; within_days?: number; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_CardHolder;
  };
  /** Pauses a card: nobody buys, tries or is given it by asking; who has it keeps it, and orders that have its goods count. */
  pause_card: {
    method: 'POST';
    path: "/cards/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Card;
  };
  /** Sells a paused card again. */
  resume_card: {
    method: 'POST';
    path: "/cards/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Card;
  };
  /**
   * What a member's cart costs and why, by the shop's own promotions and by what the shop knows of the member: tier and points,
   * segments, birthday, first order, how often a promotion was had, the coupons they hold. Nothing is locked or taken: a coupon
   * is locked by `POST /coupons/lock`.
   */
  price_cart: {
    method: 'POST';
    path: "/carts/price";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ShopCart;
    answer: ShopCartPriced;
  };
  /** What happened since a position: every change once, in order. */
  list_changes: {
    method: 'GET';
    path: "/changes";
    params: Record<string, never>;
    query: { since?: number; limit?: number; types?: string };
    body: undefined;
    answer: Changes;
  };
  /** Batches, the newest first. */
  list_coupon_batches: {
    method: 'GET';
    path: "/coupons/batches";
    params: Record<string, never>;
    query: { template?: string; state?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_CouponBatch;
  };
  /** Makes a batch: its stock at once, its codes as a task. */
  create_coupon_batch: {
    method: 'POST';
    path: "/coupons/batches";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponBatchInput;
    answer: CouponBatch;
  };
  /** One batch, and what became of it: its coupons by where they stand, orders that used one, what those saved. */
  get_coupon_batch: {
    method: 'GET';
    path: "/coupons/batches/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponBatchTally;
  };
  /**
   * Says something else of a batch: name, claiming time, how many a member may have, its word. `version` is the one that was
   * read; whether it has codes is said as it is.
   */
  update_coupon_batch: {
    method: 'PUT';
    path: "/coupons/batches/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: CouponBatchInput;
    answer: CouponBatch;
  };
  /** Puts a batch away for good: codes that nobody has entered are worth nothing, coupons that members have stay good. */
  archive_coupon_batch: {
    method: 'POST';
    path: "/coupons/batches/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponBatch;
  };
  /** Claims a coupon for a member. What keeps them from it is told: claiming time, tier, segment, limit, all gone. */
  claim_coupon: {
    method: 'POST';
    path: "/coupons/batches/{id}/claim";
    params: { id: string };
    query: Record<string, never>;
    body: CouponClaimInput;
    answer: CouponHad;
  };
  /** The codes of a batch as a sheet, all of them, written while it is sent. Who has it has the coupons: it is in the audit. */
  export_coupon_codes: {
    method: 'GET';
    path: "/coupons/batches/{id}/codes";
    params: { id: string };
    query: { format?: string; merchant?: string };
    body: undefined;
    answer: string;
  };
  /** A batch's coupons, the oldest first. */
  list_batch_coupons: {
    method: 'GET';
    path: "/coupons/batches/{id}/coupons";
    params: { id: string };
    query: { state?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Coupon;
  };
  /** Gives members a coupon each, whatever the claiming time. Each is answered for themselves; stock and limits hold. */
  grant_coupons: {
    method: 'POST';
    path: "/coupons/batches/{id}/grants";
    params: { id: string };
    query: Record<string, never>;
    body: CouponGrantInput;
    answer: Page_CouponGranted;
  };
  /** Pauses a batch: nothing is handed out of it. */
  pause_coupon_batch: {
    method: 'POST';
    path: "/coupons/batches/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponBatch;
  };
  /** Sets a paused batch going again. */
  resume_coupon_batch: {
    method: 'POST';
    path: "/coupons/batches/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponBatch;
  };
  /** Changes how many are left, and the budget of drawn amounts. */
  change_coupon_stock: {
    method: 'POST';
    path: "/coupons/batches/{id}/stock";
    params: { id: string };
    query: Record<string, never>;
    body: CouponStockInput;
    answer: CouponBatch;
  };
  /** Enters a code for a member: the coupon is theirs, who entered it first. A mistyped code is told from one that is not there. */
  enter_coupon_code: {
    method: 'POST';
    path: "/coupons/codes/enter";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponCodeInput;
    answer: CouponHad;
  };
  /** Looks for a code, or a word: of which batch it is, who has it, what became of it. It is in the body, so that no log has it. */
  find_coupon_code: {
    method: 'POST';
    path: "/coupons/codes/find";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponCodeSought;
    answer: CouponCodeFound;
  };
  /** Orders that were paid when a coupon of theirs was not there any more, the newest first. */
  list_coupon_exceptions: {
    method: 'GET';
    path: "/coupons/exceptions";
    params: Record<string, never>;
    query: { state?: string; batch?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_CouponUse;
  };
  /** How many exceptions are open and the money at stake, by currency. */
  count_coupon_exceptions: {
    method: 'GET';
    path: "/coupons/exceptions/counts";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_CouponExceptionCount;
  };
  /**
   * Locks coupons for an order, on a cart that was priced: all of them or none. The same again changes nothing. They are free
   * again when their time is over, and a payment that arrives later still has them where they are there.
   */
  lock_coupons: {
    method: 'POST';
    path: "/coupons/lock";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponLockInput;
    answer: Page_CouponLocked;
  };
  /**
   * The order is paid: it uses the coupons that it locked. One that is not there any more is answered with `exception` and
   * put on the list of exceptions. An order that is sent here does this of itself when it is paid.
   */
  redeem_coupons: {
    method: 'POST';
    path: "/coupons/redeem";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponOrderInput;
    answer: Page_CouponStep;
  };
  /** The shop takes coupons off an order that is not paid: they are free again, and the order does not use them when it is paid. */
  release_coupons: {
    method: 'POST';
    path: "/coupons/release";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponOrderInput;
    answer: Page_CouponStep;
  };
  /**
   * The order is closed, or all of it went back: what it holds is free, and what it used comes back as its template says. An
   * order that is sent here does this of itself.
   */
  return_coupons: {
    method: 'POST';
    path: "/coupons/return";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponOrderInput;
    answer: Page_CouponStep;
  };
  /** Templates, the oldest first. */
  list_coupon_templates: {
    method: 'GET';
    path: "/coupons/templates";
    params: Record<string, never>;
    query: { state?: string };
    body: undefined;
    answer: Page_CouponTemplate;
  };
  /** Makes a template. */
  create_coupon_template: {
    method: 'POST';
    path: "/coupons/templates";
    params: Record<string, never>;
    query: Record<string, never>;
    body: CouponTemplateInput;
    answer: CouponTemplate;
  };
  /** One template, in its newest version. */
  get_coupon_template: {
    method: 'GET';
    path: "/coupons/templates/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponTemplate;
  };
  /**
   * Says something else of a template, in a new version. Batches and coupons that are there keep theirs; its kind stays.
   * `version` is the one that was read.
   */
  update_coupon_template: {
    method: 'PUT';
    path: "/coupons/templates/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: CouponTemplateInput;
    answer: CouponTemplate;
  };
  /** Puts a template away for good: nothing is handed out of its batches any more; coupons that members have stay good. */
  archive_coupon_template: {
    method: 'POST';
    path: "/coupons/templates/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponTemplate;
  };
  /** Pauses a template: no batch is made of it. */
  pause_coupon_template: {
    method: 'POST';
    path: "/coupons/templates/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponTemplate;
  };
  /** Sets a paused template going again. */
  resume_coupon_template: {
    method: 'POST';
    path: "/coupons/templates/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponTemplate;
  };
  /** The versions of a template, the newest first. */
  list_coupon_template_versions: {
    method: 'GET';
    path: "/coupons/templates/{id}/versions";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_CouponTemplateVersion;
  };
  /** One coupon, as it stands now, and what orders did with it. */
  get_coupon: {
    method: 'GET';
    path: "/coupons/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponWithUses;
  };
  /** Settles an exception: somebody has seen to the money at stake. */
  settle_coupon_exception: {
    method: 'POST';
    path: "/coupons/{id}/exceptions/settle";
    params: { id: string };
    query: Record<string, never>;
    body: CouponSettleInput;
    answer: CouponUse;
  };
  /** Takes a coupon away that could be used. What it took of stock and budget stays taken. */
  revoke_coupon: {
    method: 'POST';
    path: "/coupons/{id}/revoke";
    params: { id: string };
    query: Record<string, never>;
    body: CouponReason;
    answer: Coupon;
  };
  /** Records up to 1,000 acts. Each item is answered for itself; one that is known is `unchanged`. */
  batch_events: {
    method: 'POST';
    path: "/events/batch";
    params: Record<string, never>;
    query: Record<string, never>;
    body: BehaviourBatch;
    answer: BatchResults;
  };
  /** Exports, newest first: those of lists that the caller may read. */
  list_exports: {
    method: 'GET';
    path: "/exports";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Export;
  };
  /** One export. */
  get_export: {
    method: 'GET';
    path: "/exports/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Export;
  };
  /** Stops an export and throws its file away: your own, or any with `privacy:manage`. */
  delete_export: {
    method: 'DELETE';
    path: "/exports/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** The file, written while it is sent. With identifiers in clear it needs `export:clear`. Each download is audited. */
  download_export: {
    method: 'GET';
    path: "/exports/{id}/file";
    params: { id: string };
    query: { merchant?: string };
    body: undefined;
    answer: string;
  };
  /** The merchant's growth tasks, the oldest first. */
  list_growth_tasks: {
    method: 'GET';
    path: "/growth-tasks";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_GrowthTask;
  };
  /** Makes a growth task. Where the past counts, whoever has done it by what is known gets it at once. */
  create_growth_task: {
    method: 'POST';
    path: "/growth-tasks";
    params: Record<string, never>;
    query: Record<string, never>;
    body: GrowthTaskInput;
    answer: GrowthTask;
  };
  /** Who has done growth tasks, newest first, with what of the reward could not be given and why. */
  list_growth_completions: {
    method: 'GET';
    path: "/growth-tasks/completions";
    params: Record<string, never>;
    query: { task?: string; member?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_GrowthDone;
  };
  /**
   * Checks a growth task without saving it, and counts who has done it by what is known now, some members at a time: ask
   * again with `next` until there is none, and add up.
   */
  preview_growth_task: {
    method: 'POST';
    path: "/growth-tasks/preview";
    params: Record<string, never>;
    query: { after?: string };
    body: GrowthTaskInput;
    answer: GrowthAlready;
  };
  /** One growth task. */
  get_growth_task: {
    method: 'GET';
    path: "/growth-tasks/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: GrowthTask;
  };
  /**
   * Says something else of a growth task, as a new version. The sort of its goal, how often it can be done and whether the
   * past counts stay; `version` is the one that was read. Whoever had the reward keeps it.
   */
  update_growth_task: {
    method: 'PUT';
    path: "/growth-tasks/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: GrowthTaskInput;
    answer: GrowthTask;
  };
  /** Puts a growth task away for good; what was given stays. */
  archive_growth_task: {
    method: 'POST';
    path: "/growth-tasks/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: GrowthTask;
  };
  /** Pauses a growth task: its reward is not given until it goes on. */
  pause_growth_task: {
    method: 'POST';
    path: "/growth-tasks/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: GrowthTask;
  };
  /** Sets a paused growth task going again; what was done meanwhile counts. */
  resume_growth_task: {
    method: 'POST';
    path: "/growth-tasks/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: GrowthTask;
  };
  /** What was said of a growth task, the newest first. */
  list_growth_task_versions: {
    method: 'GET';
    path: "/growth-tasks/{id}/versions";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_GrowthTaskVersion;
  };
  /** List imports */
  list_imports: {
    method: 'GET';
    path: "/imports";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_ImportOut;
  };
  /** Stage files */
  stage_import: {
    method: 'POST';
    path: "/imports";
    params: Record<string, never>;
    query: Record<string, never>;
    body: FormData;
    answer: ImportOut;
  };
  /** List the fields that a column can mean */
  list_fields: {
    method: 'GET';
    path: "/imports/fields";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_FieldOut;
  };
  /** Stage the sample shop */
  stage_sample: {
    method: 'POST';
    path: "/imports/sample";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: ImportOut;
  };
  /** Get an import */
  get_import: {
    method: 'GET';
    path: "/imports/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: ImportOut;
  };
  /** Count what a staged file would bring */
  foresee_import: {
    method: 'GET';
    path: "/imports/{id}/foreseen";
    params: { id: string };
    query: { file?: string };
    body: undefined;
    answer: ForeseenOut;
  };
  /** Say how a staged file is read */
  set_mapping: {
    method: 'PUT';
    path: "/imports/{id}/mapping";
    params: { id: string };
    query: Record<string, never>;
    body: MappingChoice;
    answer: ImportOut;
  };
  /** Preview a staged file */
  preview_import: {
    method: 'GET';
    path: "/imports/{id}/preview";
    params: { id: string };
    query: { file?: string };
    body: undefined;
    answer: PreviewOut;
  };
  /** Download an import's open records as a sheet */
  rejects_sheet: {
    method: 'GET';
    path: "/imports/{id}/rejects.xlsx";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: unknown;
  };
  /** Go on with a stopped load */
  resume_import: {
    method: 'POST';
    path: "/imports/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: ImportOut;
  };
  /** Load a staged import */
  run_import: {
    method: 'POST';
    path: "/imports/{id}/run";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: ImportOut;
  };
  /** Stop a load at its next step */
  stop_import: {
    method: 'POST';
    path: "/imports/{id}/stop";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: ImportOut;
  };
  /** Take a whole import back */
  undo_import: {
    method: 'POST';
    path: "/imports/{id}/undo";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: ImportOut;
  };
  /** The merchant's tasks, newest first. */
  list_jobs: {
    method: 'GET';
    path: "/jobs";
    params: Record<string, never>;
    query: { state?: string; kind?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Job;
  };
  /** One task. */
  get_job: {
    method: 'GET';
    path: "/jobs/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Job;
  };
  /** Asks a task to stop: a waiting one at once, a running one at its next step. */
  cancel_job: {
    method: 'POST';
    path: "/jobs/{id}/cancel";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Job;
  };
  /** Lets a cancelled task go on, from its last step. */
  resume_job: {
    method: 'POST';
    path: "/jobs/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Job;
  };
  /** Begins a failed task again, from its last step. */
  retry_job: {
    method: 'POST';
    path: "/jobs/{id}/retry";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Job;
  };
  /** The merchant's keys in force, newest first. */
  list_keys: {
    method: 'GET';
    path: "/keys";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_ApiKey;
  };
  /** Makes a key. It never may more than who makes it. */
  create_key: {
    method: 'POST';
    path: "/keys";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ApiKeyCreate;
    answer: ApiKeyCreated;
  };
  /** Revokes a key at once. */
  revoke_key: {
    method: 'DELETE';
    path: "/keys/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** List saved mappings */
  list_mappings: {
    method: 'GET';
    path: "/mappings";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_MappingOut;
  };
  /** Save a mapping */
  save_mapping: {
    method: 'POST';
    path: "/mappings";
    params: Record<string, never>;
    query: Record<string, never>;
    body: MappingIn;
    answer: MappingOut;
  };
  /** Change a mapping */
  change_mapping: {
    method: 'PUT';
    path: "/mappings/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: MappingIn;
    answer: MappingOut;
  };
  /** Remove a mapping */
  remove_mapping: {
    method: 'DELETE';
    path: "/mappings/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** Members, newest recorded first, identifiers masked; of a search by a whole phone, first of all whose own proven phone it is; of one by the last four digits, those of the page first. A page that had to look at many candidates may hold fewer than `limit`, even none, while `next_cursor` tells that there is more to look through. */
  list_members: {
    method: 'GET';
    path: "/members";
    params: Record<string, never>;
    query: { query?: string; platform?: string; has_phone?: boolean; gender?: string; province?: string; tag?: string; sort?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: MemberList;
  };
  /** Makes a member, or finds and changes the one that its keys name. */
  create_member: {
    method: 'POST';
    path: "/members";
    params: Record<string, never>;
    query: Record<string, never>;
    body: MemberInput;
    answer: Member;
  };
  /** Makes or changes up to 1,000 members, each answered for itself. */
  batch_members: {
    method: 'POST';
    path: "/members/batch";
    params: Record<string, never>;
    query: Record<string, never>;
    body: MemberBatch;
    answer: MemberResults;
  };
  /** The member of an id in your own system. */
  get_member_by_external: {
    method: 'GET';
    path: "/members/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Member;
  };
  /** Makes or changes the member of an id in your own system. */
  put_member_by_external: {
    method: 'PUT';
    path: "/members/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: MemberInput;
    answer: Member;
  };
  /** Exports members as a file: a job gathers them, and a small list is ready in the answer. Masked unless `clear`. */
  export_members: {
    method: 'POST';
    path: "/members/export";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ExportInput_MemberExportFilter;
    answer: Export;
  };
  /**
   * Gives tags to many members and takes tags off them: to up to 1,000 by id at once, or to all of a
   * list by a task that is watched, stopped and resumed among the others.
   */
  tag_members: {
    method: 'POST';
    path: "/members/tags";
    params: Record<string, never>;
    query: Record<string, never>;
    body: BulkTags;
    answer: BulkTagged;
  };
  /**
   * Counts for whom tags would change if they were given and taken off so, without doing it: of up to 1,000 by id, or of
   * all of a list, about ten thousand in one answer.
   */
  preview_tag_members: {
    method: 'POST';
    path: "/members/tags/preview";
    params: Record<string, never>;
    query: Record<string, never>;
    body: TagPreviewInput;
    answer: TagPreview;
  };
  /** One member. An id that a merge made an alias answers with the member who took it in. */
  get_member: {
    method: 'GET';
    path: "/members/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: MemberPage;
  };
  /** Changes facts of a member: what is absent stays, null takes a fact back. What people state is newer than every file so far. */
  update_member: {
    method: 'PATCH';
    path: "/members/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: MemberPatch;
    answer: Member;
  };
  /** Erases a member at once: identifiers go, entries stay under the id. */
  erase_member: {
    method: 'DELETE';
    path: "/members/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PrivacyRequest;
  };
  /** The benefits of a member: all that are in force or will be, what they may use now first, each with the reason why not. */
  list_member_benefits: {
    method: 'GET';
    path: "/members/{id}/benefits";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_MemberBenefit;
  };
  /** Whether a member may use a benefit now, and if not, why. Nothing is written. */
  check_benefit: {
    method: 'POST';
    path: "/members/{id}/benefits/{benefit}/check";
    params: { id: string; benefit: string };
    query: Record<string, never>;
    body: undefined;
    answer: BenefitVerdict;
  };
  /** Uses a benefit for a member, if they may: the quota holds however many ask at once. */
  use_benefit: {
    method: 'POST';
    path: "/members/{id}/benefits/{benefit}/use";
    params: { id: string; benefit: string };
    query: Record<string, never>;
    body: BenefitUseInput;
    answer: BenefitUsed;
  };
  /** Where a member stands with each card: those that are sold, and those they had. A merged id answers for whom it went into. */
  list_member_cards: {
    method: 'GET';
    path: "/members/{id}/cards";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_CardStanding;
  };
  /** Where a member stands with one card: what a checkout asks. */
  get_member_card: {
    method: 'GET';
    path: "/members/{id}/cards/{card}";
    params: { id: string; card: string };
    query: Record<string, never>;
    body: undefined;
    answer: CardStanding;
  };
  /** Notes that a member bought a card, or renewed it: it begins when what they have ends. Taking the money is the till's. */
  buy_card: {
    method: 'POST';
    path: "/members/{id}/cards/{card}/buy";
    params: { id: string; card: string };
    query: Record<string, never>;
    body: BuyInput;
    answer: CardAnswer;
  };
  /** Gives a member a card for nothing. */
  give_card: {
    method: 'POST';
    path: "/members/{id}/cards/{card}/give";
    params: { id: string; card: string };
    query: Record<string, never>;
    body: GiveInput;
    answer: CardAnswer;
  };
  /** Gives up everything of a card that is not used up, at once. Giving the money back is the till's. */
  give_up_card: {
    method: 'POST';
    path: "/members/{id}/cards/{card}/give-up";
    params: { id: string; card: string };
    query: Record<string, never>;
    body: GiveUpInput;
    answer: CardGivenUp;
  };
  /** Lets a member try a card, once, before they ever bought it. */
  try_card: {
    method: 'POST';
    path: "/members/{id}/cards/{card}/try";
    params: { id: string; card: string };
    query: Record<string, never>;
    body: TryInput;
    answer: CardAnswer;
  };
  /** What a member said, newest first. */
  list_consents: {
    method: 'GET';
    path: "/members/{id}/consents";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_Consent;
  };
  /** Records what a member said. */
  add_consent: {
    method: 'POST';
    path: "/members/{id}/consents";
    params: { id: string };
    query: Record<string, never>;
    body: ConsentInput;
    answer: Page_Consent;
  };
  /** A member's coupons, the newest first. */
  list_member_coupons: {
    method: 'GET';
    path: "/members/{id}/coupons";
    params: { id: string };
    query: { state?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Coupon;
  };
  /**
   * What the pricing engine reads of a member's coupons: the parts `coupon_templates` and `members` of `promotions.json`, to be
   * laid beside the shop's promotions. Each version of a template is a template there, so a coupon names it.
   */
  get_member_coupon_offers: {
    method: 'GET';
    path: "/members/{id}/coupons/offers";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: CouponOffers;
  };
  /** The member's last address, masked, to be offered where goods are redeemed. It is used without being seen: by `address_of`. */
  get_delivery_address: {
    method: 'GET';
    path: "/members/{id}/delivery-address";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: OfferedAddress;
  };
  /** What a member did, newest first. */
  list_member_events: {
    method: 'GET';
    path: "/members/{id}/events";
    params: { id: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Behaviour;
  };
  /**
   * The growth tasks that run now, with how far a member is in each, what is missing, and what was given. A merged id answers
   * for whom it went into.
   */
  list_member_growth_tasks: {
    method: 'GET';
    path: "/members/{id}/growth-tasks";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_MemberGrowthTask;
  };
  /** What a member is known by, and what was merged into it. */
  get_member_identity: {
    method: 'GET';
    path: "/members/{id}/identity";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: MemberIdentity;
  };
  /** Merges two members by hand. The older survives with its id; the other becomes an alias. It can be taken back. */
  merge_member: {
    method: 'POST';
    path: "/members/{id}/merge";
    params: { id: string };
    query: Record<string, never>;
    body: MergeInput;
    answer: MergeDone;
  };
  /** A member's orders, newest first. */
  list_member_orders: {
    method: 'GET';
    path: "/members/{id}/orders";
    params: { id: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Order;
  };
  /** All books of a member, as they are now. A merged id answers with the books of whom it went into. */
  get_member_points: {
    method: 'GET';
    path: "/members/{id}/points";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_PointsBook;
  };
  /** Gives points, or takes them, with a reason. */
  adjust_points: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/adjust";
    params: { id: string; programme: string };
    query: Record<string, never>;
    body: AdjustInput;
    answer: PointsAnswer;
  };
  /** The member checks in: once a day. */
  check_in_member: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/check-in";
    params: { id: string; programme: string };
    query: Record<string, never>;
    body: IdInput;
    answer: PointsAnswer;
  };
  /** A member's entries in a programme, newest first. */
  list_member_points_entries: {
    method: 'GET';
    path: "/members/{id}/points/{programme}/entries";
    params: { id: string; programme: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_PointsEntry;
  };
  /** Gives growth value, or takes it, with a reason. */
  adjust_growth: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/growth";
    params: { id: string; programme: string };
    query: Record<string, never>;
    body: GrowthInput;
    answer: PointsAnswer;
  };
  /** Sets points aside until they are captured, released, or their time is over. */
  hold_points: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/hold";
    params: { id: string; programme: string };
    query: Record<string, never>;
    body: HoldInput;
    answer: PointsAnswer;
  };
  /** Spends what a hold set aside. */
  capture_hold: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/holds/{hold}/capture";
    params: { id: string; programme: string; hold: string };
    query: Record<string, never>;
    body: IdInput;
    answer: PointsAnswer;
  };
  /** Gives back what a hold set aside. */
  release_hold: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/holds/{hold}/release";
    params: { id: string; programme: string; hold: string };
    query: Record<string, never>;
    body: IdInput;
    answer: PointsAnswer;
  };
  /** Spends points, of the lots that end first. */
  spend_points: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/spend";
    params: { id: string; programme: string };
    query: Record<string, never>;
    body: SpendInput;
    answer: PointsAnswer;
  };
  /** Gives a spend, or a captured hold, back to the lots it was taken from. */
  reverse_spend: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/spends/{spend}/reverse";
    params: { id: string; programme: string; spend: string };
    query: Record<string, never>;
    body: ReverseInput;
    answer: PointsAnswer;
  };
  /** The member was here: what grades of activity count. */
  record_visit: {
    method: 'POST';
    path: "/members/{id}/points/{programme}/visit";
    params: { id: string; programme: string };
    query: Record<string, never>;
    body: IdInput;
    answer: PointsAnswer;
  };
  /** A member's refunds, newest first. */
  list_member_refunds: {
    method: 'GET';
    path: "/members/{id}/refunds";
    params: { id: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Refund;
  };
  /** The catalogue as a member has it: their price, and whether they may redeem each reward now, with the reason why not. */
  list_member_rewards: {
    method: 'GET';
    path: "/members/{id}/rewards";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_MemberReward;
  };
  /** Redeems a reward: points are spent and a piece is taken in one, or neither is. */
  redeem_reward: {
    method: 'POST';
    path: "/members/{id}/rewards/{reward}/redeem";
    params: { id: string; reward: string };
    query: Record<string, never>;
    body: RedeemInput;
    answer: Redeemed;
  };
  /** Makes a signed, short-lived link to a member's own page. It is written into the audit; the link itself is kept nowhere. */
  make_shopper_link: {
    method: 'POST';
    path: "/members/{id}/shopper-link";
    params: { id: string };
    query: Record<string, never>;
    body: ShopperLinkInput;
    answer: ShopperLink;
  };
  /** Where a member stands among all: recency, frequency and money, the stage, and why. */
  get_member_standing: {
    method: 'GET';
    path: "/members/{id}/standing";
    params: { id: string };
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: MemberStanding;
  };
  /** The tags of a member, the longest held first. */
  list_member_tags: {
    method: 'GET';
    path: "/members/{id}/tags";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_MemberTag;
  };
  /** Gives a tag to a member. Who has it already keeps it as it is. */
  tag_member: {
    method: 'PUT';
    path: "/members/{id}/tags/{tag}";
    params: { id: string; tag: string };
    query: Record<string, never>;
    body: TagReason | null;
    answer: Page_MemberTag;
  };
  /** Takes a tag off a member. */
  untag_member: {
    method: 'DELETE';
    path: "/members/{id}/tags/{tag}";
    params: { id: string; tag: string };
    query: Record<string, never>;
    body: TagReason | null;
    answer: Page_MemberTag;
  };
  /** Everything that happened to a member, newest first. What members had whom a merge took in is in it. */
  get_member_timeline: {
    method: 'GET';
    path: "/members/{id}/timeline";
    params: { id: string };
    query: { kind?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_TimelineEntry;
  };
  /** Shows identifiers of a member in clear. Who saw what and why is audited. */
  unmask_member: {
    method: 'POST';
    path: "/members/{id}/unmask";
    params: { id: string };
    query: Record<string, never>;
    body: Unmask;
    answer: Record<string, string | null>;
  };
  /** The merchants where the signed-in person has a role. */
  list_merchants: {
    method: 'GET';
    path: "/merchants";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_Merchant;
  };
  /** Makes a merchant; the signed-in person becomes its owner. Only who owns a merchant may. */
  create_merchant: {
    method: 'POST';
    path: "/merchants";
    params: Record<string, never>;
    query: Record<string, never>;
    body: MerchantCreate;
    answer: Merchant;
  };
  /** The merchant that the call is for. */
  get_current_merchant: {
    method: 'GET';
    path: "/merchants/current";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Merchant;
  };
  /** Changes the merchant's name, zone or settings; what is absent stays. */
  change_current_merchant: {
    method: 'PATCH';
    path: "/merchants/current";
    params: Record<string, never>;
    query: Record<string, never>;
    body: MerchantPatch;
    answer: Merchant;
  };
  /** Merges, newest first. */
  list_merges: {
    method: 'GET';
    path: "/merges";
    params: Record<string, never>;
    query: { member?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Merge;
  };
  /** Takes a merge back. What came in afterwards goes where its keys lead, and every difference is listed. */
  unmerge: {
    method: 'POST';
    path: "/merges/{id}/unmerge";
    params: { id: string };
    query: Record<string, never>;
    body: Reason;
    answer: UnmergeDone;
  };
  /** Orders, newest first. By shop, platform or state a page may hold fewer than asked, or none, and yet say where to go on: many others lay between. What lies far behind is found in the columns, where the last moments may be missing. */
  list_orders: {
    method: 'GET';
    path: "/orders";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string; state?: string; shop?: string; platform?: string; identified?: boolean; from?: string; to?: string; member?: string; query?: string };
    body: undefined;
    answer: Page_Order;
  };
  /**
   * Takes an order, new or known by its `external`: what you say is laid beside what others said,
   * and the order is what all of it makes.
   */
  create_order: {
    method: 'POST';
    path: "/orders";
    params: Record<string, never>;
    query: Record<string, never>;
    body: OrderInput;
    answer: OrderAccepted;
  };
  /** Takes up to 1,000 orders. Each item is answered for itself. */
  batch_orders: {
    method: 'POST';
    path: "/orders/batch";
    params: Record<string, never>;
    query: Record<string, never>;
    body: OrderBatch;
    answer: BatchResults;
  };
  /** The order of that name at its source. */
  get_order_by_external: {
    method: 'GET';
    path: "/orders/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Order;
  };
  /** Takes an order under its name at its source. */
  put_order_by_external: {
    method: 'PUT';
    path: "/orders/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: OrderInput;
    answer: OrderAccepted;
  };
  /** Exports orders, or their lines, as a file. Masked unless `clear`. */
  export_orders: {
    method: 'POST';
    path: "/orders/export";
    params: Record<string, never>;
    query: Record<string, never>;
    body: OrderExportInput;
    answer: Export;
  };
  /** One order, with its refunds and what was said of its state. */
  get_order: {
    method: 'GET';
    path: "/orders/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Order;
  };
  /** Gives an order of nobody to the member who proves it to be theirs. Five wrong proofs lock it. */
  claim_order: {
    method: 'POST';
    path: "/orders/{id}/claim";
    params: { id: string };
    query: Record<string, never>;
    body: OrderClaim;
    answer: OrderAccepted;
  };
  /** Records a refund of the order. */
  refund_order: {
    method: 'POST';
    path: "/orders/{id}/refund";
    params: { id: string };
    query: Record<string, never>;
    body: RefundInput;
    answer: RefundAccepted;
  };
  /** Get the first page's figures */
  get_overview: {
    method: 'GET';
    path: "/overview";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Overview;
  };
  /** Wished-for portraits, newest first, each with the last day that was recorded. */
  list_portrait_targets: {
    method: 'GET';
    path: "/portrait-targets";
    params: Record<string, never>;
    query: { state?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_PortraitTarget;
  };
  /** Makes a wished-for portrait; how the group stands to it is recorded at once and then once a day. */
  create_portrait_target: {
    method: 'POST';
    path: "/portrait-targets";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PortraitTargetInput;
    answer: PortraitTarget;
  };
  /** One wished-for portrait. */
  get_portrait_target: {
    method: 'GET';
    path: "/portrait-targets/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PortraitTarget;
  };
  /** Changes a wished-for portrait. Days that were recorded keep the wishes of then. Refused where another was faster. */
  put_portrait_target: {
    method: 'PUT';
    path: "/portrait-targets/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: PortraitTargetChange;
    answer: PortraitTarget;
  };
  /** Puts a wished-for portrait away: no day is recorded any more, those that are stay. */
  archive_portrait_target: {
    method: 'POST';
    path: "/portrait-targets/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PortraitTarget;
  };
  /** How the group stood to what was wished of it, day by day: days on which nothing was recorded are absent. */
  list_portrait_target_days: {
    method: 'GET';
    path: "/portrait-targets/{id}/days";
    params: { id: string };
    query: { from?: string; to?: string };
    body: undefined;
    answer: PortraitDays;
  };
  /** How the group stands to what is wished of it, now: each share beside the wished one with its 95 % interval, the gap in shares and in people, and the members outside it who would close gaps, those who close most first. */
  measure_portrait_target: {
    method: 'POST';
    path: "/portrait-targets/{id}/measure";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PortraitStanding;
  };
  /** The same, kept as what there is today in place of what was recorded of today before. */
  record_portrait_target: {
    method: 'POST';
    path: "/portrait-targets/{id}/record";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PortraitStanding;
  };
  /** Takes a wished-for portrait back. */
  restore_portrait_target: {
    method: 'POST';
    path: "/portrait-targets/{id}/restore";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PortraitTarget;
  };
  /**
   * What a cart costs and why, by the offers in the request: nothing of the shop is read, nothing is kept. The same answer as
   * `shuke price --json`. Beyond 16 candidates, and for carts of hundreds of lines, the search is bounded and says so.
   */
  evaluate_cart: {
    method: 'POST';
    path: "/pricing/evaluate";
    params: Record<string, never>;
    query: Record<string, never>;
    body: EvaluateInput;
    answer: PricedCart;
  };
  /** What holds for every order: how many coupons, points as cash, what is earned, lowest prices; whose tiers and points. */
  get_price_settings: {
    method: 'GET';
    path: "/pricing/settings";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: PriceSettings;
  };
  /** All versions, in order. */
  list_price_settings_versions: {
    method: 'GET';
    path: "/pricing/settings/versions";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_PriceSettingsVersion;
  };
  /** Posts settings as a new version, now or from a time on. */
  post_price_settings: {
    method: 'POST';
    path: "/pricing/settings/versions";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PriceSettingsInput;
    answer: PriceSettingsVersion;
  };
  /** Goes back to an older version: it is posted again as a new one. */
  restore_price_settings: {
    method: 'POST';
    path: "/pricing/settings/versions/{no}/restore";
    params: { no: number };
    query: Record<string, never>;
    body: PriceSettingsRestore;
    answer: PriceSettingsVersion;
  };
  /** Withdraws a version that has not begun. */
  withdraw_price_settings: {
    method: 'POST';
    path: "/pricing/settings/versions/{no}/withdraw";
    params: { no: number };
    query: Record<string, never>;
    body: undefined;
    answer: PriceSettings;
  };
  /** The privacy register: what each column of the store holds. */
  list_register: {
    method: 'GET';
    path: "/privacy/register";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_RegisterColumn;
  };
  /** Requests, newest first. */
  list_privacy_requests: {
    method: 'GET';
    path: "/privacy/requests";
    params: Record<string, never>;
    query: { state?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_PrivacyRequest;
  };
  /** Takes a person's request; its clock of fifteen working days begins. */
  create_privacy_request: {
    method: 'POST';
    path: "/privacy/requests";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PrivacyRequestInput;
    answer: PrivacyRequest;
  };
  /** One request. */
  get_privacy_request: {
    method: 'GET';
    path: "/privacy/requests/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PrivacyRequest;
  };
  /** Answers a request: an erasure erases, a copy was handed over. */
  complete_privacy_request: {
    method: 'POST';
    path: "/privacy/requests/{id}/complete";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PrivacyRequest;
  };
  /** Everything that is kept of the person, as JSON. That it was made is audited. */
  copy_privacy_request: {
    method: 'GET';
    path: "/privacy/requests/{id}/copy";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: unknown;
  };
  /** Makes a new data key and seals everything anew under it, as a task. */
  rotate_keys: {
    method: 'POST';
    path: "/privacy/rotate-keys";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: RotationQueued;
  };
  /** Products, by code. */
  list_products: {
    method: 'GET';
    path: "/products";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string; query?: string; category?: string };
    body: undefined;
    answer: Page_Product;
  };
  /** Takes a product, new or known by its `external`. */
  create_product: {
    method: 'POST';
    path: "/products";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ProductInput;
    answer: ProductAccepted;
  };
  /** Takes up to 1,000 products. Each item is answered for itself. */
  batch_products: {
    method: 'POST';
    path: "/products/batch";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ProductBatch;
    answer: BatchResults;
  };
  /** The product of that name at its source. */
  get_product_by_external: {
    method: 'GET';
    path: "/products/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Product;
  };
  /** Takes a product under its name at its source. */
  put_product_by_external: {
    method: 'PUT';
    path: "/products/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: ProductInput;
    answer: ProductAccepted;
  };
  /** Exports products as a file; what they cost is in it, so it needs the permission to see that. */
  export_products: {
    method: 'POST';
    path: "/products/export";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ExportInput_ProductExportFilter;
    answer: Export;
  };
  /** One product. */
  get_product: {
    method: 'GET';
    path: "/products/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Product;
  };
  /** All programmes of the merchant, the oldest first. */
  list_programmes: {
    method: 'GET';
    path: "/programmes";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_Programme;
  };
  /** Makes a programme with its first version of rules. */
  create_programme: {
    method: 'POST';
    path: "/programmes";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ProgrammeInput;
    answer: Programme;
  };
  /** Reads rules without keeping them: each as a sentence, or the first thing that is wrong. */
  check_programme_rules: {
    method: 'POST';
    path: "/programmes/check";
    params: Record<string, never>;
    query: Record<string, never>;
    body: RulesInput;
    answer: RulesChecked;
  };
  /** Ready ladders with earning rules, to be taken and changed. */
  list_programme_templates: {
    method: 'GET';
    path: "/programmes/templates";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_ProgrammeTemplate;
  };
  /** Runs rules on an example member with a clock of its own. Nothing is kept. */
  try_programme_rules: {
    method: 'POST';
    path: "/programmes/try";
    params: Record<string, never>;
    query: Record<string, never>;
    body: Trial;
    answer: Tried;
  };
  /** One programme. */
  get_programme: {
    method: 'GET';
    path: "/programmes/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Programme;
  };
  /** Changes name and shops. Rules are changed by a new version. */
  update_programme: {
    method: 'PUT';
    path: "/programmes/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: ProgrammeChange;
    answer: Programme;
  };
  /** Puts a programme away for good: nothing is booked in it any more, its books stay readable. */
  archive_programme: {
    method: 'POST';
    path: "/programmes/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Programme;
  };
  /**
   * Members whose available points end within some days, and how many on which day: whom to remind. By when something is due in their
   * books next. What pends or is set aside by a hold ends on no day and is not told.
   */
  list_points_ending: {
    method: 'GET';
    path: "/programmes/{id}/ending";
    params: { id: string };
    query: { within?: number; from?: string; to?: string; min_points?: number; value?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_PointsEnding;
  };
  /** The same members as a file, whole, a row for each member and last day, written while it is sent. Who took it is audited. */
  export_points_ending: {
    method: 'GET';
    path: "/programmes/{id}/ending/export";
    params: { id: string };
    query: { within?: number; from?: string; to?: string; min_points?: number; value?: string; format?: string; merchant?: string };
    body: undefined;
    answer: string;
  };
  /** Entries of all members of a programme, newest first by when they were booked. */
  list_programme_entries: {
    method: 'GET';
    path: "/programmes/{id}/entries";
    params: { id: string };
    query: { member?: string; account?: string; cause?: string; cause_id?: string; booked_from?: string; booked_to?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_PointsEntry;
  };
  /**
   * What will become of points: used or ended, by month of lots and month to come, with ranges; breakage; and, where a point's worth is
   * stated, the deferred revenue.
   */
  get_points_forecast: {
    method: 'GET';
    path: "/programmes/{id}/forecast";
    params: { id: string };
    query: { month?: string; months?: number; value?: string; per_yuan?: string; use_at_issue?: string; use_now?: string };
    body: undefined;
    answer: PointsForecast;
  };
  /** What a programme owes in points, by the month of lots: opening, what moved, closing. */
  get_points_liability: {
    method: 'GET';
    path: "/programmes/{id}/liability";
    params: { id: string };
    query: { month?: string; value?: string };
    body: undefined;
    answer: PointsLiability;
  };
  /** A table of the liability or of the forecast as CSV, XLSX or Parquet, whole. */
  export_points_liability: {
    method: 'GET';
    path: "/programmes/{id}/liability/export";
    params: { id: string };
    query: { table?: string; format?: string; month?: string; months?: number; value?: string; per_yuan?: string; use_at_issue?: string; use_now?: string };
    body: undefined;
    answer: string;
  };
  /** Pauses a programme: orders and what is due go on being booked, nobody spends or earns by asking. */
  pause_programme: {
    method: 'POST';
    path: "/programmes/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Programme;
  };
  /** What an order would earn if the member paid it now. Nothing is written. */
  quote_points: {
    method: 'POST';
    path: "/programmes/{id}/quote";
    params: { id: string };
    query: Record<string, never>;
    body: QuoteInput;
    answer: PointsQuote;
  };
  /** A programme's re-runs, the newest first. */
  list_programme_reruns: {
    method: 'GET';
    path: "/programmes/{id}/reruns";
    params: { id: string };
    query: { value?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_ProgrammeRerun;
  };
  /**
   * Asks what orders of a span would have earned by the rules of a version that has begun: a task reckons it, and nothing is booked. A
   * re-run of this programme that was only shown is thrown away.
   */
  start_programme_rerun: {
    method: 'POST';
    path: "/programmes/{id}/reruns";
    params: { id: string };
    query: Record<string, never>;
    body: RerunInput;
    answer: RerunStarted;
  };
  /** Sets a paused programme going again. */
  resume_programme: {
    method: 'POST';
    path: "/programmes/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Programme;
  };
  /**
   * Tries rules on all members before they are saved: who would hold which tier, who loses something, points and what they cost.
   * Nothing is changed and nothing is kept.
   */
  try_programme_version: {
    method: 'POST';
    path: "/programmes/{id}/trials";
    params: { id: string };
    query: Record<string, never>;
    body: ProgrammeTrialInput;
    answer: ProgrammeTrial;
  };
  /** The same members as a file, whole, written while it is sent. Who took it is audited. */
  export_tried_members: {
    method: 'POST';
    path: "/programmes/{id}/trials/file";
    params: { id: string };
    query: Record<string, never>;
    body: TriedMembersInput;
    answer: string;
  };
  /** The members of a trial who lose something, or whom a filter chooses, in order of their ids. */
  list_tried_members: {
    method: 'POST';
    path: "/programmes/{id}/trials/members";
    params: { id: string };
    query: { limit?: number; cursor?: string };
    body: TriedMembersInput;
    answer: Page_TriedMember;
  };
  /** All versions of a programme's rules, in order. */
  list_programme_versions: {
    method: 'GET';
    path: "/programmes/{id}/versions";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_ProgrammeVersion;
  };
  /** Posts a new version of the rules. What was earned stays what it is. To go back, restore the older version. */
  post_programme_version: {
    method: 'POST';
    path: "/programmes/{id}/versions";
    params: { id: string };
    query: Record<string, never>;
    body: VersionInput;
    answer: ProgrammeVersion;
  };
  /** Goes back to an older version: its rules are posted again as a new one. What was earned meanwhile stays what it is. */
  restore_programme_version: {
    method: 'POST';
    path: "/programmes/{id}/versions/{no}/restore";
    params: { id: string; no: number };
    query: Record<string, never>;
    body: RestoreInput;
    answer: ProgrammeVersion;
  };
  /** Withdraws a version that has not begun. */
  withdraw_programme_version: {
    method: 'POST';
    path: "/programmes/{id}/versions/{no}/withdraw";
    params: { id: string; no: number };
    query: Record<string, never>;
    body: undefined;
    answer: Programme;
  };
  /** The merchant's promotions, the newest first, each with what it does in one sentence. */
  list_promotions: {
    method: 'GET';
    path: "/promotions";
    params: Record<string, never>;
    query: { state?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_PromotionLine;
  };
  /** Makes a promotion with a draft of its rules. Nothing is in force before it is published. */
  create_promotion: {
    method: 'POST';
    path: "/promotions";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PromotionInput;
    answer: Promotion;
  };
  /**
   * What of all promotions and settings holds at an instant, as `promotions.json`: `shuke price` and `POST /pricing/evaluate`
   * take it as it is, with members put beside.
   */
  get_promotion_catalogue: {
    method: 'GET';
    path: "/promotions/catalogue";
    params: Record<string, never>;
    query: { at?: string };
    body: undefined;
    answer: PromotionsFile;
  };
  /** Reads rules without keeping them: what they do in one sentence, or the first thing that is wrong. */
  check_promotion_rules: {
    method: 'POST';
    path: "/promotions/check";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PromotionRules;
    answer: PromotionRulesChecked;
  };
  /** One promotion. */
  get_promotion: {
    method: 'GET';
    path: "/promotions/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Promotion;
  };
  /** Changes name and draft. What is in force stays so until the draft is published. */
  update_promotion: {
    method: 'PUT';
    path: "/promotions/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: PromotionChange;
    answer: Promotion;
  };
  /** Puts a promotion away for good; its versions stay readable. */
  archive_promotion: {
    method: 'POST';
    path: "/promotions/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Promotion;
  };
  /** Pauses a promotion: no cart is priced by it. */
  pause_promotion: {
    method: 'POST';
    path: "/promotions/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Promotion;
  };
  /** Publishes the draft as a new version, now or from a time on. Carts of before keep their prices: nothing is priced anew. */
  publish_promotion: {
    method: 'POST';
    path: "/promotions/{id}/publish";
    params: { id: string };
    query: Record<string, never>;
    body: PromotionPublish;
    answer: Promotion;
  };
  /** Sets a paused promotion going again. */
  resume_promotion: {
    method: 'POST';
    path: "/promotions/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Promotion;
  };
  /** All versions of a promotion's rules, in order. */
  list_promotion_versions: {
    method: 'GET';
    path: "/promotions/{id}/versions";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Page_PromotionVersion;
  };
  /** Goes back to an older version: its rules are published again as a new one. A draft stays a draft. */
  restore_promotion_version: {
    method: 'POST';
    path: "/promotions/{id}/versions/{no}/restore";
    params: { id: string; no: number };
    query: Record<string, never>;
    body: PromotionRestore;
    answer: Promotion;
  };
  /** Withdraws a version that has not begun. Where there is no draft, its rules are one again. */
  withdraw_promotion_version: {
    method: 'POST';
    path: "/promotions/{id}/versions/{no}/withdraw";
    params: { id: string; no: number };
    query: Record<string, never>;
    body: undefined;
    answer: Promotion;
  };
  /** List records in quarantine */
  list_quarantine: {
    method: 'GET';
    path: "/quarantine";
    params: Record<string, never>;
    query: { import?: string; state?: string; reason?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_QuarantinedOut;
  };
  /** Get a record in quarantine */
  get_quarantined: {
    method: 'GET';
    path: "/quarantine/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: QuarantinedOut;
  };
  /** Repair a record in quarantine */
  repair_quarantined: {
    method: 'PATCH';
    path: "/quarantine/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: RepairIn;
    answer: QuarantinedOut;
  };
  /** Discard a record in quarantine */
  discard_quarantined: {
    method: 'POST';
    path: "/quarantine/{id}/discard";
    params: { id: string };
    query: Record<string, never>;
    body: DiscardIn;
    answer: QuarantinedOut;
  };
  /** Let a record wait again */
  reopen_quarantined: {
    method: 'POST';
    path: "/quarantine/{id}/reopen";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: QuarantinedOut;
  };
  /** Redemptions, newest first. */
  list_redemptions: {
    method: 'GET';
    path: "/redemptions";
    params: Record<string, never>;
    query: { state?: string; reward?: string; member?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Redemption;
  };
  /**
   * Goods that were redeemed, newest first, with receivers and addresses in clear, for whoever packs them. Written while it is
   * sent and kept nowhere; who took it and why is audited each time.
   */
  export_redemption_addresses: {
    method: 'POST';
    path: "/redemptions/addresses";
    params: Record<string, never>;
    query: Record<string, never>;
    body: RedemptionAddressesInput;
    answer: string;
  };
  /** Redemptions as CSV, whole, newest first; who receives them where is masked. */
  export_redemptions: {
    method: 'GET';
    path: "/redemptions/export";
    params: Record<string, never>;
    query: { state?: string; reward?: string; member?: string; merchant?: string };
    body: undefined;
    answer: string;
  };
  /** One redemption. */
  get_redemption: {
    method: 'GET';
    path: "/redemptions/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Redemption;
  };
  /** Says where goods that were redeemed go, or that they go elsewhere, until they are sent. */
  change_redemption_address: {
    method: 'PUT';
    path: "/redemptions/{id}/address";
    params: { id: string };
    query: Record<string, never>;
    body: RedemptionAddressInput;
    answer: Redemption;
  };
  /** It is not to be: points go back into the lots they were taken from, the piece into the stock. */
  cancel_redemption: {
    method: 'POST';
    path: "/redemptions/{id}/cancel";
    params: { id: string };
    query: Record<string, never>;
    body: BenefitReason;
    answer: Redemption;
  };
  /** It has arrived, or the service was done. */
  deliver_redemption: {
    method: 'POST';
    path: "/redemptions/{id}/deliver";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Redemption;
  };
  /** Goods are on their way; said again, they go under another number. */
  send_redemption: {
    method: 'POST';
    path: "/redemptions/{id}/send";
    params: { id: string };
    query: Record<string, never>;
    body: RedemptionParcel;
    answer: Redemption;
  };
  /** Shows where a redemption is sent in clear. Who saw it and why is audited. */
  unmask_redemption: {
    method: 'POST';
    path: "/redemptions/{id}/unmask";
    params: { id: string };
    query: Record<string, never>;
    body: RedemptionUnmask;
    answer: DeliveryAddress;
  };
  /** Refunds, newest first. */
  list_refunds: {
    method: 'GET';
    path: "/refunds";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string; state?: string };
    body: undefined;
    answer: Page_Refund;
  };
  /** Takes a refund, new or known by its `external`. */
  create_refund: {
    method: 'POST';
    path: "/refunds";
    params: Record<string, never>;
    query: Record<string, never>;
    body: RefundInput;
    answer: RefundAccepted;
  };
  /** Takes up to 1,000 refunds. Each item is answered for itself. */
  batch_refunds: {
    method: 'POST';
    path: "/refunds/batch";
    params: Record<string, never>;
    query: Record<string, never>;
    body: RefundBatch;
    answer: BatchResults;
  };
  /** The refund of that name at its source. */
  get_refund_by_external: {
    method: 'GET';
    path: "/refunds/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Refund;
  };
  /** Takes a refund under its name at its source. */
  put_refund_by_external: {
    method: 'PUT';
    path: "/refunds/by-external/{source}/{id}";
    params: { source: string; id: string };
    query: Record<string, never>;
    body: RefundInput;
    answer: RefundAccepted;
  };
  /** Exports refunds as a file. */
  export_refunds: {
    method: 'POST';
    path: "/refunds/export";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ExportInput_RefundExportFilter;
    answer: Export;
  };
  /** One refund. */
  get_refund: {
    method: 'GET';
    path: "/refunds/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Refund;
  };
  /** Weekdays and hours of purchases. */
  calendar_report: {
    method: 'GET';
    path: "/reports/calendar";
    params: Record<string, never>;
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Calendar;
  };
  /** Retention by month of the first purchase. */
  cohort_report: {
    method: 'GET';
    path: "/reports/cohort";
    params: Record<string, never>;
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Cohorts;
  };
  /** Members, sales, repurchase and trend. */
  dashboard_report: {
    method: 'GET';
    path: "/reports/dashboard";
    params: Record<string, never>;
    query: { grain?: string; compare?: string; as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Dashboard;
  };
  /** What sells. */
  goods_report: {
    method: 'GET';
    path: "/reports/goods";
    params: Record<string, never>;
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Goods;
  };
  /** Days between purchases, and to the second one. */
  interval_report: {
    method: 'GET';
    path: "/reports/interval";
    params: Record<string, never>;
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Interval;
  };
  /** Stages by each member's own rhythm, and moves between them. */
  lifecycle_report: {
    method: 'GET';
    path: "/reports/lifecycle";
    params: Record<string, never>;
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Lifecycle;
  };
  /** Where purchases go. */
  region_report: {
    method: 'GET';
    path: "/reports/region";
    params: Record<string, never>;
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Regions;
  };
  /** Recency, frequency and money: scores, cells, the eight groups. */
  rfm_report: {
    method: 'GET';
    path: "/reports/rfm";
    params: Record<string, never>;
    query: { as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Reported_Rfm;
  };
  /** What the platforms settled, beside what the orders say that was to be received: sums by platform, shop and month, and what explains the differences. */
  settlement_report: {
    method: 'GET';
    path: "/reports/settlement";
    params: Record<string, never>;
    query: { from?: string; to?: string; platform?: string; shop?: string; currency?: string; zone?: string };
    body: undefined;
    answer: Settlement;
  };
  /** A table of the settlement report as CSV, XLSX or Parquet, whole. */
  export_settlement_table: {
    method: 'GET';
    path: "/reports/settlement/export";
    params: Record<string, never>;
    query: { table?: string; format?: string; from?: string; to?: string; platform?: string; shop?: string; currency?: string; zone?: string };
    body: undefined;
    answer: string;
  };
  /** Orders whose settlement differs, newest first, with the reasons in words. A page that had to look at many orders may hold fewer than `limit`, while `next_cursor` tells that there is more to look through. */
  list_settlement_orders: {
    method: 'GET';
    path: "/reports/settlement/orders";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string; reason?: string; part?: string; from?: string; to?: string; platform?: string; shop?: string; currency?: string; zone?: string };
    body: undefined;
    answer: Page_SettlementOrder;
  };
  /** Exports the orders whose settlement is not what was expected, with the reasons. */
  export_settlement_orders: {
    method: 'POST';
    path: "/reports/settlement/orders/export";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ExportInput_SettlementExportFilter;
    answer: Export;
  };
  /**
   * A table of a report as CSV, XLSX or Parquet, whole, whatever `top` says. CSV and XLSX have headings in
   * the language asked for and money as decimals; Parquet the names of the answer and minor units.
   */
  export_report: {
    method: 'GET';
    path: "/reports/{report}/export";
    params: { report: string };
    query: { table?: string; format?: string; grain?: string; compare?: string; as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: string;
  };
  /** The members behind a number of a report, by id. */
  list_report_members: {
    method: 'GET';
    path: "/reports/{report}/members";
    params: { report: string };
    query: { of?: string; limit?: number; cursor?: string; as_of?: string; from?: string; to?: string; returns?: string; zone?: string; currency?: string; top?: number; cuts?: string; centre?: string; min_gaps?: number };
    body: undefined;
    answer: Page_ReportMember;
  };
  /** A re-run and what it comes to. */
  get_programme_rerun: {
    method: 'GET';
    path: "/reruns/{id}";
    params: { id: string };
    query: { value?: string };
    body: undefined;
    answer: ProgrammeRerun;
  };
  /** Books a re-run as it was shown: a task goes from member to member. Whose history is another by then is left as it is and told. */
  book_programme_rerun: {
    method: 'POST';
    path: "/reruns/{id}/book";
    params: { id: string };
    query: Record<string, never>;
    body: RerunBooking;
    answer: RerunStarted;
  };
  /** Throws away a re-run that is shown, or still reckoned. Nothing of it was booked. */
  discard_programme_rerun: {
    method: 'POST';
    path: "/reruns/{id}/discard";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** The same as a file, whole, a row for each correction, written while it is sent. Who took it is audited. */
  export_rerun: {
    method: 'GET';
    path: "/reruns/{id}/export";
    params: { id: string };
    query: { value?: string; format?: string; merchant?: string };
    body: undefined;
    answer: string;
  };
  /** The members for whom anything would be otherwise, and their orders, in order of their ids. Of one that was thrown away nobody. */
  list_rerun_members: {
    method: 'GET';
    path: "/reruns/{id}/members";
    params: { id: string };
    query: { state?: string; value?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_RerunMember;
  };
  /** Members that share keys without being one: for a person to decide. One item a pair, however many keys it shares, in the order of ids. */
  list_reviews: {
    method: 'GET';
    path: "/reviews";
    params: Record<string, never>;
    query: { state?: string; member?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Review;
  };
  /** One review. */
  get_review: {
    method: 'GET';
    path: "/reviews/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Review;
  };
  /** Decides that the two are two people. */
  keep_review_apart: {
    method: 'POST';
    path: "/reviews/{id}/keep-apart";
    params: { id: string };
    query: Record<string, never>;
    body: Reason;
    answer: ReviewDecided;
  };
  /** Decides that the two are one person. */
  merge_review: {
    method: 'POST';
    path: "/reviews/{id}/merge";
    params: { id: string };
    query: Record<string, never>;
    body: Reason;
    answer: ReviewDecided;
  };
  /** Shows the same identifiers of both sides in clear. Who saw what and why is audited, once for each side. */
  unmask_review: {
    method: 'POST';
    path: "/reviews/{id}/unmask";
    params: { id: string };
    query: Record<string, never>;
    body: ReviewUnmask;
    answer: ReviewUncovered;
  };
  /** The catalogue, the oldest first. */
  list_rewards: {
    method: 'GET';
    path: "/rewards";
    params: Record<string, never>;
    query: { state?: string };
    body: undefined;
    answer: Page_Reward;
  };
  /** Makes a reward. */
  create_reward: {
    method: 'POST';
    path: "/rewards";
    params: Record<string, never>;
    query: Record<string, never>;
    body: RewardInput;
    answer: Reward;
  };
  /** One reward. */
  get_reward: {
    method: 'GET';
    path: "/rewards/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Reward;
  };
  /** Says something else of a reward. Its programme, sort and stock stay; `version` is the one that was read. */
  update_reward: {
    method: 'PUT';
    path: "/rewards/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: RewardInput;
    answer: Reward;
  };
  /** Puts a reward away for good; its redemptions go on being delivered. */
  archive_reward: {
    method: 'POST';
    path: "/rewards/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Reward;
  };
  /** Pauses a reward: nobody can redeem it. */
  pause_reward: {
    method: 'POST';
    path: "/rewards/{id}/pause";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Reward;
  };
  /** A reward's picture. */
  get_reward_picture: {
    method: 'GET';
    path: "/rewards/{id}/picture";
    params: { id: string };
    query: { v?: string; merchant?: string };
    body: undefined;
    answer: string;
  };
  /** Gives a reward a picture, instead of the one it has. */
  put_reward_picture: {
    method: 'PUT';
    path: "/rewards/{id}/picture";
    params: { id: string };
    query: Record<string, never>;
    body: RewardPictureInput;
    answer: Reward;
  };
  /** Takes a reward's picture away. */
  delete_reward_picture: {
    method: 'DELETE';
    path: "/rewards/{id}/picture";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Reward;
  };
  /** Sets a paused reward going again. */
  resume_reward: {
    method: 'POST';
    path: "/rewards/{id}/resume";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Reward;
  };
  /** Changes how many pieces are left. */
  change_reward_stock: {
    method: 'POST';
    path: "/rewards/{id}/stock";
    params: { id: string };
    query: Record<string, never>;
    body: RewardStockInput;
    answer: Reward;
  };
  /** Segments, newest first, with their stored sizes: nothing is counted for a page. */
  list_segments: {
    method: 'GET';
    path: "/segments";
    params: Record<string, never>;
    query: { state?: string; kind?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Segment;
  };
  /** Makes a segment. The members of one that has an expression are found by a task. */
  create_segment: {
    method: 'POST';
    path: "/segments";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SegmentInput;
    answer: Segment;
  };
  /** Judges an expression without asking anybody: its forms, its words, what it speaks of, or what is wrong with it and where. */
  check_segment: {
    method: 'POST';
    path: "/segments/check";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SegmentCheck;
    answer: SegmentChecked;
  };
  /** Counts the members whom an expression is true of. A request that is given up stops the work. */
  count_segment: {
    method: 'POST';
    path: "/segments/count";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SegmentCountRequest;
    answer: SegmentCount;
  };
  /** How many members two to five segments have in common, for every combination, by who is in them now. */
  overlap_segments: {
    method: 'POST';
    path: "/segments/overlap";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SegmentOverlapRequest;
    answer: SegmentOverlap;
  };
  /** What distinguishes a group, beside all members or another group: shares by attribute with their lift and its 95 % interval, and what the group buys. A request that is given up stops the work. */
  portray_segment: {
    method: 'POST';
    path: "/segments/portrait";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SegmentPortraitRequest;
    answer: SegmentPortrait;
  };
  /** The same as a file with every bar of every attribute and every figure: CSV in one table, XLSX with a sheet that says whom it is of, one of figures, one of attributes. Headings are in the language asked for. */
  export_portrait: {
    method: 'POST';
    path: "/segments/portrait/export";
    params: Record<string, never>;
    query: { format?: string };
    body: SegmentPortraitRequest;
    answer: string;
  };
  /** Segments that are ready to be used, as they are or to be changed: by value, stage, RFM group and play. */
  list_ready_segments: {
    method: 'GET';
    path: "/segments/ready";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: ReadySegments;
  };
  /** What an expression may speak of: facts of members, tables of rows with their columns, the words of those that have few. */
  get_segment_registry: {
    method: 'GET';
    path: "/segments/registry";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: SegmentRegistry;
  };
  /** Why an expression is true of a member, or is not. */
  explain_expression_member: {
    method: 'POST';
    path: "/segments/why";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SegmentWhyRequest;
    answer: SegmentWhy;
  };
  /** The merchant's words for a text, to choose from while an expression is written. */
  list_segment_words: {
    method: 'GET';
    path: "/segments/words";
    params: Record<string, never>;
    query: { vocabulary: string; contains?: string; limit?: number };
    body: undefined;
    answer: SegmentWords;
  };
  /** One segment. */
  get_segment: {
    method: 'GET';
    path: "/segments/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Segment;
  };
  /** Changes a segment; what is absent stays. Refused where another was faster. */
  put_segment: {
    method: 'PUT';
    path: "/segments/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: SegmentPatch;
    answer: Segment;
  };
  /** Puts a segment away: it is kept up no longer. Refused while others refer to it. */
  archive_segment: {
    method: 'POST';
    path: "/segments/{id}/archive";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Segment;
  };
  /** Who came into a segment and who went, newest first, and why. */
  list_segment_changes: {
    method: 'GET';
    path: "/segments/{id}/changes";
    params: { id: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_SegmentChange;
  };
  /** Copies a segment; of a list, its members as they are now. */
  duplicate_segment: {
    method: 'POST';
    path: "/segments/{id}/duplicate";
    params: { id: string };
    query: Record<string, never>;
    body: SegmentCopy;
    answer: Segment;
  };
  /** Who is in a segment, those who came last first. */
  list_segment_members: {
    method: 'GET';
    path: "/segments/{id}/members";
    params: { id: string };
    query: { entered_since?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_SegmentMember;
  };
  /** Has a segment reckoned anew, by a task. */
  refresh_segment: {
    method: 'POST';
    path: "/segments/{id}/refresh";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Segment;
  };
  /** Takes a segment back. */
  restore_segment: {
    method: 'POST';
    path: "/segments/{id}/restore";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Segment;
  };
  /** How large a segment was, day by day, with who came and went. */
  list_segment_sizes: {
    method: 'GET';
    path: "/segments/{id}/sizes";
    params: { id: string };
    query: { from?: string; to?: string };
    body: undefined;
    answer: SegmentSizes;
  };
  /** Why a member is in a segment, or is not: each condition with what it was judged by, as of now. */
  explain_segment_member: {
    method: 'GET';
    path: "/segments/{id}/why";
    params: { id: string };
    query: { member: string };
    body: undefined;
    answer: SegmentWhy;
  };
  /** Signs in: answers with the session's cookie. */
  sign_in: {
    method: 'POST';
    path: "/sessions";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SignIn;
    answer: Session;
  };
  /** Who is signed in. */
  get_session: {
    method: 'GET';
    path: "/sessions/current";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Session;
  };
  /** Signs out. */
  sign_out: {
    method: 'DELETE';
    path: "/sessions/current";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** Changes one's password. Every other session of the person ends; this one gets a new cookie. */
  change_password: {
    method: 'PUT';
    path: "/sessions/current/password";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PasswordChange;
    answer: undefined;
  };
  /** Begins to set up a second factor: it is in force once its first code was given. */
  prepare_totp: {
    method: 'POST';
    path: "/sessions/current/totp";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: TotpSecret;
  };
  /** Puts the second factor in force. */
  enable_totp: {
    method: 'PUT';
    path: "/sessions/current/totp";
    params: Record<string, never>;
    query: Record<string, never>;
    body: TotpCode;
    answer: undefined;
  };
  /** Takes the second factor away. */
  disable_totp: {
    method: 'DELETE';
    path: "/sessions/current/totp";
    params: Record<string, never>;
    query: Record<string, never>;
    body: PasswordProof;
    answer: undefined;
  };
  /** Whether the installation is set up. */
  setup_state: {
    method: 'GET';
    path: "/setup";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: SetupState;
  };
  /** Makes the first owner and the first merchant, and signs the owner in. */
  set_up: {
    method: 'POST';
    path: "/setup";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SetupRequest;
    answer: Session;
  };
  /** What the shopper's page may do. */
  get_shopper_page: {
    method: 'GET';
    path: "/shopper-page";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: ShopperPage;
  };
  /** Settles what the shopper's page may do. */
  put_shopper_page: {
    method: 'PUT';
    path: "/shopper-page";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ShopperPageInput;
    answer: ShopperPage;
  };
  /** Ends all links that were made so far, at once: a key was lost, or a link went where it should not. */
  end_shopper_links: {
    method: 'POST';
    path: "/shopper-page/end-links";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: ShopperPage;
  };
  /** The merchant's shops. */
  list_shops: {
    method: 'GET';
    path: "/shops";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Shop;
  };
  /** Adds a shop. */
  create_shop: {
    method: 'POST';
    path: "/shops";
    params: Record<string, never>;
    query: Record<string, never>;
    body: ShopCreate;
    answer: Shop;
  };
  /** One shop. */
  get_shop: {
    method: 'GET';
    path: "/shops/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Shop;
  };
  /** Changes a shop; what is absent stays. */
  change_shop: {
    method: 'PATCH';
    path: "/shops/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: ShopPatch;
    answer: Shop;
  };
  /** Answers a question in SQL over the merchant's columns: members, orders, lines, refunds, events, tags, history. It reads only, under limits of time (20 s), memory and rows, and stops when the caller leaves. 501 where the program that answers is not installed. */
  run_sql: {
    method: 'POST';
    path: "/sql";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SqlRequest;
    answer: SqlAnswer;
  };
  /** The tables that a question in SQL may name, their columns, and what they mean. */
  list_sql_tables: {
    method: 'GET';
    path: "/sql/tables";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: SqlTables;
  };
  /** The merchant's staff. */
  list_staff: {
    method: 'GET';
    path: "/staff";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Staff;
  };
  /** Invites a person to the merchant's staff. */
  invite_staff: {
    method: 'POST';
    path: "/staff";
    params: Record<string, never>;
    query: Record<string, never>;
    body: StaffInvite;
    answer: StaffInvited;
  };
  /** Takes an invitation by choosing a password. Sign in afterwards. */
  accept_invite: {
    method: 'POST';
    path: "/staff/accept";
    params: Record<string, never>;
    query: Record<string, never>;
    body: InviteAccept;
    answer: InviteAccepted;
  };
  /** Changes a person's role, name or access; what is absent stays. */
  change_staff: {
    method: 'PATCH';
    path: "/staff/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: StaffPatch;
    answer: Staff;
  };
  /** Takes a person from the merchant's staff. */
  remove_staff: {
    method: 'DELETE';
    path: "/staff/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Makes a link with which a person who forgot their password chooses a new one. Only where they
   * work for no other merchant.
   */
  reset_staff_password: {
    method: 'POST';
    path: "/staff/{id}/reset";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: PasswordReset;
  };
  /** Addresses that must not be written to, newest first. */
  list_suppressions: {
    method: 'GET';
    path: "/suppressions";
    params: Record<string, never>;
    query: { channel?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Suppression;
  };
  /** Suppresses one address. */
  add_suppression: {
    method: 'POST';
    path: "/suppressions";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SuppressionInput;
    answer: SuppressionResults;
  };
  /** Suppresses up to 10,000 addresses, each answered for itself. */
  import_suppressions: {
    method: 'POST';
    path: "/suppressions/import";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SuppressionImport;
    answer: SuppressionResults;
  };
  /** Lifts a suppression. */
  lift_suppression: {
    method: 'DELETE';
    path: "/suppressions/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** All categories of tags, by name. */
  list_tag_categories: {
    method: 'GET';
    path: "/tag-categories";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_TagCategory;
  };
  /** Makes a category of tags. */
  create_tag_category: {
    method: 'POST';
    path: "/tag-categories";
    params: Record<string, never>;
    query: Record<string, never>;
    body: TagCategoryInput;
    answer: TagCategory;
  };
  /** Renames a category of tags. */
  update_tag_category: {
    method: 'PATCH';
    path: "/tag-categories/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: TagCategoryInput;
    answer: TagCategory;
  };
  /** Drops a category that holds no tags. */
  delete_tag_category: {
    method: 'DELETE';
    path: "/tag-categories/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** Rules of all tags. */
  list_tag_rules: {
    method: 'GET';
    path: "/tag-rules";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_TagRule;
  };
  /** Sources of imported tags, the newest first. */
  list_tag_sources: {
    method: 'GET';
    path: "/tag-sources";
    params: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Page_TagSource;
  };
  /** All tags, by category and name, those without a category last. */
  list_tags: {
    method: 'GET';
    path: "/tags";
    params: Record<string, never>;
    query: { category?: string; state?: string };
    body: undefined;
    answer: Page_Tag;
  };
  /** Makes a tag. */
  create_tag: {
    method: 'POST';
    path: "/tags";
    params: Record<string, never>;
    query: Record<string, never>;
    body: TagInput;
    answer: Tag;
  };
  /** One tag. */
  get_tag: {
    method: 'GET';
    path: "/tags/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Tag;
  };
  /** Changes a tag: what is absent stays. Archiving is done here too. */
  update_tag: {
    method: 'PATCH';
    path: "/tags/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: TagPatch;
    answer: Tag;
  };
  /** Drops a tag. Where members have it, it is refused with how many, unless `force` is set. */
  delete_tag: {
    method: 'DELETE';
    path: "/tags/{id}";
    params: { id: string };
    query: { force?: boolean };
    body: undefined;
    answer: TagJob | undefined;
  };
  /** To how many members a tag was given and from how many it was taken, day by day. */
  list_tag_days: {
    method: 'GET';
    path: "/tags/{id}/days";
    params: { id: string };
    query: { from: string; to: string };
    body: undefined;
    answer: Page_TagDay;
  };
  /** The rule of a tag. */
  get_tag_rule: {
    method: 'GET';
    path: "/tags/{id}/rule";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: TagRule;
  };
  /** Gives a tag the rule that whoever is in a segment has it. Who is in gets it by a task, who has it by the rule and is not in loses it; who got it from a person keeps it, and from whom a person took it, they do not get it again until they leave the segment and come anew. */
  put_tag_rule: {
    method: 'PUT';
    path: "/tags/{id}/rule";
    params: { id: string };
    query: Record<string, never>;
    body: TagRuleInput;
    answer: TagRule;
  };
  /** Takes the rule of a tag away. Whoever has the tag keeps it. */
  delete_tag_rule: {
    method: 'DELETE';
    path: "/tags/{id}/rule";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** The saved views of a list. */
  list_views: {
    method: 'GET';
    path: "/views";
    params: Record<string, never>;
    query: { page?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_SavedView;
  };
  /** Saves a view, a new one or over an old one. */
  save_view: {
    method: 'PUT';
    path: "/views";
    params: Record<string, never>;
    query: Record<string, never>;
    body: SavedViewPut;
    answer: SavedView;
  };
  /** Forgets a view. */
  remove_view: {
    method: 'DELETE';
    path: "/views/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** The weather that imported files told, by day, province and city; where several told of one, what the last of them says. */
  list_weather: {
    method: 'GET';
    path: "/weather";
    params: Record<string, never>;
    query: { region?: string; from?: string; to?: string; limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Weather;
  };
  /** The merchant's webhooks. */
  list_webhooks: {
    method: 'GET';
    path: "/webhooks";
    params: Record<string, never>;
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_Webhook;
  };
  /** Sets a webhook up. */
  create_webhook: {
    method: 'POST';
    path: "/webhooks";
    params: Record<string, never>;
    query: Record<string, never>;
    body: WebhookCreate;
    answer: Webhook;
  };
  /** One webhook. */
  get_webhook: {
    method: 'GET';
    path: "/webhooks/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Webhook;
  };
  /** Changes a webhook; what is absent stays. */
  change_webhook: {
    method: 'PATCH';
    path: "/webhooks/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: WebhookPatch;
    answer: Webhook;
  };
  /** Forgets a webhook and its deliveries. */
  remove_webhook: {
    method: 'DELETE';
    path: "/webhooks/{id}";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /** A webhook's deliveries, newest event first. */
  list_deliveries: {
    method: 'GET';
    path: "/webhooks/{id}/deliveries";
    params: { id: string };
    query: { limit?: number; cursor?: string };
    body: undefined;
    answer: Page_WebhookDelivery;
  };
  /** Sends the events from a position on again, as a task. */
  replay_webhook: {
    method: 'POST';
    path: "/webhooks/{id}/replay";
    params: { id: string };
    query: Record<string, never>;
    body: WebhookReplay;
    answer: ReplayQueued;
  };
  /** Gives a webhook a new secret; the old one signs beside it for a day. */
  rotate_webhook: {
    method: 'POST';
    path: "/webhooks/{id}/rotate";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: Webhook;
  };
  /** Sends a `webhook.test` message now and says what came of it. */
  test_webhook: {
    method: 'POST';
    path: "/webhooks/{id}/test";
    params: { id: string };
    query: Record<string, never>;
    body: undefined;
    answer: WebhookTested;
  };
}
