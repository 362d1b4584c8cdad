/** "Previous" leads back along the pages that one came by, also after a record was opened and left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/ui/list/trail.ts', import.meta.url));
const { module: trail } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { goneOn, pageNumber, wayTo } = trail;

test('the way is kept by where it leads, not by who is looking', () => {
  goneOn('members', '', 'b');
  goneOn('members', 'b', 'c');
  // A record is opened here and left again: nothing but the address says where the reader is.
  assert.deepEqual(wayTo('members', 'c'), ['', 'b']);
  assert.equal(wayTo('members', 'c').at(-1), 'b', 'the second page, not the first');
  assert.deepEqual([pageNumber('members', 'c'), pageNumber('members', 'b'), pageNumber('members', '')], [3, 2, 1]);
});

test('another filter is another list, and a link has no way', () => {
  assert.equal(wayTo('members with a phone', 'c'), null);
  assert.equal(pageNumber('members with a phone', 'c'), 0);
  goneOn('members with a phone', 'c', 'd');
  assert.deepEqual(wayTo('members with a phone', 'd'), ['c'], 'back to where the link led');
  assert.equal(pageNumber('members with a phone', 'd'), 0);
});
