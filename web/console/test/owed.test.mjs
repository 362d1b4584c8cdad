/** The page of points owed speaks of two months, and calls each by the glossary's word, as its files do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

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

const model = fileURLToPath(new URL('../src/pages/programme/model/liability.ts', import.meta.url));
const { booksNote, withMonth } = (await runnerImport(model, { configFile: false, logLevel: 'error' })).module;

test('earlier orders are spoken of only where the programme begins before it was made', () => {
  const made = '2026-11-10T04:00:00.000000Z';
  const now = { begins_at: made, created_at: made };
  const before = { begins_at: '2025-11-01T00:00:00Z', created_at: made };
  const book = (month, books_from) => ({ month, books_from });
  assert.equal(booksNote(book('2026-10', '2026-11'), now), 'before');
  assert.equal(booksNote(book('2026-11', '2026-11'), now), 'first');
  assert.equal(booksNote(book('2026-10', '2026-11'), before), 'beforeEarlier');
  assert.equal(booksNote(book('2026-11', '2026-11'), before), 'firstEarlier');
  assert.equal(booksNote(book('2026-12', '2026-11'), before), null);
  // The month is the server's: none where nothing was booked, whenever the programme was made.
  assert.equal(booksNote(book('2026-11', null), now), 'none');
  for (const words of [texts('zh'), texts('en')]) {
    for (const kind of ['none', 'before', 'first']) {
      assert.doesNotMatch(words.books[kind], /此前订单的积分|points of all earlier/, kind);
      assert.match(words.books[`${kind}Earlier`], /\{\{begins\}\}/, kind);
    }
  }
});

test('another month keeps the programme and the value of the address', () => {
  assert.equal(withMonth(new URLSearchParams('programme=prg_1&value=0.01&month=2026-01'), '2026-11').toString(), 'programme=prg_1&value=0.01&month=2026-11');
});
