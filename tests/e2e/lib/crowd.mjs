/**
 * A shop with very many members, made by files as a merchant's are: a member list in pieces, orders of some of them,
 * rows that cannot be read, parcels that go to one phone. Everything follows from the number; names are synthetic.
 */
import { csv, order, BAD } from './files.mjs';

const FAMILY = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜';
const GIVEN = '子涵欣怡浩然宇轩梓萱诗琪俊杰思远雨桐佳怡明哲若曦嘉懿煜城';
const PLACES = [['浙江省', '杭州市'], ['广东省', '深圳市'], ['四川省', '成都市'], ['新疆维吾尔自治区', '克孜勒苏柯尔克孜自治州'], ['内蒙古自治区', '锡林郭勒盟'], ['上海', '上海市']];
const pick = (from, n) => from[n % from.length];
const two = (n) => String(n).padStart(2, '0');

/** The n-th member's name; some are as long as names get. */
function name(n) {
  if (n % 5000 === 7) return '阿卜杜热合曼·麦麦提图尔荪·买买提艾力江';
  if (n % 5000 === 11) return 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh';
  return pick(FAMILY, n * 7) + pick(GIVEN, n * 3) + (n % 3 ? pick(GIVEN, n * 11 + 5) : '');
}

const phone = (n) => `1${pick(['38', '59', '77', '86'], n)}${String(10_000_000 + n).slice(-8)}`;

/** Members from..to as a plain list. */
export function list(from, to) {
  const rows = ['会员编号,姓名,手机号,邮箱,性别,生日,省份,城市,会员等级,积分,入会时间,标签,接受短信营销,接受邮件营销'];
  for (let n = from; n < to; n += 1) {
    const [province, city] = pick(PLACES, n);
    const tags = n % 4999 === 0 ? '母婴用品爱好者;高客单价;只在大促购买;偏好顺丰;需要发票;曾投诉已安抚' : pick(['新客', '老客', '母婴', ''], n);
    const mail = n % 3 ? '' : n % 5000 === 9 ? 'a.very.long.mailbox.name.for.a.regular.customer@mail.department.company.example.com' : `member${n}@example.com`;
    rows.push([
      `V${String(n).padStart(8, '0')}`, name(n), phone(n), mail, pick(['女', '男', ''], n), `${1960 + (n % 50)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
      province, city, pick(['普通', '银牌', '金牌', '钻石'], n), n % 20_000, `${2019 + (n % 7)}-${two(1 + (n % 12))}-${two(1 + (n % 28))} 10:00:00`, tags, pick(['是', '否', ''], n), n % 2 ? '是' : '',
    ].join(','));
  }
  return Buffer.from(`\uFEFF${rows.join('\r\n')}\r\n`, 'utf8');
}

/** Orders, some of very much money, many of one buyer, and rows that cannot be read. */
export function orders(count) {
  const rows = [];
  for (let n = 0; n < count; n += 1) {
    const [province, city] = pick(PLACES, n);
    const much = n % 997 === 0 ? { 买家应付货款: '1234567.89', 总金额: '1234573.89', 买家实际支付金额: '1234573.89' } : {};
    rows.push(order(n, {
      订单编号: `="${String(4456789012345600000n + BigInt(n) * 137n)}"`,
      买家会员名: n % 100 === 0 ? 'a_regular_customer_with_a_long_account_name' : `crowd_${n}`,
      收货人姓名: name(n), 联系手机: `'${phone(Math.floor(n / 2))}`, '收货地址 ': `${province} ${city} ${n} 号`,
      '宝贝标题 ': n % 50 ? '婴儿连体衣加厚保暖秋冬季新生儿外出服抱衣' : '【官方旗舰】2026新款婴儿连体衣加厚保暖秋冬季新生儿外出服抱衣男女宝宝羽绒爬服哈衣满月礼盒装（赠同款帽子围巾手套三件套）',
      ...much,
    }));
  }
  for (let n = 0; n < Math.min(300, count); n += 1) {
    const { column, wrong } = pick(BAD, n);
    const bad = order(n, { 订单编号: `="${String(7456789012345600000n + BigInt(n) * 137n)}"` });
    const at = order(n, { [column]: '\u0000' }).indexOf('\u0000');
    const wide = order(n, { [`${column} `]: '\u0000' }).indexOf('\u0000');
    bad[at < 0 ? wide : at] = wrong;
    rows.push(bad);
  }
  return csv(rows);
}
