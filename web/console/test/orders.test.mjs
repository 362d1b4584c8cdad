/** Orders: what holds beside a number is told, and each reason for which an order names nobody has its text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const path = fileURLToPath(new URL('../src/pages/orders/inForce.ts', import.meta.url));
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

test('each word for an order of nobody has a text in both languages', () => {
  const rust = read('../../../crates/commerce/src/order/unnamed.rs');
  const words = [...rust.matchAll(/Self::\w+ => "(\w+)"/g)].map((m) => m[1]).sort();
  assert.ok(words.length >= 8);
  for (const language of ['zh', 'en']) {
    const texts = JSON.parse(read(`../src/i18n/${language}/orders.json`)).because;
    assert.deepEqual(Object.keys(texts).sort(), words, language);
  }
});
