/**
 * Small platform files, made here: the tests then say themselves what is wrong with which row, and need no material
 * from outside. Names, phones and numbers are synthetic.
 */
const HEAD = ['订单编号', '买家会员名', '买家应付货款', '买家应付邮费', '总金额', '买家实际支付金额', '订单状态', '收货人姓名', '收货地址 ', '联系手机', '订单创建时间', '订单付款时间 ', '宝贝标题 ', '宝贝种类 ', '店铺名称', '宝贝总数量', '订单备注'];

const cell = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function csv(rows) {
  return Buffer.from(`\uFEFF${[HEAD, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`, 'utf8');
}

/** One order; what differs from a good one is given. */
export function order(n, change = {}) {
  const fields = {
    订单编号: `="${String(3456789012345600000n + BigInt(n) * 137n)}"`,
    买家会员名: `buyer_${n}`,
    买家应付货款: '122.50',
    买家应付邮费: '6.00',
    总金额: '128.50',
    买家实际支付金额: '128.50',
    订单状态: '交易成功',
    收货人姓名: `张${'一二三四五六七八九十'[n % 10]}明`,
    '收货地址 ': `浙江省 杭州市 西湖区 文三路 ${100 + n} 号`,
    联系手机: `'1381234${String(1000 + n).slice(-4)}`,
    订单创建时间: `2026-08-${String(1 + (n % 27)).padStart(2, '0')} 12:16:20`,
    '订单付款时间 ': `2026-08-${String(1 + (n % 27)).padStart(2, '0')} 12:24:15`,
    '宝贝标题 ': '婴儿连体衣加厚保暖秋冬季新生儿外出服抱衣',
    '宝贝种类 ': '1',
    店铺名称: '暖冬母婴',
    宝贝总数量: '1',
    订单备注: '',
    ...change,
  };
  return HEAD.map((name) => fields[name]);
}

/** Ten rows that cannot be read, each with the reason to be named and with what a person would put instead. */
export const BAD = [
  { reason: 'impossible_date', column: '订单创建时间', wrong: '2026-02-30 22:16:20', right: '2026-08-20 09:16:20' },
  { reason: 'negative_amount', column: '买家实际支付金额', wrong: '-12.00', right: '12.00' },
  { reason: 'unknown_status', column: '订单状态', wrong: '平台介入处理中', right: '交易成功' },
  { reason: 'bad_amount', column: '买家实际支付金额', wrong: '十二元', right: '12.00' },
  { reason: 'bad_date', column: '订单创建时间', wrong: '上周五晚上', right: '2026-08-21 09:00:00' },
  { reason: 'missing_order_no', column: '订单编号', wrong: '', right: '3456789012399000001' },
  { reason: 'order_no_lost_precision', column: '订单编号', wrong: '3.45679E+18', right: '3456789012399000002' },
  { reason: 'missing_status', column: '订单状态', wrong: '', right: '交易成功' },
  { reason: 'time_order', column: '订单付款时间', wrong: '2026-07-01 08:00:00', right: '2026-08-29 08:00:00' },
  { reason: 'bad_amount', column: '总金额', wrong: '128,5O', right: '128.50' },
];

export function withBadRows(good = 30) {
  const rows = Array.from({ length: good }, (_, i) => order(i));
  BAD.forEach(({ column, wrong }, i) => {
    const name = HEAD.find((head) => head.trim() === column);
    rows.push(order(101 + i, { [name]: wrong }));
  });
  return csv(rows);
}

/** Two accounts on two platforms whose parcels go to one phone: proposed for review, never merged by itself. */
export function sameReceiver() {
  return csv([
    order(201, { 买家会员名: 'night_owl', 收货人姓名: '李小红', 联系手机: "'13900001111", '收货地址 ': '浙江省 杭州市 西湖区 文三路 88 号' }),
    order(202, { 买家会员名: 'early_bird', 收货人姓名: '李小红', 联系手机: "'13900001111", '收货地址 ': '浙江省 杭州市 西湖区 文三路 88 号' }),
  ]);
}

const PROVINCES = '北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆'.split(' ');

/** The weather of every province on the days until yesterday, the newest last: invented, warmer and wetter in the south. */
export function weather(days) {
  const skies = ['晴', '多云', '阴', '多云转小雨', '雷阵雨', '晴', '多云', '雾转多云', '小雨', '晴', '暴雨', '多云'];
  const today = Date.now();
  const rows = [];
  for (let back = days; back > 0; back -= 1) {
    const day = new Date(today - back * 86_400_000).toISOString().slice(0, 10);
    const month = Number(day.slice(5, 7));
    PROVINCES.forEach((province, i) => {
      const south = i >= 8 && i < 24 ? 8 : 0;
      const high = Math.round(12 + south - 14 * Math.cos(((month - 1) * Math.PI) / 6) + ((i * 5 + back * 3) % 7));
      const sky = skies[(i * 7 + back * (south ? 5 : 3)) % (south ? 12 : 8)];
      rows.push([day, province, high < 0 && sky.includes('雨') ? '小雪' : sky, high, high - 8].join(','));
    });
  }
  return Buffer.from(`日期,地区,天气,最高气温(℃),最低气温(℃)\n${rows.join('\n')}\n`, 'utf8');
}
