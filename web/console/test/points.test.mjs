/** Why a member has no points to spend: one reason, the one that a shopkeeper would look for first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/members/points/none.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { whyNone } = rules;

const member = (orders_count, last_order_at = null) => ({ orders_count, last_order_at });
const programme = (more = {}) => ({ state: 'active', begins_at: '2026-06-01T00:00:00Z', current: { rules: { earn: [{ kind: 'per_amount' }] } }, ...more });
const book = (accounts, debt = 0) => ({ accounts, debt });

test('where something is free or owed, the figure speaks for itself', () => {
  assert.equal(whyNone(book({ available: 5 }), member(1), programme()), null);
  assert.equal(whyNone(book({ available: 0 }, 3), member(1), programme()), null);
  assert.equal(whyNone(book({ available: -3 }, 3), member(1), programme()), null);
});

for (const [why, ...asked] of [
  ['noProgramme', null, member(2), undefined],
  ['pending', book({ available: 0, pending: 12, issued: -12 }), member(1, '2026-07-01T00:00:00.000000Z'), programme()],
  ['frozen', book({ available: 0, frozen: 12, issued: -12 }), member(1), programme()],
  ['used', book({ available: 0, issued: -12, redeemed: 12 }), member(1), programme()],
  ['notBegun', null, member(1), programme({ state: 'scheduled' })],
  ['stopped', book({}), member(1), programme({ state: 'paused' })],
  ['filling', null, member(1), programme({ job: 'job_1' })],
  ['noOrders', null, member(0), programme()],
  ['before', book({}), member(3, '2026-05-31T23:59:59.000000Z'), programme()],
  ['noEarning', book({}), member(1, '2026-06-02T00:00:00.000000Z'), programme({ current: { rules: {} } })],
  ['notEarned', book({}), member(1, '2026-06-02T00:00:00.000000Z'), programme()],
]) {
  test(why, () => assert.equal(whyNone(...asked), why));
}
