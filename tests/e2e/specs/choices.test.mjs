/** Smaller choices that people make on the screens: how dates are written, what a file leaves open, a forgotten password. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { check, launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { Api, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';

const t = words('zh');
let browser, server, api, page, quiet;
before(async () => {
  browser = await launch();
  server = await startServer();
  api = new Api(server.base);
  await api.setUp(server.token());
  let context;
  ({ page, context, quiet } = await openPage(browser, LOOKS[0]));
  const [name, value] = api.cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url: server.base }]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const upload = async (name, text) => {
  await page.goto(`${server.base}/imports/new`);
  await page.setInputFiles('input[type=file]', [{ name, mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${text}`, 'utf8') }]);
  await page.locator('.step-foot').getByRole('button').last().click();
  await page.waitForURL(/\/imports\/imp_/);
};

test('a date that may be read two ways is read as the merchant says', async () => {
  await upload('dates.csv', '订单号,订单状态,实付金额,下单时间,买家手机号\nD1,已完成,12.00,03/04/2026 10:00,13900002222\nD2,已完成,8.00,05/06/2026 11:00,13900003333\n');
  const id = page.url().match(/imp_\w+/)[0];
  const counts = async () => (await api.call('GET', `/imports/${id}`)).files[0];
  assert.equal((await counts()).bad, 2, 'nothing in the file tells day from month');
  await page.getByRole('combobox', { name: t('imports.dayOrder') }).click();
  await page.getByTitle(t('imports.dayOrders.day_first'), { exact: true }).click();
  await page.waitForFunction((text) => document.querySelector('.file-facts')?.textContent?.includes(text), t('imports.dayOrders.day_first'));
  await settle(page);
  const after = await counts();
  assert.deepEqual([after.bad, after.day_order], [0, 'day_first']);
  await check(page, 'mapping with a choice of dates');
  const shown = await api.call('GET', `/imports/${id}/preview`);
  assert.match(JSON.stringify(shown.good[0]), /2026-04-0[23]/, 'the third of April');
});

test('a file without states says how it is read', async () => {
  await upload('stateless.csv', '订单号,实付金额,下单时间,买家手机号\nS1,12.00,2026-09-01 10:00:00,13900004444\n');
  await page.getByRole('button', { name: t('imports.toPreview') }).click();
  await page.getByText(t('imports.notes'), { exact: true }).waitFor();
  await check(page, 'preview with notes');
});

test('a forgotten password is set anew by a link', async () => {
  const invited = await api.call('POST', '/staff', { name: '李丽', email: 'li@example.com', role: 'agent' });
  await api.call('POST', '/staff/accept', { token: invited.invite_url_token, password: 'first-password-of-li' });
  await page.goto(`${server.base}/staff`);
  await page.getByRole('button', { name: t('staff.reset'), exact: true }).click();
  await page.getByRole('button', { name: t('staff.resetDo'), exact: true }).click();
  const link = await page.locator('.secret').textContent();
  assert.match(link, /\/accept\?token=/);
  await api.call('POST', '/staff/accept', { token: new URL(link).searchParams.get('token'), password: 'second-password-of-li' });
  await new Api(server.base).signIn({ email: 'li@example.com', password: 'second-password-of-li' });
  await check(page, 'staff with a reset link');
  quiet();
});
