/** Every page of a shop that has just begun: three members and four orders, where a list is a line or two and a curve has no slope. */
import { after, before } from 'node:test';
import { launch, LOOKS } from '../lib/browser.mjs';
import { csv, order } from '../lib/files.mjs';
import { looks, PAGES } from '../lib/screens.mjs';
import { newShop } from '../lib/server.mjs';
let browser, server, api, pages;
before(async () => {
  browser = await launch();
  ({ server, api } = await newShop());
  pages = [...PAGES];
  const load = await api.load([{ name: 'orders.csv', bytes: csv([order(1), order(2), order(3), order(4, { 买家会员名: 'buyer_1' })]) }]);
  const [member] = (await api.call('GET', '/members?limit=1')).items;
  const [o] = (await api.call('GET', '/orders?limit=1')).items;
  const segment = await api.call('POST', '/segments', { name: '下过单', kind: 'living', text: 'exists(orders)' });
  pages.push(`/imports/${load.id}`, `/members/${member.id}`, `/orders/${o.id}`, `/segments/${segment.id}/edit`, `/batches/new?segment=${segment.id}`);
  for (const tab of ['members', 'changes', 'sizes', 'why', 'about']) pages.push(`/segments/${segment.id}?tab=${tab}`);
  for (const tab of ['orders', 'refunds', 'events', 'consents', 'identity', 'benefits', 'rewards', 'points']) pages.push(`/members/${member.id}?tab=${tab}`);
});
after(async () => { await browser?.close(); await server?.stop(); });
for (const look of LOOKS) looks(() => ({ browser, server, api, pages }), look, { name: 'few' });
