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
