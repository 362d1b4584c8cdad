/**
 * The system's Chromium, and what every screen must pass: no serious finding of axe, no sideways scrolling, no error
 * in the browser's console.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { chromium } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The two widths and two languages that every screen is looked at in. */
export const LOOKS = [
  { name: 'wide-zh', width: 1280, height: 800, language: 'zh' },
  { name: 'wide-en', width: 1280, height: 800, language: 'en' },
  { name: 'phone-zh', width: 375, height: 812, language: 'zh' },
  { name: 'phone-en', width: 375, height: 812, language: 'en' },
];

export function chromiumPath() {
  const wanted = process.env.SHUKE_CHROMIUM;
  const found = [wanted, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p));
  if (!found) throw new Error('Chromium is missing. Install it (apt-get install chromium fonts-noto-cjk) or name it in SHUKE_CHROMIUM.');
  return found;
}

export function launch() {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none', '--force-color-profile=srgb'],
  });
}

/** A page of one look. What the browser complains about is collected and checked by `quiet`. */
export async function openPage(browser, look, { theme = 'light', storage } = {}) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    locale: look.language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    colorScheme: theme,
    hasTouch: look.width < 768,
    acceptDownloads: true,
    ...(storage ? { storageState: storage } : {}),
  });
  await context.addInitScript((language) => {
    if (!localStorage.getItem('shuke.prefs')) localStorage.setItem('shuke.prefs', JSON.stringify({ language }));
  }, look.language);
  const page = await context.newPage();
  // Charts are drawn without a graphics card: a busy machine takes its time.
  page.setDefaultTimeout(60_000);
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (!why.includes('ERR_ABORTED')) complaints.push(`${request.url()} ${why}`);
  });
  return { context, page, quiet: () => assert.deepEqual(complaints, []) };
}

/** Waits until nothing loads and nothing moves any more. */
export async function settle(page) {
  await page.waitForFunction(
    () =>
      !document.querySelector('.ant-skeleton-active, .ant-spin-spinning, [aria-busy="true"], .main.loading') &&
      document.fonts.status === 'loaded',
  );
  await page.waitForTimeout(120);
}

/** Another page of the console as a link within it would lead there: the program is not loaded anew. */
export async function follow(page, path) {
  await page.evaluate((to) => {
    history.pushState({ key: crypto.randomUUID(), usr: null, idx: history.length }, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
  }, path);
  await page.locator(`#main[data-at="${path}"]`).waitFor();
}

export async function noSideways(page, where) {
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    return [...document.querySelectorAll('body *')]
      .filter((el) => el.getBoundingClientRect().right > limit + 1)
      .slice(0, 5)
      .map((el) => `${el.tagName}.${el.className}`);
  });
  assert.deepEqual(wide, [], `${where} scrolls sideways`);
  const hidden = await page.evaluate(() =>
    [...document.querySelectorAll('.table-scroll:not(.table-wide)')]
      .filter((el) => el.scrollWidth > el.clientWidth + 1)
      .map((el) => `${el.getAttribute('aria-label')}: ${el.scrollWidth} > ${el.clientWidth}`),
  );
  assert.deepEqual(hidden, [], `${where} has a table with columns out of sight`);
}

export async function axe(page, where) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const findings = await page.evaluate(async () => {
    // The unseen list of an open select with groups is the component library's, attributes and all.
    const answer = await window.axe.run({ include: [document], exclude: [['[id*="__list_"]']] }, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return answer.violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`);
  });
  assert.deepEqual(findings, [], `axe on ${where}`);
}

export async function shot(page, path, { full = false } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: full, style: ".ant-message, .ant-notification { visibility: hidden }", animations: 'disabled', caret: 'hide' });
}

/** All that a screen must pass, at once. */
export async function check(page, where) {
  await settle(page);
  await noSideways(page, where);
  await axe(page, where);
}
