/** The programme's model: the form is the rules, and a change of one thing leaves all others, known to the form or not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (name) => {
  const path = fileURLToPath(new URL(`../src/pages/programme/model/${name}.ts`, import.meta.url));
  return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
};
const R = await load('rules');
const places = await load('place');
const card = await load('card');
const example = await load('example');
const books = await load('liability');
const cause = await load('cause');

/** Everything a form shows, and in each place something that none does. */
const whole = () => ({
  zone: 'Asia/Shanghai',
  settlement_days: 7,
  later: { kept: true },
  earn: [
    { id: 'base', kind: 'per_amount', points: 1, per_fen: 100, mark: 'a' },
    { id: 'steps', kind: 'stepped', mode: 'whole', group: 'g', bands: [{ from_fen: 0, points: 1, per_fen: 100 }, { from_fen: 50_000, points: 3, per_fen: 200, mark: 'b' }] },
    { id: 'double', kind: 'multiplier', factor: '1.50', birthday: 'month', from: '2026-11-10T16:00:00Z', to: '2026-11-11T16:00:00Z', tiers: ['金牌'] },
    { id: 'toys', kind: 'category_bonus', points: 5, categories: ['toys'] },
    { id: 'new kind', kind: 'something_new', deep: { list: [1, 2] } },
  ],
  caps: [{ id: 'day', per: 'day', points: 500 }, { id: 'toys cap', per: 'month', points: 50, rule: 'toys', mark: 'c' }],
  lot_expiry: { months: 18 },
  shortfall: 'waive',
  reversal_min_days: 14,
  check_in: { points: 2, streak: [{ days: 7, bonus: 20 }], mark: 'd' },
  birthday: { points: 100 },
  activity: { cuts: [30, 90] },
  ladder: {
    tiers: [
      { id: '普通' },
      { id: '银牌', entry: { any: [{ metric: 'net_spend', min: 10_000 }] }, mark: 'e' },
      { id: '金牌', entry: { all: [{ metric: 'net_spend', min: 50_000 }, { metric: 'orders', min: 5 }] }, keep: { any: [{ metric: 'orders', min: 3 }] }, reward_points: 200 },
    ],
    window: { kind: 'rolling_months', months: 12 },
    validity: { year_end: 1 },
    step_down: true,
    grace_days: 30,
    on_refund: 'window',
    refund_window_days: 15,
    mark: 'f',
  },
  coupons: [{ id: 'c', amount: 500, validity: { days: 30 } }],
});

/** The paths at which two values differ. */
function differences(a, b, path = '') {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) ? [] : [path];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
}

test('each change touches its own place and nothing else', () => {
  const rules = whole();
  const cases = [
    [(r) => R.put(r, 'shortfall', 'negative'), ['shortfall']],
    [(r) => R.put(r, 'settlement_days', undefined), ['settlement_days']],
    [(r) => R.setTier(r, 2, R.put(R.tiersOf(r)[2], 'reward_points', 300)), ['ladder.tiers.2.reward_points']],
    [(r) => R.setTier(r, 2, R.put(R.tiersOf(r)[2], 'keep', undefined)), ['ladder.tiers.2.keep']],
    [(r) => R.setLadder(r, (ladder) => R.put(ladder, 'grace_days', 10)), ['ladder.grace_days']],
    [(r) => R.setRule(r, 0, R.put(R.earnOf(r)[0], 'points', 2)), ['earn.0.points']],
    [(r) => R.setRule(r, 1, { ...R.earnOf(r)[1], bands: R.replaced(R.earnOf(r)[1].bands, 1, R.put(R.earnOf(r)[1].bands[1], 'points', 4)) }), ['earn.1.bands.1.points']],
    [(r) => ({ ...r, caps: R.replaced(R.capsOf(r), 1, R.put(R.capsOf(r)[1], 'points', 60)) }), ['caps.1.points']],
    [(r) => R.addCap(r, 'x'), ['caps.2']],
    [(r) => R.addRule(r, 'first_order', 'x'), ['earn.5']],
    [(r) => R.put(r, 'ladder', undefined), ['ladder']],
    [(r) => ({ ...r, lot_expiry: R.withLength(r.lot_expiry, 'days', 365) }), ['lot_expiry.months', 'lot_expiry.days']],
  ];
  for (const [change, paths] of cases) {
    assert.deepEqual(differences(rules, change(rules)), paths);
    assert.deepEqual(rules, whole(), 'what was is left as it was');
  }
});

test('what the form does not know is named and stays', () => {
  const rules = whole();
  assert.deepEqual(R.foreignIn(rules), ['later', 'coupons', 'ladder.mark', 'ladder.tiers[1].mark', 'earn[0].mark', 'earn[4].deep', 'caps[1].mark']);
  const edited = R.removeRule(R.renameTier(R.addTier(rules, '黑金'), 1, '白银'), 1);
  assert.deepEqual(R.foreignIn(edited), R.foreignIn(rules).map((path) => path.replace('earn[4]', 'earn[3]')));
  assert.deepEqual(edited.coupons, rules.coupons);
});

test('a tier by another name takes its rules along', () => {
  const rules = whole();
  const named = R.renameTier(rules, 2, '钻石');
  assert.deepEqual(differences(rules, named), ['earn.2.tiers.0', 'ladder.tiers.2.id']);
  assert.deepEqual(R.lostTiers(rules, named), ['金牌']);
  // Typed through a name that another has: the rule still means what it meant.
  const through = R.renameTier(R.renameTier(rules, 1, '金牌'), 1, '金牌二');
  assert.deepEqual(R.earnOf(through)[2].tiers, ['金牌']);
});

test('a tier that goes leaves no rule for everybody that was for it alone', () => {
  assert.deepEqual(R.earnOf(R.removeTier(whole(), 2))[2].tiers, ['金牌'], 'the server then says that there is no such tier');
  const both = R.setRule(whole(), 2, { ...whole().earn[2], tiers: ['银牌', '金牌'] });
  assert.deepEqual(R.earnOf(R.removeTier(both, 2))[2].tiers, ['银牌']);
});

test('tiers move, and not beyond the ends', () => {
  const ids = (rules) => R.tiersOf(rules).map((tier) => tier.id);
  assert.deepEqual(ids(R.moveTier(whole(), 2, -1)), ['普通', '金牌', '银牌']);
  assert.deepEqual(ids(R.moveTier(whole(), 2, 1)), ['普通', '银牌', '金牌']);
  assert.deepEqual(ids(R.moveTier(whole(), 0, -1)), ['普通', '银牌', '金牌']);
});

test('a rule by another name takes its caps along, and a rule that goes takes them with it', () => {
  const named = R.renameRule(whole(), 3, 'games');
  assert.deepEqual(R.capsOf(named).map((cap) => cap.rule), [undefined, 'games']);
  const gone = R.removeRule(whole(), 3);
  assert.deepEqual(R.capsOf(gone).map((cap) => cap.id), ['day'], 'a cap on one rule never becomes one on all');
});

test('new parts have names of their own', () => {
  let rules = { earn: [] };
  for (let n = 0; n < 3; n += 1) rules = R.addRule(rules, 'per_amount', '按金额');
  assert.deepEqual(R.earnOf(rules).map((rule) => rule.id), ['按金额', '按金额 2', '按金额 3']);
  const ladder = R.addTier(R.addTier({}, '普通'), '银牌');
  assert.deepEqual(ladder.ladder.tiers, [{ id: '普通' }, { id: '银牌', entry: { any: [{ metric: 'net_spend', min: 50_000 }] } }]);
  assert.equal(R.addTier(ladder, '金牌').ladder.tiers[2].entry.any[0].min, 100_000);
  assert.equal(R.addBand(whole().earn[1]).bands[2].from_fen, 100_000);
});

test('thresholds: any or all, one of them written', () => {
  const entry = { ...whole().ladder.tiers[2].entry, mark: 1 };
  const { joint, of } = R.thresholdsOf(entry);
  assert.equal(joint, 'all');
  assert.deepEqual(R.withThresholds(entry, 'any', of), { any: of, mark: 1 });
  assert.deepEqual(R.withThresholds(entry, joint, of), entry);
});

test('lengths show what holds where nothing is said', () => {
  const fallback = { kind: 'days', n: 365 };
  assert.deepEqual(R.lengthOf(undefined, fallback), fallback);
  assert.deepEqual(R.lengthOf({ year_end: 0 }, fallback), { kind: 'year_end', n: 0 });
  assert.deepEqual(R.lengthOf({}, fallback), { kind: 'days', n: null }, 'a length that was cleared is no default');
  assert.deepEqual(R.withLength({ days: 10, mark: 1 }, 'months', 2), { mark: 1, months: 2 });
});

test('what the form cannot show it does not touch', () => {
  assert.ok(R.isFormable(whole()));
  assert.ok(R.isFormable({}));
  assert.ok(R.isFormable({ ladder: null, check_in: null, earn: [] }));
  for (const odd of [null, [], 3, { earn: {} }, { earn: [1] }, { caps: 'no' }, { ladder: [] }, { ladder: { tiers: [{ entry: [] }] } }, { ladder: { tiers: [{ entry: { any: [3] } }] } }, { ladder: { tiers: [null] } }, { check_in: { streak: [7] } }, { activity: { cuts: ['x'] } }, { earn: [{ bands: 4 }] }, { earn: [{ tiers: [1] }] }, { lot_expiry: 365 }]) {
    assert.ok(!R.isFormable(odd), JSON.stringify(odd));
  }
});

test('a fault is shown at its place, and said without it', () => {
  assert.deepEqual(places.stepsOf('rules.earn[0].bands[1].per_fen'), ['earn', '0', 'bands', '1', 'per_fen']);
  assert.deepEqual(places.stepsOf('programme.ladder'), ['ladder']);
  assert.deepEqual(places.stepsOf('/earn/0/points'), ['earn', '0', 'points']);
  assert.ok(places.isWithin('rules.earn[1].points', 'earn[1]'));
  assert.ok(!places.isWithin('rules.earn[10].points', 'earn[1]'));
  assert.ok(!places.isWithin('rules.earn[1]', 'earn[1].points'));
  assert.equal(places.tierOf('rules.ladder.tiers[2].entry.any[0].min'), 2);
  assert.equal(places.tierOf('rules.ladder.window'), null);
  assert.equal(places.plain('rules.earn[0].per_fen：0 超出范围。'), '0 超出范围。');
  assert.equal(places.plain('earn[0]: `per_fen` is missing; add it.'), '`per_fen` is missing; add it.');
  assert.equal(places.plain('Points: as said'), 'as said');
});

test('typing in one box is one step of undoing; parts that come and go are steps of their own', () => {
  const rules = whole();
  assert.equal(places.differsAt(rules, R.setRule(rules, 0, { ...rules.earn[0], points: 9 })), 'earn.0.points');
  assert.equal(places.differsAt(rules, R.addRule(rules, 'stepped', 'x')), '');
});

test('the card shows part of the way to the next tier', () => {
  const shown = card.previewAt(whole(), 1);
  assert.equal(shown.tier, '银牌');
  assert.deepEqual(shown.next, { tier: '金牌', joint: 'all', of: [{ metric: 'net_spend', missing: 16_000 }, { metric: 'orders', missing: 2 }] });
  assert.equal(shown.percent, 68);
  assert.deepEqual(card.previewAt(whole(), 2), { tier: '金牌', next: null, percent: 100 });
  assert.equal(card.previewAt({}, 0), null);
});

const START = '2026-11-27T02:00:00Z';

test('ready examples are whole, in order of time, with ids of their own', () => {
  for (const rules of [whole(), { earn: whole().earn }, { settlement_days: 0, ladder: whole().ladder }, { ladder: { tiers: [{ id: 'a' }, { id: 'b', entry: { any: [{ metric: 'growth', min: 100 }] } }, { id: 'c', entry: { any: [{ metric: 'orders', min: 40 }] } }] } }]) {
    const all = example.examplesOf(rules, START);
    assert.ok(all.length > 0);
    for (const { key, steps } of all) {
      assert.ok(example.isWhole(steps), key);
      assert.deepEqual(example.sorted(steps), steps, key);
      const ids = steps.flatMap((step) => (step.do.kind === 'tick' ? [] : [`${step.do.kind} ${step.do.id}`]));
      assert.equal(new Set(ids).size, ids.length, key);
      for (const { at, do: d } of steps) if (d.time) assert.ok(Date.parse(d.time) <= Date.parse(at), key);
      assert.ok(steps.length <= 40, `${key} can be read at one sitting`);
    }
  }
  assert.deepEqual(example.examplesOf({}, START), []);
});

test('the climbing example reaches each tier by what it asks', () => {
  const steps = example.examplesOf(whole(), START).find((one) => one.key === 'tiers').steps;
  const spent = steps.reduce((sum, { do: d }) => sum + (d.kind === 'order_paid' ? d.net_fen : 0), 0);
  assert.ok(spent >= 50_000);
  assert.ok(steps.filter(({ do: d }) => d.kind === 'order_paid').length >= 5);
});

test('a step of another kind keeps what both ask and has what is needed', () => {
  const paid = example.nextStep([], START);
  assert.deepEqual([paid.at, paid.do], [START, { kind: 'order_paid', id: 's1', order: 'A', net_fen: 10_000 }]);
  const next = example.nextStep([paid], START);
  assert.equal(next.do.order, 'B');
  assert.equal(next.do.id, 's2');
  const refund = example.asKind(next, 'refund', [paid, next]);
  assert.deepEqual(refund.do, { kind: 'refund', id: 's2', order: 'B', net_fen: 10_000 });
  const tick = example.asKind(next, 'tick', [paid, next]);
  assert.deepEqual(tick.do, { kind: 'tick' });
  const spend = example.asKind({ key: 99, at: START, do: { kind: '' } }, 'spend', [paid]);
  const reverse = example.asKind({ key: 98, at: START, do: { kind: '' } }, 'spend_reverse', [paid, spend]);
  assert.equal(reverse.do.spend, spend.do.id);
  assert.ok(!example.isWhole([{ ...spend, do: { kind: 'spend', id: 'x' } }]));
});

test('an order of a category has one line of its whole amount', () => {
  const paid = { kind: 'order_paid', id: 's1', order: 'A', net_fen: 5_000 };
  const toys = example.withPaid(paid, { category: 'toys' });
  assert.deepEqual(toys.lines, [{ line: '1', category: 'toys', qty: 1, net_fen: 5_000 }]);
  assert.equal(example.withPaid(toys, { net_fen: 7_000 }).lines[0].net_fen, 7_000);
  assert.equal(example.withPaid(toys, { qty: 3 }).lines[0].qty, 3);
  assert.equal(example.withPaid(toys, { category: null }).lines, undefined);
  assert.ok(!('net_fen' in example.withPaid(paid, { net_fen: undefined })));
});

test('a book that adds up is told from one that does not', () => {
  const lines = [
    { lot_month: '2026-10', opening: 100, issued: 0, redeemed: 30, expired: 20, reversed: 0, closing: 50 },
    { lot_month: '2026-11', opening: 0, issued: 80, redeemed: 10, expired: 0, reversed: 5, closing: 65 },
  ];
  const book = { month: '2026-11', closed: false, lines, pending: 0, totals: books.sumOf(lines) };
  assert.deepEqual(book.totals, { opening: 100, issued: 80, redeemed: 40, expired: 20, reversed: 5, closing: 115 });
  assert.ok(books.balanced(book));
  assert.ok(!books.balanced({ ...book, totals: { ...book.totals, closing: 116 } }));
  assert.ok(!books.balanced({ ...book, lines: [{ ...lines[0], expired: 19 }, { ...lines[1], expired: 1 }] }), 'two errors that cancel out are two errors');
  assert.ok(books.balanced({ ...book, lines: [], totals: books.sumOf([]) }));
});

test('an entry leads to its order by cause or lot', () => {
  const id = 'ord_01jdabcdefghjkmnpqrstvwxyz';
  assert.equal(cause.orderOf({ cause: { kind: 'order_paid', id: `${id}:paid` }, lot: null }), id);
  assert.equal(cause.orderOf({ cause: { kind: 'lot_end', id: 'x' }, lot: `order:${id}` }), id);
  assert.equal(cause.orderOf({ cause: { kind: 'adjust', id: 'key-1' }, lot: 'adjust:key-1' }), null);
  const entry = (kind, from, corrects = false) => ({ cause: { kind, id: 's' }, from, to: 'redeemed', corrects });
  assert.ok(cause.isSpend(entry('spend', 'available')));
  assert.ok(!cause.isSpend(entry('spend_reverse', 'redeemed')));
  assert.ok(!cause.isSpend(entry('spend', 'available', true)));
});

test('sentences with controls have the same controls in both languages', () => {
  const flat = (value, path = '') => (typeof value === 'string' ? { [path]: value } : Object.assign({}, ...Object.entries(value).map(([key, inner]) => flat(inner, path ? `${path}.${key}` : key))));
  const read = (language) => flat(JSON.parse(readFileSync(fileURLToPath(new URL(`../src/i18n/${language}/programme.json`, import.meta.url)), 'utf8')));
  const slots = (text) => [...text.matchAll(/\[(\w+)\]/g)].map((m) => m[1]).sort();
  const [zh, en] = [read('zh'), read('en')];
  for (const key of Object.keys(zh)) assert.deepEqual(slots(zh[key]), slots(en[key]), key);
});

test('a tier that members hold is called anew and stays the same tier', () => {
  const rules = whole();
  const called = R.nameTier(rules, 2, '黄金会员', true);
  assert.deepEqual(differences(rules, called), ['ladder.tiers.2.name']);
  assert.equal(R.tierLabel(called, '金牌'), '黄金会员');
  assert.deepEqual(R.lostTiers(rules, called), []);
  assert.deepEqual(R.nameTier(called, 2, '金牌', true), rules, 'its old name again is no other name');
  assert.deepEqual(R.nameTier(rules, 2, '钻石', false), R.renameTier(rules, 2, '钻石'), 'before anybody holds it the id is its name');
  assert.equal(R.labelOf(R.nameTier(called, 2, '', true).ladder.tiers[2]), '', 'an empty name is seen to be empty');
});
