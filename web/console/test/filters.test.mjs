/** A list's filter as the body of a request names it: flags are flags, and what is searched for stays text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const source = readFileSync(new URL('../src/ui/list/filterBody.ts', import.meta.url), 'utf8');
const { filterBody } = await import(`data:text/javascript,${encodeURIComponent(source.replace(/: Record<[^>]*>/g, ''))}`);

test('only flags become booleans', () => {
  const asked = { query: 'true', province: 'false', has_phone: 'true', identified: 'false', tag: 'tag_1,tag_2', gender: undefined };
  const want = { query: 'true', province: 'false', has_phone: true, identified: false, tags: ['tag_1', 'tag_2'] };
  assert.deepEqual(filterBody(asked), want);
});
