/** Spans of days: none reaches past today, and a year back keeps every day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/insight/frame/spans.ts', import.meta.url));
const { module: spans } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { spanOf, spanBefore, WINDOWS } = spans;
const none = { from: null, to: null };

test('a sale that runs ends today, one that is over on its last day', () => {
  assert.deepEqual(spanOf('sale618', '2026-06-03', none), { from: '2026-06-01', to: '2026-06-04' });
  assert.deepEqual(spanOf('sale618', '2026-06-20', none), { from: '2026-06-01', to: '2026-06-21' });
  assert.deepEqual(spanOf('sale618', '2026-11-26', none), { from: '2026-06-01', to: '2026-06-21' });
  assert.deepEqual(spanOf('sale618', '2026-05-31', none), { from: '2025-06-01', to: '2025-06-21' });
  assert.deepEqual(spanOf('sale1111', '2026-11-01', none), { from: '2026-11-01', to: '2026-11-02' });
  assert.deepEqual(spanOf('sale1111', '2026-11-30', none), { from: '2026-11-01', to: '2026-11-12' });
  assert.deepEqual(spanOf('sale1111', '2026-01-02', none), { from: '2025-11-01', to: '2025-11-12' });
});

test('on no day of a leap cycle does a span reach past today or turn round', () => {
  for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2028, 2, 2); at += 86_400_000) {
    const today = new Date(at).toISOString().slice(0, 10);
    const end = new Date(at + 86_400_000).toISOString().slice(0, 10);
    for (const window of WINDOWS) {
      const { from, to } = spanOf(window, today, none);
      assert.ok(to <= end && (from ?? '') < to, `${window} on ${today}: ${from} ${to}`);
    }
  }
});

test('what is compared while a sale runs is as long as what has passed of it', () => {
  const span = spanOf('sale1111', '2026-11-05', none);
  assert.deepEqual(spanBefore(span, 'year'), { from: '2025-11-01', to: '2025-11-06' });
  assert.deepEqual(spanBefore(span, 'previous'), { from: '2026-10-27', to: '2026-11-01' });
});

test('a year back moves the last included day, also around 29 February', () => {
  const year = (from, to) => spanBefore({ from, to }, 'year');
  assert.deepEqual(year('2024-02-01', '2024-02-29'), { from: '2023-02-01', to: '2023-03-01' });
  assert.deepEqual(year('2024-02-01', '2024-03-01'), { from: '2023-02-01', to: '2023-03-01' });
  assert.deepEqual(year('2025-02-01', '2025-03-01'), { from: '2024-02-01', to: '2024-02-29' });
  assert.deepEqual(year('2026-01-01', '2027-01-01'), { from: '2025-01-01', to: '2026-01-01' });
  assert.equal(spanBefore({ to: '2026-01-01' }, 'year'), null);
});
