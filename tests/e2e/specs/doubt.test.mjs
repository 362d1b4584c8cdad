/**
 * Where a person has to judge: two records that may be one, an order of nobody, a word that no reader knew. What is
 * offered for it, what is called the same and what only looks so, and how the log tells it afterwards.
 */
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { check, launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { csv, order } from '../lib/files.mjs';
import { Api, OWNER, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { walk } from '../lib/walk.mjs';

const OWL = { 买家会员名: 'night_owl', 收货人姓名: '李小红', 联系手机: "'13900001111", '收货地址 ': '浙江省 杭州市 西湖区 文三路 88 号' };
const ROWS = csv([
  order(201, OWL),
  order(202, { ...OWL, 买家会员名: 'early_bird' }),
  // The same name at another place of the same city: masked, this address looks like the one that both share.
  order(203, { ...OWL, '收货地址 ': '浙江省 杭州市 江干区 中山路 1 号' }),
  order(204, { ...OWL, 买家会员名: '', 收货人姓名: '王大明', 联系手机: "'13700005555", '收货地址 ': '江苏省 南京市 鼓楼区 中山路 2 号' }),
  order(205, { 订单状态: '平台介入处理中' }),
]);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const look of LOOKS.filter(({ name }) => ['wide-zh', 'phone-en'].includes(name))) {
  describe(look.name, () => {
    const t = words(look.language);
    const test = walk();
    let server, api, page, quiet;
    const dialog = () => page.getByRole('dialog');
    const open = async (path) => {
      await page.goto(server.base + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settle(page);
    };
    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token());
      await api.load([{ name: 'orders.csv', bytes: ROWS }]);
      let context;
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(() => server?.stop());

    test('what only looks the same is not called so, until both sides are uncovered', async () => {
      await open('/reviews');
      const card = page.locator('.review').first();
      const two = card.locator('.side-card').filter({ hasText: t('reviews.likeness.alike') });
      assert.equal(await two.count(), 1, 'one side has two addresses that look alike');
      assert.equal(await two.locator('li').filter({ hasText: t('reviews.likeness.alike') }).count(), 2);
      assert.ok((await card.locator('li.same').count()) >= 2, 'the phone is known to be the same');
      await check(page, 'review, masked');
      await card.getByRole('button', { name: t('reviews.uncover') }).click();
      await dialog().getByLabel(t('members.unmaskReason')).fill('compare the two');
      await check(page, 'asking for both sides');
      await dialog().getByRole('button', { name: t('members.unmaskDo'), exact: true }).click();
      await card.getByText('13900001111').first().waitFor();
      for (const side of await card.locator('.side-card').all()) {
        const text = await side.innerText();
        assert.ok(text.includes('13900001111') && text.includes('李小红'), 'each side in the same fields');
        assert.doesNotMatch(text, /\*/, 'nothing stays masked that was asked for');
      }
      assert.match(await card.locator('.evidence').innerText(), /13900001111/);
      assert.equal(await card.locator('li.same').filter({ hasText: '88' }).count(), 2, 'one address on each side');
      assert.match(await card.locator('li').filter({ hasText: /中山路\s*1/ }).innerText(), new RegExp(t('reviews.likeness.other')));
      assert.equal(await card.getByText(t('reviews.likeness.alike')).count(), 0);
      await check(page, 'review, uncovered');
      // The question names whom the card names at this moment, the number that stays and what becomes of points.
      await card.getByRole('button', { name: t('reviews.merge') }).click();
      await dialog().getByText(t('reviews.mergeText', { left: '李小红', right: '李小红' })).waitFor();
      await dialog().getByText(t('reviews.mergePoints')).waitFor();
      const { left, right } = (await api.call('GET', '/reviews')).items[0];
      const [kept, other] = left.first_seen_at < right.first_seen_at || (left.first_seen_at === right.first_seen_at && left.id < right.id) ? [left, right] : [right, left];
      const number = await dialog().getByText(kept.id.slice(-6)).innerText();
      assert.ok(number.indexOf(kept.id.slice(-6)) < number.indexOf(other.id.slice(-6)), number);
      await check(page, 'asking before a merge');
      await dialog().getByRole('button', { name: t('common.cancel') }).click();
      await dialog().waitFor({ state: 'hidden' });
      await card.getByRole('button', { name: t('reviews.cover') }).click();
      assert.equal(await card.getByText('13900001111').count(), 0);
      assert.equal(await card.getByText('李小红').count(), 0, 'covered again, both are');
    });

    test('from a member\'s page a link leads to what waits for them, and to nothing else', async () => {
      const all = (await api.call('GET', '/reviews?limit=200')).items;
      const { left } = all[0];
      const theirs = all.filter((r) => [r.left.id, r.right.id].includes(left.id)).length;
      await open(`/members/${left.id}`);
      await page.locator(`a[href="/reviews?member=${left.id}"]`).click();
      await page.waitForURL(/\/reviews\?member=/);
      await page.locator('.review').first().waitFor();
      assert.equal(await page.locator('.review').count(), theirs);
      assert.equal(await page.locator(`.review a[href="/members/${left.id}"]`).count(), theirs);
      await check(page, 'reviews of one member');
      await page.getByText(t('words.reviewState.kept_apart'), { exact: true }).click();
      await page.getByText(t('reviews.noneOf')).waitFor();
      assert.match(page.url(), /member=mem_/, 'another state is of the same member');
      await page.getByRole('button', { name: t('list.clear') }).click();
      await page.waitForURL((url) => !url.search.includes('member='));
    });

    test('a word for a state is offered and filled in', async () => {
      await open('/quarantine');
      await page.getByRole('button', { name: t('quarantine.repair'), exact: true }).first().click();
      await dialog().locator('.status-words').getByRole('button', { name: '交易成功', exact: true }).click();
      await check(page, 'words for a state');
      await dialog().getByRole('button', { name: t('quarantine.saveRow') }).click();
      await page.getByText(t('quarantine.repaired')).waitFor();
    });

    test('an order of nobody is given to the member who proves it', async () => {
      const [nobody] = (await api.call('GET', '/orders?identified=false')).items;
      await open(`/orders/${nobody.id}`);
      await page.getByRole('button', { name: t('orders.claim'), exact: true }).click();
      await dialog().getByLabel(t('members.search')).fill('night_owl');
      await dialog().getByLabel(t('members.search')).press('Enter');
      await dialog().locator('.merge-list input').first().check({ force: true });
      const proof = dialog().getByLabel(t('orders.proofValue.phone_last4'));
      await proof.fill('0000');
      await dialog().getByRole('button', { name: t('orders.claimDo') }).click();
      await dialog().getByRole('alert').waitFor();
      await check(page, 'a proof that does not fit');
      await proof.fill('5555');
      await dialog().getByRole('button', { name: t('orders.claimDo') }).click();
      await dialog().waitFor({ state: 'hidden' });
      await page.locator('.facts a[href^="/members/mem_"]').waitFor();
      assert.equal((await api.call('GET', `/orders/${nobody.id}`)).identified, true);
    });

    test('the log names who and what, and says it in words', async () => {
      await open('/audit');
      const rows = page.locator(look.width < 768 ? '.row-card' : '.table tbody tr').filter({ hasText: 'compare the two' });
      await rows.first().locator('a[href^="/members/mem_"]').waitFor();
      assert.equal(await rows.count(), 2, 'one entry for each side');
      assert.match(await rows.first().innerText(), new RegExp(`${OWNER.name}[\\s\\S]*${t('reviews.field.address')}`));
      assert.doesNotMatch(await rows.first().innerText(), /mem_|stf_/);
      await check(page, 'audit by names');
    });

    test('a shop with its number is called by its name', async () => {
      await open('/settings');
      await page.getByRole('button', { name: t('settings.addShop') }).click();
      await dialog().getByLabel(t('common.name'), { exact: true }).fill('暖冬旗舰店');
      await dialog().getByLabel(t('settings.external'), { exact: true }).fill('88001122');
      await check(page, 'a shop with its number');
      await dialog().getByRole('button', { name: t('common.save') }).click();
      await page.getByText('88001122').first().waitFor();
      const { id } = await api.call('POST', '/orders', {
        external: { source: 'taobao', id: 'X-1' },
        platform: 'taobao',
        shop: '88001122',
        state: 'paid',
        currency: 'CNY',
        created_at: '2026-11-20T10:00:00Z',
        paid: { amount: 100, currency: 'CNY' },
      });
      await open(`/orders/${id}`);
      await page.getByText('暖冬旗舰店').first().waitFor();
    });

    test('after a merge a link leads to it, with the number that was foretold', async () => {
      await open('/reviews');
      const card = page.locator('.review').first();
      await card.getByRole('button', { name: t('reviews.merge') }).click();
      const foretold = /\u2026(\w{6})/.exec(await dialog().innerText())[1];
      await dialog().getByRole('button', { name: t('reviews.merge') }).click();
      await page.getByRole('button', { name: t('reviews.takeApart') }).click();
      await page.waitForURL(/\/members\/mem_\w+\?tab=identity/);
      assert.ok(new URL(page.url()).pathname.endsWith(foretold), page.url());
      await page.getByRole('button', { name: t('members.unmerge') }).first().waitFor();
    });

    test('the browser had nothing to complain of', () => quiet());
  });
}
