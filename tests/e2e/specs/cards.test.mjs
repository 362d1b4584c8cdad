/**
 * Paid membership by the screens alone, in the sample shop: a card is made, bought and renewed on a member's page, given
 * up with what goes back shown first; the list and the holders follow.
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
  describe(`paid cards, ${look.name}`, () => {
    const t = words(look.language);
    const narrow = look.width < 768;
    const test = walk();
    let server, api, page, context, quiet, member;
    const { open, take, button, dialog } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const stands = (state) => page.locator('.book-tier .mark').getByText(t(`cards.standing.${state}`), { exact: true }).waitFor();
    const modal = () => page.locator('.ant-modal').filter({ visible: true });

    before(async () => {
      server = await startServer({ demo: ['--members', '300'] });
      api = new Api(server.base);
      await api.signIn(server.login());
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
      member = (await api.call('GET', '/members?limit=1')).items[0].id;
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a shop without a card is told where to begin, and makes one', async () => {
      await open('/cards');
      await page.getByText(t('cards.empty')).waitFor();
      await check(page, 'no card yet');
      await button(t('cards.new')).click();
      await dialog().getByText(t('cards.saysNothing')).waitFor();
      await dialog().getByLabel(t('common.name'), { exact: true }).fill('PLUS 会员');
      const prices = dialog().getByLabel(t('cards.price'), { exact: true });
      assert.equal(await prices.count(), 3, 'month, season and year are proposed');
      assert.ok(await button(t('common.save')).isDisabled(), 'not before every term has its price');
      for (const [i, price] of ['15', '40', '148.00'].entries()) await prices.nth(i).fill(price);
      await dialog().getByLabel(t('cards.trialDays')).fill('7');
      await dialog().getByText('¥148.00').waitFor();
      await settle(page);
      await dialog().getByLabel(t('common.name'), { exact: true }).scrollIntoViewIfNeeded();
      await settle(page);
      await take('card-edit');
      await button(t('common.save')).click();
      await rows().getByText('PLUS 会员').waitFor();
      await take('cards');
    });

    test('a member tries it, buys it and renews it', async () => {
      await open(`/members/${member}?tab=cards`);
      await page.getByText(t('cards.never')).waitFor();
      await button(t('cards.try')).click();
      await stands('trial');
      await button(t('cards.renew')).click();
      await modal().getByLabel(t('cards.till')).fill('WX-20261127-1');
      await modal().getByRole('button', { name: t('cards.buy'), exact: true }).click();
      await page.getByText('WX-20261127-1').waitFor();
      await button(t('cards.give')).click();
      const give = modal().getByRole('button', { name: t('cards.give'), exact: true });
      assert.ok(await give.isDisabled(), 'a gift wants a reason');
      await modal().getByLabel(t('common.reason')).fill('客服补偿');
      await give.click();
      await page.getByText('客服补偿').waitFor();
      await settle(page);
      await take('member-cards');
      const { items } = await api.call('GET', `/members/${member}/cards`);
      assert.deepEqual(items[0].purchases.map((p) => p.kind), ['trial', 'paid', 'gift']);
    });

    test('given up, what goes back is shown first', async () => {
      await button(t('cards.giveUp')).click();
      const up = modal().getByRole('button', { name: t('cards.giveUp'), exact: true });
      await modal().getByText('¥15.00').first().waitFor();
      await modal().getByLabel(t('common.reason')).fill('不想要了');
      const other = modal().getByRole('textbox').last();
      await other.fill('99');
      assert.ok(await up.isDisabled(), 'more than was paid');
      await other.fill('');
      await settle(page);
      await take('card-give-up');
      await up.click();
      await stands('ended');
      await check(page, 'a card that was given up');
    });

    test('who holds it, and for whom it is over', async () => {
      await open('/cards');
      await page.getByRole('link', { name: 'PLUS 会员' }).click();
      await page.getByText(t('cards.nobody')).waitFor();
      const id = /crd_\w+/.exec(page.url())[0];
      await open(`/cards/${id}?state=ended`);
      await rows().first().waitFor();
      assert.equal(await rows().count(), 1);
      await take('card');
      quiet();
    });
  });
}
