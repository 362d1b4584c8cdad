/** Rows to repair: how many stand how, and what was read where the reason does not say it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/quarantine/counts.ts', import.meta.url));
const { module } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { allSettled, countsOf, readTimes, readValue, TOUCHED } = module;

test('rows of several imports are added up, with those that an earlier import settled', () => {
  assert.deepEqual(countsOf([{ waiting: 300 }, { waiting: 2, repaired: 5, repaired_before: 1, set_aside: 3, set_aside_before: 4 }, {}]), { open: 302, repaired: 6, discarded: 7, all: 315 });
});

test('the value that was read is told where the reason names the column alone', () => {
  const cells = { 总金额: ' 12,3x ', 状态: '拍下', 空: '' };
  assert.equal(readValue('bad_amount', '总金额', cells), '12,3x');
  assert.equal(readValue('bad_date:day', '总金额', cells), '12,3x');
  assert.equal(readValue('unknown_status', '状态', cells), null, 'the reason says it itself');
  assert.equal(readValue('bad_amount', '空', cells), null);
  assert.equal(readValue('bad_amount', null, cells), null);
});

test('of times in the wrong order both cells are told, as far as they are known', () => {
  const cells = { 付款时间: ' 2026-08-05 10:00 ', 下单时间: '2026-08-06 09:00', 空: ' ' };
  assert.deepEqual(readTimes('付款时间', '下单时间', cells), [['付款时间', '2026-08-05 10:00'], ['下单时间', '2026-08-06 09:00']]);
  assert.deepEqual(readTimes('付款时间', null, cells), [['付款时间', '2026-08-05 10:00']]);
  assert.deepEqual(readTimes(null, '空', cells), []);
});

test('that all of an import is settled is said only where something was wrong and nothing waits', () => {
  assert.equal(allSettled(countsOf([{ waiting: 0, repaired: 10 }])), true);
  assert.equal(allSettled(countsOf([{ waiting: 0, set_aside_before: 2 }])), true);
  assert.equal(allSettled(countsOf([{ waiting: 1, repaired: 9 }])), false);
  assert.equal(allSettled(countsOf([{}])), false, 'nothing was ever wrong with it');
});

test('what was settled is counted anew: by the list, by the choice of imports that the tabs count, by the menu', () => {
  const keys = TOUCHED.map((key) => key.join(' '));
  for (const key of ['list /quarantine', 'imports-choice', 'import', 'overview']) assert.ok(keys.includes(key), key);
});
