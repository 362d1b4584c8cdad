/**
 * Benefits, the catalogue and packs by the screens alone: a ready set is taken and a benefit made, a member may use it,
 * uses it and may not again, what is to be done is ticked off, and it costs what it said; a reward is made with a
 * picture, redeemed, sent, delivered, and one is cancelled; a pack is given to who comes after it.
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
  ladder: {
    tiers: [
      { id: '普通会员' },
      { id: '银牌会员', entry: { all: [{ metric: 'net_spend', min: 30_000 }] } },
      { id: '金牌会员', entry: { all: [{ metric: 'net_spend', min: 100_000 }] } },
      { id: '钻石会员', entry: { all: [{ metric: 'net_spend', min: 500_000 }] } },
    ],
    window: { kind: 'rolling_months', months: 12 },
  },
};

/** An order that names its receiver, with a phone by whom it is about. */
const from = (number, fen, days, who) =>
  order(number, fen, days, who, { receiver: { name: '张小梅', phone: who === 'mei' ? '13800138000' : '13900139000' } });

/** A bag on a pale ground, with so much grain that it weighs more than the server takes. Runs in the page. */
function drawBag() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 900;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#f2e6d0';
  pen.fillRect(0, 0, 900, 900);
  pen.strokeStyle = '#7a5a30';
  pen.lineWidth = 36;
  pen.beginPath();
  pen.arc(450, 360, 150, Math.PI, 0);
  pen.stroke();
  pen.fillStyle = '#c79a5b';
  pen.fillRect(200, 340, 500, 440);
  const image = pen.getImageData(0, 0, 900, 900);
  for (let i = 0, grain = 7; i < image.data.length; i += 1) {
    if (i % 4 === 3) continue;
    grain = (grain * 1_103_515_245 + 12_345) % 2_147_483_648;
    image.data[i] += (grain >> 16) % 14;
  }
  pen.putImageData(image, 0, 0);
  return canvas.toDataURL('image/png').split(',')[1];
}

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`benefits, ${look.name}`, () => {
    const t = words(look.language);
    const zh = look.language === 'zh';
    const narrow = look.width < 768;
    const test = walk();
    const [SHIPPING, BAG, PACK] = zh ? ['银牌包邮', '帆布袋', '新人礼包'] : ['Silver shipping', 'Canvas bag', 'Welcome pack'];
    let server, api, page, context, quiet, member, programme;
    const { open, take, button, dialog } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const modal = () => page.locator('.ant-modal').filter({ visible: true });
    const drawer = () => page.locator('.ant-drawer').filter({ visible: true });
    const field = (label) => drawer().getByLabel(label, { exact: true });
    const option = (text) => page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: text }).first();
    const choose = async (label, text) => {
      await field(label).click();
      await option(text).click();
      // A list of many stays open until something else is pressed.
      await drawer().locator('.ant-drawer-title').click();
    };
    const top = (label) => field(label).scrollIntoViewIfNeeded();
    const entitled = (name) => page.locator('.entitled').filter({ hasText: name });
    const wait = async (ask, what) => {
      const until = Date.now() + 30_000;
      for (;;) {
        const answer = await ask();
        if (answer) return answer;
        assert.ok(Date.now() < until, `${what} did not come`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    const book = async (id) => (await api.call('GET', `/members/${id}/points`)).items[0];

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token(), OWNER);
      programme = (await api.call('POST', '/programmes', { name: zh ? '暖冬会员' : 'Warm winter', rules: RULES, begins_at: ago(400) })).id;
      for (const [i, fen] of [12_800, 19_900, 8_800].entries()) member = (await api.call('POST', '/orders', from(`38912047712300${i}`, fen, 30 - i, 'mei'))).member;
      await wait(async () => (await book(member))?.tier?.id === '银牌会员', 'the tier');
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a shop without benefits is told where to begin, and takes a ready set', async () => {
      await open('/benefits');
      await page.getByText(t('benefits.empty'), { exact: true }).waitFor();
      await check(page, 'no benefit yet');
      await button(t('benefits.takeSet')).click();
      const sets = drawer().locator('.ready-set');
      await sets.first().waitFor();
      assert.ok(await sets.last().getByRole('button').isDisabled(), 'six tiers are more than there are');
      const small = sets.nth(1);
      await small.locator('summary').click();
      await settle(page);
      await small.scrollIntoViewIfNeeded();
      await take('benefit-sets');
      await small.getByRole('button').click();
      await rows().first().waitFor();
      assert.equal(await rows().count(), 5);
    });

    test('a benefit is made, and says in a sentence what it will be', async () => {
      await button(t('benefits.new')).click();
      await field(t('common.name')).fill(SHIPPING);
      await choose(t('benefits.programme'), zh ? '暖冬会员' : 'Warm winter');
      await choose(t('benefits.tiers'), '银牌会员');
      await choose(t('benefits.tiers'), '金牌会员');
      await choose(t('benefits.howOften'), t('benefits.per.month'));
      await field(t('benefits.costEach')).fill('8');
      await field(t('benefits.share.platform')).fill('50');
      await drawer().getByRole('radio', { name: t('benefits.byOf.hand') }).check();
      await field(t('benefits.dueDays')).fill('1');
      await drawer().locator('.form-says', { hasText: '¥8.00' }).waitFor();
      await top(t('common.name'));
      await settle(page);
      await take('benefit-edit');
      await button(t('common.save')).click();
      await rows().filter({ hasText: SHIPPING }).waitFor();
      await take('benefits');
      await open(`/benefits?tier=${encodeURIComponent(`${programme}/普通会员`)}`);
      assert.equal(await rows().filter({ hasText: SHIPPING }).count(), 0, 'not of the lowest tier');
    });

    test('a member may use it, uses it, and may not again this month', async () => {
      await open(`/members/${member}?tab=benefits`);
      const mine = entitled(SHIPPING);
      await mine.getByText(t('benefits.may'), { exact: true }).waitFor();
      await mine.getByRole('button').click();
      await modal().getByLabel(t('benefits.forOrder')).fill('389120477123002');
      await modal().getByRole('button', { name: t('benefits.use'), exact: true }).click();
      await mine.getByText(t('benefits.mayNot'), { exact: true }).waitFor();
      await rows().filter({ hasText: '¥8.00' }).waitFor();
      await settle(page);
      await page.locator('.under-topbar').evaluate((at) => at.scrollIntoView({ block: 'start' }));
      await take('member-benefits');
      const { items } = await api.call('GET', `/members/${member}/benefits`);
      const verdict = items.find((one) => one.benefit.name === SHIPPING).verdict;
      assert.equal(verdict.why.code, 'benefit.quota_used');
      await mine.getByText(zh ? verdict.why.zh : verdict.why.en).waitFor();
    });

    test('what is to be done is ticked off', async () => {
      await open('/benefits?tab=tasks');
      await rows().filter({ hasText: SHIPPING }).waitFor();
      await take('benefit-tasks');
      await button(t('benefits.tickOff')).click();
      await page.getByText(t('benefits.noTasks'), { exact: true }).waitFor();
      const { items } = await api.call('GET', '/benefits/tasks?state=done');
      assert.equal(items.length, 1);
    });

    test('it cost what it said, the platform bearing half', async () => {
      await open('/benefits?tab=cost');
      await page.locator('.tile').filter({ hasText: '¥8.00' }).first().waitFor();
      assert.ok((await page.getByText('¥4.00').count()) >= 2, 'half and half');
      await page.getByText(t('benefits.returns.untold.too_few'), { exact: true }).first().waitFor();
      await take('benefit-cost');
      await page.getByLabel(t('benefits.returns.margin'), { exact: true }).fill('35');
      await page.keyboard.press('Enter');
      await page.waitForURL(/margin=350/);
      await page.getByRole('heading', { name: t('benefits.returns.title'), exact: true }).evaluate((at) => at.scrollIntoView());
      await settle(page);
      await take('benefit-return');
      await page.getByRole('link', { name: SHIPPING }).first().click();
      await page.getByRole('heading', { level: 1, name: SHIPPING }).waitFor();
      await rows().first().waitFor();
      await take('benefit');
      await rows().first().getByRole('button', { name: t('benefits.undo'), exact: true }).click();
      await modal().getByRole('textbox').fill('点错了');
      await modal().getByRole('button', { name: t('benefits.undo'), exact: true }).click();
      await rows().getByText(t('benefits.useState.undone'), { exact: true }).waitFor();
      const cost = await api.call('GET', `/benefits/cost?from=${ago(1).slice(0, 10)}&to=${ago(-1).slice(0, 10)}`);
      assert.equal(cost.totals.cost, 0, 'what was taken back costs nothing');
    });

    test('a reward is made with picture, price by tier and stock', async () => {
      await open('/rewards');
      await page.getByText(t('rewards.empty'), { exact: true }).waitFor();
      await check(page, 'no reward yet');
      await button(t('rewards.new')).click();
      await field(t('common.name')).fill(BAG);
      // Larger than the server takes: it is brought down on the way.
      const buffer = Buffer.from(await page.evaluate(drawBag), 'base64');
      assert.ok(buffer.length > 300_000, 'too large as it is');
      await drawer().locator('input[type=file]').setInputFiles({ name: 'bag.png', mimeType: 'image/png', buffer });
      await drawer().locator('img.reward-large').waitFor();
      await field(t('rewards.points')).fill('100');
      await field(t('rewards.pointsFor', { tier: '银牌会员' })).fill('80');
      await field(t('rewards.stock')).fill('3');
      await choose(t('rewards.limit'), t('benefits.per.year'));
      await field(t('benefits.uses')).fill('2');
      await field(t('rewards.costEach')).fill('12.5');
      await top(t('common.name'));
      await settle(page);
      await take('reward-edit');
      await button(t('common.save')).click();
      await rows().filter({ hasText: BAG }).waitFor();
      await rows().locator('img.reward-picture').waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll('img.reward-picture')].every((img) => img.complete && img.naturalWidth > 0));
      await button(t('rewards.stockDo')).click();
      await modal().getByLabel(t('rewards.stockChange'), { exact: true }).fill('7');
      await modal().getByRole('button', { name: t('common.save'), exact: true }).click();
      await wait(async () => (await api.call('GET', '/rewards')).items[0].stock === 10, 'the stock');
      await modal().waitFor({ state: 'hidden' });
      await settle(page);
      await take('rewards');
    });

    test('a member redeems two; one is sent and delivered, one is cancelled and the points are back', async () => {
      const had = (await book(member)).accounts.available;
      await open(`/members/${member}?tab=rewards`);
      const mine = entitled(BAG);
      for (const left of [9, 8]) {
        await mine.getByRole('button').click();
        await modal().getByRole('button', { name: t('rewards.redeem'), exact: true }).click();
        await mine.getByText(t('rewards.leftN', { n: left })).waitFor();
        await modal().waitFor({ state: 'hidden' });
      }
      assert.equal((await book(member)).accounts.available, had - 160, 'twice the price of the tier');
      await mine.getByText(t('rewards.mayNot'), { exact: true }).waitFor();
      await settle(page);
      await page.locator('.under-topbar').evaluate((at) => at.scrollIntoView({ block: 'start' }));
      await take('member-rewards');
      await open('/rewards?tab=redemptions');
      await rows().first().getByRole('button', { name: t('rewards.send'), exact: true }).click();
      await modal().getByLabel(t('rewards.carrier')).fill(zh ? '顺丰' : 'SF');
      await modal().getByLabel(t('rewards.number')).fill('SF1042');
      await modal().getByRole('button', { name: t('rewards.send'), exact: true }).click();
      await rows().getByText('SF1042').waitFor();
      await modal().waitFor({ state: 'hidden' });
      await rows().last().getByRole('button', { name: t('rewards.cancel'), exact: true }).click();
      await modal().getByRole('textbox').fill('不要了');
      await modal().getByRole('button', { name: t('rewards.cancel'), exact: true }).click();
      await rows().getByText(t('rewards.stateOf.cancelled'), { exact: true }).waitFor();
      assert.equal((await book(member)).accounts.available, had - 80, 'the points are back');
      await modal().waitFor({ state: 'hidden' });
      await settle(page);
      await take('redemptions');
      const last = await page.locator('.row-actions button').evaluateAll((all) => Math.max(...all.map((one) => one.getBoundingClientRect().right)));
      assert.ok(last <= look.width, 'a button is out of sight');
      await button(t('rewards.deliver')).click();
      await rows().getByText(t('rewards.stateOf.delivered'), { exact: true }).waitFor();
      assert.equal((await api.call('GET', '/rewards')).items[0].stock, 9);
    });

    test('a pack is made, and given to who comes after it', async () => {
      await open('/packs');
      await page.getByText(t('packs.empty'), { exact: true }).waitFor();
      await check(page, 'no pack yet');
      await button(t('packs.new')).click();
      await field(t('common.name')).fill(PACK);
      assert.ok(await button(t('common.save')).isDisabled(), 'not while it is empty');
      await field(t('packs.points')).fill('50');
      await drawer().getByText(t('packs.programmeWanted')).waitFor();
      await choose(t('benefits.programme'), zh ? '暖冬会员' : 'Warm winter');
      await button(t('packs.addUses')).click();
      await drawer().locator('.pack-uses .ant-select').click();
      await option(SHIPPING).click();
      await choose(t('packs.rewards'), BAG);
      await top(t('common.name'));
      await settle(page);
      await take('pack-edit');
      await button(t('common.save')).click();
      await rows().filter({ hasText: PACK }).waitFor();
      await settle(page);
      await take('packs');
      const { member: newcomer } = await api.call('POST', '/orders', from('3891204771239', 5_000, 0, 'lan'));
      await wait(async () => (await api.call('GET', `/benefits/given?member=${newcomer}`)).items[0], 'the pack');
      await open('/packs?tab=given');
      await rows().filter({ hasText: PACK }).waitFor();
      await take('packs-given');
      await open(`/members/${newcomer}?tab=benefits`);
      await entitled(SHIPPING).getByText(t('benefits.may'), { exact: true }).waitFor();
      quiet();
    });
  });
}
