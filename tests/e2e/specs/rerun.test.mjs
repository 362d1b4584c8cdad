/**
 * Older orders judged by a newer version: asked for beside the versions, read as a list of corrections, booked after a
 * question that says what will happen; what was spent meanwhile is told and not booked.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { check, launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { ago, order } from '../lib/orders.mjs';
import { Api, OWNER, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const rules = (points) => ({ earn: [{ id: '每元', kind: 'per_amount', points, per_fen: 100 }], caps: [{ id: '每日上限', per: 'day', points: 2_000 }], settlement_days: 0 });

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`re-run, ${look.name}`, () => {
    const t = words(look.language);
    const narrow = look.width < 768;
    const test = walk();
    let server, api, page, context, quiet, id, members, rerun;
    const { open, take, button, dialog } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const available = async (member) => (await api.call('GET', `/members/${member}/points`)).items[0].accounts.available;

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token(), OWNER);
      id = (await api.call('POST', '/programmes', { name: look.language === 'zh' ? '暖冬会员' : 'Warm winter', rules: rules(1), begins_at: ago(400) })).id;
      members = [];
      for (const [i, fen] of [15_000, 45_000, 120_000, 8_800, 26_000].entries()) {
        members.push((await api.call('POST', '/orders', order(`48912047712311${i}`, fen, 3 + i, `who${i}`))).member);
      }
      const until = Date.now() + 30_000;
      while ((await api.call('GET', `/programmes/${id}`)).members < members.length) {
        assert.ok(Date.now() < until, 'the books did not come');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      await api.call('POST', `/programmes/${id}/versions`, { rules: rules(2), note: look.language === 'zh' ? '双倍积分' : 'Double points' });
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('it is asked for beside the version, and only looks', async () => {
      await open(`/programmes/${id}?tab=versions`);
      await button(t('rerun.open')).first().click();
      await dialog().getByText(t('rerun.nothingYet')).waitFor();
      await settle(page);
      await check(page, 'the question for a re-run');
      await button(t('rerun.look')).click();
      await page.waitForURL(/\/reruns\/rrn_/);
      rerun = /rrn_\w+/.exec(page.url())[0];
      await page.getByText(t('rerun.isShown')).waitFor();
      const told = await api.call('GET', `/reruns/${rerun}`);
      assert.deepEqual([told.state, told.changed, told.corrections], ['shown', 5, 5]);
      // 2,000 a day is the most: 150, 450, 800, 88 and 260 points more.
      assert.equal(told.more.points, 1_748);
      assert.equal(await available(members[2]), 1_200, 'nothing is booked by looking');
    });

    test('what it comes to is a list with totals in points and yuan, and a file', async () => {
      await page.getByLabel(t('points.value.label')).fill('0.01');
      await page.getByLabel(t('points.value.label')).press('Enter');
      await page.locator('.tile-note').filter({ hasText: '17.48' }).waitFor();
      await rows().first().waitFor();
      assert.equal(await rows().count(), 5);
      await page.evaluate(() => window.scrollTo(0, 0));
      await settle(page);
      await take('rerun');
      const [download] = await Promise.all([page.waitForEvent('download'), button(t('trial.file', { format: 'CSV' })).click()]);
      assert.equal(readFileSync(await download.path(), 'utf8').trim().split('\n').length, 6);
      const link = rows().first().locator('a[href*="/members/mem_"]');
      assert.match(await link.getAttribute('href'), /tab=points/);
    });

    test('it is booked after a question that says what will happen; who changed meanwhile is told', async () => {
      await api.call('POST', `/members/${members[0]}/points/${id}/spend`, { points: 10 });
      await button(t('rerun.bookAsk')).click();
      await dialog().getByText(t('rerun.bookStale')).waitFor();
      await settle(page);
      await check(page, 'the question before booking');
      await dialog().getByLabel(t('rerun.why')).fill(look.language === 'zh' ? '补发双倍' : 'Late doubles');
      await button(t('rerun.book')).click();
      await page.getByText(t('rerun.isBooked', { n: 4 })).waitFor();
      await page.getByText(t('rerun.isStale', { n: 1 })).waitFor();
      await rows().first().waitFor();
      await check(page, 'a re-run that is booked');
      assert.deepEqual([await available(members[0]), await available(members[2])], [140, 2_000]);
    });

    test('it stands beside the versions and in the log', async () => {
      await open(`/programmes/${id}?tab=versions`);
      await page.locator('.rerun-row').first().waitFor();
      await check(page, 'versions with a re-run');
      await open('/audit');
      await page.getByText(t('audit.word.programme_rerun')).first().waitFor();
      quiet();
    });
  });
}
