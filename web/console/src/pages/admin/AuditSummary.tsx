/** What the log says of an act, in the reader's words: roles, fields, tasks and files by name, members where ids stand. */
import type { AuditEntry } from '@api';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { WithNames } from '../names';

const EXPORT = /^([\w-]+) as (\w+), (masked|in clear)(?:: ([\s\S]*?))?(?:; filtered by ([\w,]+))?$/;

/** `name, phone: because they asked`: fields by their names, the reason as it was given. */
function fieldsSaid(text: string, t: TFunction): string {
  const [, codes = '', reason] = /^([\w, ]+?)(?:: ([\s\S]*))?$/.exec(text) ?? [];
  if (!codes) return text;
  const name = (code: string) => t(`reviews.field.${code}`, { defaultValue: t(`timeline.field.${code}`, { defaultValue: code }) });
  const names = codes.split(', ').map(name).join(t('members.listComma'));
  return reason ? t('audit.because', { what: names, reason }) : names;
}

function exportSaid(text: string, t: TFunction): string {
  const found = EXPORT.exec(text);
  if (!found) return text;
  const [, list = '', format = '', how, reason, filters] = found;
  const what = list === 'order-lines' ? t('audit.orderLines') : t(`exports.subject.${list}`, { defaultValue: list });
  const content = t(how === 'masked' ? 'exports.masked' : 'exports.inClear');
  const narrowed = filters ? t('audit.narrowed', { what: filters.split(',').map((name) => t(`audit.filter.${name}`, { defaultValue: name })).join(t('members.listComma')) }) : '';
  const said = [what, format.toUpperCase(), content, narrowed].filter(Boolean).join(' · ');
  return reason ? t('audit.because', { what: said, reason }) : said;
}

const SETTINGS: Record<string, string> = { settlement_delay_days: 'settlement', merge_on_contact: 'mergeOnContact', count_platform_discount: 'platformDiscount', pay_time_policy: 'payTime' };

/** `settings: {…}`: what the settings are now, each by its name on the settings' page. */
function settingsSaid(text: string, t: TFunction): string {
  const [, json] = /^[\w, ]*settings: (\{.*\})$/.exec(text) ?? [];
  if (!json) return text.replace(/: \{.*\}$/, '');
  const value = (given: unknown) => (typeof given === 'boolean' ? t(given ? 'common.yes' : 'common.no') : t(`settings.payTimeChoice.${String(given)}`, { defaultValue: String(given) }));
  const known = Object.entries(JSON.parse(json) as Record<string, unknown>).map(([code, given]) => `${t(`settings.${SETTINGS[code] ?? code}`, { defaultValue: code })} ${value(given)}`);
  return known.join(t('members.listComma'));
}

export function said(entry: AuditEntry, t: TFunction): string {
  const text = entry.summary ?? '';
  const [area] = entry.action.split('.');
  if (!text) return '';
  if (entry.action === 'staff.role_granted' || entry.action === 'staff.removed') return t(`words.role.${text}`, { defaultValue: text });
  if (entry.action === 'member.unmasked' || entry.action === 'member.changed') return fieldsSaid(text, t);
  if (entry.action === 'privacy.requested') return t(`words.privacyKind.${text}`, { defaultValue: text });
  if (entry.action === 'merchant.changed') return settingsSaid(text, t);
  if (area === 'shop') return text.replace(/\((\w+)\)$/, (_, code: string) => `(${t(`words.platform.${code}`, { defaultValue: code })})`);
  if (area === 'key') return text.replace(/\b[a-z]+:[a-z]+\b/g, (code) => t(`scopes.${code.replace(':', '_')}`, { defaultValue: code }));
  if (area === 'job') return t(`words.job.${text.replaceAll('.', '_')}`, { defaultValue: text });
  if (area === 'export') return exportSaid(text, t);
  return text;
}

export function AuditSummary({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const text = said(entry, t);
  return text ? <WithNames text={text} /> : <span className="muted">–</span>;
}
