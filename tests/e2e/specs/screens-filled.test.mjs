/** Every page of a shop with orders, members, a segment, a batch, a programme, coupons and a promotion, in every look; in Chinese in the dark as well. */
import { after, before } from 'node:test';
import { launch, LOOKS } from '../lib/browser.mjs';
import { sameReceiver, withBadRows } from '../lib/files.mjs';
import { looks, PAGES } from '../lib/screens.mjs';
import { newShop } from '../lib/server.mjs';

let browser, server, api, pages;
before(async () => {
  browser = await launch();
  ({ server, api } = await newShop());
  pages = [...PAGES];
  const load = await api.load([{ name: 'orders.csv', bytes: withBadRows(120) }]);
  await api.load([{ name: 'same-receiver.csv', bytes: sameReceiver() }]);
  const [member] = (await api.call('GET', '/members?limit=1')).items;
  const [order] = (await api.call('GET', '/orders?limit=1')).items;
  await api.call('POST', '/keys', { name: 'ERP', scopes: ['orders:read'], test: false });
  await api.call('POST', '/privacy/requests', { member: member.id, kind: 'copy' });
  const segment = await api.call('POST', '/segments', { name: '下过单', kind: 'living', text: 'exists(orders) and not (gender = "male" or sum(orders.paid, last 12 months) < ¥10.00)' });
  const batch = await api.call('POST', '/batches', { name: '试发', segment: segment.id, destination: 'sms', holdout_percent: 10 });
  const programme = await api.call('POST', '/programmes', {
    name: '会员积分',
    rules: {
      earn: [
        { id: '基础', kind: 'per_amount', points: 1, per_fen: 100 },
        { id: '阶梯', kind: 'stepped', bands: [{ from_fen: 0, points: 1, per_fen: 100 }, { from_fen: 50_000, points: 2, per_fen: 100 }], categories: ['母婴'] },
        { id: '双倍', kind: 'multiplier', factor: '2', birthday: 'month', from: '2026-11-10T16:00:00Z', to: '2026-11-11T16:00:00Z', tiers: ['银牌'], group: '加倍' },
      ],
      caps: [{ id: '每天', per: 'day', points: 500, rule: '基础' }],
      check_in: { points: 2, streak: [{ days: 7, bonus: 20 }] },
      birthday: { points: 100 },
      activity: {},
      ladder: { tiers: [{ id: '普通' }, { id: '银牌', entry: { any: [{ metric: 'net_spend', min: 10_000 }, { metric: 'orders', min: 5 }] }, reward_points: 50 }] },
    },
  });
  for (const tab of ['rules', 'versions', 'try']) pages.push(`/programmes/${programme.id}?tab=${tab}`);
  pages.push(`/programmes/${programme.id}/edit`, `/points/entries?programme=${programme.id}`, `/members/${member.id}?tab=points`);
  pages.push(`/imports/${load.id}`, `/members/${member.id}`, `/orders/${order.id}`, `/segments/${segment.id}/edit`, `/batches/new?segment=${segment.id}`);
  for (const tab of ['members', 'changes', 'sizes', 'why', 'about']) pages.push(`/segments/${segment.id}?tab=${tab}`);
  for (const tab of ['report', 'members', 'results', 'about']) pages.push(`/batches/${batch.id}?tab=${tab}`);
  const template = await api.call('POST', '/coupons/templates', { name: '满 100 减 10', offer: { kind: 'amount_off', amount: 1_000, min_amount: 10_000, tiers: ['银牌'] }, programme: programme.id, validity: { days: 7 } });
  const coupons = await api.call('POST', '/coupons/batches', { name: '印刷券', template: template.id, pieces: 50, codes: true });
  pages.push(`/coupons/${coupons.id}`);
  const promotion = await api.call('POST', '/promotions', { name: '满 150 减 20', rules: { kind: 'stepped_threshold', steps: [{ min_amount: 15_000, amount_off: 2_000 }], segments: [segment.id], calendar: { weekdays: [6, 7], hours: ['10:00', '22:00'] } } });
  await api.call('POST', `/promotions/${promotion.id}/publish`, { version: promotion.version });
  pages.push(`/promotions/${promotion.id}`, `/promotions/try?with=${promotion.id}`);
  for (const tab of ['orders', 'refunds', 'events', 'consents', 'identity', 'benefits', 'rewards', 'coupons']) pages.push(`/members/${member.id}?tab=${tab}`);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Dark differs in colours only: the filled pages hold all of them.
for (const look of LOOKS) {
  for (const theme of look.language === 'zh' ? ['light', 'dark'] : ['light']) looks(() => ({ browser, server, api, pages }), look, { theme, name: 'filled' });
}
