<<<<<<< HEAD
/** The page of points owed speaks of two months, and calls each by the glossary's word, as its files do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const texts = (language) => JSON.parse(read(`web/console/src/i18n/${language}/points.json`));
const glossary = read('docs/glossary.md');
const files = read('crates/programme/src/owed/tables.rs');

test('the month of account and the lot month have words of their own', () => {
  const [zh, en] = [texts('zh'), texts('en')];
  for (const key of ['bookMonth', 'lotMonth']) {
    assert.ok(glossary.toLowerCase().includes(`| ${en[key].toLowerCase()} | ${zh[key]} |`), `the glossary lacks ${zh[key]}`);
    assert.ok(files.includes(`"${zh[key]}"`), `the file calls ${zh[key]} otherwise`);
  }
  for (const words of [zh, en]) {
    // What happened in the chosen month is told with that month, never as "this month" beside another.
    for (const key of ['equation', 'issuedNote', 'expiredNote', 'byLotMonth', 'lotMonthNote']) assert.match(words[key], /\{\{month\}\}/, key);
  }
  assert.ok(!JSON.stringify(zh).includes('入账月份'), 'a third word for one of the two');
});
=======
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
>>>>>>> console
