/** The small rules behind the member, batch and portrait pages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (name) => {
  const path = fileURLToPath(new URL(`../src/pages/${name}.ts`, import.meta.url));
  return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
};
const { besides } = await load('members/figures');
const { grouped } = await load('members/keys');
const { countedApart } = await load('members/timeline/counted');
const { stepsOf, worstOf } = await load('batches/model');
const { alike, distinct, even, fixedBy } = await load('portrait/lift');

const ratio = (value) => ({ value });
const yuan = (amount, currency = 'CNY') => ({ amount, currency });

test('a mean that differs from the member is never shown as the same figure', () => {
  for (const [own, mean, shown] of [
    [1, '1', '1'],
    [1, '1.01', '1.01'],
    [1, '1.0004', '1.0004'],
    [200, '1.01', '1'],
    [94, '107.04', '107'],
    [107, '107.04', '107.04'],
    [3, '2.96', '2.96'],
    [10, '10.0', '10'],
    [0, '0.5', '0.5'],
    [2, null, '–'],
  ]) {
    assert.equal(besides(own, ratio(mean)), shown, `${own} beside ${mean}`);
  }
  assert.equal(besides(1, undefined), '–');
  assert.deepEqual([besides(200, ratio('1.0101'), 2), besides(200, ratio('1'), 2), besides(1, ratio('1.004'), 2), besides(1, undefined, 2)], ['1.01', '1.00', '1.004', '–'], 'places that other pages have');
});

test('keys of one kind stand together, whatever stood between them', () => {
  const key = (namespace, kind, value, kindOf = 'contact') => ({ namespace, kind, class: kindOf, value_masked: value });
  const keys = [key('taobao', 'account_name', 'a', 'platform'), key('', 'receiver_phone', '1'), key('', 'receiver_name', 'n'), key('', 'receiver_phone', '2'), key('jd', 'account_name', 'b', 'platform')];
  assert.deepEqual(grouped(keys).map((g) => g.map((k) => k.value_masked)), [['a'], ['1', '2'], ['n'], ['b']]);
  assert.deepEqual(grouped([]), []);
});

test('an order says what it counts with where that is not what was paid', () => {
  const order = (paid, net, refunded = 0, purchase = true) => countedApart({ paid: yuan(paid), net_paid: yuan(net), refunded: yuan(refunded), purchase });
  assert.deepEqual(order(12850, 12250), { net: yuan(12250), shipping: yuan(600) });
  assert.equal(order(12850, 12850), null);
  // Given back and freight: what of the difference is freight is not known here.
  assert.deepEqual(order(12850, 6000, 6250), { net: yuan(6000), shipping: null });
  assert.equal(order(12850, 0, 0, false), null, 'what is no purchase counts with nothing');
  assert.equal(countedApart({ paid: null, net_paid: yuan(1), refunded: yuan(0), purchase: true }), null);
});

test('below a step that nobody passed nothing was asked', () => {
  const funnel = (losses, handed) => ({ matched: 10, excluded: 0, handed_over: handed, losses });
  const judged = (f) => stepsOf(f).map((s) => [s.left, s.judged]);
  assert.deepEqual(judged(funnel({ no_consent: 10 }, 0)), [[10, true], [0, true], [0, false], [0, false], [0, false]]);
  assert.deepEqual(judged(funnel({ no_consent: 4, held_out: 6 }, 0)), [[10, true], [6, true], [6, true], [6, true], [0, true]]);
  assert.deepEqual(worstOf(funnel({ no_consent: 4, held_out: 6 }, 0)), { reason: 'held_out', n: 6 });
  assert.equal(worstOf(funnel({}, 10)), null);
});

test('equal shares are no finding, and neither is what the conditions fix', () => {
  assert.equal(alike({ ratio: 1, low: 1, high: 1, distinct: false }), true);
  assert.equal(alike({ ratio: 1, low: 0.9, high: 1.1, distinct: false }), false, 'nothing is known for certain');
  assert.equal(alike({ ratio: 1.2, low: 1.1, high: 1.3, distinct: true }), false);
  assert.equal(alike({ ratio: null, low: 1, high: null, distinct: false }), false);
  const fixed = fixedBy({ op: 'not', arg: { op: 'in', value: { fact: 'province' }, list: ['浙江'] } });
  assert.deepEqual(['province', 'city', 'region', 'gender'].map((key) => fixed(key)), [true, true, true, false]);
  const bought = fixedBy({ op: 'exists', table: 'orders' });
  const figures = ['buyer_share', 'sales_per_member', 'sales_per_buyer', 'cart_share', 'repeat_share', 'orders_per_buyer'];
  assert.deepEqual(figures.map((key) => bought(key)), [true, true, false, false, false, false]);
  const bars = [['orders', '0'], ['orders', '5+'], ['stage', 'unconverted'], ['stage', 'lost'], ['gender', '0']];
  assert.deepEqual(bars.map(([key, value]) => bought(key, { value, label: value })), [true, false, true, false, false], 'having bought does not say how often');
  const twice = fixedBy({ op: 'ge', left: { agg: 'count', table: 'orders' }, right: 2 });
  assert.deepEqual(['repeat_share', 'orders_per_buyer', 'orders', 'stage'].map((key) => twice(key)), [true, true, true, false]);
  const bar = (key) => ({ key, bars: [{ value: '1', label: '1', lift: { ratio: 6, low: 5, high: 7, distinct: true } }] });
  const told = distinct([bar('orders'), bar('stage'), bar('gender')], 8, { op: 'exists', table: 'orders' });
  assert.deepEqual(told.more.map((x) => x.attribute.key), ['gender'], 'what the conditions bear on is no finding');
  assert.deepEqual([1.0004, 0.996, 1.006].map((ratio) => even({ ratio })), [true, true, false]);
});
