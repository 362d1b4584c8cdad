/**
 * The shopper's page: asks `/shopper/v1` with the pass of the link and shows card, tier, tasks, coupons, points, history, and
 * the claim of an order. The pass comes behind the mark of the address, so that no server or referrer sees it, and is taken out of it at once.
 */
import { civil, day, money, number, say, time } from './words.js';

/** @typedef {import('./words.js').Language} Language */
/** @typedef {{ at: string, kind: string, text: string, points: number, pending: number }} Line */
/** @typedef {{ metric: string, have: number, need: number }} Part */
/**
 * @typedef {object} Book
 * @property {string} programme
 * @property {string} name
 * @property {string[]} ladder
 * @property {{ place: number, name: string, until: string | null, in_grace: boolean } | null} tier
 * @property {{ name: string, sentence: string, any: boolean, of: Part[] } | null} next
 * @property {{ available: number, pending: number, frozen: number, debt: number }} points
 * @property {{ left: number, last_day: string, days: number }[]} lots
 * @property {Line[]} history
 * @property {number | null} history_next
 */
/**
 * @typedef {object} Task
 * @property {string} name
 * @property {string} says
 * @property {string} goal
 * @property {string} missing
 * @property {string} reward
 * @property {string} kind
 * @property {number} have
 * @property {number} need
 * @property {boolean} done
 * @property {string | null} until
 */
/**
 * @typedef {object} Coupon
 * @property {string} name
 * @property {string} says
 * @property {string} gives
 * @property {string[]} needs
 * @property {string | null} from
 * @property {string} until
 * @property {boolean} in_order
 * @property {boolean} kept_out
 */
/** @typedef {{ shop: string, name: string, zone: string, currency: string, digits: number, books: Book[], tasks: Task[], coupons: Coupon[], claim: { proofs: string[], left: number }, until: string }} Me */

const KEPT = { pass: 'shuke.shopper.pass', language: 'shuke.shopper.language' };
const LOTS = 3;
const COUPONS = 5;
/** An end within so many milliseconds is told as near. */
const SOON = 3 * 86_400_000;

/** What a browser that keeps nothing would refuse. @param {string} key @param {string} [value] */
function kept(key, value) {
  try {
    if (value !== undefined) sessionStorage.setItem(key, value);
    return sessionStorage.getItem(key);
  } catch {
    return value ?? null;
  }
}

function takePass() {
  const shown = location.hash.startsWith('#sl1.') ? location.hash.slice(1) : null;
  if (shown) history.replaceState(null, '', location.pathname);
  return shown ? (kept(KEPT.pass, shown) ?? shown) : kept(KEPT.pass);
}

const state = {
  pass: takePass(),
  /** @type {Language} */
  language: (kept(KEPT.language) ?? navigator.language).startsWith('zh') ? 'zh' : 'en',
  /** @type {Me | null} */
  me: null,
  allLots: new Set(),
  allCoupons: false,
  /** What came of the last claim. @type {{ good: boolean, text: string } | null} */
  told: null,
};

/** @param {string} key @param {Record<string, string | number>} [fill] */
const t = (key, fill) => say(state.language, key, fill);

class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** @param {string} path @param {object} [body] */
async function ask(path, body) {
  const response = await fetch(`/shopper/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      Authorization: `Bearer ${state.pass ?? ''}`,
      'Accept-Language': state.language,
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer.detail ?? '');
  return answer;
}

/**
 * An element. `on…` are listeners, `class` is the class, the rest are attributes.
 * @param {string} tag @param {Record<string, any>} [of] @param {...(Node | string | null | undefined | false)} inner
 * @returns {HTMLElement}
 */
function h(tag, of = {}, ...inner) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(of)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'class') element.className = value;
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (inner.filter((part) => part !== null && part !== undefined && part !== false)));
  return element;
}

/** What the shop counts in. */
const currency = () => state.me?.currency ?? 'CNY';

/** Minor units of it. @param {number} minor */
const amount = (minor) => money(minor, currency(), state.me?.digits ?? 2);

/** @param {Part} part */
function partWords(part) {
  if (part.metric === 'net_spend') return `${amount(part.have)} / ${amount(part.need)}`;
  if (part.metric === 'orders') return t('ofOrders', { have: number(part.have), need: number(part.need) });
  return `${number(part.have)} / ${number(part.need)}`;
}

/** @param {Part} part */
const bar = (part) =>
  h(
    'div',
    { class: 'part' },
    h('div', { class: 'part-words' }, h('span', {}, t(part.metric)), h('span', { class: 'amount' }, partWords(part))),
    h('progress', { max: Math.max(part.need, 1), value: Math.min(part.have, part.need), 'aria-label': `${t(part.metric)} ${partWords(part)}` }),
  );

/** The card: who, which tier, how many points. @param {Me} me @param {Book} book */
function card(me, book) {
  const { tier, points } = book;
  const until = tier?.until ? t(tier.in_grace ? 'tierGrace' : 'tierUntil', { day: day(state.language, tier.until, me.zone) }) : null;
  const beside = [points.pending > 0 && t('pending', { n: number(points.pending) }), points.frozen > 0 && t('frozen', { n: number(points.frozen) })];
  return h(
    'section',
    { class: `card step-${Math.min(tier?.place ?? 0, 5)}`, 'aria-label': book.name },
    h('div', { class: 'card-head' }, h('span', {}, me.shop), h('span', {}, book.name)),
    tier && h('div', { class: 'card-tier' }, h('span', { class: 'card-name' }, tier.name), until && h('span', { class: 'card-until' }, until)),
    h('div', { class: 'card-points' }, h('span', { class: 'card-label' }, t('points')), h('span', { class: 'card-number' }, number(points.available))),
    beside.some(Boolean) && h('div', { class: 'card-beside' }, ...beside.map((text) => text && h('span', {}, text))),
    points.debt > 0 && h('p', { class: 'card-debt' }, t('debt', { n: number(points.debt) })),
  );
}

/** What is missing to the next tier. @param {Book} book */
function ahead(book) {
  if (book.ladder.length < 2) return null;
  const place = book.tier?.place ?? 0;
  const steps = book.ladder.map((name, i) =>
    h('li', { class: i === place ? 'here' : i < place ? 'past' : '', 'aria-current': i === place ? 'step' : null }, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'step-name' }, name)),
  );
  return h(
    'section',
    { class: 'block' },
    h('h2', {}, t('ladder')),
    h('p', { class: 'sentence' }, book.next ? book.next.sentence : t('top')),
    ...(book.next?.of ?? []).map(bar),
    h('ol', { class: 'steps' }, ...steps),
  );
}

/** What brings a reward: how far it is, what is missing, what it brings. @param {Me} me */
function tasks(me) {
  if (me.tasks.length === 0) return null;
  const row = (/** @type {Task} */ task) => {
    const of = (/** @type {number} */ n) => (task.kind === 'spend' ? amount(n) : number(n));
    const far = `${of(task.have)} / ${of(task.need)}`;
    const until = task.until ? t('taskUntil', { day: day(state.language, new Date(Date.parse(task.until) - 1).toISOString(), me.zone) }) : null;
    return h(
      'li',
      { class: task.done ? 'task past-task' : 'task' },
      h('div', { class: 'task-head' }, h('span', { class: 'strong' }, task.name), h('span', { class: 'task-reward' }, t(task.done ? 'taskGot' : 'taskGives', { reward: task.reward }))),
      task.says && h('p', { class: 'muted' }, task.says),
      h('p', {}, task.goal),
      !task.done && h('progress', { max: Math.max(task.need, 1), value: Math.min(task.have, task.need), 'aria-label': `${task.name} ${far}` }),
      h('div', { class: 'part-words' }, h('span', { class: task.done ? 'more' : 'task-missing' }, task.done ? t('taskDone') : task.missing), !task.done && h('span', { class: 'amount' }, far)),
      until && !task.done && h('p', { class: 'muted' }, until),
    );
  };
  return h('section', { class: 'block' }, h('h2', {}, t('tasks')), h('ul', { class: 'rows' }, ...me.tasks.map(row)));
}

/** What can be used, or is in an order now: what it gives, what it needs, until when. @param {Me} me */
function coupons(me) {
  if (me.coupons.length === 0) return null;
  const row = (/** @type {Coupon} */ coupon) => {
    const last = Date.parse(coupon.until) - 1;
    const until = t('couponUntil', { day: day(state.language, new Date(last).toISOString(), me.zone) });
    const not = coupon.in_order ? t('couponInOrder') : coupon.kept_out ? t('couponKeptOut') : coupon.from ? t('couponFrom', { day: day(state.language, coupon.from, me.zone) }) : null;
    return h(
      'li',
      { class: not ? 'coupon coupon-waits' : 'coupon' },
      h('div', { class: 'task-head' }, h('span', { class: 'strong' }, coupon.gives), not && h('span', { class: 'muted' }, not)),
      h('p', {}, coupon.name),
      coupon.needs.length > 0 && h('p', { class: 'muted' }, coupon.needs.join(t('comma'))),
      coupon.says && h('p', { class: 'muted' }, coupon.says),
      h('p', { class: last - Date.now() < SOON ? 'soon' : 'muted' }, until),
    );
  };
  const hidden = state.allCoupons ? 0 : Math.max(me.coupons.length - COUPONS, 0);
  return h(
    'section',
    { class: 'block coupons' },
    h('h2', {}, t('coupons')),
    h('ul', { class: 'rows' }, ...(state.allCoupons ? me.coupons : me.coupons.slice(0, COUPONS)).map(row)),
    hidden > 0 && h('button', { type: 'button', class: 'plain', onclick: () => ((state.allCoupons = true), draw()) }, t('couponsMore', { n: hidden })),
  );
}

/** @param {Book} book */
function lots(book) {
  if (book.lots.length === 0) return null;
  const all = state.allLots.has(book.programme);
  const left = (/** @type {number} */ days) => (days <= 0 ? t('today') : days === 1 ? t('oneDay') : t('days', { n: days }));
  const row = (/** @type {Book['lots'][number]} */ lot) =>
    h(
      'li',
      { class: 'row' },
      h('span', { class: 'row-what' }, h('span', {}, t('lotLast', { day: civil(state.language, lot.last_day) })), h('span', { class: lot.days <= 30 ? 'soon' : 'muted' }, left(lot.days))),
      h('span', { class: 'amount strong' }, number(lot.left)),
    );
  const hidden = all ? 0 : Math.max(book.lots.length - LOTS, 0);
  return h(
    'section',
    { class: 'block' },
    h('h2', {}, t('lots')),
    h('ul', { class: 'rows' }, ...(all ? book.lots : book.lots.slice(0, LOTS)).map(row)),
    hidden > 0 && h('button', { type: 'button', class: 'plain', onclick: () => (state.allLots.add(book.programme), draw()) }, t('more', { n: hidden })),
  );
}

/** @param {number} n */
const signed = (n) => `${n > 0 ? '+' : '−'}${number(Math.abs(n))}`;

/** @param {Me} me @param {Book} book */
function past(me, book) {
  const row = (/** @type {Line} */ line) =>
    h(
      'li',
      { class: 'row' },
      h('span', { class: 'row-what' }, h('span', {}, line.text), h('span', { class: 'muted' }, day(state.language, line.at, me.zone))),
      line.points !== 0
        ? h('span', { class: `amount strong ${line.points > 0 ? 'more' : ''}` }, signed(line.points))
        : h('span', { class: 'amount waits' }, `${signed(line.pending)} `, h('small', {}, t('onTheWay'))),
    );
  const older = async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    button.disabled = true;
    try {
      const more = await ask(`/history?programme=${book.programme}&before=${book.history_next}`);
      book.history.push(...more.items);
      book.history_next = more.next;
      draw();
    } catch (error) {
      failed(error);
    }
  };
  return h(
    'section',
    { class: 'block' },
    h('h2', {}, t('history')),
    book.history.length === 0 ? h('p', { class: 'muted' }, t('nothingYet')) : h('ul', { class: 'rows' }, ...book.history.map(row)),
    book.history_next !== null && h('button', { type: 'button', class: 'plain', onclick: older }, t('older')),
  );
}

/** @param {SubmitEvent} event */
async function claim(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const data = new FormData(form);
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  button.disabled = true;
  button.textContent = t('sending');
  try {
    const done = await ask('/claims', { number: data.get('number'), proof: { kind: data.get('kind'), value: data.get('value') } });
    await load({ good: true, text: t(done.result) });
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) return failed(error);
    // What was typed stays: mostly one letter is wrong.
    if (state.me && [422, 429].includes(error.status)) state.me.claim.left = error.status === 429 ? 0 : Math.max(state.me.claim.left - 1, 0);
    const typed = { number: String(data.get('number')), kind: String(data.get('kind')), value: String(data.get('value')) };
    state.told = { good: false, text: error.message };
    draw(typed);
  }
}

/** @param {Me} me @param {{ number: string, kind: string, value: string }} [typed] */
function claims(me, typed) {
  if (me.claim.proofs.length === 0) return null;
  const kind = typed?.kind ?? me.claim.proofs[0];
  const value = /** @type {HTMLInputElement} */ (
    h('input', { id: 'value', name: 'value', required: true, maxlength: 60, autocomplete: 'off', inputmode: mode(kind), value: typed?.value ?? '' })
  );
  const label = h('label', { for: 'value' }, proofName(kind));
  const choose = (/** @type {Event} */ event) => {
    const chosen = /** @type {HTMLSelectElement} */ (event.currentTarget).value;
    label.textContent = proofName(chosen);
    value.inputMode = mode(chosen);
    value.value = '';
  };
  const choice = h('select', { id: 'kind', name: 'kind', onchange: choose }, ...me.claim.proofs.map((k) => h('option', { value: k, selected: k === kind }, proofName(k))));
  return h(
    'details',
    { class: 'block', open: typed || state.told ? true : null },
    h('summary', {}, h('h2', {}, t('claim'))),
    h('p', { class: 'muted' }, t('claimNote')),
    h(
      'form',
      { onsubmit: claim },
      h('label', { for: 'number' }, t('number')),
      h('input', { id: 'number', name: 'number', required: true, maxlength: 64, autocomplete: 'off', inputmode: 'text', value: typed?.number ?? '' }),
      h('label', { for: 'kind' }, t('proofKind')),
      choice,
      label,
      value,
      h('button', { type: 'submit', disabled: me.claim.left === 0 }, t('send')),
      h('p', { class: 'muted', id: 'tries' }, me.claim.left > 0 ? t('tries', { n: me.claim.left }) : t('noTries')),
      h('p', { class: state.told ? (state.told.good ? 'told good' : 'told bad') : 'told', role: 'status' }, state.told?.text ?? ''),
    ),
  );
}

/** What a kind of proof is called. @param {string} kind */
const proofName = (kind) => t(kind, { unit: currency() === 'CNY' ? t('yuan') : currency() });

/** @param {string} kind */
const mode = (kind) => (kind === 'phone_last4' ? 'numeric' : kind === 'paid' ? 'decimal' : 'text');

function switchLanguage() {
  state.language = state.language === 'zh' ? 'en' : 'zh';
  kept(KEPT.language, state.language);
  state.told = null;
  void load();
}

const other = () => h('button', { type: 'button', class: 'language', lang: state.language === 'zh' ? 'en' : 'zh-CN', onclick: switchLanguage }, t('language'));

/** @param {string} title @param {string} note @param {boolean} again */
function message(title, note, again) {
  show(
    h('div', { class: 'top' }, h('span', {}), other()),
    h('section', { class: 'block message', role: 'alert' }, h('h1', {}, t(title)), h('p', {}, t(note)), again && h('button', { type: 'button', onclick: () => void load() }, t('retry'))),
  );
}

/** @param {unknown} error */
function failed(error) {
  if (error instanceof Refused && error.status === 401) message('over', 'overNote', false);
  else message('fault', 'faultNote', true);
}

/** @param {...(Node | null | undefined | false)} parts */
function show(...parts) {
  const page = /** @type {HTMLElement} */ (document.getElementById('page'));
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  document.title = state.me ? `${state.me.shop} · ${t('title')}` : t('title');
  page.replaceChildren(.../** @type {Node[]} */ (parts.filter(Boolean)));
  page.setAttribute('aria-busy', 'false');
}

/** @param {{ number: string, kind: string, value: string }} [typed] */
function draw(typed) {
  const { me } = state;
  if (!me) return;
  show(
    h('header', { class: 'top' }, h('h1', {}, me.name ? t('hello', { name: me.name }) : t('helloNobody')), other()),
    // Coupons and tasks stand behind what the first programme shows of where one is, and before what was.
    ...me.books.flatMap((book, i) => [card(me, book), ahead(book), i === 0 ? coupons(me) : null, i === 0 ? tasks(me) : null, lots(book), past(me, book)]),
    me.books.length === 0 && h('section', { class: 'block' }, h('p', {}, t('nothing'))),
    me.books.length === 0 && coupons(me),
    me.books.length === 0 && tasks(me),
    claims(me, typed),
    h('footer', { class: 'muted' }, t('until', { time: time(state.language, me.until, me.zone) })),
  );
}

/** @param {{ good: boolean, text: string }} [told] */
async function load(told) {
  if (!state.pass) return message('over', 'overNote', false);
  try {
    state.me = await ask('/me');
    state.told = told ?? null;
    draw();
    // That somebody was here; the page does not depend on it.
    void ask('/visits', {}).catch(() => undefined);
  } catch (error) {
    failed(error);
  }
}

void load();
