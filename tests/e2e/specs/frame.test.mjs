/**
 * What surrounds the pages and the pages of the office: the menu shows where one is, English has English quotes, the
 * log speaks in words, settings and orders say what stands in them. With SHUKE_PICTURES=1 each is kept as a picture.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { check, launch, LOOKS, openPage, shot } from '../lib/browser.mjs';
import { csv, order } from '../lib/files.mjs';
import { Api, root, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';

const keep = process.env.SHUKE_PICTURES === '1';
const ROWS = csv([
  ...Array.from({ length: 12 }, (_, n) => order(n)),
  order(301, { '收货地址 ': '上海 上海市 19655 张杨路 1 号', '宝贝标题 ': '', '宝贝种类 ': '' }),
]);

let browser, server, api, odd;
before(async () => {
  browser = await launch();
  server = await startServer();
  api = new Api(server.base);
  await api.setUp(server.token());
  await api.load([{ name: '11月订单.csv', bytes: ROWS }]);
  const segment = await api.call('POST', '/segments', { name: '下过单', kind: 'living', text: 'exists(orders)' });
  const batch = await api.call('POST', '/batches', { name: '试发', segment: segment.id, destination: 'sms', holdout_percent: 10 });
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await api.call('GET', `/batches/${batch.id}`)).state === 'frozen') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { items } = await api.call('GET', '/orders?limit=50');
  const number = order(301)[0].replace(/\D/g, '');
  odd = items.find((o) => o.order_no === number);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const look of LOOKS) {
  describe(look.name, () => {
    const t = words(look.language);
    let page, quiet;
    const narrow = look.width < 768;
    const open = async (path) => {
      await page.goto(server.base + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await check(page, path);
      if (keep) await shot(page, join(root, 'tests/e2e/test-results/frame', `${path.slice(1).replace(/[^a-z]+.*/, '') || 'home'}-${look.name}.png`), { full: true });
    };
    before(async () => {
      let context;
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });

    test('the item of the menu that one is on is in sight', async () => {
      for (const path of ['/settings', '/insight/region', '/']) {
        await open(path);
        if (narrow) await page.getByRole('button', { name: t('shell.openMenu') }).click();
        const current = page.locator('.nav [aria-current="page"]');
        await current.waitFor();
        await page.waitForFunction(() => {
          const box = document.querySelector('.nav [aria-current="page"]').getBoundingClientRect();
          return box.top >= 56 && box.bottom <= innerHeight;
        });
        assert.equal(await page.evaluate(() => scrollY), 0, 'the page itself did not move');
        if (narrow) await page.keyboard.press('Escape');
      }
    });

    test('a count beside an item keeps its width, and the item its line', async () => {
      if (narrow) return;
      await page.evaluate((label) => {
        const pill = Object.assign(document.createElement('span'), { className: 'nav-count', textContent: '10,002' });
        [...document.querySelectorAll('.nav-link')].find((link) => link.textContent.startsWith(label)).append(pill);
      }, t('nav.reviews'));
      const [pill, link] = await page.locator('.nav-count').last().evaluate((el) => [el, el.parentElement].map((e) => ({ inner: e.scrollWidth - e.clientWidth, height: e.clientHeight })));
      assert.equal(pill.inner, 0, 'the number fits its pill');
      assert.equal(link.inner, 0, 'nothing hangs out of the item');
      assert.ok(link.height < 42, 'one line');
    });

    test('English has quotes as narrow as its letters', async () => {
      const wide = await page.evaluate(() => {
        const probe = Object.assign(document.createElement('span'), { textContent: '“”' });
        document.body.append(probe);
        const width = probe.getBoundingClientRect().width / parseFloat(getComputedStyle(probe).fontSize);
        probe.remove();
        return width;
      });
      if (look.language === 'en') assert.ok(wide < 1.3, `two quotes are ${wide} em wide`);
    });

    test('the log says in words who did what, imports too', async () => {
      await open('/audit');
      const list = page.locator(narrow ? '.cards' : '.table');
      const said = await list.innerText();
      assert.doesNotMatch(said, /(?:^|\s)[a-z]+\.[a-z_]+(?:\s|$)|bat_|seg_|imp_/, 'no codes, no ids');
      for (const action of ['batch_frozen', 'segment_created', 'import_started', 'import_finished']) assert.ok(said.includes(t(`audit.word.${action}`)), action);
      await list.locator('a[href^="/batches/bat_"]').first().waitFor();
      await list.locator('a[href^="/segments/seg_"]').first().waitFor();
      if (narrow) assert.equal(await page.locator('.row-card-title').first().innerText(), t('audit.word.batch_frozen'));
    });

    test('settings, goods and privacy', async () => {
      await open('/settings');
      assert.equal(await page.getByText('Asia/Shanghai').count(), 0, 'the zone has its name');
      await page.getByText(look.language === 'zh' ? '中国标准时间（上海，UTC+8）' : /China Standard Time \(Shanghai, UTC\+8\)/).first().waitFor();
      const close = await page.evaluate(() =>
        [...document.querySelectorAll('.ant-form-item-extra')].filter((el) => el.getClientRects().length > 0 && parseFloat(getComputedStyle(el).paddingTop) < 4).length,
      );
      assert.equal(close, 0, 'a note does not stick to its field');
      await open('/privacy');
      await open('/orders');
      await open('/products');
    });

    test('an order says only what is known of it', async () => {
      await open(`/orders/${odd.id}`);
      const said = await page.locator('#main').innerText();
      assert.doesNotMatch(said, /上海市 19655/, 'a number is no district');
      for (const key of ['orders.shopInFile', 'orders.noCompletionBy.paid_at']) assert.ok(said.includes(t(key)), key);
      quiet();
    });
  });
}
