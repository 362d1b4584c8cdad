/** Coupons: what one does in a sentence of both languages, a template typed and read back, how large a batch comes out, shares that are paid. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const load = async (name) => (await runnerImport(join(src, `${name}.ts`), { configFile: false, logLevel: 'error' })).module;
const { percentOf, foldOf, offOf, rateOf } = await load('pages/coupons/rate');
const { draftOf, inputOf } = await load('pages/coupons/draft');
const { sizeOf, faceOf } = await load('pages/coupons/size');
const { templateSaid, couponSaid, claimSaid, momentSaid, validitySaid } = await load('pages/coupons/says');
const { numbered } = await load('i18n/numbered');

const saying = (language) => {
  const folder = join(src, 'i18n', language);
  const all = Object.fromEntries(readdirSync(folder).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))]));
  return (key, given = {}) => {
    const text = key.split('.').reduce((inner, part) => inner?.[part], all);
    assert.equal(typeof text, 'string', key);
    return numbered(text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(given[name])), given);
  };
};
const shop = (zh) => ({ currency: 'CNY', zone: 'Asia/Shanghai', zh, who: (who) => [...(who.tiers ?? []), ...(who.segments ?? [])].join('/') });

test('shares are exact whichever way they are written', () => {
  for (const [rate, percent, fold, off] of [
    ['0.85', '85', '8.5', '15'],
    ['0.9', '90', '9', '10'],
    ['0.855', '85.5', '8.55', '14.5'],
    ['0.05', '5', '0.5', '95'],
    ['0.999', '99.9', '9.99', '0.1'],
    ['0', '0', '0', '100'],
  ]) {
    assert.deepEqual([percentOf(rate), foldOf(rate), offOf(rate), rateOf(percent)], [percent, fold, off, rate], rate);
  }
  assert.equal(offOf('1'), '0');
  assert.equal(rateOf(' 85.50 '), '0.855');
  for (const wrong of ['', '100', '85.555', '-5', '8,5', 'x']) assert.equal(rateOf(wrong), null, wrong);
});

const days = { days: 7 };
const back = { restore: true, restore_grace_days: 7 };

test('a template says in one sentence what its coupons do', () => {
  const cases = [
    [
      { offer: { kind: 'amount_off', amount: 1_000, min_amount: 10_000 }, validity: days, ...back },
      '满 ¥100.00 减 ¥10.00；领到后 7 天内有效；订单关闭或全额退款后退回，已过期的再给 7 天。',
      '¥10.00 off from ¥100.00 on; good for 7 days from when it is had; comes back when the order is closed or wholly refunded, with 7 days more where it has ended.',
    ],
    [
      {
        offer: {
          kind: 'percent_off',
          pay_rate: '0.85',
          cap: 5_000,
          min_qty: 1,
          scope: { categories: ['home'], exclude_skus: ['A1'], not_replaced_by: ['flash_price'] },
          calendar: { weekdays: [6, 7], hours: ['20:00', '22:00'] },
          tiers: ['金牌'],
          per_member: 2,
        },
        programme: 'prg_1',
        validity: { to: '2026-11-11T16:00:00Z' },
        restore: false,
      },
      '打 8.5 折，最多减 ¥50.00，满 1 件可用，限 home，A1 除外，不含限时抢购价商品，周六、周日 20:00–22:00 可用，限金牌，每人最多用 2 次；用到 2026-11-11；用掉后不退回。',
      null,
    ],
    [
      { offer: { kind: 'no_threshold' }, random: { min: 100, max: 900, distribution: 'even' }, validity: { days: 0 }, restore: true, restore_grace_days: 0 },
      '无门槛减 ¥1.00 到 ¥9.00 之间的随机金额；领到当天有效；订单关闭或全额退款后退回。',
      'A random amount from ¥1.00 to ¥9.00 off whatever the cart comes to; good on the day on which it is had; comes back when the order is closed or wholly refunded.',
    ],
    [
      { offer: { kind: 'gift', gifts: [{ sku: 'M', qty: 2, value: 1_500 }], min_amount: 20_000, group: 'g', exclusive: 'order' }, validity: { days: 1, after_days: 1 }, restore: false },
      '送 M × 2，满 ¥200.00 可用，不与互斥组“g”的其他优惠同用；领到 1 天后生效，再过 1 天到期；用掉后不退回。',
      'Gives M × 2, from ¥200.00 on, not beside others of the group “g”; begins 1 day after it is had and ends 1 day later; used, it does not come back.',
    ],
    [{ offer: { kind: 'exchange', sku: 'M', pay: 0 }, validity: days, restore: false }, '免费兑换 M 一件；领到后 7 天内有效；用掉后不退回。', 'A piece of M free; good for 7 days from when it is had; used, it does not come back.'],
    [{ offer: { kind: 'free_shipping', cap: 1_000 }, validity: days, restore: false }, '运费最多减 ¥10.00；领到后 7 天内有效；用掉后不退回。', 'Up to ¥10.00 off shipping; good for 7 days from when it is had; used, it does not come back.'],
  ];
  for (const [of, zh, en] of cases) {
    assert.equal(templateSaid(of, shop(true), saying('zh')), zh);
    if (en) assert.equal(templateSaid(of, shop(false), saying('en')), en);
  }
});

test('a coupon that somebody has says the amount that was drawn for it', () => {
  const offer = { kind: 'amount_off', min_amount: 5_000 };
  assert.equal(couponSaid({ offer, amount: { amount: 321, currency: 'CNY' } }, shop(true), saying('zh')), '满 ¥50.00 减 ¥3.21');
  assert.equal(couponSaid({ offer: { kind: 'percent_off', pay_rate: '0.9' }, amount: null }, shop(false), saying('en')), '10% off');
});

test('the end of a day is said by the day, another instant to the minute', () => {
  const zone = 'Asia/Shanghai';
  assert.equal(momentSaid('2026-11-10T16:00:00Z', zone, false), '2026-11-11');
  assert.equal(momentSaid('2026-11-11T16:00:00Z', zone, true), '2026-11-11');
  assert.equal(momentSaid('2026-11-10T12:00:00Z', zone, false), '2026-11-10 20:00');
  const t = saying('zh');
  assert.equal(claimSaid({ claim_from: '2026-11-10T12:00:00Z', claim_to: '2026-11-11T16:00:00Z' }, zone, t), '2026-11-10 20:00 至 2026-11-11');
  assert.equal(claimSaid({}, zone, t), null);
  assert.equal(validitySaid({ days: 7, to: '2026-11-11T16:00:00Z' }, shop(true), t), '领到后 7 天内有效，最迟用到 2026-11-11');
});

const kept = (offer, more = {}) => ({ id: 'cpt_1', state: 'active', version: 3, created_at: '', name: '券', description: '说明', offer: { issuer: 'shop', ...offer }, validity: { days: 7 }, lock_minutes: 30, restore: true, restore_grace_days: 3, ...more });
const plain = (value) => JSON.parse(JSON.stringify(value, (_, inner) => (inner === null ? undefined : inner)));

test('what is read into the form is written back as it was', () => {
  for (const [offer, more] of [
    [{ kind: 'amount_off', amount: 1_000, min_amount: 10_000 }],
    [{ kind: 'no_threshold' }, { random: { min: 100, max: 900, distribution: 'low' } }],
    [{ kind: 'percent_off', pay_rate: '0.855', cap: 5_000, priority: 5, scope: { categories: ['home'], exclude_categories: ['home/sale'] } }],
    [{ kind: 'gift', gifts: [{ sku: 'M', qty: 2, value: 1_550 }], calendar: { month_days: [8, 18], hours: ['20:00', '24:00'] }, members_only: true }],
    [{ kind: 'exchange', sku: 'M', pay: 100, group: 'g', exclusive: 'order', issuer: 'platform' }],
    [{ kind: 'free_shipping', cap: 1_000, max_weight_g: 3_000, per_member: 2, min_qty: 2 }, { validity: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } }],
    [{ kind: 'amount_off', amount: 1_000, tiers: ['金牌'], segments: ['seg_1'] }, { programme: 'prg_1' }],
  ]) {
    const template = kept(offer, more);
    const { id: _, state: __, created_at: ___, ...said } = template;
    assert.deepEqual(plain(inputOf(draftOf(template, 'CNY'), 'CNY', template)), plain(said), offer.kind);
  }
});

test('an amount is of the currency that it is typed in', () => {
  const draft = { ...draftOf(null, 'JPY'), name: 'x', amount: '1000', minAmount: '5000' };
  const { offer } = inputOf(draft, 'JPY', null);
  assert.deepEqual([offer.amount, offer.min_amount], [1_000, 5_000]);
  assert.equal(inputOf({ ...draft, amount: '10.5' }, 'JPY', null), null);
});

test('nothing is written while something is missing or wrong', () => {
  const good = { ...draftOf(null, 'CNY'), amount: '10' };
  assert.ok(inputOf(good, 'CNY', null));
  for (const wrong of [
    { amount: '' },
    { amount: '0' },
    { amount: 'x' },
    { minAmount: 'x' },
    { drawn: true },
    { drawn: true, least: '5', most: '1' },
    { kind: 'percent_off' },
    { kind: 'percent_off', percent: '85', cap: '0' },
    { kind: 'gift' },
    { kind: 'exchange' },
    { days: null },
    { from: '2026-12-01T00:00:00Z', to: '2026-11-01T00:00:00Z' },
    { hourFrom: '20:00' },
  ]) {
    assert.equal(inputOf({ ...good, ...wrong }, 'CNY', null), null, JSON.stringify(wrong));
  }
  const empty = inputOf(good, 'CNY', null).offer;
  assert.deepEqual([empty.scope, empty.calendar, empty.tiers, empty.segments], [null, null, null, null], 'a list that names nothing is none');
  assert.equal(inputOf({ ...good, who: { programme: 'prg_1', tiers: [], segments: [] } }, 'CNY', null).programme, null, 'a programme without tiers says nothing');
});

test('a budget bounds the pieces, as the server reckons it', () => {
  const ten = { offer: { kind: 'no_threshold', amount: 1_000 } };
  const percent = { offer: { kind: 'percent_off', pay_rate: '0.9' } };
  const drawn = { offer: { kind: 'no_threshold' }, random: { min: 100, max: 300, distribution: 'even' } };
  const size = (of, pieces, budget) => {
    const { pieces: n, most, wrong } = sizeOf(of, pieces, budget);
    return wrong ?? [n, most];
  };
  assert.deepEqual(size(percent, null, null), [null, null]);
  assert.deepEqual(size(ten, 10, null), [10, 10_000]);
  assert.deepEqual(size(ten, null, 25_500), [25, 25_000]);
  assert.deepEqual(size(ten, 10, 25_500), [10, 10_000]);
  assert.deepEqual(size(drawn, 10, 2_500), [10, 2_500]);
  assert.deepEqual(size(drawn, 10, null), [10, 3_000]);
  for (const [of, pieces, budget, wrong] of [
    [ten, null, 999, 'face'],
    [percent, null, 999, 'face'],
    [drawn, null, 2_500, 'drawn'],
    [drawn, 10, 999, 'drawn'],
    [drawn, 10, 3_001, 'drawn'],
    [{ ...drawn, random: { ...drawn.random, distribution: 'low' } }, 10, 2_500, 'drawn'],
  ]) {
    assert.equal(size(of, pieces, budget), wrong);
  }
  assert.equal(faceOf({ kind: 'gift', gifts: [{ sku: 'M', qty: 2, value: 1_500 }] }), 3_000);
  assert.equal(faceOf({ kind: 'exchange', sku: 'M', pay: 0 }), null);
});
