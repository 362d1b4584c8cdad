/** Two members under review: what is called the same is the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/reviews/compare.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { agreement, compare, evidenceOf, fieldsOf } = rules;

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
