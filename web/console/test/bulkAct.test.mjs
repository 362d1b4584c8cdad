/** Tags for many: what is asked has a key of its own, and the end of a task is noticed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/members/bulkAct.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { keyOf, untilOver } = rules;

test('the same asked again has the same key, another choice of tags another', () => {
  let made = 0;
  const make = () => `key${++made}`;
  const first = keyOf(null, { add: ['a'], remove: [] }, make);
  assert.equal(keyOf(first, { add: ['a'], remove: [] }, make).key, 'key1');
  assert.equal(keyOf(first, { add: ['b'], remove: [] }, make).key, 'key2');
  assert.equal(keyOf(null, { add: ['a'], remove: [] }, make).key, 'key3', 'after it was answered it is another act');
});

const states = (...list) => async () => {
  const next = list.shift();
  if (next instanceof Error) throw next;
  return { state: next };
};
const soon = async () => {};

test('a task is waited for until it is over, through a lost answer or two', async () => {
  for (const end of ['done', 'failed', 'cancelled']) {
    assert.equal(await untilOver(states('queued', 'running', new Error('lost'), 'running', end), soon), true);
  }
});

test('who is signed out is not asked for ever', async () => {
  let asked = 0;
  const look = async () => {
    asked += 1;
    throw new Error('gone');
  };
  assert.equal(await untilOver(look, soon), false);
  assert.equal(asked, 5);
});
