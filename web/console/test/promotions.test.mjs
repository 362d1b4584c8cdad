/** The form of promotions: shares are typed in percent and kept as what is paid; another kind keeps when, for whom and on what. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const { begin, isMissing, KINDS, part, percentOf, put, rateOf, withKind } = (await runnerImport(join(src, 'pages/promotions/rules.ts'), { configFile: false, logLevel: 'error' })).module;

test('a percentage is the share that is paid, digit by digit', () => {
  for (const [percent, rate] of [['85', '0.85'], ['100', '1'], ['0', '0'], ['5', '0.05'], ['33.333', '0.33333'], ['80', '0.8'], ['0.5', '0.005']]) {
    assert.equal(rateOf(percent), rate, percent);
    assert.equal(percentOf(rate), percent, rate);
  }
  for (const wrong of ['', '101', '100.1', '-1', '8,5', 'x', '1.23456']) assert.equal(rateOf(wrong), null, wrong);
  assert.equal(percentOf(undefined), '');
});

test('what is empty is left out', () => {
  const rules = put(begin('percent_off'), { cap: 500, tiers: ['a'], scope: { skus: ['A'] } });
  assert.deepEqual(rules, { kind: 'percent_off', pay_rate: '0.9', cap: 500, tiers: ['a'], scope: { skus: ['A'] } });
  assert.deepEqual(put(rules, { cap: undefined, tiers: [], scope: part(rules.scope, { skus: [] }) }), begin('percent_off'));
});

test('another kind keeps when, for whom and on what, and nothing of its own', () => {
  const before = put(begin('percent_off'), { cap: 500, members_only: true, per_member: 2, from: '2026-11-11T00:00:00Z' });
  for (const kind of KINDS) {
    const next = withKind(before, kind);
    assert.deepEqual([next.kind, next.members_only, next.from], [kind, true, '2026-11-11T00:00:00Z']);
    assert.equal(next.per_member, ['member_price', 'flash_price', 'gift'].includes(kind) ? undefined : 2, kind);
  }
  assert.equal(withKind(before, 'gift').pay_rate, undefined);
});

test('what is not filled in yet is missing, what is wrong is there', () => {
  const rules = { ...begin('stepped_threshold'), tiers: ['银牌'] };
  assert.equal(isMissing(rules, 'rules.steps[0].min_amount'), true);
  assert.equal(isMissing(begin('bundle_price'), 'rules.items[1].sku'), true);
  assert.equal(isMissing(rules, 'rules.tiers'), false);
  assert.equal(isMissing(rules, null), false);
});
