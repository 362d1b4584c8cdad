/** For how many members a change of tags is: counted in several answers, and said on the button by its kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/members/tagCount.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { addUp, deedOf } = rules;

const held = (tag, having, lacking) => ({ tag, name: tag.toUpperCase(), having, lacking });
const answer = (changed, unchanged, add, remove = []) => ({ members: changed + unchanged, changed, unchanged, not_found: 0, add, remove });

test('answers add up tag by tag', () => {
  const sum = addUp(addUp(null, answer(8, 2, [held('x', 2, 8)], [held('y', 1, 9)])), answer(1, 4, [held('x', 4, 1)], [held('y', 0, 5)]));
  assert.deepEqual(sum, { members: 15, changed: 9, unchanged: 6, not_found: 0, add: [held('x', 6, 9)], remove: [held('y', 1, 14)] });
});

test('the button says who gets or loses it', () => {
  assert.deepEqual(deedOf(answer(1383, 117, [held('x', 117, 1383)])), { kind: 'give', n: 1383, name: 'X', tags: 1 });
  assert.deepEqual(deedOf(answer(117, 1383, [], [held('x', 117, 1383)])), { kind: 'take', n: 117, name: 'X', tags: 1 });
  assert.equal(deedOf(answer(5, 0, [held('x', 0, 5), held('y', 0, 5)])).kind, 'giveMany');
  assert.equal(deedOf(answer(5, 0, [], [held('x', 5, 0), held('y', 5, 0)])).kind, 'takeMany');
  assert.equal(deedOf(answer(5, 0, [held('x', 0, 5)], [held('y', 5, 0)])).kind, 'both');
});
