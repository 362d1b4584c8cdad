/** Which cells of a row that waits are marked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/imports/blame.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });

const read = [
  { column: '下单时间', field: 'created_at' },
  { column: '付款时间', field: 'paid_at' },
];
const cells = { 下单时间: '2026-11-03 10:00:00', 付款时间: '2026-11-02 10:00:00' };

test('of two times that contradict each other both are marked', () => {
  const reason = { code: 'times_contradict', column: 'paid_before_created' };
  assert.equal(rules.blamedColumn(reason, cells, undefined, read), '付款时间');
  assert.equal(rules.besideColumn(reason, read), '下单时间');
  assert.equal(rules.besideColumn({ code: 'paid_before_created' }, read), '下单时间');
});

test('other reasons mark one', () => assert.equal(rules.besideColumn({ code: 'bad_amount', column: '实付金额' }, read), null));
