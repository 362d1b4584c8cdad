/** What a batch's report lets one say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/batches/verdict.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { wordOf, ENOUGH } = rules;

const report = (treated, held, each) => ({
  treated: { members: treated[0], buyers: treated[1] },
  held_out: { members: held[0], buyers: held[1] },
  lift: held[0] > 0 && treated[0] > 0 ? { value: 0, low: -1, high: 1 } : null,
  revenue_per_member: each,
});

test('a difference is claimed only where both sides expect five buyers and five others', () => {
  assert.equal(ENOUGH, 100);
  const sure = { value: 2, low: 1, high: 3 };
  for (const [treated, held, each, word] of [
    [[694, 163], [162, 1], sure, 'more'],
    [[694, 163], [162, 1], { value: -2, low: -3, high: -1 }, 'less'],
    [[694, 163], [162, 1], { value: 1, low: -1, high: 3 }, 'unsure'],
    [[22, 8], [6, 0], sure, 'thin'],
    [[694, 0], [162, 0], null, 'thin'],
    // All bought: nobody is left who did not.
    [[694, 694], [162, 162], sure, 'thin'],
    [[694, 163], [0, 0], null, 'none'],
  ]) {
    assert.equal(wordOf(report(treated, held, each)), word, JSON.stringify([treated, held, each]));
  }
});
