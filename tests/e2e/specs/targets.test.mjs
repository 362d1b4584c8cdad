/**
 * A wished-for portrait by the screens alone, in the sample shop: written down after the pattern of a segment, what
 * there is beside what is wished, the members who would close the gap as a new segment, the day that is recorded.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { check, launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { Api, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, walk } from '../lib/walk.mjs';

let browser, server, api;
before(async () => {
  browser = await launch();
  server = await startServer({ demo: ['--members', '600'] });
  api = new Api(server.base);
  await api.signIn(server.login());
  await api.call('POST', '/segments', { name: '江浙沪女士', kind: 'living', text: 'gender = "female" and province in ("浙江", "江苏", "上海")' });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const number = (text) => Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));

for (const look of LOOKS.filter((l) => ['wide-zh', 'wide-en', 'phone-zh', 'phone-en'].includes(l.name))) {
  describe(`wished-for portrait, ${look.name}`, () => {
    const t = words(look.language);
    const test = walk();
    let page, context, quiet;
    const { open, take, button } = handOf(look, () => page, () => server.base);
    const card = (title) => page.locator('.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
    const option = (text) => page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: text }).first();

    before(async () => {
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(() => context?.close());

    test('the list says what they are for', async () => {
      await open('/segments?tab=targets');
      await page.getByText(t('targets.note')).first().waitFor();
      await check(page, 'no wished-for portraits');
      await page.getByRole('link', { name: t('targets.new'), exact: true }).first().click();
      await page.getByRole('heading', { level: 1, name: t('targets.new') }).waitFor();
    });

    test('it is written down after a pattern', async () => {
      await page.getByLabel(t('common.name'), { exact: true }).fill(`理想买家 ${look.name}`);
      await page.getByText(t('targets.kind.category'), { exact: true }).click();
      const category = page.getByRole('combobox', { name: t('targets.kind.category'), exact: true });
      await category.click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
      await page.keyboard.press('Escape');
      await page.getByRole('combobox', { name: t('targets.pattern'), exact: true }).click();
      await option('江浙沪女士').click();
      await page.locator('.wish').first().waitFor();
      await settle(page);
      await button(t('targets.fill')).click();
      assert.ok((await page.locator('.wish').count()) > 3, 'the pattern fills several lines');
      await settle(page);
      await take('target-edit');
      await button(t('targets.save')).click();
      await page.waitForURL(/\/segments\/targets\/ptt_/);
    });

    test('what there is stands beside what is wished, and the day is recorded', async () => {
      await page.locator('.target-row').first().waitFor();
      await page.getByText(t('targets.progressNote')).waitFor();
      await settle(page);
      assert.ok((await page.locator('.target-mark').count()) > 3);
      await take('target');
      await button(t('targets.record')).click();
      await page.getByText(t('targets.recorded')).first().waitFor();
      const standing = card(t('targets.standing'));
      const waiting = page.waitForEvent('download');
      await standing.getByRole('button', { name: t('insight.exportData') }).click();
      assert.match(readFileSync(await (await waiting).path(), 'utf8'), new RegExp(t('targets.wished')));
    });

    test('who would close the gap opens as a segment of as many', async () => {
      const level = page.locator('.target-levels > li').last();
      const said = number(await level.locator('.amount').textContent());
      assert.ok(said > 0);
      await level.getByRole('button').click();
      await page.locator('.live-count:not(.live-stale)').first().waitFor();
      await settle(page);
      assert.equal(number(await page.locator('.live-count').first().textContent()), said);
      await check(page, 'who would close the gap');
      quiet();
    });
  });
}
