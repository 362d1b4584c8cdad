/** An example member: timed steps as a table edits them, ready examples made to fit the rules, and what the server is sent. */
import { earnOf, type Rules, thresholdsOf, tiersOf } from './rules';

export interface Do {
  kind: string;
  id?: string;
  order?: string;
  net_fen?: number;
  points?: number;
  value?: number;
  spend?: string;
  hold?: string;
  lines?: { line: string; category?: string; qty?: number; net_fen?: number }[];
  time?: string;
  [more: string]: unknown;
}

export interface Step {
  key: number;
  at: string;
  do: Do;
}

export interface ExampleMember {
  birthday?: string;
  joined?: string;
}

export const STEP_KINDS = [
  'order_paid', 'order_completed', 'refund', 'order_closed', 'spend', 'spend_reverse', 'hold', 'hold_capture', 'hold_release', 'check_in', 'adjust', 'growth', 'visit', 'tick',
] as const;

/** What is asked of each kind. */
export const ASKS: Record<string, readonly ('order' | 'known' | 'net_fen' | 'points' | 'some' | 'value' | 'spend' | 'hold')[]> = {
  order_paid: ['order', 'net_fen'],
  order_completed: ['known'],
  refund: ['known', 'net_fen'],
  order_closed: ['known'],
  spend: ['points'],
  spend_reverse: ['spend', 'some'],
  hold: ['points'],
  hold_capture: ['hold'],
  hold_release: ['hold'],
  adjust: ['points'],
  growth: ['value'],
};

let last = 0;
export const freshKey = (): number => ++last;

/** In order of time; steps of one instant keep theirs. */
export const sorted = (steps: Step[]): Step[] => [...steps].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

/** The next step's id: the same kind and id again would be the same event. */
export const freshStepId = (steps: Step[]): string => {
  const taken = steps.map((step) => step.do.id);
  let n = steps.length + 1;
  while (taken.includes(`s${n}`)) n += 1;
  return `s${n}`;
};

export const ordersIn = (steps: Step[]): string[] => [...new Set(steps.flatMap(({ do: d }) => (d.kind === 'order_paid' && d.order ? [d.order] : [])))];

/** The letter of the next order. */
export const freshOrder = (steps: Step[]): string => {
  const taken = ordersIn(steps);
  for (let n = 0; ; n += 1) {
    const name = String.fromCharCode(65 + (n % 26)) + (n < 26 ? '' : String(Math.floor(n / 26)));
    if (!taken.includes(name)) return name;
  }
};

/** A step of another kind: what both ask stays, what is needed is there. */
export function asKind(step: Step, kind: string, steps: Step[]): Step {
  const others = steps.filter((one) => one.key !== step.key);
  const old = step.do;
  const asks = ASKS[kind] ?? [];
  const spends = others.filter((one) => one.do.kind === 'spend');
  const holds = others.filter((one) => one.do.kind === 'hold');
  const next: Do = { kind, ...(kind === 'tick' ? {} : { id: old.id ?? freshStepId(others) }) };
  if (old.time) next.time = old.time;
  if (asks.includes('order')) next.order = old.order ?? freshOrder(others);
  if (asks.includes('known')) next.order = old.order ?? ordersIn(others).at(-1) ?? 'A';
  if (asks.includes('net_fen')) next.net_fen = old.net_fen ?? 10_000;
  if (asks.includes('points')) next.points = old.points ?? 100;
  if (asks.includes('some') && old.points !== undefined) next.points = old.points;
  if (asks.includes('value')) next.value = old.value ?? 100;
  if (asks.includes('spend')) next.spend = old.spend ?? spends.at(-1)?.do.id ?? '';
  if (asks.includes('hold')) next.hold = old.hold ?? holds.at(-1)?.do.id ?? '';
  return { ...step, do: next };
}

const DAY = 86_400_000;
const plus = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString().replace('.000Z', 'Z');

/** The step after the last, an hour later. */
export function nextStep(steps: Step[], start: string): Step {
  const at = plus(steps.at(-1)?.at ?? start, steps.length > 0 ? 3_600_000 : 0);
  return asKind({ key: freshKey(), at, do: { kind: '', id: freshStepId(steps) } }, 'order_paid', steps);
}

/** The amount and, where a category is chosen, the one line that has it. */
export function withPaid(step: Do, change: { net_fen?: number | undefined; category?: string | null; qty?: number }): Do {
  const line = step.lines?.[0];
  const net = 'net_fen' in change ? change.net_fen : step.net_fen;
  const category = change.category === undefined ? line?.category : (change.category ?? undefined);
  const qty = change.qty ?? line?.qty ?? 1;
  const { lines: _, net_fen: _net, ...rest } = step;
  const paid: Do = { ...rest, ...(net === undefined ? {} : { net_fen: net }) };
  return category === undefined ? paid : { ...paid, lines: [{ line: '1', category, qty, net_fen: net ?? 0 }] };
}

/** Whether every step has what is asked of it. */
export function isWhole(steps: Step[]): boolean {
  const has = (step: Step) =>
    (ASKS[step.do.kind] ?? []).every((ask) => {
      if (ask === 'order' || ask === 'known') return Boolean(step.do.order);
      if (ask === 'some') return true;
      if (ask === 'spend' || ask === 'hold') return Boolean(step.do[ask]);
      return typeof step.do[ask] === 'number';
    });
  return steps.length > 0 && steps.every(has);
}

export const bodyOf = (rules: Rules, member: ExampleMember, steps: Step[]) => ({ rules, member, steps: steps.map(({ at, do: d }) => ({ at, do: d })) });

// Ready examples.

export interface Example {
  key: 'order' | 'tiers' | 'refund' | 'spend' | 'check_in' | 'birthday' | 'late';
  member: ExampleMember;
  steps: Step[];
}

type Line = [days: number, act: Do];

/** Steps so many days after the first, at whatever time of day it is. */
function stepsFrom(start: string, lines: Line[]): Step[] {
  return lines.map(([days, act], n) => ({ key: freshKey(), at: plus(start, days * DAY), do: act.kind === 'tick' ? act : { ...act, id: act.id ?? `s${n + 1}` } }));
}

/** An amount that earns something under most rules. */
const AMOUNT = 12_850;

/** Orders of one example at most. */
const MOST_ORDERS = 10;

/** Orders that climb the ladder: each brings the member to the next tier, by spending, orders or growth. */
function climb(rules: Rules, final: number): Line[] {
  let spent = 0;
  let orders = 0;
  let grown = 0;
  let day = 0;
  const lines: Line[] = [];
  const buy = (fen: number) => {
    const order = String.fromCharCode(65 + (orders % 26)) + (orders < 26 ? '' : String(Math.floor(orders / 26)));
    lines.push([day, { kind: 'order_paid', order, net_fen: fen }], [day + 3, { kind: 'order_completed', order }]);
    if (final > 0) lines.push([day + 3 + final, { kind: 'tick' }]);
    spent += fen;
    orders += 1;
    day += 4 + final;
  };
  for (const tier of tiersOf(rules).slice(1, 4)) {
    const { joint, of } = thresholdsOf(tier.entry);
    for (const { metric, min = 0 } of joint === 'any' ? of.slice(0, 1) : of) {
      if (metric === 'net_spend' && min > spent) buy(min - spent);
      // The table is there to be read: who asks for more orders than that is climbed part of the way.
      if (metric === 'orders') while (orders < min && orders < MOST_ORDERS) buy(AMOUNT);
      if (metric === 'growth' && min > grown) {
        lines.push([day, { kind: 'growth', value: min - grown }]);
        grown = min;
        day += 1;
      }
    }
  }
  return lines;
}

/** Examples that say something under these rules, beginning at `start`. */
export function examplesOf(rules: Rules, start: string): Example[] {
  const final = rules.settlement_days ?? 0;
  const earned = final + 3;
  const make = (key: Example['key'], lines: Line[], member: ExampleMember = {}): Example => ({ key, member, steps: stepsFrom(start, lines) });
  const bought: Line[] = [
    [0, { kind: 'order_paid', order: 'A', net_fen: AMOUNT }],
    [3, { kind: 'order_completed', order: 'A' }],
    ...(final > 0 ? ([[earned, { kind: 'tick' }]] as Line[]) : []),
  ];
  const all: Example[] = [];
  if (earnOf(rules).length > 0) {
    all.push(
      make('order', [...bought, [earned + 366, { kind: 'tick' }]]),
      make('refund', [...bought, [earned + 2, { kind: 'refund', order: 'A', net_fen: 5_000 }], [earned + 3, { kind: 'refund', order: 'A', net_fen: AMOUNT - 5_000 }]]),
      make('spend', [...bought, [earned + 1, { kind: 'spend', points: 50, id: 'spend-1' }], [earned + 2, { kind: 'spend_reverse', spend: 'spend-1' }], [earned + 3, { kind: 'hold', points: 30, id: 'hold-1' }], [earned + 3, { kind: 'hold_capture', hold: 'hold-1' }]]),
      make('late', [[3, { kind: 'order_completed', order: 'A' }], [4, { kind: 'order_paid', order: 'A', net_fen: AMOUNT, time: start }]]),
    );
  }
  const climbing = climb(rules, final);
  if (climbing.length > 0) all.push(make('tiers', climbing));
  if (rules.check_in) all.push(make('check_in', [0, 1, 2, 3, 4, 5, 6].map((day) => [day, { kind: 'check_in' }])));
  const birthday = rules.birthday || earnOf(rules).some((rule) => rule.birthday);
  if (birthday) {
    const day = plus(start, 2 * DAY).slice(5, 10);
    all.push(make('birthday', [...bought.slice(0, 1), [4, { kind: 'tick' }], [4, { kind: 'order_paid', order: 'B', net_fen: AMOUNT }]], { birthday: `1995-${day === '02-29' ? '02-28' : day}`, joined: start }));
  }
  return all;
}
