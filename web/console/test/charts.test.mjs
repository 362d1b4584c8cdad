/** What charts reckon: when to advise, where percentages end, which names have room. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(fileURLToPath(new URL(`../src/${path}`, import.meta.url)), { configFile: false, logLevel: 'error' })).module;
const { peakOf, ENOUGH_RETURNED } = await load('pages/insight/advice.ts');
const { percentScale, placeNames, widthOf } = await load('ui/chart/scale.ts');

const { formatBigMoney, formatCount } = await load('app/format.ts');

const week = (of) => Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_, hour) => of(day, hour)));

test('a weekday that leads by one order is no peak; the hour all of them share is', () => {
  const orders = week((day, hour) => (hour === 12 ? [2963, 2963, 2963, 2964, 2223, 2963, 2963][day] : 0));
  assert.deepEqual(peakOf(orders), { kind: 'hours', hour: 12, next: 13, orders: 20_002 });
});

test('one weekday and hour far ahead is the peak', () => {
  assert.deepEqual(peakOf(week((day, hour) => (day === 3 && hour === 20 ? 400 : 100))), { kind: 'cell', day: 4, hour: 20, orders: 400 });
});

test('neighbouring hours are one stretch, hours apart or all alike are none', () => {
  assert.deepEqual(peakOf(week((_, hour) => ([20, 21].includes(hour) ? 300 : 50))), { kind: 'hours', hour: 20, next: 22, orders: 4200 });
  assert.deepEqual(peakOf(week((_, hour) => ([9, 21].includes(hour) ? 300 : 50))), { kind: 'even' });
  assert.deepEqual(peakOf(week(() => 40)), { kind: 'even' });
});

test('few orders show no habit', () => {
  assert.deepEqual(peakOf(week((day, hour) => (day === 0 && hour === 9 ? 29 : 0))), { kind: 'few', orders: 29 });
  assert.deepEqual(peakOf(week(() => 0)), { kind: 'few', orders: 0 });
  assert.equal(ENOUGH_RETURNED, 30);
});

test('an axis of percentages holds its values, ends at a hundred, and does not enlarge nothing', () => {
  assert.deepEqual(percentScale([0, 0]), { min: 0, max: 10, interval: 2.5 });
  assert.deepEqual(percentScale([]), { min: 0, max: 10, interval: 2.5 });
  assert.deepEqual(percentScale([100]), { min: 0, max: 100, interval: 25 });
  assert.deepEqual(percentScale([0.3, null]), { min: 0, max: 1, interval: 0.25 });
  for (let n = 0; n <= 100; n += 0.5) {
    const { max, interval } = percentScale([n]);
    assert.ok(max >= n && max <= 100);
    assert.ok(Number.isInteger(max / interval), `${n}: the last step is as wide as the others`);
  }
});

test('names above a chart take two rows and never lie on each other', () => {
  const names = ['Double 12', 'New Year shopping festival', 'Spring Festival', "Women's Day sale", '618', 'National Day', 'Double 11'];
  for (const width of [320, 500, 700, 1100]) {
    const marks = names.map((name, i) => ({ x: 60 + ((width - 80) * (i + 0.5)) / names.length, names: [name] }));
    const placed = placeNames(marks, width);
    for (const row of [0, 1]) {
      let end = Number.NEGATIVE_INFINITY;
      placed.forEach((at, i) => {
        if (at?.row !== row) return;
        const half = widthOf(at.text) / 2;
        assert.ok(marks[i].x - half > end && marks[i].x + half <= width, `${at.text} at ${width}`);
        end = marks[i].x + half;
      });
    }
    assert.ok(placed.filter(Boolean).length >= 3, `${width}: ${placed.filter(Boolean).length} named`);
  }
  assert.ok(placeNames([{ x: 500, names: ['国庆', '双11预售'] }], 1000)[0].text === '国庆 · 双11预售');
  assert.equal(placeNames([{ x: 45, names: ['National Day', 'Double 11 pre-sale'] }], 90)[0], null);
  assert.equal(placeNames([{ x: 60, names: ['National Day', 'Double 11 pre-sale'] }], 120)[0].text, 'National Day +1');
  assert.equal(placeNames([{ x: 2, names: ['618'] }], 900)[0], null, 'none leaves the chart');
});

test('large sums keep the comma of their thousands', () => {
  const yuan = (amount) => formatBigMoney({ amount, currency: 'CNY' }, 'zh');
  assert.equal(yuan(2_837_359_819), '¥2,837.4 万');
  assert.equal(yuan(12_850_000), '¥12.85 万');
  assert.equal(yuan(-100_000_000), '−¥100 万');
  assert.equal(formatCount(1_250_000_000, 'zh'), '12.5 亿');
});
