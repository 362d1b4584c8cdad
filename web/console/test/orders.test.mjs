/** Orders: what holds beside a number is told, and each reason for which an order names nobody has its text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const path = fileURLToPath(new URL('../src/ui/list/inForce.ts', import.meta.url));
const { module } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { inForce } = module;

const FILTERS = [
  { kind: 'search', name: 'query', label: 'Number' },
  { kind: 'select', name: 'state', label: 'State', options: [{ value: 'paid', label: 'Paid' }] },
  { kind: 'select', name: 'shop', label: 'Shop', options: [] },
  { kind: 'dates', name: 'from', until: 'to', label: 'Placed' },
];
const held = (address) => inForce(FILTERS, new URLSearchParams(address));

test('the filters that hold beside a number are named, the number itself is none', () => {
  assert.deepEqual(held('query=20261101&limit=50'), []);
  assert.deepEqual(held('query=1&state=paid&shop=gone&to=2026-11-02'), [
    { names: ['state'], label: 'State', value: 'Paid' },
    { names: ['shop'], label: 'Shop', value: 'gone' },
    { names: ['from', 'to'], label: 'Placed', value: '… – 2026-11-02' },
  ]);
});

test('choices that all must hold are named by their labels, one that is gone by its id', () => {
  const many = [{ kind: 'many', name: 'tag', label: 'Tags', options: [{ label: 'Care', options: [{ value: 'tag_1', label: 'New' }] }] }];
  assert.deepEqual(inForce(many, new URLSearchParams('tag=tag_1,tag_9')), [{ names: ['tag'], label: 'Tags', value: 'New + tag_9' }]);
});

const load = async (file) => (await runnerImport(fileURLToPath(new URL(file, import.meta.url)), { configFile: false, logLevel: 'error' })).module;

test('how many orders there are is told only where they are counted', async () => {
  const { orderTotal } = await load('../src/pages/orders/total.ts');
  const counted = { total: 30, identified: 20, unidentified: 10 };
  assert.equal(orderTotal({}, counted), 30);
  assert.equal(orderTotal({ identified: 'false', state: undefined }, counted), 10);
  assert.equal(orderTotal({ identified: 'false', state: 'paid' }, counted), null);
  assert.equal(orderTotal({ shop: 'shp_1' }, counted), null);
  assert.equal(orderTotal({}, undefined), null);
});

test('a municipality is named once', async () => {
  const { formatPlace } = await load('../src/app/format.ts');
  assert.deepEqual(
    [['上海', '上海市'], ['北京市', '北京市'], ['吉林省', '吉林市'], ['广东省', '深圳市'], ['广东省', null], [null, '深圳市'], [null, null]].map(([p, c]) => formatPlace(p, c)),
    ['上海市', '北京市', '吉林省 吉林市', '广东省 深圳市', '广东省', '深圳市', ''],
  );
});

test('each word for an order of nobody has a text in both languages', () => {
  const rust = read('../../../crates/commerce/src/order/unnamed.rs');
  const words = [...rust.matchAll(/Self::\w+ => "(\w+)"/g)].map((m) => m[1]).sort();
  assert.ok(words.length >= 8);
  for (const language of ['zh', 'en']) {
    const texts = JSON.parse(read(`../src/i18n/${language}/orders.json`)).because;
    assert.deepEqual(Object.keys(texts).sort(), words, language);
  }
});

test('an order leads back to where it was opened from, and to nothing that is no page of the console', async () => {
  const back = fileURLToPath(new URL('../src/ui/list/back.ts', import.meta.url));
  const { backOf } = (await runnerImport(back, { configFile: false, logLevel: 'error' })).module;
  const here = { to: '/settlement?platform=taobao&part=untold', label: 'Settlement' };
  assert.deepEqual(backOf({ back: here }), here);
  for (const state of [null, undefined, 'x', {}, { back: null }, { back: { to: '//elsewhere.example', label: 'x' } }, { back: { to: '/a', label: 1 } }]) assert.equal(backOf(state), null);
  assert.match(read('../src/pages/settlement/Differences.tsx'), /<OrderLink [^>]*back=\{back\}/);
});
