/**
 * A shop's first hour by the screens alone: first start, a file with bad rows, their repair, the members that came of
 * it, one member in full, a merge that the review list proposes and its undoing, orders, privacy. Once at a desk in
 * Chinese and once on a phone in English.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { axe, check, launch, LOOKS, noSideways, openPage, settle, shot } from '../lib/browser.mjs';
import { BAD, csv, order, sameReceiver, withBadRows } from '../lib/files.mjs';
import { OWNER, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, pictures, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`a first hour, ${look.name}`, () => {
    const t = words(look.language);
    const narrow = look.width < 768;
    const test = walk();
    let server, page, context, quiet;
    const { button, take } = handOf(look, () => page, () => server.base);
    const go = async (name) => {
      if (narrow) await button(t('shell.openMenu')).click();
      // With or without a number of what waits there; 会员 is not 会员计划.
      const link = new RegExp(`^${t(`nav.${name}`)}\\s*\\d*\\+?$`);
      await page.getByRole('navigation', { name: t('shell.menu') }).getByRole('link', { name: link }).click();
      await page.getByRole('heading', { level: 1, name: t(`nav.${name}`), exact: true }).waitFor();
      await settle(page);
    };
    const upload = async (name, buffer) => {
      await page.goto(`${server.base}/imports/new`);
      await page.setInputFiles('input[type=file]', [{ name, mimeType: 'text/csv', buffer }]);
      await page.locator('.step-foot').getByRole('button').last().click();
      await page.waitForURL(/\/imports\/imp_/);
    };

    before(async () => {
      server = await startServer();
      ({ page, context, quiet } = await openPage(browser, look));
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('the first start makes the owner', async () => {
      await page.goto(server.base);
      await page.waitForURL(/\/setup/);
      await take('setup');
      await page.getByLabel(t('entry.token')).fill('wrong-token-wrong-token');
      await page.getByLabel(t('entry.merchantName')).fill(OWNER.merchant_name);
      await page.getByLabel(t('entry.yourName')).fill(OWNER.name);
      await page.getByLabel(t('entry.email')).fill(OWNER.email);
      await page.getByLabel(t('entry.newPassword')).fill(OWNER.password);
      await page.getByLabel(t('entry.passwordAgain')).fill(OWNER.password);
      await button(t('entry.begin')).click();
      await page.getByRole('alert').first().waitFor();
      await page.getByLabel(t('entry.token')).fill(server.token());
      await button(t('entry.begin')).click();
      await page.getByRole('heading', { name: t('overview.startTitle') }).waitFor();
      await take('overview-empty');
    });

    test('signing out and in again', async () => {
      await page.getByRole('button', { name: t('shell.userMenu', { name: OWNER.name }) }).click();
      await page.getByRole('menuitem', { name: t('shell.signOut') }).click();
      await page.waitForURL(/\/sign-in/);
      await take('sign-in');
      await page.getByLabel(t('entry.email')).fill(OWNER.email);
      await page.getByLabel(t('entry.password'), { exact: true }).fill('not-my-password');
      await button(t('entry.signIn')).click();
      await page.getByRole('alert').first().waitFor();
      await page.getByLabel(t('entry.password'), { exact: true }).fill(OWNER.password);
      await button(t('entry.signIn')).click();
      await page.getByRole('heading', { name: t('overview.startTitle') }).waitFor();
    });

    test('a file with bad rows is previewed and loaded', async () => {
      await upload('ExportOrderList.csv', withBadRows());
      await page.getByText(t('formats.taobao_order_report'), { exact: true }).waitFor();
      await take('import-mapping');
      await button(t('imports.toPreview')).click();
      await page.getByText(t('reasons.impossible_date')).or(page.getByText(t('imports.badTitle', { n: BAD.length }))).first().waitFor();
      await take('import-preview');
      await button(t('imports.run', { n: 30 })).click();
      await page.getByRole('heading', { name: t('imports.runState.done') }).waitFor({ timeout: 60_000 });
      await page.getByText(t('imports.repairTitle', { n: BAD.length })).waitFor();
      await take('import-done');
    });

    test('the rejects come as a sheet', async () => {
      await page.getByRole('button', { name: t('imports.repairHere') }).click();
      await page.getByRole('heading', { level: 1, name: t('nav.quarantine') }).waitFor();
      await take('quarantine');
      const [download] = await Promise.all([page.waitForEvent('download'), button(t('imports.rejects')).click()]);
      assert.match(download.suggestedFilename(), /\.xlsx$/);
    });

    test('ten bad rows are repaired in place, one after the other', async () => {
      const started = Date.now();
      await page.getByRole('button', { name: t('quarantine.repair'), exact: true }).first().click();
      const drawer = page.getByRole('dialog');
      for (let left = BAD.length; left > 0; left -= 1) {
        const title = await drawer.locator('.ant-drawer-title').textContent();
        const { column, right } = BAD[Number(title.match(/\d+/)[0]) - 32];
        await drawer.getByLabel(column, { exact: true }).fill(right);
        if (left === BAD.length) {
          await page.waitForTimeout(400);
          await axe(page, 'repair drawer');
          await noSideways(page, 'repair drawer');
          await shot(page, join(pictures, `repair-${look.name}.png`));
        }
        await drawer.getByRole('button', { name: t('quarantine.saveRow') }).click();
        await drawer.getByText(t('quarantine.repaired')).waitFor();
        // The tabs count anew while one goes on.
        await page.waitForFunction(([open, repaired]) => {
          const tabs = document.querySelector('.file-tabs')?.textContent.replace(/\s/g, '') ?? '';
          return tabs.includes(open) && tabs.includes(repaired);
        }, [['open', left - 1], ['repaired', BAD.length - left + 1]].map(([state, n]) => `${t(`words.quarantineState.${state}`)}${n}`.replace(/\s/g, '')));
        if (left === 1) break;
        await drawer.getByRole('button', { name: t('quarantine.next') }).click();
        await page.waitForFunction((before) => document.querySelector('.ant-drawer-title')?.textContent !== before, title);
      }
      await drawer.getByText(t('quarantine.noneLeft')).waitFor();
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'hidden' });
      await settle(page);
      assert.equal(await page.getByRole('button', { name: t('quarantine.repair'), exact: true }).count(), 0, 'a bad row is left');
      await page.getByText(t('quarantine.allRepairedText', { repaired: BAD.length })).waitFor();
      await noSideways(page, 'all repaired');
      await page.getByRole('button', { name: t('quarantine.toImport') }).click();
      await page.getByText(t('imports.badNone', { settled: BAD.length })).waitFor();
      await noSideways(page, 'an import of which all is in');
      console.log(`# ten rows repaired in ${Date.now() - started} ms (${look.name})`);
    });

    test('a row is discarded for a reason', async () => {
      await upload('one-bad.csv', csv([order(301), order(302, { 订单状态: '平台介入处理中' })]));
      await button(t('imports.toPreview')).click();
      await button(t('imports.run', { n: 1 })).click();
      await page.getByRole('heading', { name: t('imports.runState.done') }).waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: t('imports.repairHere') }).click();
      const row = page.locator(narrow ? '.row-card' : '.table tbody tr').filter({ hasText: t('reasons.unknown_status') });
      await row.getByRole('button', { name: t('quarantine.discard') }).click();
      await page.getByLabel(t('common.reason')).last().fill('test order');
      await page.getByRole('dialog').getByRole('button', { name: t('quarantine.discard') }).click();
      // What is settled leaves the rows that wait, and stands a click away.
      await row.waitFor({ state: 'detached' });
      await page.locator('.ant-segmented').getByText(t('words.quarantineState.discarded'), { exact: true }).click();
      await row.getByText(t('words.quarantineState.discarded')).waitFor();
    });

    test('the members are there, masked, and found by the last four digits', async () => {
      await go('members');
      await take('members');
      await page.getByPlaceholder(t('members.search')).fill('1003');
      await page.keyboard.press('Enter');
      await page.waitForURL(/query=1003/);
      await settle(page);
      assert.ok(!(await page.content()).includes('13812341003'), 'a phone stands in clear in the list');
    });

    test('a member in full, unmasked only with a reason', async () => {
      await go('members');
      await page.locator(narrow ? '.row-card a' : '.table tbody a').first().click();
      await page.waitForURL(/\/members\/mem_/);
      await take('member');
      await button(t('members.unmask')).click();
      const dialog = page.getByRole('dialog');
      assert.ok(await dialog.getByRole('button', { name: t('members.unmaskDo') }).isDisabled(), 'no reason, no data');
      await dialog.getByLabel(t('members.unmaskReason')).fill('the customer called about the address');
      await dialog.getByRole('button', { name: t('members.unmaskDo') }).click();
      await dialog.waitFor({ state: 'hidden' });

      // What was shown in clear is masked again as soon as the page is left.
      await page.reload();
      await settle(page);
      assert.doesNotMatch(await page.locator('main').innerText(), /(?<!\d)1[3-9]\d{9}(?!\d)/, 'a phone stands in clear');

      await button(t('members.edit')).click();
      const edit = page.getByRole('dialog');
      await edit.getByLabel(t('members.birthday')).fill('1990-13-01');
      await edit.getByLabel(t('members.city')).fill('宁波市');
      await edit.getByRole('button', { name: t('common.save') }).click();
      await edit.getByText(t('common.required')).waitFor();
      await edit.getByLabel(t('members.birthday')).fill('1990-05-01');
      await edit.getByLabel(t('common.reason')).fill('told us by phone');
      await axe(page, 'edit drawer');
      await noSideways(page, 'edit drawer');
      await edit.getByRole('button', { name: t('common.save') }).click();
      await edit.waitFor({ state: 'hidden' });
      await page.getByText('1990-05-01', { exact: true }).waitFor();

      await page.getByRole('tab', { name: t('members.tab.consents') }).click();
      await page.getByRole('button', { name: t('members.consentAdd') }).first().click();
      const consent = page.getByRole('dialog');
      await consent.getByLabel(t('members.proof')).fill('signed form 2026-0312');
      await consent.getByRole('button', { name: t('members.consentAdd') }).click();
      await consent.waitFor({ state: 'hidden' });
      await page.getByText(t('members.granted'), { exact: true }).waitFor();
      await page.getByRole('button', { name: t('members.withdraw') }).first().click();
      await consent.getByLabel(t('members.proof')).fill('by phone');
      await consent.getByRole('button', { name: t('members.withdraw') }).click();
      await page.getByText(t('members.withdrawn'), { exact: true }).first().waitFor();
      // Who refuses what they never agreed to is told apart from who was never asked.
      await consent.waitFor({ state: 'hidden' });
      await button(t('members.refusalAdd')).first().click();
      await consent.getByLabel(t('members.channel')).click();
      await page.locator('.ant-select-item-option').filter({ hasText: t('words.channel.email') }).first().click();
      await consent.getByLabel(t('members.proof')).fill('said so at the counter');
      await consent.getByRole('button', { name: t('members.refusalAdd') }).click();
      await consent.waitFor({ state: 'hidden' });
      await page.getByText('said so at the counter').first().waitFor();
      await take('member-consents');
    });

    test('two records of one person are merged and taken apart again', async () => {
      await upload('same-receiver.csv', sameReceiver());
      await button(t('imports.toPreview')).click();
      await button(t('imports.run', { n: 2 })).click();
      await page.getByRole('heading', { name: t('imports.runState.done') }).waitFor({ timeout: 60_000 });
      await go('reviews');
      const card = page.locator('.review').first();
      await card.waitFor();
      await take('reviews');
      await card.getByRole('button', { name: t('reviews.merge') }).click();
      await page.getByRole('dialog').getByRole('button', { name: t('reviews.merge') }).click();
      await page.getByText(t('reviews.empty')).waitFor();
      await page.locator('.ant-segmented-item-label').filter({ hasText: t('words.reviewState.merged') }).click();
      await page.getByText(t('reviews.one')).waitFor();
      assert.equal(await page.locator('.side-card').count(), 1, 'the one that is left');
      await check(page, 'reviews merged');
      await page.getByRole('link', { name: t('reviews.takeApart') }).click();
      await page.waitForURL(/\/members\/mem_.*tab=identity/);
      await page.goBack();

      await go('members');
      await page.getByPlaceholder(t('members.search')).fill('1111');
      await page.keyboard.press('Enter');
      await page.waitForURL(/query=1111/);
      await settle(page);
      await page.locator(narrow ? '.row-card a' : '.table tbody a').first().click();
      await page.getByRole('tab', { name: t('members.tab.identity') }).click();
      await page.getByRole('button', { name: t('members.unmerge'), exact: true }).waitFor();
      await take('member-identity');
      await page.getByRole('button', { name: t('members.unmerge'), exact: true }).click();
      await page.getByLabel(t('common.reason')).fill('two sisters');
      await page.getByRole('dialog').getByRole('button', { name: t('members.unmerge') }).click();
      await page.getByText(t('members.unmergedTitle')).waitFor();
    });

    test('an order shows its amounts apart', async () => {
      await page.goto(`${server.base}/orders`);
      await settle(page);
      await take('orders');
      await page.locator(narrow ? '.row-card a' : '.table tbody a').first().click();
      await page.getByRole('heading', { name: t('orders.amounts') }).waitFor();
      await take('order');
    });

    test('a table of one\'s own says which states it asks about, and what its rows lack', async () => {
      const rows = ['O1,2026-08-01 10:00:00,2026-08-01 10:05:00,茶,2,25.00,50.00,已完成,13800000401', 'O2,2026-08-01 10:00:00,2026-08-01 10:05:00,茶,2,25.00,,已完成,13800000402', 'O3,2026-08-01 10:00:00,2026-08-01 10:05:00,,2,25.00,50.00,已完成,13800000403', 'O4,2026-08-01 10:00:00,2026-08-01 10:05:00,茶,两件,25.00,50.00,妥投啦,13800000404'];
      await upload('own.csv', Buffer.from(`订单编号,下单时间,付款时间,商品名称,数量,单价,实付金额,订单状态,手机号\r\n${rows.join('\r\n')}\r\n`, 'utf8'));
      await page.getByText(t('imports.statesAsked', { count: 1 }), { exact: true }).waitFor();
      await page.getByText('妥投啦').first().waitFor();
      assert.equal(await page.getByText(t('imports.unknownFormat'), { exact: true }).count(), 0, 'nine of nine columns are read');
      await noSideways(page, 'states asked');
      await button(t('imports.toPreview')).click();
      // Two reasons, one row: the heading counts what the numbers above it count.
      await page.getByText(t('imports.notGood', { bad: 1, skipped: 0 })).first().waitFor();
      await page.getByText(`${t('imports.warned')} (${t('imports.nRows', { n: 2 })})`).first().waitFor();
      await noSideways(page, 'rows that lack something');
      await button(t('imports.run', { n: 3 })).click();
      await page.getByRole('heading', { name: t('imports.runState.done') }).waitFor({ timeout: 60_000 });
      await page.getByText(`${t('imports.warned')} (${t('imports.nRows', { n: 2 })})`).first().waitFor();
      await noSideways(page, 'warnings after the load');
      await page.getByRole('button', { name: t('imports.repairHere') }).click();
      await page.getByRole('button', { name: t('quarantine.repair'), exact: true }).first().click();
      const drawer = page.getByRole('dialog');
      await drawer.locator('.cell-bad').getByLabel('数量', { exact: true }).waitFor();
      assert.equal(await drawer.getByLabel('数量', { exact: true }).inputValue(), '两件');
      await drawer.getByLabel('数量', { exact: true }).fill('2');
      await drawer.getByLabel('订单状态', { exact: true }).fill('已完成');
      await drawer.getByRole('button', { name: t('quarantine.saveRow') }).click();
      await drawer.getByText(t('quarantine.repaired')).waitFor();
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'hidden' });
    });

    test('the task centre lists the imports', async () => {
      await page.getByRole('button', { name: t('tasks.title') }).click();
      await page.getByRole('dialog').getByText(t('words.jobState.done')).first().waitFor();
      await shot(page, join(pictures, `tasks-${look.name}.png`));
      await page.keyboard.press('Escape');
    });

    test('the overview says how much it can name', async () => {
      await page.goto(server.base);
      await page.getByRole('heading', { name: t('overview.whoTitle') }).waitFor();
      await take('overview');
    });

    test('the audit log knows and verifies', async () => {
      await page.goto(`${server.base}/audit`);
      await settle(page);
      await button(t('audit.verify')).click();
      await page.getByRole('alert').first().waitFor();
      await take('audit');
    });

    test('the browser had nothing to complain of', () => quiet());
  });
}
