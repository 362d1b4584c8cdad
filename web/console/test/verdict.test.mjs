/** What a batch's report lets one say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/batches/verdict.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { wordOf, percentFor, thinSide, ENOUGH } = rules;

const report = (treated, held, each, lift = { value: 0, low: -1, high: 1 }) => ({
  treated: { members: treated[0], buyers: treated[1] },
  held_out: { members: held[0], buyers: held[1] },
  lift: held[0] > 0 && treated[0] > 0 ? lift : null,
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

test('of buyers the interval of shares may be believed in small groups too', () => {
  const sure = { value: 10, low: 6, high: 14 };
  assert.equal(wordOf(report([756, 48], [86, 0], sure, { value: 0.0635, low: 0.0181, high: 0.0832 })), 'buyers');
  assert.equal(wordOf(report([756, 28], [40, 12], sure, { value: -0.17, low: -0.27, high: -0.09 })), 'fewer');
  assert.equal(wordOf(report([756, 48], [80, 3], sure, { value: 0.03, low: -0.03, high: 0.07 })), 'thin');
});

test('the percent that suffices leaves room for the draw, and is none where the group is too small', () => {
  for (const [able, percent] of [[730, 17], [1200, 10], [240, 50], [239, null], [100_000, 1], [0, null]]) assert.equal(percentFor(able), percent, able);
});

test('why nothing is said of money names the smaller side', () => {
  assert.deepEqual(thinSide(report([756, 48], [73, 0], null)), { side: 'heldOut', of: 'buyers', least: 5 });
  assert.deepEqual(thinSide(report([20, 19], [60, 58], null)), { side: 'treated', of: 'others', least: 5 });
});
