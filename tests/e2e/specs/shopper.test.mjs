/**
 * The shopper's own page on a phone, in both languages: opened by a link of the shop, card, tier, lots, history, an order that
 * nobody could be named for claimed by its number and one proof, and what a link that is over says.
 */
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { join } from 'node:path';
import { check, launch, LOOKS, openPage } from '../lib/browser.mjs';
import { Api, OWNER, startServer } from '../lib/server.mjs';
import { pictures, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const RULES = {
  earn: [{ id: '每元一分', kind: 'per_amount', points: 1, per_fen: 100 }],
  settlement_days: 0,
  check_in: { points: 5 },
  ladder: {
    tiers: [
      { id: '普通会员' },
      { id: '银牌会员', entry: { all: [{ metric: 'net_spend', min: 30_000 }] } },
      { id: '金牌会员', entry: { all: [{ metric: 'net_spend', min: 100_000 }, { metric: 'orders', min: 5 }] } },
      { id: '钻石会员', entry: { all: [{ metric: 'net_spend', min: 500_000 }] } },
    ],
    window: { kind: 'rolling_months', months: 12 },
  },
};

const DAY = 86_400_000;
const ago = (days) => new Date(Date.now() - days * DAY).toISOString();

function order(number, fen, days, { who = 'mei', state = 'completed' } = {}) {
  const at = ago(days);
  return {
    external: { source: 'taobao', id: number },
    platform: 'taobao',
    state,
    currency: 'CNY',
    paid: { amount: fen, currency: 'CNY' },
    created_at: at,
    paid_at: at,
    updated_at: at,
    ...(state === 'completed' ? { completed_at: at } : {}),
    receiver: { name: '张小梅', phone: '13800138000' },
    buyer: { keys: who ? [{ kind: 'own_id', namespace: 'shop', value: who }] : [] },
  };
}

const TEXT = {
  zh: { ready: '可用积分', next: '再完成 1 笔订单', claim: '找不到我的订单？', number: '订单号', last4: '收件手机后四位', send: '认领订单', wrong: '没有找到', claimed: '已记到您名下', over: '链接已过期', other: 'English', older: '更早的记录', task: '再消费 \\d', got: '已得 50 积分', gives: '减 15 元', needs: '满 100 元 可用', held: '订单占用中' },
  en: { ready: 'Points to use', next: '1 more order', claim: 'An order is missing?', number: 'Order number', last4: 'Phone, last four digits', send: 'Claim the order', wrong: 'No order fits', claimed: 'It is yours', over: 'This link is over', other: '中文', older: 'Earlier', task: 'Spend [\\d.]+ yuan more', got: '50 points received', gives: '15 yuan off', needs: 'from 100 yuan on', held: 'In an order' },
};

for (const look of LOOKS.filter((l) => l.width === 375)) {
  describe(`shopper, ${look.name}`, () => {
    const t = TEXT[look.language];
    const test = walk();
    let server, api, page, context, quiet, member;
    /** The screen passes, and its picture is taken; a picture with styles put in is what the page's guard forbids. */
    const take = async (name) => {
      await check(page, name);
      await page.screenshot({ path: join(pictures, `${name}-${look.name}.png`), fullPage: true, animations: 'disabled', caret: 'hide' });
    };

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token(), OWNER);
      const programme = (await api.call('POST', '/programmes', { name: '暖冬会员', rules: RULES, begins_at: ago(400) })).id;
      const numbers = ['3891204771230001', '3891204771230002', '3891204771230003', '3891204771230004'];
      const days = [340, 200, 60, 8];
      for (const [i, number] of numbers.entries()) member = (await api.call('POST', '/orders', order(number, 12_850 + i * 9_900, days[i]))).member;
      await api.call('POST', '/orders', order('3891204771230005', 16_800, 1, { state: 'paid' }));
      await api.call('POST', '/orders', order('5550001112224471', 25_900, 12, { who: null }));
      const until = Date.now() + 30_000;
      let book;
      do {
        await new Promise((resolve) => setTimeout(resolve, 200));
        [book] = (await api.call('GET', `/members/${member}/points`)).items;
      } while ((!book || book.accounts.pending === 0 || book.lots.length < 4) && Date.now() < until);
      await api.call('POST', `/members/${member}/points/${book.programme.id}/check-in`, {});
      await api.call('POST', `/members/${member}/points/${book.programme.id}/spend`, { points: 60, reason: '兑换运费券' });
      const task = (name, goal, more) => api.call('POST', '/growth-tasks', { name, goal, who: { programme }, past: 'count', ...more });
      await task('年底冲刺', { kind: 'spend', amount: { amount: 150_000, currency: 'CNY' } }, { says: '满额再送一份心意', points: 200, until: ago(-20) });
      await task('老朋友', { kind: 'orders', times: 3 }, { points: 50 });
      const coupon = async (name, offer, days) => {
        const template = await api.call('POST', '/coupons/templates', { name, offer, validity: { days } });
        const batch = await api.call('POST', '/coupons/batches', { name, template: template.id });
        return (await api.call('POST', `/coupons/batches/${batch.id}/grants`, { items: [{ member }] })).items[0].coupon;
      };
      await coupon('暖冬满减', { kind: 'amount_off', amount: 1_500, min_amount: 10_000, scope: { categories: ['母婴'] } }, 2);
      const held = await coupon('运费券', { kind: 'free_shipping', cap: 1_000 }, 30);
      await api.call('POST', '/coupons/lock', { order: { source: 'own', id: '1' }, member, until: ago(-1), coupons: [{ coupon: held.id, saving: { amount: 800, currency: 'CNY' } }] });
      let tasks;
      do {
        await new Promise((resolve) => setTimeout(resolve, 200));
        tasks = (await api.call('GET', `/members/${member}/growth-tasks`)).items;
      } while (!tasks.some((one) => one.state === 'done') && Date.now() < until);
      ({ page, context, quiet } = await openPage(browser, look));
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a link opens card, tier, lots and history, and leaves the address', async () => {
      const { url } = await api.call('POST', `/members/${member}/shopper-link`, {});
      await page.goto(new URL(url, server.base).href);
      await page.locator('.card-number').waitFor();
      assert.equal(new URL(page.url()).hash, '', 'the pass is not in the address any more');
      assert.match(await page.locator('.card').innerText(), new RegExp(t.ready));
      assert.match(await page.locator('.sentence').innerText(), new RegExp(t.next));
      assert.ok((await page.locator('progress').count()) >= 1);
      assert.match(await page.locator('.task').first().innerText(), new RegExp(t.task));
      assert.match(await page.locator('.past-task').innerText(), new RegExp(t.got));
      const coupons = page.locator('.coupon');
      assert.match(await coupons.first().innerText(), new RegExp(`${t.gives}[\\s\\S]*${t.needs}`), 'the first to end first');
      assert.match(await coupons.last().innerText(), new RegExp(t.held));
      assert.match(await page.locator('main').innerText(), /0005/, 'an order by its last four');
      assert.doesNotMatch(await page.locator('main').innerText(), /13800138000|张小梅|兑换运费券/);
      await take('shopper');
      await page.reload();
      await page.locator('.card-number').waitFor();
    });

    test('an order that names nobody is claimed; what is wrong says no more than that', async () => {
      await page.getByText(t.claim).click();
      const fill = async (number, proof) => {
        await page.getByLabel(t.number, { exact: true }).fill(number);
        await page.getByLabel(t.last4).last().fill(proof);
        await page.getByRole('button', { name: t.send }).click();
      };
      await fill('5550001112224471', '1234');
      await page.getByText(t.wrong).waitFor();
      const said = await page.locator('.told').innerText();
      assert.equal(await page.getByLabel(t.number, { exact: true }).inputValue(), '5550001112224471', 'what was typed stays');
      await check(page, 'a claim that was refused');
      await fill('5550001112229999', '8000');
      await page.waitForFunction(() => !document.querySelector('form button')?.hasAttribute('disabled'));
      assert.equal(await page.locator('.told').innerText(), said, 'a number that is not there is answered alike');
      await fill('5550001112224471', '8000');
      await page.getByText(t.claimed).waitFor();
      await take('shopper-claim');
    });

    test('the other language is one touch away', async () => {
      await page.getByRole('button', { name: t.other }).click();
      await page.getByText(TEXT[look.language === 'zh' ? 'en' : 'zh'].ready).waitFor();
      await check(page, 'the other language');
      quiet();
    });

    test('a link that was ended says so and nothing else', async () => {
      await page.getByRole('button', { name: TEXT[look.language === 'zh' ? 'en' : 'zh'].other }).click();
      await page.getByText(t.ready).waitFor();
      await api.call('POST', '/shopper-page/end-links', {});
      await page.reload();
      await page.getByText(t.over).waitFor();
      assert.equal(await page.locator('.card').count(), 0);
      await check(page, 'a link that is over');
    });
  });
}
