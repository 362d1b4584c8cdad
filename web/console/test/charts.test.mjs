/** What charts reckon: when to advise, where percentages end, which names have room. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(fileURLToPath(new URL(`../src/${path}`, import.meta.url)), { configFile: false, logLevel: 'error' })).module;
const { boughtShare, peakOf, receivedTold, ENOUGH_RETURNED } = await load('pages/insight/advice.ts');
const { percentScale, placeNames, widthOf } = await load('ui/chart/scale.ts');

const { formatBigMoney, formatCount } = await load('app/format.ts');

const week = (of) => Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_, hour) => of(day, hour)));

test('a weekday that leads by one order is no peak; the hour all of them share is', () => {
  const orders = week((day, hour) => (hour === 12 ? [2963, 2963, 2963, 2964, 2223, 2963, 2963][day] : 0));
  assert.deepEqual(peakOf(orders), { kind: 'hour', hour: 12, orders: 20_002 });
});

test('one weekday and hour far ahead is the peak', () => {
  assert.deepEqual(peakOf(week((day, hour) => (day === 3 && hour === 20 ? 400 : 100))), { kind: 'cell', day: 4, hour: 20, orders: 400 });
});

test('neighbouring hours are one stretch, also across midnight; hours apart are told each', () => {
  const hours = (...high) => peakOf(week((_, hour) => (high.includes(hour) ? 300 : 50)));
  assert.deepEqual(hours(20, 21), { kind: 'hours', runs: [{ hour: 20, next: 22 }], orders: 4200, days: [], alike: true });
  assert.deepEqual(hours(12, 20).runs, [{ hour: 12, next: 13 }, { hour: 20, next: 21 }]);
  assert.deepEqual(hours(22, 23, 0).runs, [{ hour: 22, next: 1 }]);
  assert.deepEqual(hours(22, 23).runs, [{ hour: 22, next: 24 }]);
});

test('a weekday that leads at all hours is told; even is only what is', () => {
  assert.deepEqual(peakOf(week((day) => (day === 5 ? 120 : 40))), { kind: 'days', days: [6], orders: 2880 });
  assert.deepEqual(peakOf(week((day, hour) => (day === 5 ? 3 : 1) * ([12, 20].includes(hour) ? 300 : 50))).days, [6]);
  assert.deepEqual(peakOf(week(() => 40)), { kind: 'even' });
  assert.deepEqual(peakOf(week((day, hour) => (day === 2 ? 11 : 10) * ([20, 21].includes(hour) ? 300 : 50))).days, [], 'a tenth more is no lead');
  // Day and night differ, and no few hours stand out.
  assert.deepEqual(peakOf(week((_, hour) => (hour < 8 ? 5 : 100))), { kind: 'mixed' });
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

test('what reached the merchant is told or not by each span for itself', () => {
  assert.equal(receivedTold({ received: 0, paid: 100 }), false);
  assert.equal(receivedTold({ received: 0, paid: 0 }), true);
  assert.equal(receivedTold({ received: 90, paid: 100 }), true);
  // Every page that names the measure asks, of the figure that it names: never of the current span for the former.
  for (const page of ['HeadFigures', 'FigureTable', 'GoodsPage', 'Trend', 'RegionPage']) {
    const source = readFileSync(new URL(`../src/pages/insight/${page}.tsx`, import.meta.url), 'utf8');
    assert.match(source, /receivedTold\(/, page);
    assert.doesNotMatch(source, /plainMoney\(money\.of\([a-z.]*received\)\)/, `${page} writes nought for what nobody told`);
  }
});

test('a file has both shares as shares, which come to one', () => {
  for (const left of [0.877, 1, 0, 0.333333]) assert.equal(Math.round((boughtShare(left) + left) * 1e6), 1e6);
  assert.equal(boughtShare(0.877), 0.123);
});

test('the card, the table and the file call what reached the merchant by one name, and settlement calls payouts another', () => {
  const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const zh = (area) => JSON.parse(read(`web/console/src/i18n/zh/${area}.json`));
  const name = zh('insight').measure.received;
  assert.ok(read('crates/insight/src/headings.rs').includes(`("received", "${name}")`), 'the file says otherwise');
  assert.equal('sales' in zh('insight'), false, 'a second name for it');
  assert.notEqual(zh('settlement').settled, name);
  assert.ok(read('crates/commerce/src/settlement/tables.rs').includes(`"settled", "${zh('settlement').settled}"`));
});
