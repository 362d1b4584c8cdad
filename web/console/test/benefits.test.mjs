/** Benefits: which of the list are meant, what tiers cost together, pictures as the server takes them, shares as it reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (name) => (await runnerImport(fileURLToPath(new URL(`../src/pages/${name}.ts`, import.meta.url)), { configFile: false, logLevel: 'error' })).module;
const { fits } = await load('benefits/filters');
const { byTier, marginOf, percentOf } = await load('benefits/cost');
const { base64Of, goesAsItIs } = await load('rewards/picture');

const nothing = { state: null, kind: null, tier: null, segment: null, day: null };
const gold = { state: 'active', kind: 'free_shipping', who: { programme: 'prg_1', tiers: ['金/牌'] }, when: {} };

test('the list without a question hides only what was put away', () => {
  assert.ok(fits(gold, nothing));
  assert.ok(!fits({ ...gold, state: 'archived' }, nothing));
  assert.ok(fits({ ...gold, state: 'archived' }, { ...nothing, state: 'all' }));
  assert.ok(!fits(gold, { ...nothing, state: 'paused' }));
});

test('of a tier is what names it, and what is for everybody', () => {
  assert.ok(fits(gold, { ...nothing, tier: 'prg_1/金/牌' }), 'a name may have a slash');
  assert.ok(!fits(gold, { ...nothing, tier: 'prg_1/银牌' }));
  assert.ok(!fits(gold, { ...nothing, tier: 'prg_2/金/牌' }), 'a tier of that name elsewhere');
  assert.ok(fits({ ...gold, who: {} }, { ...nothing, tier: 'prg_1/银牌' }));
  assert.ok(!fits({ ...gold, who: { segments: ['seg_1'] } }, { ...nothing, segment: 'seg_2' }));
  assert.ok(fits(gold, { ...nothing, segment: 'seg_2' }));
});

test('days are told apart: birthdays, certain days, any', () => {
  const on = (when, day) => fits({ ...gold, when }, { ...nothing, day });
  assert.ok(on({ birthday: 'month', month_days: [8] }, 'birthday'));
  assert.ok(on({ birthday: 'any', week_days: [3] }, 'dated'));
  assert.ok(on(undefined, 'any') && !on({ month_days: [8] }, 'any'));
});

test('lines of one tier are added up, the dearest first; what is of no tier is one of them', () => {
  const line = (tier, uses, cost) => ({ tier, benefit: { id: 'ben_1' }, uses, members: 1, cost, supplier: 0, platform: 0, shop: cost });
  const [silver, top] = [{ programme: 'prg_1', id: '银' }, { programme: 'prg_1', id: '金' }];
  const sums = byTier([line(silver, 1, 100), line(top, 2, 500), line(silver, 3, 50), line(null, 1, 5)], (l) => l.tier?.id ?? '–');
  assert.deepEqual(sums.map((s) => [s.name, s.uses, s.cost]), [['金', 2, 500], ['银', 4, 150], ['–', 1, 5]]);
});

test('thousandths are percent with a tenth, and an address states a margin or none', () => {
  assert.deepEqual([632, 5, 0, -1000, -37, 12345].map(percentOf), ['63.2%', '0.5%', '0.0%', '-100.0%', '-3.7%', '1234.5%']);
  assert.deepEqual(['350', '0', '1000', '1001', '-1', 'x', '', null].map(marginOf), [350, 0, 1000, null, null, null, null, null]);
});

test('a picture goes as it is where it fits, and its bytes are told in base64', async () => {
  assert.ok(goesAsItIs({ type: 'image/png', size: 300_000 }));
  assert.ok(!goesAsItIs({ type: 'image/png', size: 300_001 }));
  assert.ok(!goesAsItIs({ type: 'image/heic', size: 1 }));
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256);
  assert.equal(await base64Of(new Blob([bytes])), Buffer.from(bytes).toString('base64'));
});
