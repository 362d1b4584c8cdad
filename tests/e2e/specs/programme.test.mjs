/**
 * A programme by the screens alone, in the sample shop: taken from a ready ladder, written with the check beside it,
 * tried on an example member, published in versions and taken back; a member's points given, used and given back, each
 * entry opened to its cause, and the month's book that adds up.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { check, launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { Api, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A rule whose number is looked for by its words on the screen. */
const RULES = {
  earn: [
    { id: '每元一分', kind: 'per_amount', points: 1, per_fen: 100 },
    { id: '金牌双倍', kind: 'multiplier', factor: '2', tiers: ['金牌'] },
  ],
  check_in: { points: 5, streak: [{ days: 7, bonus: 20 }] },
  ladder: {
    tiers: [
      { id: '普通' },
      { id: '银牌', entry: { any: [{ metric: 'net_spend', min: 10_000 }, { metric: 'orders', min: 3 }] } },
      { id: '金牌', entry: { all: [{ metric: 'net_spend', min: 50_000 }, { metric: 'orders', min: 5 }] }, reward_points: 200 },
    ],
    window: { kind: 'lifetime' },
  },
};

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`programme, ${look.name}`, () => {
    const t = words(look.language);
    const narrow = look.width < 768;
    const test = walk();
    let server, api, page, context, quiet, id, member;
    const { open, take, button, dialog } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const good = () => page.getByText(t('programme.good')).waitFor();
    const card = (title) => page.locator('.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

    before(async () => {
      server = await startServer({ demo: ['--members', '400'] });
      api = new Api(server.base);
      await api.signIn(server.login());
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a shop without a programme is told where to begin, and what is ready', async () => {
      for (const path of ['/points/entries', '/points/ending', '/points/liability', '/programmes']) {
        await open(path);
        await page.getByText(t('programme.empty')).waitFor();
        await check(page, `${path} without a programme`);
      }
      await page.getByRole('link', { name: t('programme.new') }).first().click();
      await page.locator('.template .stair').first().waitFor();
      await take('programme-templates');
    });

    test('rules taken from a template are right; what is wrong is said at its place', async () => {
      await page.locator('.template-take').first().click();
      await good();
      assert.ok((await page.locator('.sentences li').count()) > 3, 'each rule is a sentence');
      await page.getByLabel(t('common.name'), { exact: true }).fill('暖冬会员');
      await check(page, 'a template in the editor');
      await page.getByText(t('programme.asText'), { exact: true }).click();
      const text = page.locator('.card textarea.mono').first();
      await text.fill('{');
      await page.locator('.bad-text[role="alert"]').waitFor();
      await text.fill(JSON.stringify(RULES));
      await page.getByText(t('programme.asForm'), { exact: true }).click();
      await good();
      const points = page.locator('.rule-row').first().getByLabel(t('programme.points'), { exact: true });
      await points.fill('');
      await page.locator('.rule-row').first().locator('.rule-fault').waitFor();
      await check(page, 'a fault at its place');
      await points.fill('2');
      await good();
      // The number that was taken away, and the one that was typed.
      for (const _ of [1, 2]) await button(t('builder.undo')).click();
      await good();
      assert.equal(await points.inputValue(), '1');
    });

    test('the ladder is drawn as steps and written tier by tier', async () => {
      assert.equal(await page.locator('.edit-grid .stair').count(), 3);
      await page.locator('.edit-grid .stair').nth(2).click();
      await page.getByLabel(t('programme.rewardPoints'), { exact: true }).fill('300');
      await good();
      await settle(page);
      await take('programme-edit');
      await button(t('programme.create')).click();
      await page.waitForURL(/\/programmes\/prg_/);
      id = /prg_\w+/.exec(page.url())[0];
      const made = await api.call('GET', `/programmes/${id}`);
      assert.deepEqual(made.current.rules, { ...RULES, ladder: { ...RULES.ladder, tiers: [RULES.ladder.tiers[0], RULES.ladder.tiers[1], { ...RULES.ladder.tiers[2], reward_points: 300 }] } }, 'what was written is what was saved, to the letter');
      await page.locator('.sentences li').first().waitFor();
      await take('programme');
    });

    test('an example member shows what each step leads to', async () => {
      await page.getByRole('tab', { name: t('programme.tab.try'), exact: true }).click();
      for (const key of ['order', 'tiers', 'refund', 'spend', 'check_in', 'late']) {
        await button(t(`programme.example.${key}`)).click();
        await page.locator('.trial-row .after').first().waitFor();
        await settle(page);
        assert.equal(await page.locator('.trial-row .after').count(), await page.locator('.trial-row').count(), key);
        await check(page, `the example ${key}`);
      }
      await button(t('programme.example.tiers')).click();
      await page.locator('.after .mark', { hasText: '金牌' }).last().waitFor();
      await settle(page);
      await take('programme-try');
      await button(t('programme.example.own')).click();
      await button(t('programme.addStep')).click();
      await page.locator('.trial-row .after').first().waitFor();
      await page.getByLabel(t('programme.ask.net_fen'), { exact: true }).fill('128.50');
      await page.locator('.trial-row .after .amount', { hasText: '128' }).first().waitFor();
    });

    test('a version is scheduled, withdrawn, published, and the older one taken back', async () => {
      const edit = async (from, points) => {
        await open(`/programmes/${id}/edit${from}`);
        if (points) await page.locator('.rule-row').first().getByLabel(t('programme.points'), { exact: true }).fill(points);
        await good();
        await settle(page);
        await button(t('programme.publish')).click();
      };
      await edit('', '2');
      await dialog().getByText(t('programme.whenHow.later'), { exact: true }).click();
      await dialog().getByLabel(t('programme.fromWhen'), { exact: true }).fill('2099-01-01 00:00');
      await page.keyboard.press('Enter');
      await dialog().getByLabel(t('programme.versionNote'), { exact: true }).fill('双倍一年');
      await check(page, 'the dialog of publishing');
      await button(t('programme.publishLater')).click();
      await page.waitForURL(/tab=versions/);
      await page.locator('.version', { hasText: t('programme.state.scheduledVersion') }).first().waitFor();
      await check(page, 'versions');
      await page.locator('.version').first().getByRole('button', { name: t('programme.withdraw') }).click();
      await dialog().getByRole('button', { name: t('programme.withdraw') }).click();
      await page.locator('.version', { hasText: t('programme.state.withdrawn') }).first().waitFor();
      await edit('', '3');
      await button(t('programme.publishNow')).click();
      await page.waitForURL(/tab=versions/);
      await page.locator('.version-on', { hasText: t('programme.versionNo', { n: 3 }) }).waitFor();
      await edit('?from=1');
      await button(t('programme.publishNow')).click();
      await page.locator('.version-on', { hasText: t('programme.versionNo', { n: 4 }) }).waitFor();
      await settle(page);
      await take('programme-versions');
      const now = await api.call('GET', `/programmes/${id}`);
      assert.equal(now.current.rules.earn[0].points, 1);
    });

    test('a member is given points, uses some and has them back', async () => {
      // The walk over all members that a new programme begins with.
      const until = Date.now() + 60_000;
      for (;;) {
        const list = await api.call('GET', '/members?limit=50');
        for (const one of list.items) {
          const books = await api.call('GET', `/members/${one.id}/points`);
          if (books.items.length > 0 && one.orders_count > 0) member = one.id;
        }
        if (member || Date.now() > until) break;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      assert.ok(member, 'somebody has a book');
      await open(`/members/${member}?tab=points`);
      await page.locator('.book').waitFor();
      const deed = async (name, number, reason, confirm) => {
        if (name === 'adjust') await button(t('points.do.adjust')).click();
        else {
          await page.locator('.tab-bar').getByRole('button', { name: t('common.more') }).click();
          await page.getByRole('menuitem', { name: t(`points.do.${name}`), exact: true }).click();
        }
        if (number === null) return;
        await dialog().getByLabel(t(name === 'growth' ? 'programme.metric.growth' : 'points.howMany'), { exact: true }).fill(number);
        if (reason) await dialog().getByRole('textbox').last().fill(reason);
        await check(page, `the dialog of ${name}`);
        await dialog().getByRole('button', { name: t(`points.confirm.${confirm ?? name}`), exact: true }).click();
        await dialog().waitFor({ state: 'hidden' });
      };
      const available = async (n) => page.locator('.book-accounts .amount').first().filter({ hasText: new RegExp(`^${n}$`) }).waitFor();
      await deed('adjust', '100', '客服补偿');
      await available(100);
      await deed('spend', '30', null);
      await available(70);
      await deed('check_in', null);
      await available(75);
      await settle(page);
      await take('member-points');
      await page.getByRole('button', { name: t('points.reverse'), exact: true }).first().click();
      await dialog().getByRole('button', { name: t('points.reverse'), exact: true }).click();
      await available(105);
      await check(page, 'a book with what came back');
    });

    test('the ledger holds every entry and opens each to its cause', async () => {
      await open(`/points/entries?programme=${id}`);
      await rows().first().waitFor();
      await take('points-entries');
      await rows().first().getByRole('button', { name: t('points.openEntry') }).click();
      await page.locator('.ant-drawer .sentences li').first().waitFor();
      await check(page, 'an entry');
      await page.locator('.ant-drawer').getByRole('link', { name: t('points.sameCause') }).click();
      await page.waitForURL(/cause_id=/);
      await settle(page);
      assert.ok((await rows().count()) >= 1);
      await open(`/points/entries?programme=${id}&cause=adjust&member=${member}`);
      await rows().first().waitFor();
      assert.equal(await rows().count(), 1);
    });

    test('the ledger finds a member as the list of members does, and keeps the choice in the address', async () => {
      const [told] = (await api.call('GET', '/members?has_phone=true&limit=1')).items;
      await open(`/points/entries?programme=${id}&cause=adjust`);
      const box = page.getByLabel(t('points.byMember'), { exact: true });
      await box.click();
      await box.fill(told.phone_masked.slice(-4));
      await page.locator('.ant-select-item-option', { hasText: told.phone_masked }).first().click();
      await page.waitForURL(/member=mem_/);
      await settle(page);
      await page.locator('.list .ant-select', { hasText: told.phone_masked }).first().waitFor();
      await check(page, 'the ledger of one member');
    });

    test('whom to remind is a list by days, and a file', async () => {
      await open(`/points/ending?programme=${id}`);
      await page.getByText(t('points.ending.none')).waitFor();
      await check(page, 'nobody to remind');
      await open(`/points/ending?programme=${id}&within=365`);
      await settle(page);
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: t('points.ending.file') }).click();
      assert.ok(readFileSync(await (await waiting).path(), 'utf8').length > 20);
      await check(page, 'whom to remind');
      quiet();
    });

    test("the month's book adds up and is a file", async () => {
      await open(`/points/liability?programme=${id}`);
      await page.locator('.equation').waitFor();
      await page.locator('.good-text[role="status"]').waitFor();
      await settle(page);
      // Two months stand on the page, and each says which it is.
      const month = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit' }).format(new Date());
      await page.getByLabel(t('points.bookMonth'), { exact: true }).waitFor();
      await page.getByText(t('points.lotMonthNote', { month })).waitFor();
      const save = async () => {
        const waiting = page.waitForEvent('download');
        await card(t('points.byLotMonth', { month })).getByRole('button', { name: t('insight.exportData') }).click();
        return readFileSync(await (await waiting).path(), 'utf8');
      };
      const file = await save();
      assert.match(file, new RegExp(t('points.total')));
      assert.ok(file.slice(1).startsWith(`${t('points.bookMonth')},${t('points.lotMonth')},`));
      assert.match(file, /,105\r\n$/, 'what is owed is what the member has');
      // A young programme: how much history the forecast needs and has, and no figure beside it.
      await page.getByText(t('points.forecast.why.few_months', { needs: 6, has: 0, month: '' }).split('6')[0].trim(), { exact: false }).waitFor();
      // Nothing says what a point is worth until somebody states it; then every figure has its money, in the file too.
      await page.getByText(t('points.value.ask')).waitFor();
      await page.getByLabel(t('points.value.label')).fill('0.01');
      await page.getByText(t('points.value.worth', { money: '¥1.05' }), { exact: true }).first().waitFor();
      assert.match(page.url(), /[?&]value=0\.01/);
      await settle(page);
      await take('liability');
      assert.match(await save(), /,105(,[\d.-]+){5},1\.05\r\n$/);
      await open(`/points/liability?programme=${id}`);
      await page.getByText(t('points.value.worth', { money: '¥1.05' }), { exact: true }).first().waitFor();
      quiet();
    });
  });
}
