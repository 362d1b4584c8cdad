/**
 * The screens of a shop with very many members (`SHUKE_MEMBERS`, 100,000 if not said) in every look: nothing cut off
 * sideways, no serious finding of axe, no complaint of the browser. Pictures of all are kept to be looked at, and the
 * time that each page took to stand still is printed. Not part of `npm test`: `scripts/e2e.sh --members 100000`.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, launch, LOOKS, noSideways, openPage, settle, shot } from '../lib/browser.mjs';
import { list, orders } from '../lib/crowd.mjs';
import { sameReceiver } from '../lib/files.mjs';
import { newShop, root } from '../lib/server.mjs';

const members = Number(process.env.SHUKE_MEMBERS ?? 100_000);
const folder = join(root, 'tests/e2e/test-results/crowd');
const PIECE = 50_000;
const HOUR = 3_600_000;
let browser, server, api, pages;

before(async () => {
  browser = await launch();
  ({ server, api } = await newShop());
  const began = Date.now();
  for (let from = 0; from < members; from += PIECE) {
    await api.load([{ name: `会员-${from / PIECE + 1}.csv`, bytes: list(from, Math.min(from + PIECE, members)) }], HOUR);
  }
  const load = await api.load([{ name: '十一大促订单导出（含赠品与预售）2026-10-01至2026-10-31.csv', bytes: orders(Math.min(20_000, members)) }], HOUR);
  await api.load([{ name: 'same-receiver.csv', bytes: sameReceiver() }]);
  console.log(`${members} members and ${load.counts.orders_new} orders loaded in ${Math.round((Date.now() - began) / 1000)} s`);
  const overview = await api.call('GET', '/overview');
  assert.ok(overview.members.total >= members * 0.9, `only ${overview.members.total} members`);
  const find = async (path) => (await api.call('GET', path)).items[0];
  const regular = await find('/members?limit=1&query=a_regular_customer_with_a_long_account_name');
  const longName = await find(`/members?limit=1&query=${encodeURIComponent('阿卜杜热合曼')}`);
  const [order] = (await api.call('GET', '/orders?limit=1')).items;
  pages = [
    '/', '/members', '/tags', '/settlement', '/members?gender=female', '/members?query=8000', '/members?platform=douyin', '/members?has_phone=false', '/reviews', '/orders', '/orders?identified=false',
    '/products', '/imports', `/imports/${load.id}`, '/quarantine', `/quarantine?import=${load.id}`, '/privacy', '/audit', '/settings', `/orders/${order.id}`,
  ];
  const segment = await api.call('POST', '/segments', { name: '下过单，而且不在浙江', kind: 'living', text: 'exists(orders) and not province = "浙江"' });
  const batch = await api.call('POST', '/batches', { name: '试发', segment: segment.id, destination: 'sms', holdout_percent: 10 });
  pages.push('/segments', '/segments?tab=ready', `/segments/${segment.id}`, `/segments/${segment.id}?tab=members`, `/segments/${segment.id}/edit`, `/segments/${segment.id}/portrait`, '/batches', `/batches/${batch.id}`, `/batches/${batch.id}?tab=members`, '/sql');
  for (const name of ['', '/rfm', '/lifecycle', '/cohort', '/interval', '/calendar', '/goods', '/region']) pages.push(`/insight${name}`);
  for (const id of [regular?.id, longName?.id].filter(Boolean)) {
    for (const tab of ['', '?tab=consents', '?tab=identity']) pages.push(`/members/${id}${tab}`);
  }
}, { timeout: HOUR });
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const look of LOOKS) {
  test(look.name, { timeout: 1_200_000 }, async () => {
    const { context, page, quiet } = await openPage(browser, look);
    page.setDefaultTimeout(60_000);
    const [name, value] = api.cookie.split(/=(.*)/s);
    await context.addCookies([{ name, value, url: server.base }]);
    const slow = [];
    const wrong = [];
    for (const [n, path] of pages.entries()) {
      const began = Date.now();
      await page.goto(server.base + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settle(page);
      slow.push([Date.now() - began, path]);
      await shot(page, join(folder, `${String(n).padStart(2, '0')}${path.replace(/(mem|ord|imp)_\w+/g, '$1').replaceAll(/\W+/g, '-')}-${look.name}.png`), { full: true });
      // Every screen is looked at before any of them fails the test.
      for (const check of [noSideways, axe]) {
        await check(page, `${path} (${look.name})`).catch((e) => wrong.push(e.message));
      }
    }
    console.log(`${look.name}: ${slow.sort((a, b) => b[0] - a[0]).slice(0, 6).map(([ms, path]) => `${path} ${ms} ms`).join(', ')}`);
    assert.deepEqual(wrong, []);
    quiet();
    await context.close();
  });
}
