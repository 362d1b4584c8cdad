/**
 * Every page in every look: nothing cut off sideways, no serious finding of axe, no complaint of the browser. With
 * SHUKE_PICTURES=1 each is kept as a picture to look at.
 */
import { join } from 'node:path';
import { test } from 'node:test';
import { check, follow, openPage, shot } from './browser.mjs';
import { root } from './server.mjs';

export const PAGES = [
  '/', '/members', '/segments', '/segments?tab=ready', '/segments?tab=overlap', '/segments/new', '/batches', '/batches/new', '/tags', '/settlement', '/reviews', '/orders', '/products', '/imports', '/imports/new', '/quarantine', '/sql', '/staff', '/keys',
  '/webhooks', '/audit', '/privacy', '/privacy?tab=suppressions', '/privacy?tab=keys', '/privacy?tab=register',
  '/settings', '/account', '/no-such-page', '/insight', '/insight/rfm', '/insight/lifecycle', '/insight/cohort',
  '/insight/interval', '/insight/calendar', '/insight/goods', '/insight/region',
  '/promotions', '/promotions/try', '/programmes', '/programmes/new', '/programmes/new?template=empty', '/points/entries', '/points/ending', '/points/liability',
  '/benefits', '/benefits?tab=tasks', '/benefits?tab=uses', '/benefits?tab=cost', '/packs', '/packs?tab=given', '/rewards', '/rewards?tab=redemptions',
  '/coupons', '/coupons?tab=templates', '/coupons?tab=exceptions', '/coupons?tab=code',
];
const keep = process.env.SHUKE_PICTURES === '1';
const folder = join(root, 'tests/e2e/test-results/screens');

/**
 * The pages of `shop`'s server in one look. With `anew` each is loaded as by an address that is typed; otherwise they
 * follow each other as by links, which takes half the time.
 */
export function looks(shop, look, { theme = 'light', anew = false, name }) {
  test(`${look.name} ${theme}`, async () => {
    const { browser, server, api, pages } = shop();
    const { context, page, quiet } = await openPage(browser, look, { theme });
    const [key, value] = api.cookie.split(/=(.*)/s);
    await context.addCookies([{ name: key, value, url: server.base }]);
    await page.goto(server.base);
    for (const path of pages) {
      if (anew) await page.goto(server.base + path);
      else await follow(page, path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await check(page, `${path} (${look.name} ${theme})`);
      const file = `${name}${path.replace(/(mem|ord|imp|seg|bat|prg|cpb|pro)_\w+/, '$1').replaceAll(/\W+/g, '-')}`;
      if (keep) await shot(page, join(folder, `${file}-${look.name}-${theme}.png`), { full: true });
    }
    quiet();
    await context.close();
  });
}
