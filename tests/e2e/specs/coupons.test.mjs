/**
 * Coupons by the screens alone: a template says in a sentence what it does, a batch of it is made and given out, one is
 * used, one is taken away with a reason; an order that was paid after its coupon went is settled; codes are made, taken
 * as a sheet, one of them looked for and entered; and a reward is a coupon.
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

const RULES = { earn: [{ id: '每元一分', kind: 'per_amount', points: 1, per_fen: 100 }], settlement_days: 0 };
const yuan = (fen) => ({ amount: fen, currency: 'CNY' });
/** An order of a buyer whose phone is known, so that the member is found by it. */
const from = (number, fen, days, who, phone) =>
  order(number, fen, days, who, { receiver: { name: '张小梅', phone }, buyer: { keys: [{ kind: 'own_id', namespace: 'shop', value: who }, { kind: 'phone', value: phone, verified: true }] } });

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`coupons, ${look.name}`, () => {
    const t = words(look.language);
    const zh = look.language === 'zh';
    const narrow = look.width < 768;
    const test = walk();
    const [TEN, SALE, PRINTED, REWARD] = zh ? ['满 100 减 10', '双十一会员券', '印刷券', '十元券'] : ['10 off from 100', 'November sale', 'Printed', 'A coupon of ten'];
    let server, api, page, context, quiet, mei, lan, batch, codes;
    const { open, take, button } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const modal = () => page.locator('.ant-modal').filter({ visible: true });
    const drawer = () => page.locator('.ant-drawer').filter({ visible: true });
    const field = (label) => drawer().getByLabel(label, { exact: true });
    const option = (text) => page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: text }).first();
    const choose = async (within, label, text) => {
      await within.getByLabel(label, { exact: true }).click();
      await option(text).click();
    };
    const top = () => drawer().locator('.ant-drawer-body').evaluate((body) => body.scrollTo(0, 0));
    const wait = async (ask, what) => {
      const until = Date.now() + 30_000;
      for (;;) {
        const answer = await ask();
        if (answer) return answer;
        assert.ok(Date.now() < until, `${what} did not come`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    const held = async (member) => (await api.call('GET', `/members/${member}/coupons`)).items;
    /** The address at which a batch's page is. */
    const atBatch = async () => {
      await page.waitForURL(/\/coupons\/cpb_/);
      return new URL(page.url()).pathname.split('/').pop();
    };

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token(), OWNER);
      await api.call('POST', '/programmes', { name: zh ? '暖冬会员' : 'Warm winter', rules: RULES, begins_at: ago(400) });
      mei = (await api.call('POST', '/orders', from('389120477123001', 12_800, 30, 'mei', '13800138000'))).member;
      lan = (await api.call('POST', '/orders', from('389120477123002', 19_900, 20, 'lan', '13900139000'))).member;
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a shop without coupons is told to make a template first, which says in a sentence what it does', async () => {
      await open('/coupons');
      await page.getByText(t('coupons.noBatches'), { exact: true }).waitFor();
      await check(page, 'no batch yet');
      await button(t('coupons.firstTemplate')).click();
      await page.getByText(t('coupons.noTemplates'), { exact: true }).waitFor();
      await check(page, 'no template yet');
      await button(t('coupons.newTemplate')).click();
      await drawer().getByText(t('coupons.says.nothing')).waitFor();
      assert.ok(await button(t('common.save')).isDisabled(), 'not while nothing is said');
      await field(t('common.name')).fill(TEN);
      await field(t('coupons.amount')).fill('10');
      await field(t('coupons.minAmount')).fill('100');
      await drawer().locator('.form-says', { hasText: '¥100.00' }).waitFor();
      await field(t('coupons.perMemberUses')).fill('5');
      await top();
      await settle(page);
      await take('coupon-template');
      await button(t('common.save')).click();
      await rows().filter({ hasText: '¥100.00' }).waitFor();
      await drawer().waitFor({ state: 'hidden' });
      await settle(page);
      await take('coupon-templates');
      await button(t('benefits.edit')).click();
      await field(t('coupons.perMemberUses')).fill('4');
      await button(t('common.save')).click();
      await drawer().waitFor({ state: 'hidden' });
      await button(TEN).click();
      await drawer().getByText(t('coupons.versionNo', { n: '2' }), { exact: true }).waitFor();
      assert.equal(await drawer().locator('.form-says').count(), 2, 'what it said before is kept');
      await check(page, 'versions of a template');
      await page.keyboard.press('Escape');
      await drawer().waitFor({ state: 'hidden' });
    });

    test('a batch is made of it: its budget bounds it, and a sentence says so', async () => {
      await button(t('coupons.makeBatch')).click();
      await field(t('common.name')).fill(SALE);
      await field(t('coupons.pieces')).fill('500');
      await field(t('coupons.budget')).fill('1005');
      await drawer().getByText(t('coupons.budgetFewer', { n: '100' })).waitFor();
      await drawer().locator('.form-says', { hasText: '¥1,000.00' }).waitFor();
      await field(t('coupons.perMember')).fill('4');
      await top();
      await settle(page);
      await take('coupon-batch-edit');
      await button(t('common.save')).click();
      batch = await atBatch();
      await page.getByRole('heading', { level: 1, name: SALE }).waitFor();
      await page.getByText(t('coupons.nobodyYet'), { exact: true }).waitFor();
      const made = (await api.call('GET', `/coupons/batches/${batch}`)).batch;
      assert.deepEqual([made.pieces, made.left, made.per_member], [100, 100, 4]);
    });

    test('two members are given one each; its stock is raised', async () => {
      await button(t('coupons.grant')).click();
      for (const member of [mei, lan]) {
        const { phone_masked: phone } = await api.call('GET', `/members/${member}`);
        await modal().getByRole('combobox').fill(phone.slice(-4));
        await option(phone).click();
        await modal().getByTitle(member, { exact: true }).waitFor();
      }
      await modal().getByRole('button', { name: t('coupons.grantDo', { n: '2' }), exact: true }).click();
      await modal().getByText(t('coupons.granted', { n: '2', all: '2' })).waitFor();
      await check(page, 'given');
      await modal().locator('.ant-modal-footer').getByRole('button', { name: t('common.close'), exact: true }).click();
      await modal().waitFor({ state: 'hidden' });
      await wait(async () => (await held(lan)).length === 1, 'the coupon');
      await button(t('coupons.stockDo')).click();
      await modal().getByLabel(t('coupons.stockChange'), { exact: true }).fill('20');
      await modal().getByRole('button', { name: t('common.save'), exact: true }).click();
      await wait(async () => (await api.call('GET', `/coupons/batches/${batch}`)).batch.left === 118, 'the stock');
      await modal().waitFor({ state: 'hidden' });
    });

    test('an order uses one; another was paid when its coupon was gone, and that is settled', async () => {
      const [first] = await held(mei);
      const [second] = await held(lan);
      const name = (id) => ({ source: 'taobao', id });
      const lock = (id, member, coupon, until) => api.call('POST', '/coupons/lock', { order: name(id), member, until, coupons: [{ coupon: coupon.id, saving: yuan(1_000) }] });
      await lock('389120477124001', mei, first, ago(-1));
      await api.call('POST', '/coupons/redeem', { order: name('389120477124001') });
      // Let go by the shop, then had by another order: paid none the less, it is an exception.
      await lock('389120477124002', lan, second, ago(-1));
      await api.call('POST', '/coupons/release', { order: name('389120477124002') });
      await lock('389120477124003', lan, second, ago(-1));
      const [told] = (await api.call('POST', '/coupons/redeem', { order: name('389120477124002') })).items;
      assert.equal(told.result, 'exception');
      await open(`/coupons/${batch}`);
      await page.getByText(t('coupons.stakeNote', { n: '1' }), { exact: true }).waitFor();
      await page.locator('.tile').filter({ hasText: t('coupons.saved') }).getByText('¥10.00').waitFor();
      await take('coupon-batch');
      await page.getByRole('tab', { name: t('coupons.tab.exceptions'), exact: true }).click();
      await rows().filter({ hasText: '389120477124002' }).waitFor();
      await open('/coupons?tab=exceptions');
      await rows().filter({ hasText: '389120477124002' }).waitFor();
      await take('coupon-exceptions');
      await rows().first().getByRole('button', { name: t('coupons.settle'), exact: true }).click();
      await modal().getByRole('textbox').fill(zh ? '差价由店铺承担' : 'The shop bears it');
      await modal().getByRole('button', { name: t('coupons.settle'), exact: true }).click();
      await rows().getByText(zh ? '差价由店铺承担' : 'The shop bears it').waitFor();
      await modal().waitFor({ state: 'hidden' });
      assert.equal((await api.call('GET', '/coupons/exceptions?state=open')).items.length, 0);
    });

    test('a member is given another one, looks at what an order did with the first, and the other is taken away', async () => {
      await open(`/members/${mei}?tab=coupons`);
      await rows().first().waitFor();
      await button(t('coupons.give')).click();
      await choose(modal(), t('coupons.batch'), SALE);
      await modal().getByRole('button', { name: t('coupons.giveDo'), exact: true }).click();
      await modal().waitFor({ state: 'hidden' });
      await rows().getByText(t('coupons.state.available'), { exact: true }).waitFor();
      await settle(page);
      await page.locator('.under-topbar').evaluate((at) => at.scrollIntoView({ block: 'start' }));
      await take('member-coupons');
      await rows().filter({ hasText: t('coupons.state.used') }).getByRole('button', { name: TEN, exact: true }).click();
      await drawer().getByText(t('coupons.useState.used'), { exact: true }).last().waitFor();
      await check(page, 'a coupon');
      await page.keyboard.press('Escape');
      await drawer().waitFor({ state: 'hidden' });
      await button(t('coupons.revoke')).click();
      await modal().getByRole('textbox').fill(zh ? '发错了' : 'By mistake');
      await modal().getByRole('button', { name: t('coupons.revoke'), exact: true }).click();
      await rows().getByText(t('coupons.state.revoked'), { exact: true }).waitFor();
      await modal().waitFor({ state: 'hidden' });
      const gone = (await held(mei)).find((one) => one.state === 'revoked');
      assert.equal((await api.call('GET', `/coupons/${gone.id}`)).reason, zh ? '发错了' : 'By mistake');
    });

    test('codes are made, and taken as a sheet that is in the audit', async () => {
      await open('/coupons');
      await button(t('coupons.newBatch')).click();
      await field(t('common.name')).fill(PRINTED);
      await drawer().getByRole('radio', { name: new RegExp(t('coupons.wayOf.codes').slice(0, 3)) }).check();
      await field(t('coupons.pieces')).fill('40');
      await button(t('common.save')).click();
      const printed = await atBatch();
      await page.getByText(t('coupons.codesReady', { n: '40', bits: '72' })).waitFor();
      await take('coupon-codes');
      await button(t('coupons.codesTake')).click();
      await modal().getByText(t('coupons.codesWarn')).waitFor();
      const waiting = page.waitForEvent('download');
      await modal().getByRole('button', { name: t('coupons.codesTakeDo'), exact: true }).click();
      const sheet = readFileSync(await (await waiting).path(), 'utf8');
      codes = sheet.trim().split('\n').slice(1).map((line) => line.split(',')[1]);
      assert.equal(codes.length, 40);
      assert.match(codes[0], /^[2-9A-Y]{4}(-[2-9A-Y]{4}){3}$/);
      assert.ok((await api.call('GET', '/audit')).items.some((entry) => entry.action === 'coupon_codes.exported' && entry.subject === printed));
    });

    test('a code is looked for, mistyped first; entered for a member it is theirs', async () => {
      await open('/coupons?tab=code');
      const box = page.getByLabel(t('coupons.codeLook'), { exact: true });
      await box.fill('7KQF');
      await page.keyboard.press('Enter');
      await page.locator('.ant-alert-error').waitFor();
      await check(page, 'a code that is none');
      await box.fill(codes[6].toLowerCase());
      await page.keyboard.press('Enter');
      await page.getByText(t('coupons.codeFree'), { exact: true }).waitFor();
      await open(`/members/${lan}?tab=coupons`);
      await button(t('coupons.enter')).click();
      await modal().getByRole('textbox').fill(codes[6].replaceAll('-', ' '));
      await modal().getByRole('button', { name: t('coupons.enterDo'), exact: true }).click();
      await modal().waitFor({ state: 'hidden' });
      await rows().getByText(t('coupons.how.code'), { exact: true }).waitFor();
      await open('/coupons?tab=code');
      await box.fill(codes[6]);
      await page.keyboard.press('Enter');
      await page.getByText(t('coupons.isCode'), { exact: true }).waitFor();
      await page.getByRole('link', { name: PRINTED, exact: true }).first().waitFor();
      await take('coupon-code');
    });

    test('a reward is a coupon out of a batch', async () => {
      await open('/rewards');
      await button(t('rewards.new')).click();
      await field(t('common.name')).fill(REWARD);
      await choose(drawer(), t('rewards.kindTitle'), t('rewards.kind.coupon'));
      await choose(drawer(), t('rewards.coupons'), SALE);
      await field(t('rewards.points')).fill('50');
      await check(page, 'a reward that is a coupon');
      await button(t('common.save')).click();
      await rows().filter({ hasText: REWARD }).waitFor();
      const [reward] = (await api.call('GET', '/rewards')).items;
      assert.deepEqual([reward.kind, reward.coupons], ['coupon', batch]);
    });

    test('a batch is paused, and put away', async () => {
      await open(`/coupons/${batch}`);
      await button(t('benefits.pause')).click();
      await page.getByText(t('benefits.state.paused'), { exact: true }).waitFor();
      assert.equal(await button(t('coupons.grant')).count(), 0, 'nothing is given out of it now');
      await button(t('benefits.resume')).click();
      await page.getByText(t('benefits.state.active'), { exact: true }).waitFor();
      await open('/coupons');
      await rows().filter({ hasText: SALE }).waitFor();
      await settle(page);
      await take('coupons');
      await rows().filter({ hasText: PRINTED }).getByRole('button', { name: t('benefits.archive'), exact: true }).click();
      await modal().getByRole('button', { name: t('benefits.archive'), exact: true }).click();
      await rows().filter({ hasText: PRINTED }).getByText(t('benefits.state.archived'), { exact: true }).waitFor();
      quiet();
    });
  });
}
