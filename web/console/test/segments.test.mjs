/** The builder's model: what is shown of a tree is the tree; a change of one thing leaves the others; words fit types. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (name) => {
  const path = fileURLToPath(new URL(`../src/pages/segments/model/${name}.ts`, import.meta.url));
  return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
};
const tree = await load('tree');
const asking = await load('test');
const subjects = await load('subjects');
const { PRESETS, PRESET_GROUPS } = await load('presets');
const literals = await load('literals');
const registries = await load('registry');
const history = await load('history');
const windows = await load('windows');
const zones = await load('zone');

const column = (name, type) => ({ name, type, label: name, values: null });
const registry = {
  facts: [
    ['id', 'text'], ['now', 'instant'], ['tags', 'tags'], ['registered_at', 'instant'], ['birthday', 'date'], ['gender', 'text'],
    ['province', 'text'], ['points', 'int'], ['store_credit', 'fen'], ['p_alive', 'dec'], ['paid_member', 'bool'], ['stage', 'text'],
  ].map(([name, type]) => ({ name, type, label: name, group: 'g', filled: true, values: null })),
  tables: [
    { name: 'orders', label: 'orders', columns: [column('order_id', 'text'), column('time', 'instant'), column('paid_at', 'instant'), column('purchase', 'bool'), column('kept', 'bool'), column('net', 'fen'), column('paid', 'fen'), column('items', 'int')] },
    { name: 'lines', label: 'lines', columns: [column('line_id', 'text'), column('time', 'instant'), column('order_id', 'text'), column('purchase', 'bool'), column('kept', 'bool'), column('net', 'fen'), column('category', 'text'), column('sku', 'text'), column('qty', 'int'), column('amount', 'fen')] },
    { name: 'refunds', label: 'refunds', columns: [column('refund_id', 'text'), column('time', 'instant'), column('amount', 'fen')] },
    { name: 'events', label: 'events', columns: [column('event_id', 'text'), column('time', 'instant'), column('kind', 'text'), column('sku', 'text')] },
  ],
};
const paid = { op: 'eq', left: { col: 'purchase' }, right: true };
const kept = { op: 'eq', left: { col: 'kept' }, right: true };
const sum = { agg: 'sum', of: 'paid', table: 'orders', where: paid, window: { last: 180, unit: 'days' }, on: 'paid_at' };

const tests = [
  { op: 'eq', left: { fact: 'gender' }, right: 'female' },
  { op: 'ne', left: { fact: 'paid_member' }, right: true },
  { op: 'gt', left: sum, right: { ...sum, window: { last: 360, unit: 'days', until: 180 } } },
  { op: 'between', value: { age: { fact: 'birthday' } }, from: 25, to: 35 },
  { op: 'in', value: { fact: 'province' }, list: ['浙江', '江苏'] },
  { op: 'not', arg: { op: 'in', value: { fact: 'province' }, list: ['浙江'] } },
  { op: 'under', value: { col: 'category' }, paths: ['sports/shoes'] },
  { op: 'not', arg: { op: 'under', value: { agg: 'last', of: 'category', table: 'lines' }, paths: ['home'] } },
  { op: 'contains', value: { fact: 'city' }, text: '海' },
  { op: 'not', arg: { op: 'contains', value: { fact: 'city' }, text: '海' } },
  { op: 'is_missing', value: { fact: 'birthday' } },
  { op: 'not', arg: { op: 'is_missing', value: { fact: 'birthday' } } },
  { op: 'ge', left: { ratio: [{ agg: 'sum', of: 'amount', table: 'refunds' }, sum] }, right: '0.25' },
  { op: 'le', left: { hour_of: { agg: 'first', of: 'time', table: 'orders' } }, right: 6 },
  { op: 'eq', left: { month_of: { date_of: { fact: 'registered_at' } } }, right: { month_of: { fact: 'now' } } },
  { op: 'ge', left: { add: [{ fact: 'points' }, { fact: 'points' }, { fact: 'points' }] }, right: -5 },
];

test('what is read of a condition is written back to the letter', () => {
  for (const cond of tests) assert.deepEqual(asking.writeTest(asking.readTest(cond)), cond, JSON.stringify(cond));
  for (const cond of [{ op: 'all' }, { op: 'not', arg: tests[0] }, { op: 'exists', table: 'orders' }, { op: 'and', args: tests }]) {
    assert.equal(asking.readTest(cond), null, 'what has no words of its own is no test');
  }
});

test('a value is found again by its subject, with its rows', () => {
  for (const cond of tests) {
    const { value, other } = asking.readTest(cond);
    for (const one of [value, other].filter(Boolean)) {
      const again = subjects.valueFor(subjects.subjectOf(one), one, registry);
      assert.ok(tree.same(again, one), `${subjects.subjectOf(one)}: ${JSON.stringify(again)}`);
    }
  }
});

test('another measure of the same rows keeps filters, time and the column it goes by', () => {
  const count = subjects.valueFor('agg:count:orders', sum, registry);
  assert.deepEqual(count, { agg: 'count', table: 'orders', where: paid, window: sum.window, on: 'paid_at' });
  const since = subjects.valueFor('days_since|agg:last:orders:time', count, registry);
  assert.deepEqual(since, { days_since: { agg: 'last', of: 'time', table: 'orders', where: paid, window: sum.window, on: 'paid_at' } });
  const lines = subjects.valueFor('agg:sum:lines:amount', sum, registry);
  assert.deepEqual(lines, { agg: 'sum', of: 'amount', table: 'lines', where: kept, window: sum.window });
  assert.deepEqual(subjects.valueFor('agg:count:events', sum, registry), { agg: 'count', table: 'events' });
});

test('every subject that is offered makes a value whose type is known, and admits a way of asking', () => {
  const offered = (groups) => groups.flatMap((g) => g.subjects).filter((s) => !/^(exists|none):/.test(s));
  for (const subject of offered(subjects.memberSubjects(registry, true))) {
    const type = registries.typeOf(subjects.valueFor(subject, null, registry), registry, null);
    assert.ok(type && asking.howsOf(type).length > 0, subject);
  }
  for (const { name } of registry.tables) {
    for (const subject of offered(subjects.rowSubjects(registry, name)).filter((s) => s.includes(':'))) {
      assert.ok(registries.typeOf(subjects.valueFor(subject, null, registry), registry, name), `${name}: ${subject}`);
    }
  }
});

test('every preset is a tree of its own, in a group that is shown, and says where it wants to be filled in', () => {
  assert.equal(new Set(PRESETS.map((p) => p.key)).size, PRESETS.length);
  for (const preset of PRESETS) {
    assert.ok(PRESET_GROUPS.includes(preset.group), preset.key);
    const cond = preset.make(registry);
    const gap = tree.gapIn(cond);
    if (gap !== null) {
      const node = gap.split('/').slice(1).reduce((at, step) => at[step], cond);
      assert.ok(node?.op, `${preset.key}: ${gap} points at a condition`);
    }
  }
});

test('what was bought is what RFM counts, and messages have the word that rows have', () => {
  const made = Object.fromEntries(PRESETS.map((p) => [p.key, JSON.stringify(p.make(registry))]));
  for (const key of ['bought', 'boughtTimes', 'orders', 'spent', 'basket', 'lastOrder', 'firstOrder', 'once', 'never', 'growing', 'topSpend']) {
    assert.ok(made[key].includes('"kept"') && !made[key].includes('"purchase"'), made[key]);
  }
  assert.ok(made.notReached.includes('"msg_sent"') && made.clicked.includes('"msg_click"'));
});

test('a gap is told by the pointer of the condition that waits', () => {
  const waits = { op: 'under', value: { col: 'category' }, paths: [] };
  const cond = { op: 'and', args: [{ op: 'all' }, { op: 'not', arg: { op: 'exists', table: 'lines', where: { op: 'and', args: [paid, waits] } } }] };
  assert.equal(tree.gapIn(cond), '/args/1/arg/where/args/1');
  waits.paths.push('sports');
  assert.equal(tree.gapIn(cond), null);
  assert.equal(tree.gapIn({ op: 'eq', left: { fact: 'paid_member' }, right: false }), null, 'no is an answer');
  assert.equal(tree.gapIn({ op: 'eq', left: { fact: 'points' }, right: 0 }), null, 'zero is an answer');
});

test('what is asked leaves the builder’s own group out where it says nothing', () => {
  assert.deepEqual(tree.asked(tree.asGroup(paid)), paid);
  assert.deepEqual(tree.asked({ op: 'and', args: [] }), { op: 'all' });
  const two = { op: 'or', args: [paid, { op: 'all' }] };
  assert.equal(tree.asked(tree.asGroup(two)), two);
});

test('yuan and fen, to the fen', () => {
  for (const [text, fen] of [['300', 30000], ['1,000', 100000], ['0.1', 10], ['0.01', 1], ['-5.05', -505], ['19.99', 1999], ['90071992547409.91', Number.MAX_SAFE_INTEGER]]) assert.equal(literals.fenOf(text), fen, text);
  for (const text of ['', '1.234', 'abc', '1.', '--1', '90071992547409.93']) assert.equal(literals.fenOf(text), null, text);
  for (let fen = -250; fen < 2500; fen += 7) assert.equal(literals.fenOf(literals.yuanOf(fen)), fen);
  assert.equal(literals.yuanOf(12850), '128.50');
  assert.equal(literals.literalOf('dec', '0.25'), '0.25');
  assert.equal(literals.literalOf('int', '1.5'), null);
  assert.equal(literals.literalOf('text', ' a'), ' a', 'a text is compared to the letter');
});

test('asking otherwise keeps the words that still fit', () => {
  const inList = { value: { fact: 'province' }, how: 'in', words: ['浙江', '江苏'] };
  assert.deepEqual(asking.askedAs(inList, 'not_in').words, ['浙江', '江苏']);
  assert.deepEqual(asking.askedAs(inList, 'eq').words, ['浙江']);
  assert.deepEqual(asking.askedAs(inList, 'is_known').words, []);
  assert.deepEqual(asking.askedAs({ value: sum, how: 'ge', words: [30000] }, 'between').words, [30000, null]);
  const two = { value: sum, how: 'gt', words: [], other: sum };
  assert.equal(asking.askedAs(two, 'le').other, sum);
  assert.equal(asking.askedAs(two, 'between').other, undefined);
});

test('an instant is shown by the shop’s clock and read back from it, over changes of clocks too', () => {
  assert.equal(zones.clockOf('2026-11-11T12:00:00Z', 'Asia/Shanghai'), '2026-11-11T20:00:00');
  for (const zone of ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe']) {
    for (let at = Date.UTC(2026, 0, 1, 5, 30); at < Date.UTC(2027, 0, 1); at += 7 * 3_600_000) {
      const instant = new Date(at).toISOString().replace('.000Z', 'Z');
      const back = zones.instantOf(zones.clockOf(instant, zone), zone);
      // An hour that is shown twice is read as one of the two.
      assert.equal(zones.clockOf(back, zone), zones.clockOf(instant, zone), `${zone} ${instant}`);
    }
  }
});

test('undo and redo; typing in one place is one step', () => {
  let h = history.begin('a');
  h = history.change(h, 'ab', '/x', 1000);
  h = history.change(h, 'abc', '/x', 1500);
  h = history.change(h, 'abcd', '/y', 1600);
  assert.equal(history.undo(h).now, 'abc');
  assert.equal(history.undo(history.undo(h)).now, 'a');
  assert.equal(history.redo(history.redo(history.undo(history.undo(h)))).now, 'abcd');
  assert.equal(history.change(history.undo(h), 'z', '', 9000).future.length, 0);
  assert.equal(history.undo(history.begin('a')).now, 'a');
});

test('a window has words for each of its forms', () => {
  const t = (key, values) => `${key}${values ? JSON.stringify(values) : ''}`;
  const all = [
    null, { from: '2026-01-01' }, { to: '2026-01-01' }, { from: '2026-01-01', to: '2026-02-01' }, { last: 3, unit: 'hours' }, { last: 3, unit: 'days' }, { last: 3, unit: 'months' },
    { last: 3, unit: 'days', complete: true }, { last: 3, unit: 'days', rolling: true }, { last: 3, unit: 'days', until: 1 }, { current: 'week' }, { previous: 'year' },
  ];
  assert.equal(new Set(all.map((w) => windows.windowText(w, t))).size, all.length);
});
