/**
 * A small shop with a regular in it, made by files as a merchant's are: a member list, orders over half a year counted
 * back from today, payouts of which some differ. Names, phones and numbers are synthetic.
 */
const HEAD = ['订单编号', '买家会员名', '买家应付货款', '买家应付邮费', '总金额', '买家实际支付金额', '订单状态', '收货人姓名', '收货地址 ', '联系手机', '订单创建时间', '订单付款时间 ', '宝贝标题 ', '宝贝种类 ', '店铺名称', '宝贝总数量', '订单备注', '退款金额', '确认收货时间', '打款商家金额'];

const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const sheet = (head, rows) => Buffer.from(`\uFEFF${[head, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`, 'utf8');
const day = (ago) => new Date(Date.now() - ago * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);

function order(n, { buyer, ago, paid, payout, refund = '', state = '交易成功' }) {
  const fields = {
    订单编号: `="${String(5456789012345600000n + BigInt(n) * 137n)}"`,
    买家会员名: buyer,
    买家应付货款: paid,
    买家应付邮费: '0.00',
    总金额: paid,
    买家实际支付金额: paid,
    订单状态: state,
    收货人姓名: '林小雨',
    '收货地址 ': '浙江省 杭州市 西湖区 文三路 8 号',
    联系手机: `'1590000${String(1000 + (n % 9000))}`,
    订单创建时间: `${day(ago)} 12:16:20`,
    '订单付款时间 ': `${day(ago)} 12:24:15`,
    '宝贝标题 ': '婴儿配方奶粉 3 段 800g',
    '宝贝种类 ': '1',
    店铺名称: '暖冬母婴',
    宝贝总数量: '1',
    订单备注: '',
    退款金额: refund,
    确认收货时间: state === '交易成功' ? `${day(Math.max(ago - 6, 0))} 09:00:00` : '',
    打款商家金额: payout,
  };
  return HEAD.map((name) => fields[name]);
}

/** The account of who comes back about every thirty days, and has not for longer. */
export const REGULAR = 'lin_xiaoyu';

/** Orders of one regular and of buyers who came once, with what the platform paid out. */
export function orders() {
  const rows = [];
  [182, 150, 121, 92].forEach((ago, n) => rows.push(order(n, { buyer: REGULAR, ago, paid: '268.00', payout: '268.00' })));
  for (let n = 10; n < 40; n += 1) {
    const paid = `${80 + n * 7}.50`;
    const deducted = n % 10 === 3;
    rows.push(order(n, { buyer: `once_${n}`, ago: 20 + n * 3, paid, payout: deducted ? `${80 + n * 7 - 5}.50` : paid }));
  }
  rows.push(order(90, { buyer: 'gave_back', ago: 60, paid: '300.00', payout: '300.00', refund: '100.00' }));
  rows.push(order(91, { buyer: 'not_told', ago: 3, paid: '199.00', payout: '', state: '卖家已发货,等待买家确认' }));
  return sheet(HEAD, rows);
}

/** A member list of `count` cards. */
export function cards(count) {
  const rows = Array.from({ length: count }, (_, n) => [
    `VIP${String(1000 + n)}`, `${'赵钱孙李周吴郑王'[n % 8]}${'欣怡浩然雨桐'[n % 6]}`, `1580000${String(2000 + n)}`, n % 2 ? '女' : '男', `1990-05-${String(1 + (n % 28)).padStart(2, '0')}`, '浙江省', '杭州市', `${day(300)} 10:00:00`, n % 2 ? '是' : '',
  ]);
  return sheet(['会员编号', '姓名', '手机号', '性别', '生日', '省份', '城市', '入会时间', '接受短信营销'], rows);
}
