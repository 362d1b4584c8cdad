/** Two members under review: what is called the same is the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('../src/pages/reviews/compare.ts', import.meta.url));
const { module: rules } = await runnerImport(path, { configFile: false, logLevel: 'error' });
const { clearValues, compare, fieldsOf } = rules;

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

test('in clear, equal is the same and stands first', () => {
  const review = pair([key('receiver_address', ADDRESS), key('receiver_address', ADDRESS)], [key('receiver_address', ADDRESS)], [['receiver_address', ADDRESS]]);
  const seen = compare(review, { left: { address: '王芳|杭州、王强|北京' }, right: { address: '王强|北京' } });
  assert.deepEqual(seen.left.map((s) => [s.clear, s.likeness]), [['王强|北京', 'same'], ['王芳|杭州', 'other']]);
  assert.deepEqual(seen.right.map((s) => [s.clear, s.likeness]), [['王强|北京', 'same']]);
});

test('where the values cannot be told apart, none is guessed', () => {
  const member = { keys: [key('receiver_address', ADDRESS), key('phone', '138****0000'), key('receiver_phone', '139****1111')] };
  assert.deepEqual(clearValues(member, { address: '王芳|一号楼、二号楼', phone: '13800000000、13900001111' }), [null, '13800000000', '13900001111']);
  const review = pair([key('receiver_address', ADDRESS)], [key('receiver_address', ADDRESS)], [['receiver_address', ADDRESS]]);
  const seen = compare(review, { left: { address: '王芳|甲、乙' }, right: { address: '王芳|甲、乙' } });
  assert.deepEqual([seen.left[0].clear, seen.left[0].likeness], [null, 'same'], 'by the evidence still');
  assert.deepEqual(fieldsOf(review), ['name', 'address']);
});
