/**
 * Every act that the server records has its words in both languages and its place in the filter: the actions are read
 * from the server's sources, where `audit::record` is called. What the server writes of them is said by templates.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const read = async (name) => {
  const path = fileURLToPath(new URL(`../src/pages/admin/${name}.ts`, import.meta.url));
  return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
};
const { ACTIONS, wordOf } = await read('actions');
const { said } = await read('said');
const root = fileURLToPath(new URL('../../../', import.meta.url));
const texts = (language, area) => JSON.parse(readFileSync(join(root, 'web/console/src/i18n', language, `${area}.json`), 'utf8'));

/** Actions put together while the server runs, by how the source writes them: all that they can come to. */
const BUILT = {
  'segment.{what}': ['segment.created', 'segment.changed', 'segment.archived', 'segment.restored'],
  'portrait_target.{what}': ['portrait_target.created', 'portrait_target.changed', 'portrait_target.archived', 'portrait_target.restored'],
  'benefit.set_{}': ['benefit.set_active', 'benefit.set_paused', 'benefit.set_archived'],
  'benefit_pack.set_{}': ['benefit_pack.set_active', 'benefit_pack.set_paused', 'benefit_pack.set_archived'],
  'growth_task.set_{}': ['growth_task.set_active', 'growth_task.set_paused', 'growth_task.set_archived'],
  'reward.set_{}': ['reward.set_active', 'reward.set_paused', 'reward.set_archived'],
  'coupon_template.set_{}': ['coupon_template.set_active', 'coupon_template.set_paused', 'coupon_template.set_archived'],
  'coupon_batch.set_{}': ['coupon_batch.set_active', 'coupon_batch.set_paused', 'coupon_batch.set_archived'],
  'card.{what}': ['card.resumed', 'card.paused', 'card.archived'],
  'card.{}': ['card.trial', 'card.gift'],
  'programme.{}': ['programme.resumed', 'programme.paused', 'programme.archived'],
};
/** Files that choose the action into a variable first: the choices are looked for as plain texts in the same file. */
const CHOSEN = {
  'crates/access/src/staff/service.rs': ['staff.disabled', 'staff.enabled'],
  'crates/access/src/tasks/http.rs': ['job.retried', 'job.resumed'],
  'crates/intake/src/load/service.rs': ['import.started', 'import.resumed'],
  'crates/members/src/tag/http/members.rs': ['member.tagged', 'member.untagged'],
};

const rust = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'tests' ? [] : rust(path);
    return name.endsWith('.rs') && name !== 'tests.rs' ? [path] : [];
  });

/** The third argument of a call, as the source has it. */
function third(source, from) {
  let depth = 1;
  let quoted = false;
  let argument = 0;
  let text = '';
  for (let at = from; at < source.length && depth > 0; at += 1) {
    const c = source[at];
    if (quoted) {
      if (c === '\\') at += 1;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) depth -= 1;
    if (c === ',' && depth === 1 && !quoted) argument += 1;
    else if (argument === 2 && depth > 0) text += c;
  }
  return text.trim();
}

function recorded() {
  const found = new Map();
  const unknown = [];
  for (const crate of readdirSync(join(root, 'crates'))) {
    const folder = join(root, 'crates', crate, 'src');
    for (const path of rust(folder)) {
      const source = readFileSync(path, 'utf8');
      const file = relative(root, path);
      for (const call of source.matchAll(/\baudit::record\(/g)) {
        const argument = third(source, call.index + call[0].length);
        const built = /^&format!\("([^"]+)"/.exec(argument)?.[1];
        const plain = /^"([a-z_]+\.[a-z_]+)"$/.exec(argument)?.[1];
        const chosen = argument === 'action' ? CHOSEN[file]?.filter((action) => source.includes(`"${action}"`)) : undefined;
        const actions = plain ? [plain] : built ? BUILT[built] : chosen;
        if (actions?.length) for (const action of actions) found.set(action, file);
        else unknown.push(`${file}: ${argument}`);
      }
    }
  }
  return { found, unknown };
}
const { found, unknown } = recorded();

test('every recorded action is understood by this test', () => {
  assert.ok(found.size > 80, 'the sources were read');
  assert.deepEqual(unknown, [], 'put these into BUILT or CHOSEN');
});

test('every recorded action has words in both languages and is offered in the filter', () => {
  const actions = [...found.keys()].sort();
  assert.deepEqual([...ACTIONS].sort(), actions);
  for (const language of ['zh', 'en']) {
    const words = texts(language, 'audit').word;
    const wordless = actions.filter((action) => !words[wordOf(action).replace('audit.word.', '')]);
    assert.deepEqual(wordless, [], language);
  }
});

const saying = (language) => {
  const all = { audit: texts(language, 'audit'), batches: texts(language, 'batches'), words: texts(language, 'words') };
  return (key, given = {}) => {
    const text = key.split('.').reduce((inner, part) => inner?.[part], all) ?? given.defaultValue ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => given[name]);
  };
};

test('what the server writes is said in the reader’s language, thousands apart', () => {
  const cases = [
    ['batch.frozen', '16534 matched, 0 to be handed over', '符合 16,534 人，可交付 0 人', '16,534 matched, 0 to be handed over'],
    ['batch.created', '试发: 2: sms for marketing', '试发: 2：短信 · 营销', '试发: 2: SMS · Marketing'],
    ['batch.exported', 'sms as xlsx: repeat, number 3', '短信 · XLSX · 第 3 次', 'SMS · XLSX · time no. 3'],
    ['import.finished', '20002 new orders, 0 changed, 19803 new members, 300 to repair', '新增订单 20,002，更新订单 0，新会员 19,803，待修 300', 'new orders: 20,002, changed orders: 0, new members: 19,803, to repair: 300'],
    ['programme.version_posted', '暖冬 2026 4: 加倍', '暖冬 2026，第 4 版：加倍', '暖冬 2026, version 4: 加倍'],
    [
      'programme.rerun',
      '暖冬 by version 2, 2026-02-05 to 2026-02-15: 1200 more, 0 fewer; 补发',
      '暖冬，按第 2 版重算 2026-02-05 至 2026-02-15 的订单：多 1,200 分，少 0 分：补发',
      '暖冬, orders of 2026-02-05 to 2026-02-15 by version 2: 1,200 points more, 0 fewer: 补发',
    ],
    ['points.rerun_exported', 'corrections of 2026-02-05 to 2026-02-15 as csv', '2026-02-05 至 2026-02-15 · CSV', '2026-02-05 to 2026-02-15 · CSV'],
    ['redemption.unmasked', 'rdm_01kc0000000000000000abcdef: 客户改地址', '兑换 …abcdef：客户改地址', 'redemption …abcdef: 客户改地址'],
    ['redemption.address_changed', 'rdm_01kc0000000000000000abcdef', '兑换 …abcdef', 'redemption …abcdef'],
    ['redemptions.addresses_exported', 'xlsx: 今天发货', 'XLSX：今天发货', 'XLSX: 今天发货'],
    ['webhook.disabled', '410 Gone', '接收方说地址已不存在（410）', 'the receiver says the address is gone (410)'],
    ['batch.frozen', 'written otherwise one day', 'written otherwise one day', 'written otherwise one day'],
  ];
  for (const [action, summary, zh, en] of cases) {
    assert.equal(said({ action, summary }, saying('zh')), zh);
    assert.equal(said({ action, summary }, saying('en')), en);
  }
});

test('the shapes are those that the sources write', () => {
  const source = (path) => readFileSync(join(root, path), 'utf8');
  assert.match(source('crates/outreach/src/batch/freeze.rs'), /"\{matched\} matched, \{treated\} to be handed over"/);
  assert.match(source('crates/outreach/src/batch/service.rs'), /"\{name\}: \{\} for \{\}"/);
  assert.match(source('crates/outreach/src/batch/hand.rs'), /"\{\} as \{how\}: \{which\}"/);
  assert.match(source('crates/outreach/src/batch/results/apply.rs'), /"\{\} rows, \{\} unsubscribed, \{\} bad"/);
  assert.match(source('crates/intake/src/load/job.rs'), /"\{\} new orders, \{\} changed, \{\} new members, \{\} to repair"/);
  assert.match(source('crates/programme/src/rerun/service.rs'), /"\{\} by version \{by\}, \{from\} to \{to\}: \{more\} more, \{less\} fewer; \{why\}"/);
  assert.match(source('crates/members/src/consent/http.rs'), /"\{\} added, \{\} unchanged, \{\} refused"/);
  assert.match(source('crates/members/src/tag/http/vocabulary.rs'), /"\{\}: \{\} members had it"/);
});
