/** Spans of days: none reaches past today, and a year back keeps every day. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/insight/frame/spans.ts', import.meta.url));
const { module: spans } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { beforeWord, beside, decades, fileOf, spanOf, spanBefore, WINDOWS } = spans;
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

/** The weeks of a window, from Mondays, the first and the last cut to it, as the server makes them. */
function weeks(from, to) {
  const day = (n) => new Date(n).toISOString().slice(0, 10);
  const [first, end] = [Date.parse(from), Date.parse(to)];
  const found = [];
  for (let at = first; at < end; ) {
    const toMonday = 7 - ((new Date(at).getUTCDay() + 6) % 7);
    const next = Math.min(end, at + toMonday * 86_400_000);
    found.push({ from: day(at), to: day(next) });
    at = next;
  }
  return found;
}
const length = (p) => (Date.parse(p.to) - Date.parse(p.from)) / 86_400_000;

test('only weeks of as many days stand under each other', () => {
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2026, 2, 1); at += 86_400_000) {
    const span = spanOf('90d', new Date(at).toISOString().slice(0, 10), none);
    for (const compare of ['previous', 'year']) {
      const other = spanBefore(span, compare);
      const [points, then] = [weeks(span.from, span.to), weeks(other.from, other.to)];
      const found = beside(points, then);
      assert.equal(found.length, points.length);
      found.forEach((p, i) => {
        if (!p) return;
        assert.equal(length(p), length(points[i]));
        const off = (Date.parse(p.from) - Date.parse(other.from) - Date.parse(points[i].from) + Date.parse(span.from)) / 86_400_000;
        assert.ok(Math.abs(off) <= 3, `${points[i].from} beside ${p.from}`);
      });
      const inner = found.slice(1, -1);
      assert.ok(inner.filter((p) => p === null).length <= 1, 'whole weeks find a whole week');
      const used = found.filter(Boolean).map((p) => p.from);
      assert.equal(new Set(used).size, used.length, 'each once');
    }
  }
});

test('months stand under each other when whole, or cut alike', () => {
  const month = (from, to) => ({ from, to });
  const now = [month('2028-02-01', '2028-03-01'), month('2028-03-01', '2028-03-10')];
  assert.deepEqual(beside(now, [month('2027-02-01', '2027-03-01'), month('2027-03-01', '2027-03-10')]).map((p) => p?.from), ['2027-02-01', '2027-03-01']);
  const cut = [month('2026-04-10', '2026-05-01'), month('2026-05-01', '2026-05-20')];
  assert.deepEqual(beside(cut, [month('2025-04-10', '2025-05-01'), month('2025-05-01', '2025-05-20')]).map((p) => p?.from), ['2025-04-10', '2025-05-01']);
  assert.deepEqual(beside(cut, [month('2025-04-10', '2025-05-01'), month('2025-05-01', '2025-05-16')]).map((p) => p?.from), ['2025-04-10', undefined]);
  assert.deepEqual(beside(cut, []), [null, null]);
});

test('long spans are asked in parts of ten years at most, without gap', () => {
  assert.deepEqual(decades('2026-01-01', '2027-01-01'), [{ from: '2026-01-01', to: '2027-01-01' }]);
  assert.deepEqual(decades('2004-02-29', '2026-11-27'), [
    { from: '2004-02-29', to: '2014-02-28' },
    { from: '2014-02-28', to: '2024-02-28' },
    { from: '2024-02-28', to: '2026-11-27' },
  ]);
  assert.deepEqual(decades('2026-01-01', '2026-01-01'), []);
});

test('a quarter begins with its first month, and the one before it is whole', () => {
  assert.deepEqual(spanOf('quarter', '2026-11-28', none), { from: '2026-10-01', to: '2026-11-29' });
  assert.deepEqual(spanOf('lastQuarter', '2026-11-28', none), { from: '2026-07-01', to: '2026-10-01' });
  assert.deepEqual(spanOf('quarter', '2026-01-01', none), { from: '2026-01-01', to: '2026-01-02' });
  assert.deepEqual(spanOf('lastQuarter', '2026-02-28', none), { from: '2025-10-01', to: '2026-01-01' });
  assert.deepEqual(spanBefore(spanOf('lastQuarter', '2026-02-28', none), 'previous'), { from: '2025-07-01', to: '2025-10-01' });
});

test('the days compared with have a name: so many days or whole months before, or a year ago', () => {
  const word = (window, compare, now = '2026-11-27') => {
    const span = spanOf(window, now, none);
    return beforeWord(span, spanBefore(span, compare));
  };
  assert.deepEqual(word('30d', 'previous'), { key: 'days', n: 30 });
  assert.deepEqual(word('30d', 'year'), { key: 'year' });
  assert.deepEqual(word('lastMonth', 'previous'), { key: 'month' });
  assert.deepEqual(word('lastQuarter', 'previous'), { key: 'months', n: 3 });
  assert.deepEqual(word('month', 'previous', '2026-11-01'), { key: 'day' });
  // What the server answers says the same.
  assert.deepEqual(beforeWord({ from: '2026-10-29', to: '2026-11-28' }, { from: '2026-09-29', to: '2026-10-29' }), { key: 'days', n: 30 });
});

test("a report's file is named by the days it covers, first and last", () => {
  assert.equal(fileOf('goods', { from: '2026-11-01', to: '2026-11-28' }), 'goods-2026-11-01-2026-11-27');
  assert.equal(fileOf('goods', { from: null, to: '2026-11-28' }), 'goods-until-2026-11-27');
});
