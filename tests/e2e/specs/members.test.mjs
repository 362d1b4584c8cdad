/**
 * Knowing members by the screens alone: found by one box, tagged in bulk and one by one, seen whole on one page, taken
 * out as a file; and what the platforms paid out, reconciled. Once at a desk in Chinese and once on a phone in English.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { axe, check, launch, LOOKS, noSideways, openPage, settle, shot } from '../lib/browser.mjs';
import { cards, orders, REGULAR } from '../lib/regulars.mjs';
import { Api, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, pictures, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`members, ${look.name}`, () => {
    const t = words(look.language);
    const narrow = look.width < 768;
    const test = walk();
    const tagName = look.language === 'zh' ? '大促必买' : 'Buys at sales';
    const otherTag = look.language === 'zh' ? '老客回访' : 'Call back';
    const category = look.language === 'zh' ? '购买习惯' : 'Habits';
    let server, api, page, context, quiet;
    const { button, dialog, open, take } = handOf(look, () => page, () => server.base);
    const rows = () => page.locator(narrow ? '.row-card' : '.table tbody tr');
    const search = async (text) => {
      await page.getByPlaceholder(t('members.search')).fill(text);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.searchParams.get('query') === (text || null));
      await settle(page);
    };
    /** The list has come when it holds so many rows. */
    const rowsAre = async (n) => {
      await page.waitForFunction(([list, many]) => document.querySelectorAll(list).length === many, [narrow ? '.row-card' : '.table tbody tr', n]);
      assert.equal(await rows().count(), n);
    };
    /** Types into a picker of tags and takes what it offers, or makes a new one. */
    const pick = async (scope, label, name, make) => {
      await scope.getByLabel(label).click();
      await page.keyboard.type(name);
      if (make) await page.keyboard.press('Enter');
      else await page.locator('.ant-select-item-option').filter({ hasText: name }).first().click();
      await scope.locator('.ant-select-selection-item, .ant-select-selection-overflow-item').filter({ hasText: name }).first().waitFor();
    };

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token());
      await api.load([{ name: 'members.csv', bytes: cards(60) }]);
      await api.load([{ name: 'ExportOrderList.csv', bytes: orders() }]);
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a shop without tags is told what tags are for', async () => {
      await open('/tags');
      await page.getByText(t('tags.empty')).waitFor();
      await take('tags-empty');
    });

    test('one box finds by account, last four, name and initials', async () => {
      await open('/members');
      for (const [text, found] of [[REGULAR, 1], ['2007', 1], ['15800002007', 1], ['赵欣', 3], ['zx', 8]]) {
        await search(text);
        await rowsAre(found);
      }
      await search('2007');
      await rows().getByText('158****2007').first().waitFor();
      // The phone stands in its own column: that it was found by it is not said once more.
      assert.equal(await rows().getByText(t('members.matched', { what: t('words.keyKind.phone') })).count(), 0);
      await noSideways(page, 'why it was found');
      await search('nobody_is_called_this');
      await page.getByText(t('list.nothingFound')).waitFor();
      await search('');
    });

    test('a province and a phone narrow the list together', async () => {
      await open('/members?province=浙江&has_phone=true');
      await rowsAre(narrow ? 20 : 50);
      if (narrow) await page.getByRole('button', { name: t('list.filter') }).first().click();
      await page.getByLabel(t('members.province')).click();
      const other = look.language === 'zh' ? '江苏' : 'Jiangsu';
      await page.getByLabel(t('members.province')).fill(other);
      await page.locator('.ant-select-item-option').filter({ hasText: other }).first().click();
      await page.waitForURL((url) => url.searchParams.get('province') === '江苏' && url.searchParams.get('has_phone') === 'true');
      await page.locator('.empty-title').filter({ hasText: other }).waitFor();
      if (!narrow) return;
      // On a phone the filters in force stand below the search, each to be dropped.
      await page.getByRole('button', { name: t('list.show') }).click();
      assert.equal(await page.locator('.filter-chip').count(), 2);
      await page.locator('.filter-chip').filter({ hasText: other }).click();
      await page.waitForURL((url) => !url.searchParams.has('province') && url.searchParams.get('has_phone') === 'true');
      await rowsAre(20);
    });

    test('after a record "previous" leads one page back, not to the first', async () => {
      await open('/members?limit=20');
      for (const page3 of [false, true]) {
        await page.getByRole('button', { name: t('list.next') }).click();
        await page.locator('.pager').getByText(t('list.pageRows', { page: page3 ? 3 : 2, count: 20 })).waitFor();
      }
      await rows().first().locator('a').first().click();
      await page.waitForURL(/\/members\/mem_/);
      await page.locator('.back-link').click();
      await page.locator('.pager').getByText(t('list.pageRows', { page: 3, count: 20 })).waitFor();
      await page.getByRole('button', { name: t('list.previous') }).click();
      await page.locator('.pager').getByText(t('list.pageRows', { page: 2, count: 20 })).waitFor();
      await page.getByRole('button', { name: t('list.previous') }).click();
      await page.locator('.pager').getByText(t('list.pageRows', { page: 1, count: 20 })).waitFor();
    });

    test('an order is found by how its number begins', async () => {
      await open('/orders');
      await page.getByPlaceholder(t('orders.search')).fill('45678901234560');
      await page.keyboard.press('Enter');
      await page.getByText(t('list.nothingFound')).waitFor();
      await page.getByPlaceholder(t('orders.search')).fill('5456789012345600');
      await page.keyboard.press('Enter');
      await rows().first().waitFor();
      assert.ok((await rows().count()) > 1);
      await noSideways(page, 'orders found');
    });

    test('ticked members get a tag that is made on the way', async () => {
      // Not the first three of all: which those are is not said, and the regular must come without the tag.
      await open('/members');
      await search('赵欣');
      await rowsAre(3);
      for (const n of [0, 1, 2]) await rows().nth(n).getByRole('checkbox').check();
      await button(t('tags.bulk')).click();
      await pick(dialog(), t('tags.bulkAdd'), tagName, true);
      // For how many it is stands on the button before anything is done.
      const give = dialog().getByRole('button', { name: t('tags.do.give', { n: 3, name: tagName }) });
      await give.waitFor();
      await dialog().getByText(t('tags.willGive', { n: 3, name: tagName, already: 0 })).waitFor();
      assert.doesNotMatch(await give.getAttribute('class'), /dangerous/);
      await axe(page, 'bulk tags');
      await noSideways(page, 'bulk tags');
      await shot(page, join(pictures, `bulk-tags-${look.name}.png`));
      await give.click();
      await page.getByText(t('tags.done.give', { n: 3, name: tagName, already: 0 })).waitFor();
      await dialog().locator('.ant-modal-footer').getByRole('button', { name: t('common.close') }).click();
      await rows().first().getByText(tagName).waitFor();
    });

    test('a tag is found by its name, and everybody found gets another by a task', async () => {
      await search(tagName);
      await rowsAre(3);
      await open('/members?limit=20');
      await page.getByRole('checkbox', { name: t('list.selectAll') }).check();
      await button(t('list.selectEverything')).click();
      await page.getByText(t('list.selectedAll')).waitFor();
      await button(t('tags.bulk')).click();
      await pick(dialog(), t('tags.bulkAdd'), otherTag, true);
      const give = dialog().locator('.tag-do:not(:disabled)').filter({ hasText: otherTag });
      const [n] = /\d+/.exec(await give.innerText());
      assert.ok(Number(n) > 20, 'those of all pages');
      await give.click();
      // A task does it, and ends with the numbers that were asked.
      await page.getByText(t('tags.done.give', { n, name: otherTag, already: 0 })).waitFor();
      await dialog().locator('.ant-modal-footer').getByRole('button', { name: t('common.close') }).click();
      // The list behind was read before the task had come to them, and is read again.
      await rows().first().getByText(otherTag).waitFor();
      // Whom it would be taken off is said so that nobody takes it for giving.
      await page.getByRole('checkbox', { name: t('list.selectAll') }).check();
      await button(t('list.selectEverything')).click();
      await button(t('tags.bulk')).click();
      await pick(dialog(), t('tags.bulkRemove'), otherTag);
      const off = dialog().getByRole('button', { name: t('tags.do.take', { n, name: otherTag }) });
      await off.waitFor();
      assert.match(await off.getAttribute('class'), /dangerous/);
      await axe(page, 'taking a tag off');
      await noSideways(page, 'taking a tag off');
      await shot(page, join(pictures, `bulk-untag-${look.name}.png`));
      await dialog().getByRole('button', { name: t('common.cancel') }).click();
      await page.getByRole('button', { name: t('tasks.title') }).click();
      await dialog().locator('.job').first().getByText(t('words.jobState.done')).waitFor();
      await page.keyboard.press('Escape');
      await open('/members');
      await take('members-tags');
    });

    test('tags stand in categories, and a number opens its members', async () => {
      await open('/tags');
      await button(t('tags.newCategory')).click();
      await dialog().getByLabel(t('tags.categoryName')).fill(category);
      await dialog().getByRole('button', { name: t('common.save') }).click();
      await page.getByRole('heading', { name: category }).waitFor();
      await rows().filter({ hasText: tagName }).getByRole('button', { name: t('common.edit') }).click();
      await dialog().getByLabel(t('tags.category')).click();
      await page.locator('.ant-select-item-option').filter({ hasText: category }).click();
      await dialog().getByRole('radio', { name: t('tags.colors.orange') }).check({ force: true });
      await axe(page, 'tag dialog');
      await dialog().getByRole('button', { name: t('common.save') }).click();
      await dialog().waitFor({ state: 'hidden' });
      await take('tags');
      await rows().filter({ hasText: tagName }).getByRole('link', { name: t('tags.nMembers', { n: 3 }) }).click();
      await page.waitForURL(/\/members\?tag=tag_/);
      await rowsAre(3);
    });

    test('a tag is archived, restored and deleted, with what that does said before', async () => {
      await open('/tags');
      const row = rows().filter({ hasText: otherTag });
      await row.getByRole('button', { name: t('tags.removeShort') }).click();
      await dialog().getByText(/\d+/).first().waitFor();
      await dialog().getByRole('button', { name: t('tags.archive'), exact: true }).click();
      await dialog().waitFor({ state: 'hidden' });
      await page.getByRole('checkbox', { name: t('tags.showArchived', { n: 1 }) }).check();
      await row.getByRole('button', { name: t('tags.restore') }).click();
      await row.getByText(t('tags.archived'), { exact: true }).waitFor({ state: 'hidden' });
      await row.getByRole('button', { name: t('tags.removeShort') }).click();
      await dialog().locator('input[value=delete]').check({ force: true });
      await axe(page, 'remove tag');
      await dialog().getByRole('button', { name: t('common.delete'), exact: true }).click();
      await dialog().waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: t('tasks.title') }).click();
      await dialog().locator('.job').first().getByText(t('words.jobState.done')).waitFor();
      await page.keyboard.press('Escape');
      await open('/tags');
      assert.equal(await row.count(), 0);
    });

    test('one member on one page: who, where they stand and why, tags in place', async () => {
      await open(`/members?query=${REGULAR}`);
      await page.locator(narrow ? '.row-card a' : '.table tbody a').first().click();
      await page.waitForURL(/\/members\/mem_/);
      await settle(page);
      const standing = page.locator('.standing');
      await standing.waitFor();
      assert.match(await standing.innerText(), /54/, 'the expected gap is told');
      // Two counts of orders stand on one page: each says of what time it is.
      await page.getByText(t('members.ordersEver'), { exact: true }).waitFor();
      assert.match(await standing.innerText(), new RegExp(t('standing.window', { since: '\\d{4}-\\d\\d-01' }).replace(/[.()]/g, '.')));
      await page.locator('.back-link').click();
      await page.waitForURL((url) => url.searchParams.get('query') === REGULAR);
      await page.goBack();
      await standing.waitFor();
      await button(t('tags.add')).click();
      await pick(page.locator('.tag-add'), t('tags.add'), tagName, false);
      await button(t('tags.give')).click();
      await page.locator('aside .tag-chip').filter({ hasText: tagName }).waitFor();
      await page.getByRole('button', { name: t('tags.takeOff', { name: tagName }) }).click();
      await page.getByText(t('tags.memberNone')).waitFor();
      await button(t('tags.add')).click();
      await pick(page.locator('.tag-add'), t('tags.add'), tagName, false);
      await button(t('tags.give')).click();
      await page.locator('aside .tag-chip').filter({ hasText: tagName }).waitFor();
      await settle(page);
      await take('member-360');
    });

    test('the timeline tells what happened, and shows one kind when asked', async () => {
      const timeline = page.locator('.timeline');
      await timeline.waitFor();
      assert.ok((await timeline.locator('li').count()) >= 4);
      await button(t('timeline.kind.order')).click();
      await page.waitForFunction(() => document.querySelectorAll('.timeline-item').length === 4);
      await page.getByRole('tab', { name: t('members.tab.orders') }).click();
      await rowsAre(4);
    });

    test('all tabs stand in one row, and the chosen one is in sight', async () => {
      const row = page.getByRole('tablist');
      const places = () =>
        row.evaluate((list) => {
          const frame = list.getBoundingClientRect();
          const tabs = [...list.querySelectorAll('[role="tab"]')].map((tab) => ({ box: tab.getBoundingClientRect(), on: tab.getAttribute('aria-selected') === 'true' }));
          const { box } = tabs.find((tab) => tab.on);
          return { tops: new Set(tabs.map((tab) => Math.round(tab.box.top))).size, seen: box.left >= frame.left - 1 && box.right <= frame.right + 1 };
        });
      await row.getByRole('tab').first().focus();
      const count = await row.getByRole('tab').count();
      for (let n = 0; n < count; n += 1) {
        await page.keyboard.press('ArrowRight');
        // The row follows when the browser has laid it out, which a busy machine does late.
        for (let tries = 0; tries < 100 && !(await places()).seen; tries += 1) await page.waitForTimeout(50);
        assert.deepEqual(await places(), { tops: 1, seen: true }, `tab ${n}`);
      }
      await page.getByRole('tab', { name: t('members.tab.identity') }).click();
      await page.locator('.key-group').first().waitFor();
      assert.match(await page.locator('.key-group').allInnerTexts().then((all) => all.join(' ')), new RegExp(t('words.keyKind.account_name')));
      await check(page, 'identity');
    });

    test('members leave as a sheet, masked', async () => {
      await open('/members');
      await button(t(narrow ? 'list.export' : 'list.exportShort')).click();
      await dialog().getByText(t('exports.formatName.parquet'), { exact: true }).waitFor();
      await axe(page, 'export dialog');
      await noSideways(page, 'export dialog');
      await shot(page, join(pictures, `export-${look.name}.png`));
      await dialog().locator('input[value=csv]').check({ force: true });
      const [download] = await Promise.all([page.waitForEvent('download'), dialog().getByRole('button', { name: t('exports.start') }).click()]);
      const text = readFileSync(await download.path(), 'utf8');
      assert.match(download.suggestedFilename(), /^members-.*\.csv$/);
      assert.ok(text.trim().split('\n').length > 60, 'not all of them are there');
      assert.doesNotMatch(text, /15800002007/, 'a phone stands in clear in a masked file');
      await dialog().locator('.ant-modal-footer').getByRole('button', { name: t('common.close') }).click();
    });

    test('in clear only for a reason, and the audit log knows', async () => {
      await button(t(narrow ? 'list.export' : 'list.exportShort')).click();
      await dialog().locator('input[value=csv]').check({ force: true });
      await dialog().locator('input[value=true]').check({ force: true });
      assert.ok(await dialog().getByRole('button', { name: t('exports.start') }).isDisabled(), 'no reason, no data');
      await dialog().getByLabel(t('exports.reason')).fill('SMS provider, November notice');
      const [download] = await Promise.all([page.waitForEvent('download'), dialog().getByRole('button', { name: t('exports.start') }).click()]);
      assert.match(readFileSync(await download.path(), 'utf8'), /15800002007/);
      await dialog().locator('.ant-modal-footer').getByRole('button', { name: t('common.close') }).click();
      await page.getByRole('button', { name: t('tasks.title') }).click();
      await dialog().getByRole('button', { name: t('exports.download') }).first().waitFor();
      await page.waitForTimeout(300);
      await shot(page, join(pictures, `export-tasks-${look.name}.png`));
      await page.keyboard.press('Escape');
      await open('/audit');
      await page.getByText('SMS provider, November notice').first().waitFor();
    });

    test('what the platforms paid out is reconciled order by order', async () => {
      await open('/settlement');
      await page.locator('.reason-bar').first().waitFor();
      await page.getByText(t('settlement.byPlaced')).waitFor();
      await take('settlement');
      // All together at the foot of the sums, and what no file tells apart from what differs.
      const list = page.locator('.card, .ant-card').filter({ hasText: t('settlement.list') }).last();
      await page.getByText(t('settlement.partNote.differs')).waitFor();
      await list.locator('.ant-segmented-item').nth(1).click();
      await page.getByText(t('settlement.partNote.untold')).waitFor();
      assert.match(page.url(), /part=untold/);
      await settle(page);
      await list.locator('.ant-segmented-item').nth(2).click();
      await page.waitForURL(/part=all/);
      await settle(page);
      const listed = list.locator(narrow ? '.row-card' : '.table tbody tr');
      const all = Number((await list.locator('.ant-segmented-item').nth(2).textContent()).replace(/\D/g, ''));
      await listed.nth(all - 1).waitFor();
      const reason = page.locator('.reason-bar').last();
      const some = Number.parseInt(await reason.locator('.reason-count').textContent(), 10);
      assert.ok(some < all, 'what no file tells is no reason');
      await reason.click();
      await page.waitForURL(/reason=/);
      await listed.nth(some).waitFor({ state: 'detached' });
      assert.equal(await listed.count(), some);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        (async () => {
          await page.locator('.list').getByRole('button', { name: t(narrow ? 'list.export' : 'list.exportShort'), exact: true }).click();
          await dialog().getByRole('button', { name: t('exports.start') }).click();
        })(),
      ]);
      assert.match(download.suggestedFilename(), /\.xlsx$/);
    });

    test('the browser had nothing to complain of', () => quiet());
  });
}
