/**
 * The portrait by the screens alone, in the sample shop: from a segment to what distinguishes it, beside another segment,
 * as a table and a file, and from a bar to its members as a new segment with the count that the bar said.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { check, launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { weather } from '../lib/files.mjs';
import { Api, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const number = (text) => Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`portrait, ${look.name}`, () => {
    const t = words(look.language);
    const narrow = look.width < 768;
    const test = walk();
    let server, api, page, context, quiet, segment;
    const { open, take } = handOf(look, () => page, () => server.base);
    const card = (title) => page.locator('.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

    before(async () => {
      server = await startServer({ demo: ['--members', '1200'] });
      api = new Api(server.base);
      await api.signIn(server.login());
      const make = (name, text) => api.call('POST', '/segments', { name, kind: 'living', text });
      segment = await make('江浙沪会员', 'province in ("浙江", "江苏", "上海")');
      await make('广东会员', 'province = "广东"');
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('from the segment to its portrait', async () => {
      await open(`/segments/${segment.id}`);
      await page.getByRole('button', { name: t('portrait.link'), exact: true }).click();
      await card(t('portrait.outstanding')).waitFor();
      await page.locator('.portrait-bars').first().waitFor();
      assert.ok((await page.locator('.portrait-bars').count()) > 10, 'every dimension has bars');
      await settle(page);
      await check(page, 'portrait');
      await take('portrait');
    });

    test('beside another segment, in the last year', async () => {
      await page.getByLabel(t('portrait.against'), { exact: true }).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: '广东会员' }).click();
      await page.getByLabel(t('portrait.window'), { exact: true }).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: t('portrait.lastDays', { n: 365 }) }).click();
      await page.waitForURL(/against=seg_.*days=365|days=365.*against=seg_/);
      await settle(page);
      await page.locator('.portrait-bars').first().waitFor();
      await check(page, 'portrait beside another');
    });

    test('a card is a table and a file with the ends of the intervals', async () => {
      const zh = look.language === 'zh';
      const gender = card(zh ? '性别' : 'Gender');
      await gender.getByText(t('insight.asTable'), { exact: true }).click();
      await gender.locator(narrow ? '.row-card' : 'table').first().waitFor();
      const waiting = page.waitForEvent('download');
      await gender.getByRole('button', { name: t('insight.exportData') }).click();
      const saved = readFileSync(await (await waiting).path(), 'utf8');
      assert.match(saved, new RegExp(t('portrait.low').replace(/[()]/g, '\\$&')));
      await gender.getByText(t('insight.asChart'), { exact: true }).click();
    });

    test('the whole portrait is a workbook', async () => {
      await page.getByRole('button', { name: t('portrait.exportAll') }).click();
      const waiting = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: t('portrait.exportAs.xlsx') }).click();
      const download = await waiting;
      assert.match(download.suggestedFilename(), /\.xlsx$/);
      assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), 'PK');
    });

    test('weather comes from a file', async () => {
      const title = look.language === 'zh' ? '下单日天气' : 'Weather on days of orders';
      await open(`/segments/${segment.id}/portrait`);
      await card(title).getByText(t('portrait.noWeather')).waitFor();
      await check(page, 'portrait without weather');
      await card(title).getByRole('link', { name: t('portrait.bringWeather') }).click();
      await page.waitForURL(/\/imports\/new/);
      const files = [{ name: '天气.csv', bytes: weather(500) }];
      const done = await api.load(files);
      assert.ok(done.counts.weather > 10_000);
      await open(`/imports/${done.id}`);
      await page.getByText(t('formats.weather_file'), { exact: true }).first().waitFor();
      await page.getByText(t('imports.count.weather'), { exact: true }).first().waitFor();
      assert.equal((await api.load(files)).counts.weather, 0, 'the same file changes nothing');
      await open(`/segments/${segment.id}/portrait`);
      await card(title).locator('.portrait-bars > li').first().waitFor();
      // Of orders before the file's first day nothing is known, and that is said.
      await card(title).getByText(t('portrait.ordersUnknown', { n: '@', other: '@' }).split('@').at(-1).trim()).waitFor();
      const bar = card(title).locator('.portrait-bars > li').first();
      const said = number(await bar.locator('.portrait-name .muted').textContent());
      await card(title).scrollIntoViewIfNeeded();
      await settle(page);
      await take('portrait-weather');
      await bar.getByRole('link').click();
      await page.locator('.live-count:not(.live-stale)').first().waitFor();
      await settle(page);
      assert.equal(number(await page.locator('.live-count').first().textContent()), said);
    });

    test('a bar opens as a segment of as many members', async () => {
      await open(`/segments/${segment.id}/portrait`);
      const zh = look.language === 'zh';
      const bar = card(zh ? '性别' : 'Gender').locator('.portrait-bars > li').first();
      const said = number(await bar.locator('.portrait-name .muted').textContent());
      await bar.getByRole('link').click();
      await page.locator('.live-count:not(.live-stale)').first().waitFor();
      await settle(page);
      assert.equal(number(await page.locator('.live-count').first().textContent()), said);
      quiet();
    });
  });
}
