/**
 * Rules tried on everybody before they are saved: a shop of three members looks at what a dearer gold would do, opens who
 * loses, and takes the list; nothing is saved by it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { ago, order } from '../lib/orders.mjs';
import { Api, OWNER, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const rules = (gold, perFen) => ({
  earn: [{ id: '每元一分', kind: 'per_amount', points: 1, per_fen: perFen }],
  settlement_days: 0,
  ladder: {
    tiers: [
      { id: '普通会员' },
      { id: '银牌会员', entry: { all: [{ metric: 'net_spend', min: 30_000 }] } },
      { id: '金牌会员', entry: { all: [{ metric: 'net_spend', min: gold }] } },
    ],
    window: { kind: 'rolling_months', months: 12 },
    validity: { months: 12 },
    step_down: true,
  },
});

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`trial, ${look.name}`, () => {
    const t = words(look.language);
    const test = walk();
    let server, api, page, context, quiet, id;
    const { open, take, button } = handOf(look, () => page, () => server.base);
    const drawer = () => page.locator('.ant-drawer').filter({ visible: true });

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token(), OWNER);
      id = (await api.call('POST', '/programmes', { name: look.language === 'zh' ? '暖冬会员' : 'Warm winter', rules: rules(200_000, 200), begins_at: ago(400) })).id;
      const spent = { mei: 15_000, lan: 45_000, hua: 120_000 };
      for (const [i, [who, fen]] of Object.entries(spent).entries()) await api.call('POST', '/orders', order(`48912047712300${i}`, fen, 20 + i, who));
      const until = Date.now() + 30_000;
      while ((await api.call('GET', `/programmes/${id}`)).members < 3) {
        assert.ok(Date.now() < until, 'the books did not come');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      // An easier gold and twice the points: hua rises. The first rules, tried again, take both away.
      await api.call('POST', `/programmes/${id}/versions`, { rules: rules(100_000, 100) });
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('older rules are tried before they are taken again: who would fall, what points cost', async () => {
      await open(`/programmes/${id}/edit?from=1`);
      await button(t('trial.open')).click();
      await drawer().getByText(t('trial.first')).waitFor();
      await button(t('trial.run')).click();
      await drawer().getByText(t('trial.assumed'), { exact: true }).waitFor();
      await drawer().locator('.ant-segmented-item').filter({ hasText: t('trial.byOf.judged') }).click();
      await settle(page);
      await drawer().locator('.tiles').scrollIntoViewIfNeeded();
      await take('trial');
      const told = await api.call('POST', `/programmes/${id}/trials`, { rules: rules(200_000, 200) });
      assert.equal(told.members, 3);
      assert.equal(await drawer().locator('.trial-down').count(), told.judged.cells.filter((c) => c.change === 'down').length);
    });

    test('a cell opens to its members, and the list is taken as a file', async () => {
      const told = await api.call('POST', `/programmes/${id}/trials`, { rules: rules(200_000, 200) });
      if (told.judged.down > 0) {
        await drawer().locator('.trial-down').first().click();
        await drawer().getByRole('button', { name: '金牌会员 → 银牌会员 ×' }).waitFor();
      }
      const list = drawer().locator('a[href*="/members/mem_"]');
      await list.first().waitFor();
      await list.first().scrollIntoViewIfNeeded();
      await settle(page);
      await take('trial-members');
      const [download] = await Promise.all([page.waitForEvent('download'), button(t('trial.file', { format: 'CSV' })).click()]);
      assert.match(readFileSync(await download.path(), 'utf8'), /mem_/);
      const { items } = await api.call('GET', `/programmes/${id}/versions`);
      assert.equal(items.length, 2, 'nothing was saved');
      quiet();
    });
  });
}
