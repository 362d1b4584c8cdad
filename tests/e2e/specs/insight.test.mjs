/**
 * The reports by the screens alone, in the sample shop (many members) and in a shop of three: from sign-in to the
 * dashboard, every page with its figures, the members behind a number, the data as a file, the span in the address.
 * The pictures of the guide's chapter are taken on the way.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axe, check, launch, LOOKS, noSideways, openPage, settle, shot } from '../lib/browser.mjs';
import { csv, order } from '../lib/files.mjs';
import { Api, root, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { pictures } from '../lib/walk.mjs';

const REPORTS = [
  { name: 'dashboard', path: '/insight', title: 'trend', count: '.tile-button' },
  { name: 'rfm', path: '/insight/rfm', title: 'rfm.groupsTitle', count: '.rfm-number button' },
  { name: 'lifecycle', path: '/insight/lifecycle', title: 'stage.months', count: '.rfm-number button' },
  { name: 'cohort', path: '/insight/cohort', title: 'cohort.curve', count: '.heat-cell button' },
  { name: 'interval', path: '/insight/interval', title: 'interval.second', count: null },
  { name: 'calendar', path: '/insight/calendar', title: 'calendar.byHour', count: '.heat-cell button' },
  { name: 'goods', path: '/insight/goods', title: 'goods.units', count: '.chart-table .link-button' },
  { name: 'region', path: '/insight/region', title: 'region.title', count: '.tilemap button' },
];
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Charts are drawn by code that is loaded when the first is shown. */
async function drawn(page) {
  await settle(page);
  await page.waitForFunction(() => [...document.querySelectorAll('.chart')].every((el) => el.querySelector('svg path')));
  await settle(page);
}

/** Names of sales, written smaller than the axes, that lie on each other. */
const overlapping = (page) =>
  page.evaluate(() => {
    const texts = [...(document.querySelector('.chart svg')?.querySelectorAll('text') ?? [])].filter((el) => getComputedStyle(el).fontSize === '11px').map((el) => ({ text: el.textContent, box: el.getBoundingClientRect() }));
    if (texts.length === 0) return ['no name is written'];
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
    return texts.flatMap((a, i) => texts.slice(i + 1).filter((b) => meet(a.box, b.box)).map((b) => `${a.text} / ${b.text}`));
  });

async function signIn(page, t, base, { email, password }) {
  await page.goto(base);
  await page.getByLabel(t('entry.email')).fill(email);
  await page.getByLabel(t('entry.password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: t('entry.signIn'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: t('nav.overview'), exact: true }).waitFor();
}

describe('the sample shop', () => {
  let server;
  before(async () => {
    server = await startServer({ demo: ['--members', '2000'] });
  });
  after(() => server?.stop());

  for (const look of LOOKS) {
    test(look.name, { timeout: 300_000 }, async () => {
      const t = words(look.language);
      const { page, context, quiet } = await openPage(browser, look);
      const keep = ['wide-zh', 'phone-en'].includes(look.name);
      const take = (name) => (keep ? shot(page, join(pictures, `insight-${name}-${look.name}.png`)) : undefined);
      await signIn(page, t, server.base, server.login());

      // The first page leads to the dashboard by its head figures.
      await page.getByRole('heading', { name: t('insight.recent') }).waitFor();
      await check(page, 'overview');
      await take('overview');
      await page.getByRole('link', { name: t('insight.seeDashboard') }).click();
      await page.getByRole('heading', { level: 1, name: t('nav.dashboard'), exact: true }).waitFor();
      assert.match(page.url(), /window=30d/);

      for (const report of REPORTS) {
        await page.goto(server.base + report.path);
        await page.getByRole('heading', { level: 1, name: t(`nav.${report.name}`), exact: true }).waitFor();
        await page.getByText(t(`insight.${report.title}`).split(/[{（(]/)[0].trim(), { exact: false }).first().waitFor();
        await drawn(page);
        await check(page, `${report.name} (${look.name})`);
        await take(report.name);
        if (report.name === 'dashboard') assert.deepEqual(await overlapping(page), [], `names on the chart (${look.name})`);

        if (report.name === 'dashboard') {
          // A change can be checked: what it was before stands beside it, as in the table and its file.
          await page.goto(`${server.base}/insight?window=30d`);
          await drawn(page);
          const former = t('insight.formerIs', { span: t('insight.former.days', { n: 30 }) }).trim();
          const formers = page.locator('.tiles-head .former').filter({ hasText: former });
          // The days before are asked for on their own.
          await formers.nth(7).waitFor();
          assert.equal(await formers.count(), 8);
          const shown = page.locator('.card').filter({ hasText: t('insight.allFigures') }).last();
          const [file] = await Promise.all([page.waitForEvent('download'), shown.getByRole('button', { name: t('insight.exportData') }).click()]);
          assert.match(file.suggestedFilename(), /^figures-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
          const [head, ...told] = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
          assert.ok(head.endsWith(t('insight.former.days', { n: 30 })), head);
          const rate = told.find((line) => line.startsWith(`${t('insight.repurchase')},`)).split(',');
          await page.locator('.tile', { hasText: t('insight.repurchase') }).locator('.former', { hasText: rate[2] }).waitFor();
        }
        if (report.name === 'rfm') {
          await page.goto(`${server.base}${report.path}?window=90d`);
          await page.getByText(t('insight.windows.90d'), { exact: false }).nth(1).waitFor();
          await page.getByRole('button', { name: t('insight.rfm.readySpan') }).click();
          await page.waitForURL(/window=all/);
          await page.getByText(t('insight.rfm.readyHere'), { exact: false }).waitFor();
          await drawn(page);
        }
        if (report.count) {
          await page.locator(report.count).first().click();
          const drawer = page.getByRole('dialog');
          await drawer.locator('a[href^="/members/"]').first().waitFor();
          assert.match(page.url(), /[?&]of=/, 'the address says whose members are shown');
          await page.waitForTimeout(350);
          if (keep) await axe(page, `${report.name} members (${look.name})`);
          await noSideways(page, `${report.name} members (${look.name})`);
          await drawer.getByText(t('insight.sorted'), { exact: false }).waitFor();
          if (report.name === 'rfm') await take('members');
          await page.goBack();
          await drawer.waitFor({ state: 'hidden' });
        }

        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('insight.exportData') }).first().click()]);
        assert.match(download.suggestedFilename(), /\.csv$/);
        const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
        assert.ok(lines.length > 2, `${report.name}: a file without rows`);
        assert.ok(lines.every((line) => line !== ''), `${report.name}: an empty row`);

        // Each chart can be read as a table as well.
        const toggle = page.getByText(t('insight.asTable'), { exact: true });
        for (let i = 0; i < (await toggle.count()); i += 1) await toggle.nth(i).click();
        if (keep) await check(page, `${report.name} as tables (${look.name})`);
      }

      // A member of the list is one click away.
      await page.goto(`${server.base}/insight/rfm?of=R%2BF%2BM%2B`);
      await page.getByRole('dialog').locator('a[href^="/members/"]').first().click();
      await page.waitForURL(/\/members\/mem_/);
      quiet();
      await context.close();
    });
  }

  for (const look of LOOKS.filter(({ name }) => ['wide-zh', 'phone-en'].includes(name))) {
    test(`what was chosen goes along to the next page, and what was received says of how many orders (${look.name})`, { timeout: 120_000 }, async () => {
      const t = words(look.language);
      const { page, context, quiet } = await openPage(browser, look);
      await signIn(page, t, server.base, server.login());
      const go = async (name) => {
        if (look.width < 768) await page.getByRole('button', { name: t('shell.openMenu') }).click();
        await page.getByRole('link', { name: t(`nav.${name}`), exact: true }).click();
        await page.getByRole('heading', { level: 1, name: t(`nav.${name}`), exact: true }).waitFor();
      };
      const api = new Api(server.base);
      await api.signIn(server.login());
      const { orders, untold } = (await api.call('GET', '/reports/settlement?from=1970-01-01')).total;
      assert.ok(untold > 0 && orders > untold, 'some files tell what was received, some do not');
      const told = page.locator('.tile').filter({ hasText: t('overview.received') });
      await told.getByText((orders - untold).toLocaleString('en')).waitFor();

      const chosen = () => new URL(page.url()).search;
      await page.goto(`${server.base}/insight/rfm?window=90d&compare=year&returns=ignore&cuts=quantile`);
      await settle(page);
      await go('cohort');
      assert.equal(chosen(), '?window=90d&compare=year&returns=ignore');
      await settle(page);
      await go('members');
      await settle(page);
      await go('goods');
      assert.equal(chosen(), '?window=90d&compare=year&returns=ignore', 'also past a page of another kind');
      await settle(page);
      await page.getByRole('button', { name: t('insight.reset'), exact: true }).click();
      await page.getByRole('button', { name: t('insight.reset'), exact: true }).waitFor({ state: 'hidden' });
      assert.equal(chosen(), '');
      await settle(page);
      await go('region');
      assert.equal(chosen(), '', 'and stays taken back');
      await settle(page);
      quiet();
      await context.close();
    });
  }

  test('a number that opens members opens as many as it says', async () => {
    const t = words('zh');
    const { page, context, quiet } = await openPage(browser, LOOKS[0]);
    await signIn(page, t, server.base, server.login());
    const drawer = page.getByRole('dialog');
    /** Clicks the largest number that one page of the list holds, and counts the list. */
    const counted = async (name, path, buttons, numberOf) => {
      await page.goto(`${server.base}${path}?window=90d`);
      await drawn(page);
      const toggle = page.getByText(t('insight.asTable'), { exact: true });
      if (name === 'interval') await toggle.first().click();
      const found = [];
      for (const button of await page.locator(buttons).all()) found.push({ button, n: numberOf(await button.textContent()) });
      const [most] = found.filter(({ n }) => n <= 20).sort((a, b) => b.n - a.n);
      assert.ok(most, `${name}: no number of twenty at most`);
      await most.button.click();
      await drawer.locator('tbody a[href^="/members/"]').first().waitFor();
      await settle(page);
      assert.equal(await drawer.locator('tbody tr').count(), most.n, name);
      return most.n;
    };
    const n = await counted('rfm', '/insight/rfm', '.heat-cell button', (text) => Number(/：(\d+) 位会员/.exec(text)?.[1]));
    assert.match(page.url(), /of=\d\d(\*|%2A)/);
    await drawer.getByText(`${t('insight.rfm.allMoney')} · ${n}`, { exact: true }).waitFor();
    // Whoever stands behind a number gets a tag, by which the list of members finds them.
    await drawer.getByRole('button', { name: t('tags.bulkBehind') }).click();
    const bulk = page.getByRole('dialog', { name: t('tags.bulkBehind') });
    await bulk.getByLabel(t('tags.bulkAdd')).click();
    await page.keyboard.type('双十二召回');
    await page.keyboard.press('Enter');
    await bulk.locator('.ant-select-selection-item, .ant-select-selection-overflow-item').filter({ hasText: '双十二召回' }).first().waitFor();
    await bulk.getByRole('button', { name: t('tags.do.give', { n, name: '双十二召回' }) }).click();
    await bulk.getByText(t('tags.done.give', { n, name: '双十二召回', already: 0 })).waitFor();
    await counted('interval', '/insight/interval', '.chart-table .link-button', (text) => Number(text.replace(/,/g, '')));
    await counted('calendar', '/insight/calendar', '.heat-cell button', (text) => Number(/会员 (\d+) 位/.exec(text)?.[1]));
    quiet();
    await context.close();
  });

  test('the span, what it is compared with, and refunds stand in the address', async () => {
    const t = words('zh');
    const { page, context, quiet } = await openPage(browser, LOOKS[0]);
    await signIn(page, t, server.base, server.login());
    const ask = (path) => Promise.all([page.waitForRequest((r) => r.url().includes('/reports/')), page.goto(server.base + path)]);
    const [request] = await ask('/insight?window=custom&from=2026-01-01&to=2026-01-31&compare=year&returns=ignore');
    const query = new URL(request.url()).searchParams;
    assert.equal(query.get('to'), '2026-02-01', 'the last day is included');
    assert.equal(query.get('returns'), 'ignore');
    await page.getByRole('combobox', { name: t('insight.window') }).click();
    await page.getByTitle(t('insight.windows.all'), { exact: true }).click();
    await page.waitForURL(/window=all/);
    assert.ok(!page.url().includes('from='), 'days of one\'s own are forgotten with the choice');

    // The shop's own occasion is marked on the trend, and taken away again.
    await page.goto(`${server.base}/insight?window=30d`);
    await drawn(page);
    await page.getByRole('button', { name: t('insight.occasion.title') }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByLabel(t('insight.occasion.name')).fill('店庆');
    await drawer.locator('.filter-dates input').first().click();
    await page.locator('.ant-picker-presets').getByText(t('list.today'), { exact: true }).click();
    await drawer.getByRole('button', { name: t('common.add'), exact: true }).click();
    const remove = drawer.getByRole('button', { name: t('insight.occasion.remove', { name: '店庆' }) });
    await remove.waitFor();
    await axe(page, 'promotion calendar');
    await remove.click();
    await remove.waitFor({ state: 'detached' });
    quiet();
    await context.close();
  });
});

describe('a shop of three members', () => {
  let server, api;
  before(async () => {
    server = await startServer();
    api = new Api(server.base);
    await api.setUp(server.token());
    const at = (day) => ({ 订单创建时间: `${day} 12:16:20`, '订单付款时间 ': `${day} 12:24:15` });
    const past = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    // One of the three comes day after day: many gaps, all of one member.
    const often = Array.from({ length: 8 }, (_, i) => order(10 + i, { 买家会员名: 'buyer_1', ...at(past(40 + i)) }));
    await api.load([{ name: 'three.csv', bytes: csv([order(1, at(past(9))), order(2, at(past(30))), order(3, at(past(80))), order(4, { 买家会员名: 'buyer_1', ...at(past(60)) }), ...often]) }]);
  });
  after(() => server?.stop());

  for (const look of LOOKS) {
    test(look.name, async () => {
      const t = words(look.language);
      const { page, context, quiet } = await openPage(browser, look);
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
      for (const report of REPORTS) {
        await page.goto(server.base + report.path);
        await page.getByRole('heading', { level: 1, name: t(`nav.${report.name}`), exact: true }).waitFor();
        await drawn(page);
        await check(page, `three: ${report.name} (${look.name})`);
        if (process.env.SHUKE_PICTURES === '1') await shot(page, join(root, 'tests/e2e/test-results/screens', `three-${report.name}-${look.name}.png`), { full: true });
      }
      quiet();
      await context.close();
    });
  }

  for (const look of LOOKS.filter(({ name }) => ['wide-zh', 'phone-en'].includes(name))) {
    test(`nothing is advised from one member's gaps, and what is missing is told (${look.name})`, async () => {
      const t = words(look.language);
      const { page, context, quiet } = await openPage(browser, look);
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
      const told = async (path, ...sentences) => {
        await page.goto(server.base + path);
        await settle(page);
        for (const sentence of sentences) await page.getByText(sentence).first().waitFor();
      };
      const thin = { members: 1, n: 9 };
      await told('/insight/interval', t('insight.interval.few', { ...thin, enough: 30 }), t('insight.interval.ofGaps', thin));
      if (look.language === 'en') await page.getByText('1 member, 9 gaps').first().waitFor();
      for (const advice of ['middleNote', 'p90Note']) assert.equal(await page.getByText(t(`insight.interval.${advice}`)).count(), 0, advice);
      await told('/insight/lifecycle', t('insight.stage.thin', thin));
      await told('/insight/calendar', t('insight.calendar.few', { n: 12 }));
      await told('/insight/goods', t('insight.goods.noCode'), t('insight.goods.importLines'));
      assert.equal(await page.locator('.chart-table').count(), 0, 'no list without rows');
      await told('/insight/cohort', look.language === 'zh' ? /对比期 .* 没有订单/ : /no orders in .* to compare with/);
      await told('/insight', t('insight.memberFigure.met_by_order'));
      quiet();
      await context.close();
    });
  }
});
