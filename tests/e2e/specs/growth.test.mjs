/**
 * Growth tasks by the screens alone: one is written, tells in a sentence what it will do and how many have done it already,
 * is saved and given to them; the member page tells how far somebody is in another; the member's own page does too.
 */
import assert from 'node:assert/strict';
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

const RULES = {
  earn: [{ id: '每元一分', kind: 'per_amount', points: 1, per_fen: 100 }],
  settlement_days: 0,
  ladder: { tiers: [{ id: '普通会员' }, { id: '银牌会员', entry: { all: [{ metric: 'net_spend', min: 90_000 }] } }] },
};

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`growth tasks, ${look.name}`, () => {
    const t = words(look.language);
    const zh = look.language === 'zh';
    const narrow = look.width < 768;
    const test = walk();
    const [SPEND, ORDERS] = zh ? ['消费满 300 元', '再来两单'] : ['Spend 300 yuan', 'Two more orders'];
    let server, api, page, context, quiet, mei, li, programme;
    const { open, take, button } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const drawer = () => page.locator('.ant-drawer').filter({ visible: true });
    const field = (label) => drawer().getByLabel(label, { exact: true });
    const option = (text) => page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: text }).first();
    const choose = async (label, text) => {
      await field(label).click();
      await option(text).click();
      await drawer().locator('.ant-drawer-title').click();
    };
    const wait = async (ask, what) => {
      const until = Date.now() + 30_000;
      for (;;) {
        const answer = await ask();
        if (answer) return answer;
        assert.ok(Date.now() < until, `${what} did not come`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token(), OWNER);
      programme = (await api.call('POST', '/programmes', { name: zh ? '暖冬会员' : 'Warm winter', rules: RULES, begins_at: ago(400) })).id;
      for (const [i, fen] of [19_900, 12_800].entries()) mei = (await api.call('POST', '/orders', order(`38912047712310${i}`, fen, 30 - i, 'mei'))).member;
      li = (await api.call('POST', '/orders', order('389120477123200', 8_800, 3, 'li'))).member;
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a task is written, and tells what it will do and who has done it already', async () => {
      await open('/growth-tasks');
      await page.getByText(t('growth.empty'), { exact: true }).waitFor();
      await check(page, 'no task yet');
      await button(t('growth.new')).click();
      await field(t('common.name')).fill(SPEND);
      await choose(t('growth.kindTitle'), t('growth.kind.spend'));
      await field(t('growth.amount')).fill('300');
      await choose(t('benefits.programme'), zh ? '暖冬会员' : 'Warm winter');
      await field(t('packs.points')).fill('50');
      await field(t('growth.pieces')).fill('100');
      const already = drawer().getByRole('status');
      await already.filter({ hasText: zh ? '1 位会员做到（共 2 位会员），这些不计入' : '1 of 2 members have done it already; that does not count' }).waitFor();
      await drawer().getByRole('radio', { name: t('growth.pastOf.count') }).check();
      await already.filter({ hasText: zh ? '保存后马上发放' : 'get it when it is saved' }).waitFor();
      await drawer().locator('.form-says', { hasText: '300' }).waitFor();
      await field(t('common.name')).scrollIntoViewIfNeeded();
      await settle(page);
      await take('growth-edit');
      await button(t('common.save')).click();
      await rows().filter({ hasText: SPEND }).waitFor();
      await wait(async () => (await api.call('GET', '/growth-tasks')).items[0].given === 1, 'the reward of who had done it');
      await open('/growth-tasks');
      await rows().filter({ hasText: zh ? '还剩 99 份' : '99 left' }).waitFor();
      await check(page, 'the list');
      await rows().getByRole('link', { name: '1', exact: true }).click();
      await rows().filter({ hasText: zh ? '50 积分' : '50 points' }).waitFor();
      await check(page, 'who has done it');
    });

    test('the member page tells how far somebody is', async () => {
      const who = { programme };
      await api.call('POST', '/growth-tasks', { name: ORDERS, says: zh ? '常来看看' : 'Come again', goal: { kind: 'orders', times: 2 }, who, past: 'count', repeat: 'once', growth: 20 });
      await open(`/members/${li}?tab=growth`);
      const mine = page.locator('.entitled').filter({ hasText: ORDERS });
      await mine.getByText(zh ? '再完成 1 笔订单' : 'Complete 1 more order', { exact: true }).waitFor();
      await check(page, 'the tasks of a member');
      await wait(async () => (await api.call('GET', `/members/${mei}/growth-tasks`)).items.every((one) => one.state === 'done'), 'the second reward');
      await open(`/members/${mei}?tab=growth`);
      await page.locator('.entitled').filter({ hasText: ORDERS }).getByText(t('growth.standOf.done'), { exact: true }).waitFor();
      await check(page, 'what a member has done');
    });

    test('the member’s own page tells it too', async () => {
      const link = await api.call('POST', `/members/${li}/shopper-link`, {});
      await page.goto(`${server.base}/my#${link.token}`);
      await page.getByRole('heading', { name: zh ? '成长任务' : 'Tasks', exact: true }).waitFor();
      await page.getByText(zh ? '再完成 1 笔订单' : 'Complete 1 more order', { exact: true }).waitFor();
      await page.getByText(zh ? '再消费 212 元' : 'Spend 212 yuan more', { exact: true }).waitFor();
      await check(page, 'tasks on the own page');
      quiet();
    });
  });
}
