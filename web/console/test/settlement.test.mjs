/** Settlement: what no file tells is no difference, and where no file tells anything nothing can be compared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/settlement/parts.ts', import.meta.url));
const { module } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { nothingTold, partOf } = module;

test('an order whose payout no file tells is no order that differs', () => {
  assert.deepEqual(['not_told', 'not_yet_settled', 'deducted', 'refund_after_payout'].map(partOf), ['untold', 'untold', 'differs', 'differs']);
});

test('without any payout there is nothing to compare; without orders there is nothing at all', () => {
  assert.equal(nothingTold({ orders: 20_002, untold: 20_002 }), true);
  assert.equal(nothingTold({ orders: 20_002, untold: 20_001 }), false);
  assert.equal(nothingTold({ orders: 0, untold: 0 }), false);
});
