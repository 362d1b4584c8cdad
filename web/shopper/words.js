/** What the page says, in Chinese and English. `{n}` and the like are filled in. */

/** @typedef {'zh' | 'en'} Language */

/** @type {Record<string, [string, string]>} */
const WORDS = {
  title: ['会员中心', 'Your membership'],
  hello: ['{name}，您好', 'Hello, {name}'],
  helloNobody: ['您好', 'Hello'],
  points: ['可用积分', 'Points to use'],
  pending: ['待入账 {n}', '{n} on their way'],
  frozen: ['结账预留 {n}', '{n} set aside'],
  debt: ['尚欠 {n}，之后所得先补足', '{n} owed: filled first by what you earn'],
  pendingNote: ['订单完成后变为可用', 'Ready once their order is complete'],
  tierUntil: ['有效期至 {day}', 'Until {day}'],
  tierGrace: ['宽限至 {day}', 'Kept until {day}'],
  ladder: ['等级', 'Tiers'],
  here: ['当前', 'you are here'],
  top: ['您已是最高等级', 'You are at the top'],
  net_spend: ['消费', 'Spend'],
  orders: ['订单', 'Orders'],
  growth: ['成长值', 'Growth'],
  ofOrders: ['{have} / {need} 笔', '{have} / {need}'],
  tasks: ['成长任务', 'Tasks'],
  taskGives: ['得 {reward}', 'Brings {reward}'],
  taskGot: ['已得 {reward}', '{reward} received'],
  taskDone: ['已完成', 'Done'],
  taskUntil: ['到 {day} 为止', 'Until {day}'],
  coupons: ['优惠券', 'Coupons'],
  couponUntil: ['用到 {day}', 'Until {day}'],
  couponFrom: ['{day} 起可用', 'From {day}'],
  couponInOrder: ['订单占用中', 'In an order'],
  couponKeptOut: ['您现在的等级还不能用', 'Not for your tier now'],
  couponsMore: ['再显示 {n} 张', 'Show {n} more'],
  comma: ['，', ', '],
  lots: ['积分有效期', 'When points end'],
  lotLast: ['最后一天 {day}', 'Last day {day}'],
  today: ['今天到期', 'ends today'],
  days: ['还有 {n} 天', '{n} days left'],
  oneDay: ['还有 1 天', '1 day left'],
  more: ['再显示 {n} 批', 'Show {n} more'],
  history: ['积分明细', 'History'],
  older: ['更早的记录', 'Earlier'],
  onTheWay: ['待入账', 'on their way'],
  nothing: ['还没有积分。下单后会自动累计。', 'No points yet. They come by themselves with your orders.'],
  nothingYet: ['还没有记录。', 'Nothing yet.'],
  claim: ['找不到我的订单？', 'An order is missing?'],
  claimNote: ['有些平台不告诉店铺买家是谁。填写订单号和一项核对信息，就能把它记到您名下。', 'Some platforms do not tell the shop who bought. Give the order’s number and one proof, and it is yours.'],
  number: ['订单号', 'Order number'],
  proofKind: ['核对方式', 'Proof'],
  phone_last4: ['收件手机后四位', 'Phone, last four digits'],
  receiver_name: ['收件人姓名', 'Receiver’s name'],
  paid: ['实付金额（{unit}，含运费）', 'What was paid ({unit}, with shipping)'],
  yuan: ['元', 'yuan'],
  proof: ['核对内容', 'Proof'],
  send: ['认领订单', 'Claim the order'],
  sending: ['正在核对…', 'Checking…'],
  claimed: ['已记到您名下，积分稍后更新。', 'It is yours. Your points follow in a moment.'],
  already_yours: ['这个订单已经在您名下。', 'This order is yours already.'],
  tries: ['今天还可以试 {n} 次', '{n} tries left today'],
  noTries: ['今天的次数已用完，请明天再试或联系店铺。', 'No tries left today. Try tomorrow, or ask the shop.'],
  over: ['链接已过期', 'This link is over'],
  overNote: ['为了安全，链接只在短时间内有效。请回到店铺重新打开。', 'For your safety a link lives only a short while. Open the page from the shop again.'],
  fault: ['暂时打不开', 'Not to be reached'],
  faultNote: ['请检查网络后再试。', 'Look at your connection and try again.'],
  retry: ['再试一次', 'Try again'],
  language: ['English', '中文'],
  until: ['此页面有效至 {time}，请勿转发链接。', 'This page is open until {time}. Do not pass the link on.'],
};

/** @param {Language} language @param {string} key @param {Record<string, string | number>} [fill] */
export function say(language, key, fill = {}) {
  const text = WORDS[key]?.[language === 'zh' ? 0 : 1] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(fill[name] ?? ''));
}

/** @param {number} n */
export const number = (n) => n.toLocaleString('en-US');

/**
 * Minor units of a currency as people read them: yuan after their sign, others after their code; no fraction where there is none.
 * @param {number} minor @param {string} currency @param {number} digits
 */
export function money(minor, currency, digits) {
  const unit = 10 ** digits;
  const amount = (minor / unit).toLocaleString('en-US', { minimumFractionDigits: minor % unit ? digits : 0, maximumFractionDigits: digits });
  return currency === 'CNY' ? `¥${amount}` : `${currency} ${amount}`;
}

/** An instant's day in the shop's zone. @param {Language} language @param {string} at @param {string} zone */
export const day = (language, at, zone) =>
  new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(at));

/** A civil day. @param {Language} language @param {string} date */
export const civil = (language, date) => day(language, `${date}T12:00:00Z`, 'UTC');

/** @param {Language} language @param {string} at @param {string} zone */
export const time = (language, at, zone) =>
  new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(at));
