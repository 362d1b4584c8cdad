/**
 * Promotions by the screens alone, in the sample shop: one is written and says what it does, tried as a draft on a cart,
 * published, scheduled anew, gone back to; the price and every reason stand beside the cart.
 */
import assert from 'node:assert/strict';
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

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`promotions, ${look.name}`, () => {
    const t = words(look.language);
    const zh = look.language === 'zh';
    const narrow = look.width < 768;
    const test = walk();
    let server, api, page, context, quiet, id;
    const { open, take, button, dialog } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const modal = () => page.locator('.ant-modal').filter({ visible: true });
    const state = (word) => page.locator('.page-head .mark').getByText(t(`promotions.state.${word}`), { exact: true }).waitFor();
    const total = (shown) => page.locator('.promo-total').getByText(shown, { exact: true }).waitFor();

    before(async () => {
      server = await startServer({ demo: ['--members', '300'] });
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

    test('a shop without a promotion is told where to begin, and writes one', async () => {
      await open('/promotions');
      await page.getByText(t('promotions.empty')).waitFor();
      await check(page, 'no promotion yet');
      await button(t('promotions.new')).first().click();
      await dialog().getByLabel(t('common.name'), { exact: true }).fill('满 150 减 20');
      await dialog().getByLabel(t('promotions.fromAmount'), { exact: true }).fill('150');
      await dialog().getByLabel(t('promotions.amountOff'), { exact: true }).fill('20');
      await dialog().locator('.promo-says').getByText(zh ? '全场商品满 150.00 元减 20.00 元。' : '20.00 CNY off from 150.00 CNY on all goods.').waitFor();
      await settle(page);
      await take('promotion-edit');
      await button(t('common.save')).click();
      await state('draft');
      id = /pro_\w+/.exec(page.url())[0];
    });

    test('the draft is tried on a cart before anybody gets it', async () => {
      await button(t('promotions.try')).click();
      await page.getByText(t('promotions.tryDraft', { name: '满 150 减 20' })).waitFor();
      await total('¥180.00');
      await page.getByLabel(t('promotions.qty'), { exact: true }).fill('1');
      await total('¥100.00');
      await page.getByText(zh ? '再买 50.00 元减 20.00 元' : 'buy 50.00 more: 20.00 off').waitFor();
      await take('promotion-try');
      assert.equal((await api.call('GET', '/promotions/catalogue')).promotions.length, 0, 'nobody gets it yet');
    });

    test('it is published, and its next rules are scheduled', async () => {
      await open(`/promotions/${id}`);
      await button(t('promotions.publish')).click();
      await modal().getByRole('button', { name: t('promotions.publishNow'), exact: true }).click();
      await state('running');
      await button(t('promotions.edit')).click();
      await dialog().getByLabel(t('promotions.amountOff'), { exact: true }).fill('30');
      await dialog().locator('.promo-says:not(.stale)').getByText('30.00').waitFor();
      await button(t('common.save')).click();
      await page.getByRole('heading', { name: t('promotions.draft'), exact: true }).waitFor();
      await button(t('promotions.publish')).click();
      await modal().getByText(t('promotions.whenHow.later'), { exact: true }).click();
      const begins = modal().getByLabel(t('promotions.beginsAt'), { exact: true });
      await begins.fill(`${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)} 20:00`);
      await begins.press('Enter');
      await modal().getByRole('button', { name: t('promotions.publishLater'), exact: true }).click();
      await page.getByText(t('promotions.coming')).waitFor();
      await settle(page);
      await take('promotion');
      await button(t('promotions.withdraw')).click();
      await modal().getByRole('button', { name: t('promotions.withdraw'), exact: true }).click();
      await page.getByRole('heading', { name: t('promotions.draft'), exact: true }).waitFor();
    });

    test('the list says of each what it does, and what holds for every order is set', async () => {
      await open('/promotions');
      await rows().getByText('满 150 减 20').waitFor();
      await take('promotions');
      await button(t('promotions.settings')).click();
      await dialog().getByLabel(t('promotions.floorsLabel')).fill('A001 95');
      await button(t('common.save')).click();
      await dialog().waitFor({ state: 'hidden' });
      await open('/promotions/try');
      // Two at a hundred, twenty off: never below ninety-five each.
      await total('¥190.00');
      await check(page, 'a cart at its lowest prices');
      quiet();
    });
  });
}
