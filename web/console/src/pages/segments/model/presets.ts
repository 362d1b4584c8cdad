/**
 * The conditions that shops ask for, as trees ready to be filled in. What they leave open (which category, how much)
 * stands empty, so that the builder asks for it. `needs` names facts without which a preset makes no sense.
 */
import type { Registry } from './registry';
import type { Agg, Cond, Literal, Rows, Value, Window } from './tree';

export interface Preset {
  key: string;
  group: PresetGroup;
  needs?: string[];
  make: (registry: Registry) => Cond;
}
export const PRESET_GROUPS = ['bought', 'refund', 'contact', 'behaviour', 'profile', 'standing', 'tags', 'sequence', 'others'] as const;
export type PresetGroup = (typeof PRESET_GROUPS)[number];

const days = (last: number): Window => ({ last, unit: 'days' });
/** Paid, not closed, not wholly given back: what RFM and stage call a purchase. */
const kept: Cond = { op: 'eq', left: { col: 'kept' }, right: true };
/** Paid once, whatever came of it. */
const paid: Cond = { op: 'eq', left: { col: 'purchase' }, right: true };
const under = (path?: string): Cond => ({ op: 'under', value: { col: 'category' }, paths: path ? [path] : [] });
const goods: Cond = { op: 'and', args: [kept, under()] };
const kind = (word: string): Cond => ({ op: 'eq', left: { col: 'kind' }, right: word });
const lines = (window?: Window): Rows => ({ table: 'lines', where: goods, ...(window ? { window } : {}) });
const orders = (window?: Window): Rows => ({ table: 'orders', where: kept, ...(window ? { window } : {}) });
const exists = (rows: Rows): Cond => ({ op: 'exists', ...rows });
const none = (rows: Rows): Cond => ({ op: 'not', arg: exists(rows) });
const agg = (name: Agg['agg'], of: string | undefined, rows: Rows): Value => ({ agg: name, ...(of ? { of } : {}), ...rows }) as Agg;
const test = (op: 'eq' | 'ge' | 'le' | 'gt' | 'lt', left: Value, right: Literal | Value): Cond => ({ op, left, right });
const band = (value: Value, from: Literal = null, to: Literal = null): Cond => ({ op: 'between', value, from, to });
const oneOf = (fact: string): Cond => ({ op: 'in', value: { fact }, list: [] });
const event = (word: string, window: Window): Rows => ({ table: 'events', where: kind(word), window });

export const PRESETS: Preset[] = [
  { key: 'bought', group: 'bought', make: () => exists(lines(days(180))) },
  { key: 'boughtTimes', group: 'bought', make: () => test('ge', agg('distinct', 'order_id', lines(days(180))), 2) },
  { key: 'spentOn', group: 'bought', make: () => band(agg('sum', 'net', lines(days(180)))) },
  { key: 'notBought', group: 'bought', make: () => none(lines()) },
  { key: 'aNotB', group: 'bought', make: () => ({ op: 'and', args: [exists(lines()), none(lines())] }) },
  { key: 'orders', group: 'bought', make: () => test('ge', agg('count', undefined, orders(days(180))), 2) },
  { key: 'spent', group: 'bought', make: () => band(agg('sum', 'net', orders(days(180)))) },
  { key: 'basket', group: 'bought', make: () => test('ge', agg('avg', 'net', orders(days(365))), null) },
  { key: 'lastOrder', group: 'bought', make: () => test('ge', { days_since: agg('last', 'time', orders()) }, 90) },
  { key: 'firstOrder', group: 'bought', make: () => test('le', { days_since: agg('first', 'time', orders()) }, 30) },
  {
    key: 'once',
    group: 'bought',
    make: () => ({ op: 'and', args: [test('eq', agg('count', undefined, orders()), 1), none(orders(days(365)))] }),
  },
  { key: 'never', group: 'bought', make: () => none(orders()) },
  {
    key: 'growing',
    group: 'bought',
    make: () => test('gt', agg('sum', 'net', orders(days(180))), agg('sum', 'net', orders({ last: 360, unit: 'days', until: 180 }))),
  },
  { key: 'topSpend', group: 'bought', make: () => ({ op: 'top', by: agg('sum', 'net', orders(days(365))), percent: '10' }) },
  { key: 'refunded', group: 'refund', make: () => exists({ table: 'refunds', window: days(180) }) },
  { key: 'notRefunded', group: 'refund', make: () => none({ table: 'refunds', window: days(180) }) },
  { key: 'refundRate', group: 'refund', make: () => test('ge', { ratio: [agg('sum', 'amount', { table: 'refunds' }), agg('sum', 'paid', { table: 'orders', where: paid })] }, '0.25') },
  { key: 'notReached', group: 'contact', make: () => none(event('msg_sent', days(14))) },
  { key: 'reached', group: 'contact', make: () => exists(event('msg_sent', days(30))) },
  { key: 'clicked', group: 'contact', make: () => exists(event('msg_click', days(30))) },
  { key: 'consentSms', group: 'contact', needs: ['consent_sms'], make: () => test('eq', { fact: 'consent_sms' }, true) },
  { key: 'consentEmail', group: 'contact', needs: ['consent_email'], make: () => test('eq', { fact: 'consent_email' }, true) },
  { key: 'consentAds', group: 'contact', needs: ['consent_ads'], make: () => test('eq', { fact: 'consent_ads' }, true) },
  { key: 'did', group: 'behaviour', make: () => exists({ table: 'events', where: { op: 'in', value: { col: 'kind' }, list: [] }, window: days(30) }) },
  { key: 'didNot', group: 'behaviour', make: () => none({ table: 'events', where: { op: 'in', value: { col: 'kind' }, list: [] }, window: days(30) }) },
  { key: 'lastVisit', group: 'behaviour', needs: ['last_visit_at'], make: () => test('ge', { days_since: { fact: 'last_visit_at' } }, 30) },
  { key: 'gender', group: 'profile', needs: ['gender'], make: () => oneOf('gender') },
  { key: 'province', group: 'profile', needs: ['province'], make: () => oneOf('province') },
  { key: 'city', group: 'profile', needs: ['city'], make: () => oneOf('city') },
  { key: 'age', group: 'profile', needs: ['birthday'], make: () => band({ age: { fact: 'birthday' } }, 25, 35) },
  { key: 'birthdaySoon', group: 'profile', needs: ['birthday'], make: () => test('le', { days_until_next: { fact: 'birthday' } }, 7) },
  { key: 'birthdayMonth', group: 'profile', needs: ['birthday'], make: () => test('eq', { month_of: { fact: 'birthday' } }, { month_of: { fact: 'now' } }) },
  { key: 'joined', group: 'profile', needs: ['registered_at'], make: () => test('le', { days_since: { fact: 'registered_at' } }, 30) },
  { key: 'source', group: 'profile', needs: ['source'], make: () => oneOf('source') },
  { key: 'stage', group: 'standing', needs: ['stage'], make: () => oneOf('stage') },
  { key: 'rfm', group: 'standing', needs: ['rfm_r'], make: () => test('ge', { fact: 'rfm_r' }, 4) },
  { key: 'rfmMoney', group: 'standing', needs: ['rfm_m'], make: () => test('ge', { fact: 'rfm_m' }, 4) },
  { key: 'tier', group: 'standing', needs: ['tier'], make: () => oneOf('tier') },
  { key: 'points', group: 'standing', needs: ['points'], make: () => test('ge', { fact: 'points' }, null) },
  { key: 'clv', group: 'standing', needs: ['clv'], make: () => test('ge', { fact: 'clv' }, null) },
  { key: 'hasTag', group: 'tags', make: () => ({ op: 'has_any', tags: [] }) },
  { key: 'hasNoTag', group: 'tags', make: () => ({ op: 'not', arg: { op: 'has_any', tags: [] } }) },
  { key: 'taggedLately', group: 'tags', make: () => ({ op: 'has_any', tags: [], added: days(30) }) },
  {
    key: 'cartNotBought',
    group: 'sequence',
    make: () => ({
      op: 'sequence',
      steps: [
        { table: 'events', where: kind('cart') },
        { table: 'lines', where: paid, absent: true, within: { n: 7, unit: 'days' } },
      ],
      same: 'sku',
      window: days(30),
    }),
  },
  {
    key: 'thenBought',
    group: 'sequence',
    make: () => ({
      op: 'sequence',
      steps: [
        { table: 'lines', where: goods },
        { table: 'lines', where: goods, within: { n: 30, unit: 'days' } },
      ],
    }),
  },
  { key: 'inSegment', group: 'others', make: () => ({ op: 'in_segment', id: null }) },
  { key: 'notInSegment', group: 'others', make: () => ({ op: 'not', arg: { op: 'in_segment', id: null } }) },
  { key: 'everyone', group: 'others', make: () => ({ op: 'all' }) },
];
