/** Two members under review: what is called the same is the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/reviews/compare.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { agreement, compare, evidenceOf, fieldsOf, staysOf } = rules;

const key = (kind, value_masked, namespace = '') => ({ kind, namespace, value_masked, class: 'contact', verified: false });
const pair = (left, right, evidence) => ({ left: { keys: left }, right: { keys: right }, evidence: evidence.map(([kind, value_masked]) => ({ kind, value_masked })) });
const likeness = (seen) => seen.map((s) => [s.key.value_masked, s.likeness]);
const ADDRESS = '王* ****';

test('masked, a key is the same only where as many look so as are shared', () => {
  const one = pair([key('receiver_address', ADDRESS)], [key('receiver_address', ADDRESS), key('receiver_address', ADDRESS)], [['receiver_address', ADDRESS]]);
  assert.deepEqual(likeness(compare(one, null).left), [[ADDRESS, 'same']]);
  assert.deepEqual(likeness(compare(one, null).right), [[ADDRESS, 'alike'], [ADDRESS, 'alike']]);
  const both = pair(one.right.keys, one.right.keys, [['receiver_address', ADDRESS], ['receiver_address', ADDRESS]]);
  assert.deepEqual(compare(both, null).right.map((s) => s.likeness), ['same', 'same']);
});

test('what looks alike and is no evidence is another, on one platform only', () => {
  const review = pair([key('receiver_name', '王*'), key('account_name', 'tb***37', 'taobao')], [key('receiver_name', '王*'), key('account_name', 'tb***37', 'jd')], []);
  assert.deepEqual(likeness(compare(review, null).left), [['王*', 'other'], ['tb***37', null]]);
});

test('a phone is the same whether it is theirs or a receiver\'s', () => {
  const review = pair([key('phone', '138****0000')], [key('receiver_phone', '138****0000')], [['phone', '138****0000']]);
  assert.equal(compare(review, null).right[0].likeness, 'same');
});

/** A side as the server uncovers it: each key with its value, or with none. */
const clear = (...keys) => ({ keys: keys.map(([kind, value_masked, value]) => ({ ...key(kind, value_masked), value })) });

test('in clear, equal is the same and stands first', () => {
  const review = pair([key('receiver_address', ADDRESS), key('receiver_address', ADDRESS)], [key('receiver_address', ADDRESS)], [['receiver_address', ADDRESS]]);
  const of = (value) => ['receiver_address', ADDRESS, value];
  const uncovered = { left: clear(of('王芳|杭州'), of('王强|北京、后门')), right: clear(of('王强|北京、后门')) };
  const seen = compare(review, uncovered);
  assert.deepEqual(seen.left.map((s) => [s.clear, s.likeness]), [['王强|北京、后门', 'same'], ['王芳|杭州', 'other']]);
  assert.deepEqual(seen.right.map((s) => [s.clear, s.likeness]), [['王强|北京、后门', 'same']]);
  assert.deepEqual(evidenceOf(review, seen), [{ kind: 'receiver_address', text: '王强 北京、后门' }], 'what both share is in clear too');
});

test('what was not asked for stays masked on both sides, in the evidence too', () => {
  const both = [key('phone', '138****0000'), key('receiver_name', '王*')];
  const review = pair(both, both, [['phone', '138****0000']]);
  const side = (name) => clear(['phone', '138****0000', null], ['receiver_name', '王*', name]);
  const seen = compare(review, { left: side('王芳'), right: side('王强') });
  assert.deepEqual(seen.left.map((s) => [s.key.kind, s.clear, s.likeness]), [['phone', null, 'same'], ['receiver_name', '王芳', 'other']]);
  assert.deepEqual(evidenceOf(review, seen), [{ kind: 'phone', text: '138****0000' }]);
  assert.deepEqual(compare(review, null).right.map((s) => s.clear), [null, null], 'covered again, both are');
});

test('what can be uncovered is what either side has, and the name', () => {
  assert.deepEqual(fieldsOf(pair([key('receiver_address', ADDRESS)], [key('phone', '138****0000')], [])), ['name', 'phone', 'address']);
});

test('what is the same is told by kind, and what is known of both and differs speaks against it', () => {
  const phone = key('receiver_phone', '138****0000');
  const review = pair([phone, key('receiver_name', '王*')], [phone, key('receiver_name', '李*')], [['receiver_phone', '138****0000'], ['receiver_phone', '138****0000']]);
  Object.assign(review.left, { display_name: '王*', region: { province: '浙江省', city: '杭州市' }, gender: 'female' });
  Object.assign(review.right, { display_name: '李*', region: { province: '广东省', city: '深圳市' }, gender: 'male' });
  assert.deepEqual(agreement(review, null), { same: ['receiver_phone'], differ: ['name', 'region', 'gender'] });
});

test('what is alike, told in fewer words or of one side only does not differ', () => {
  const review = pair([key('receiver_name', '王*')], [key('receiver_name', '李*'), key('receiver_name', '王*')], []);
  Object.assign(review.left, { display_name: null, region: { province: '上海', city: null }, gender: null });
  Object.assign(review.right, { display_name: '李*', region: { province: '上海', city: '上海市' }, gender: 'male' });
  assert.deepEqual(agreement(review, null), { same: [], differ: [] });
});

test('in clear, names that look alike are told apart', () => {
  const review = pair([key('receiver_name', '王*')], [key('receiver_name', '王*')], []);
  const uncovered = { left: { ...clear(), name: '王芳' }, right: { ...clear(), name: '王强' } };
  assert.deepEqual(agreement(review, uncovered).differ, ['name']);
  assert.deepEqual(agreement(review, null).differ, []);
});

test('a name that either side has in clear as a receiver is one that they share', () => {
  const review = pair([key('receiver_name', '李*')], [key('receiver_name', '李*')], []);
  Object.assign(review.left, { display_name: '张*' });
  const side = (name, receiver) => ({ ...clear(['receiver_name', '李*', receiver]), name });
  assert.deepEqual(agreement(review, { left: side('张三', '李四'), right: side('李四', '李四') }).differ, []);
  assert.deepEqual(agreement(review, { left: side('张三', '李四'), right: side(null, '李四') }).differ, []);
  assert.deepEqual(agreement(review, { left: side('张三', '李五'), right: side('李四', '李四') }).differ, ['name']);
});

test('regions differ where both tell of a place and it is another', () => {
  const differ = ([province, city], [other, town]) => {
    const review = pair([], [], []);
    Object.assign(review.left, { region: { province, city } });
    Object.assign(review.right, { region: { province: other, city: town } });
    return agreement(review, null).differ.includes('region');
  };
  for (const [one, two, wanted] of [
    [['广东省', '深圳市'], ['广东', '深圳市'], false],
    [['广东省', '深圳市'], ['广东', '深圳'], false],
    [['上海', '上海市'], ['上海', '浦东新区'], false],
    [['上海市', null], ['上海', '浦东新区'], false],
    [[null, '上海市'], ['上海市', '徐汇区'], false],
    [['广西壮族自治区', '南宁市'], ['广西', '南宁'], false],
    [['新疆维吾尔自治区', '喀什地区'], ['新疆', '喀什'], false],
    [['广东', null], ['广东省', '深圳市'], false],
    [['广东', '广东省'], ['广东省', '深圳市'], false],
    [['广东', '广东省深圳市'], ['广东省', '深圳'], false],
    [[null, '深圳市'], ['广东省', '深圳'], false],
    [['广东', '广州市'], ['广东省', '深圳市'], true],
    [['吉林省', '吉林市'], ['吉林', '长春市'], true],
    [['吉林省', '吉林市'], ['吉林', '吉林'], false],
    [['上海市', '浦东新区'], ['北京市', '朝阳区'], true],
    [['香港特别行政区', null], ['广东', '深圳'], true],
    [[null, '深圳'], ['广东省', '广州'], true],
    [[null, null], ['广东', '深圳'], false],
  ]) {
    assert.equal(differ(one, two), wanted, `${one} beside ${two}`);
    assert.equal(differ(two, one), wanted, `${two} beside ${one}`);
  }
});

test('the number of who was seen first stays', () => {
  const of = (id, first_seen_at) => ({ id, first_seen_at, created_at: '2020-01-01T00:00:00Z' });
  for (const [left, right, stays] of [
    [of('mem_2', '2025-01-01T00:00:00Z'), of('mem_1', '2025-03-01T00:00:00Z'), 'left'],
    [of('mem_1', '2025-03-01T00:00:00Z'), of('mem_2', '2025-01-01T00:00:00Z'), 'right'],
    [of('mem_1', '2025-01-01T00:00:00.5Z'), of('mem_2', '2025-01-01T00:00:00Z'), 'right'],
    [of('mem_2', '2025-01-01T00:00:00Z'), of('mem_1', '2025-01-01T00:00:00Z'), 'right'],
  ]) {
    assert.equal(staysOf({ left, right }), stays);
  }
});
