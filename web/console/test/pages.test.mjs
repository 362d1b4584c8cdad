/** What a page of one member showed in clear is never shown on the page of the next: the page is keyed by who it is of. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src/', import.meta.url));

test("a member's page begins anew for each member", () => {
  const page = readFileSync(join(src, 'pages/members/MemberPage.tsx'), 'utf8');
  const shown = page.slice(page.indexOf('export function Component()'));
  assert.match(shown, /const \{ id \} = useParams\(\);\s+return <OneMember key=\{id\} \/>;/);
  assert.doesNotMatch(shown, /useState/, 'what is kept of one member is kept below the key');
});
