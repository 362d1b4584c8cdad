/**
 * The texts of both languages agree: same files, same keys, same placeholders, nothing empty; every key that a page
 * names exists; and no page carries Chinese words of its own, which the English reader would then meet.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const { numbered } = (await runnerImport(join(src, 'i18n/numbered.ts'), { configFile: false, logLevel: 'error' })).module;
const load = (language) => {
  const folder = join(src, 'i18n', language);
  const areas = {};
  for (const file of readdirSync(folder)) areas[file.replace('.json', '')] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return areas;
};
const flatten = (value, path = '') =>
  typeof value === 'string'
    ? { [path]: value }
    : Object.assign({}, ...Object.entries(value).map(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key)));
const sources = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
const zh = flatten(load('zh'));
const en = flatten(load('en'));

test('both languages have the same keys', () => {
  assert.deepEqual(Object.keys(zh).filter((k) => !(k in en)), [], 'in Chinese only');
  assert.deepEqual(Object.keys(en).filter((k) => !(k in zh)), [], 'in English only');
});

test('no text is empty, and placeholders agree', () => {
  const marks = (text) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
  for (const [key, text] of Object.entries(zh)) {
    assert.notEqual(text.trim(), '', key);
    assert.notEqual(en[key].trim(), '', key);
    assert.deepEqual(marks(text), marks(en[key]), key);
  }
});

test('a form of a word follows a number that the text has, and Chinese has none', () => {
  const forms = (text) => [...text.matchAll(/\[\[([^\]]*)\]\]/g)].map((m) => m[1]);
  for (const [key, text] of Object.entries(en)) {
    for (const form of forms(text)) {
      const [, name] = /^(\w+):[^|]*\|[^|]*$/.exec(form) ?? assert.fail(`${key}: ${form}`);
      assert.ok(text.includes(`{{${name}}}`), `${key}: ${form}`);
    }
  }
  assert.deepEqual(Object.entries(zh).filter(([, text]) => forms(text).length > 0), []);
});

test('one is told as one, everything else as many', () => {
  const say = (n) => numbered('{{n}} [[n:day|days]], [[n:is|are]] here', { n });
  assert.equal(say(1), '{{n}} day, is here');
  assert.equal(say('1'), '{{n}} day, is here');
  for (const n of [0, 2, '1,001', '1.5', '–', undefined]) assert.equal(say(n), '{{n}} days, are here');
});

test('members are counted in one form or the other', () => {
  // A number before a plural that has no form for one reads "1 members".
  const plain = Object.entries(en).filter(([key, text]) => /^(tags|portrait|reviews|members)\./.test(key) && /\{\{(n|total|tags|already)\}\} (members|orders|tags|ratios|were|have|do|are)\b/.test(text));
  // Several tags at once are never one.
  assert.deepEqual(plain.map(([key]) => key), ['tags.do.giveMany', 'tags.do.takeMany']);
});

test('the English texts hold no Chinese', () => {
  assert.deepEqual(Object.entries(en).filter(([, text]) => /\p{Script=Han}/u.test(text)), []);
});

test('every key that a page names exists', () => {
  const missing = [];
  for (const path of sources(src)) {
    const text = readFileSync(path, 'utf8');
    for (const [, key] of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) if (!(key in zh)) missing.push(`${path}: ${key}`);
    for (const [, first, second] of text.matchAll(/\bt\([^()'`]*\?\s*'([\w.]+)'\s*:\s*'([\w.]+)'/g)) {
      for (const key of [first, second]) if (!(key in zh)) missing.push(`${path}: ${key}`);
    }
    for (const [, head, rest] of text.matchAll(/\bt\(\s*`([\w.]+)\.\$\{[^`]*`(, \{ defaultValue)?/g)) {
      if (!rest && !Object.keys(zh).some((key) => key.startsWith(`${head}.`))) missing.push(`${path}: ${head}.*`);
    }
  }
  assert.deepEqual(missing, []);
});

test('pages carry no Chinese words of their own', () => {
  const allowed = ['万', '亿', '熟客', '中文', '、', '，；'];
  const found = [];
  for (const path of sources(src)) {
    let text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
    for (const word of allowed) text = text.replaceAll(word, '');
    if (/\p{Script=Han}/u.test(text)) found.push(path);
  }
  assert.deepEqual(found, []);
});

test('no page rounds a percentage by itself: a share above nothing never reads as 0.0%', () => {
  // The depth of a colour is nobody's to read.
  const own = sources(join(src, 'pages')).filter((path) => !path.endsWith('heat.ts') && /toFixed\(\d\)\}%/.test(readFileSync(path, 'utf8')));
  assert.deepEqual(own, []);
});
