/**
 * Numbers, money and times as a shop reads them. Money stays in integer minor units until the last character; times
 * are shown in the merchant's zone, in the same order of parts in both languages, so that no date can be misread.
 */
import type { Money } from '@api';
import type { Language } from '../i18n';

const digitsCache = new Map<string, number>();

/** How many digits of an amount stand after the point: 2 for yuan, none for yen. */
export function minorDigits(currency: string): number {
  let digits = digitsCache.get(currency);
  if (digits === undefined) {
    try {
      digits =
        new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      digits = 2;
    }
    digitsCache.set(currency, digits);
  }
  return digits;
}

function symbol(currency: string): string {
  if (currency === 'CNY') return '¥';
  try {
    const part = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' })
      .formatToParts(0)
      .find((p) => p.type === 'currency');
    const narrow = { USD: '$', EUR: '€', GBP: '£', HKD: 'HK$' }[currency];
    return narrow ?? `${part?.value ?? currency} `;
  } catch {
    return `${currency} `;
  }
}

const group = (whole: number) => String(whole).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** ¥12,850.00 */
export function formatMoney(money: Money | null | undefined): string {
  if (!money) return '–';
  const digits = minorDigits(money.currency);
  const unit = 10 ** digits;
  const size = Math.abs(money.amount);
  const whole = Math.floor(size / unit);
  const rest = digits ? `.${String(size % unit).padStart(digits, '0')}` : '';
  return `${money.amount < 0 ? '−' : ''}${symbol(money.currency)}${group(whole)}${rest}`;
}

/** The plain number for a sheet: 12850.00 */
export function plainMoney(money: Money | null | undefined): string {
  if (!money) return '';
  const digits = minorDigits(money.currency);
  const unit = 10 ** digits;
  const size = Math.abs(money.amount);
  const rest = digits ? `.${String(size % unit).padStart(digits, '0')}` : '';
  return `${money.amount < 0 ? '-' : ''}${Math.floor(size / unit)}${rest}`;
}

/** Minor units of what was typed; `null` where it is no amount. */
export function minorOf(text: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const parts = /^(\d{1,9})(?:\.(\d*))?$/.exec(text.trim());
  const rest = parts?.[2] ?? '';
  if (!parts || rest.length > digits) return null;
  return Number(parts[1]) * 10 ** digits + Number(rest.padEnd(digits, '0') || 0);
}

function trim(n: number): string {
  const [whole = '', rest] = (n >= 100 ? n.toFixed(1) : n.toFixed(2)).replace(/\.?0+$/, '').split('.');
  return group(Number(whole)) + (rest ? `.${rest}` : '');
}

/** 12.8万, 1.05亿; in English 128K, 105M. Small numbers stay whole. */
export function formatCount(count: number, language: Language): string {
  if (!Number.isFinite(count)) return '–';
  if (language === 'zh') {
    if (count >= 100_000_000) return `${trim(count / 100_000_000)} 亿`;
    if (count >= 100_000) return `${trim(count / 10_000)} 万`;
  } else {
    if (count >= 1_000_000) return `${trim(count / 1_000_000)}M`;
    if (count >= 100_000) return `${trim(count / 1_000)}K`;
  }
  return group(count);
}

/** Large sums in 万 or 亿 yuan for a tile; the exact sum belongs beside it as a title. */
export function formatBigMoney(money: Money, language: Language): string {
  const unit = 10 ** minorDigits(money.currency);
  const whole = Math.abs(money.amount) / unit;
  if (whole < 100_000) return formatMoney(money);
  return `${money.amount < 0 ? '−' : ''}${symbol(money.currency)}${formatCount(whole, language)}`;
}

export const formatNumber = (n: number | null | undefined): string =>
  n === null || n === undefined ? '–' : n < 0 ? `−${group(-n)}` : group(n);

export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const tenths = Math.round((part * 1000) / whole);
  // Somebody is never nobody.
  if (tenths === 0 && part > 0) return '<0.1%';
  return `${Math.floor(tenths / 10)}.${tenths % 10}%`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function partsOf(at: Date, zone: string): Record<string, string> {
  let formatter = formatters.get(zone);
  if (!formatter) {
    const options: Intl.DateTimeFormatOptions = {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    };
    try {
      formatter = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      formatter = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'Asia/Shanghai' });
    }
    formatters.set(zone, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(at).map((p) => [p.type, p.value]));
}

/** 2026-09-09 16:50 */
export function formatTime(text: string | null | undefined, zone: string, seconds = false): string {
  if (!text) return '–';
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  const p = partsOf(at, zone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}${seconds ? `:${p.second}` : ''}`;
}

/** 2026-09-09, also for plain dates such as a birthday, which have no zone. */
export function formatDate(text: string | null | undefined, zone: string): string {
  if (!text) return '–';
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  return formatTime(text, zone).slice(0, 10);
}

/** The instant at which a civil day begins in the zone, as RFC 3339. */
export function dayStart(day: string, zone: string): string {
  const naive = Date.parse(`${day}T00:00:00Z`);
  let at = naive;
  // Twice, because the offset at the first guess may be that of the other side of a change of clocks.
  for (let i = 0; i < 2; i += 1) {
    const p = partsOf(new Date(at), zone);
    const shown = Date.parse(`${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}Z`);
    at = naive - (shown - at);
  }
  return new Date(at).toISOString();
}

export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** Today's civil date in the zone. */
export function today(zone: string): string {
  return formatTime(new Date().toISOString(), zone).slice(0, 10);
}

/** A place from the largest part to the smallest; a city that is its own province (上海, 上海市) is named once. */
export function formatPlace(province: string | null | undefined, city: string | null | undefined): string {
  return province && city && (city === province || city.slice(0, -1) === province) ? city : [province, city].filter(Boolean).join(' ');
}

export function formatBytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${(size / 1024).toFixed(1)} kB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}
