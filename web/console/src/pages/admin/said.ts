/** What the log says of an act, in the reader's words. What is not known here is said as it was written. */
import type { AuditEntry } from '@api';
import type { TFunction } from 'i18next';
import { formatNumber } from '../../app/format';

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

/** `name, settings: {…}`: which parts were changed; where it was the settings, what they are now, each by its name on their page. */
function merchantSaid(text: string, t: TFunction): string {
  const [, parts = '', json] = /^([\w, ]*): (\{.*\})$/.exec(text) ?? [];
  if (!json) return text;
  const comma = t('members.listComma');
  if (!/\bsettings$/.test(parts)) {
    return parts ? t('audit.said.changedParts', { what: parts.split(', ').map((part) => t(`audit.said.merchantPart.${part}`, { defaultValue: part })).join(comma) }) : '';
  }
  const value = (given: unknown) => (typeof given === 'boolean' ? t(given ? 'common.yes' : 'common.no') : t(`settings.payTimeChoice.${String(given)}`, { defaultValue: String(given) }));
  const known = Object.entries(JSON.parse(json) as Record<string, unknown>).map(([code, given]) => `${t(`settings.${SETTINGS[code] ?? code}`, { defaultValue: code })} ${value(given)}`);
  return known.join(comma);
}

/** A redemption by the end of its id, as lists show ids. */
const redemption = (id: string, t: TFunction): string => t('audit.said.redemption', { id: `…${id.slice(-6)}` });

const hook = (types: string, t: TFunction): string => types.trim() || t('audit.said.allEvents');

/** By the action: the shape in which the server writes it, and how it is said. */
const SHAPES: Record<string, [RegExp, (parts: string[], t: TFunction) => string]> = {
  'batch.frozen': [/^(\d+) matched, (\d+) to be handed over$/, ([matched = '', treated = ''], t) => t('audit.said.batchFrozen', { matched: number(matched), treated: number(treated) })],
  'batch.created': [
    /^([\s\S]*): (\w+) for (\w+)$/,
    ([name, destination = '', purpose = ''], t) =>
      t('audit.said.batchFor', { name, destination: t(`batches.destination.${destination}`, { defaultValue: destination }), purpose: t(`words.purpose.${purpose}`, { defaultValue: purpose }) }),
  ],
  'batch.exported': [
    /^(\w+) as (\w+): (?:first|repeat, number (\d+))$/,
    ([destination = '', format = '', n], t) => t('audit.said.batchOut', { destination: t(`batches.destination.${destination}`, { defaultValue: destination }), format: format.toUpperCase(), n: number(n ?? '1') }),
  ],
  'batch.results': [/^(\d+) rows, (\d+) unsubscribed, (\d+) bad$/, ([rows = '', gone = '', bad = ''], t) => t('audit.said.batchResults', { rows: number(rows), unsubscribed: number(gone), bad: number(bad) })],
  'import.finished': [
    /^(\d+) new orders, (\d+) changed, (\d+) new members, (\d+) to repair$/,
    ([fresh = '', changed = '', members = '', bad = ''], t) => t('audit.said.importDone', { fresh: number(fresh), changed: number(changed), members: number(members), bad: number(bad) }),
  ],
  'suppressions.imported': [/^(\d+) added, (\d+) unchanged, (\d+) refused$/, ([added = '', same = '', refused = ''], t) => t('audit.said.suppressions', { added: number(added), unchanged: number(same), refused: number(refused) })],
  'staff.locked': [/^(\d+) wrong attempts$/, ([n = ''], t) => t('audit.said.wrongTries', { n: number(n) })],
  'shopper.link_made': [/^(\d+) s$/, ([seconds = ''], t) => t('audit.said.linkFor', { n: number(String(Math.round(Number(seconds) / 60))) })],
  'shopper.claim_tried': [
    /^order …(\w*): (claimed|already theirs|not proven|too many tries)$/,
    ([tail, how = ''], t) => t(`audit.said.claim.${{ claimed: 'claimed', 'already theirs': 'yours', 'not proven': 'unproven' }[how] ?? 'often'}`, { tail }),
  ],
  'shopper.page_changed': [/^(\d+) origins$/, ([n = ''], t) => t('audit.said.sites', { n: number(n) })],
  'privacy.keys_rotated': [/^(\d+) values$/, ([n = ''], t) => t('audit.said.valuesKeyed', { n: number(n) })],
  'privacy.old_keys_removed': [/^before (\d+)$/, ([n = ''], t) => t('audit.said.keysBefore', { n: number(n) })],
  'webhook.disabled': [/^(410 Gone|three days of failures)$/, ([why], t) => t(why === '410 Gone' ? 'audit.said.hookGone' : 'audit.said.hookFailing')],
  'webhook.changed': [/^(active|disabled)(.*)$/, ([state = '', types = ''], t) => `${t(`audit.said.hookState.${state}`, { defaultValue: state })} · ${hook(types, t)}`],
  'tag.deleted': [/^([\s\S]*): (\d+) members had it$/, ([name, n = ''], t) => t('audit.said.tagDropped', { name, n: number(n) })],
  'members.tagged': [
    /^([+−][\s\S]*?), (\d+) members(?:: ([\s\S]*))?$/,
    ([what, n = '', reason], t) => {
      const told = t('audit.said.tagged', { what, n: number(n) });
      return reason ? t('audit.because', { what: told, reason }) : told;
    },
  ],
  'tag.changed': [/^([\s\S]*) \(archived\)$/, ([name], t) => t('audit.said.tagArchived', { name })],
  'outreach.resumed': [/^batches are handed over again after a restore$/, (_, t) => t('audit.said.resumed')],
  'points.ending_exported': [/^points ending from (\S+) to before (\S+) as (\w+)$/, ([from, to, format = ''], t) => t('audit.said.endingWindow', { from, to, format: format.toUpperCase() })],
  'benefits.trial_exported': [/^members of a trial as (\w+)$/, ([format = ''], t) => t('audit.said.trialMembers', { format: format.toUpperCase() })],
  'points.trial_exported': [/^members of a trial as (\w+)$/, ([format = ''], t) => t('audit.said.trialMembers', { format: format.toUpperCase() })],
  'programme.version_posted': [
    /^([\s\S]*?) (\d+): ([\s\S]*)$/,
    ([name, no, reason], t) => {
      const what = t('audit.said.version', { name, no });
      return reason ? t('audit.because', { what, reason }) : what;
    },
  ],
  'programme.version_withdrawn': [/^([\s\S]*) (\d+)$/, ([name, no], t) => t('audit.said.version', { name, no })],
  'promotion.published': [
    /^([\s\S]*?) (\d+): ([\s\S]*)$/,
    ([name, no, reason], t) => {
      const what = t('audit.said.version', { name, no });
      return reason ? t('audit.because', { what, reason }) : what;
    },
  ],
  'promotion.version_withdrawn': [/^([\s\S]*) (\d+)$/, ([name, no], t) => t('audit.said.version', { name, no })],
  'programme.rerun': [
    /^([\s\S]*) by version (\d+|their own), (\S+) to (\S+): (\d+) more, (\d+) fewer; ([\s\S]*)$/,
    ([name, no = '', from, to, more = '', less = '', reason], t) => {
      const by = no === 'their own' ? t('audit.said.rerunOwn') : t('audit.said.rerunBy', { no });
      const what = t('audit.said.rerun', { name, by, from, to, more: number(more), less: number(less) });
      return reason ? t('audit.because', { what, reason }) : what;
    },
  ],
  'points.rerun_exported': [/^corrections of (\S+) to (\S+) as (\w+)$/, ([from, to, format = ''], t) => t('audit.said.rerunFile', { from, to, format: format.toUpperCase() })],
  'redemption.address_changed': [/^rdm_(\w+)$/, ([id = ''], t) => redemption(id, t)],
  'redemption.unmasked': [/^rdm_(\w+): ([\s\S]*)$/, ([id = '', reason], t) => t('audit.because', { what: redemption(id, t), reason })],
  'redemptions.addresses_exported': [/^(\w+): ([\s\S]*)$/, ([format = '', reason], t) => t('audit.because', { what: format.toUpperCase(), reason })],
  'sql.asked': [/^\[clear\] ([\s\S]*)$/, ([what], t) => t('audit.said.clearText', { what })],
};

const number = (digits: string): string => formatNumber(Number(digits));

/** An entry's summary for the reader; empty where there is none. */
export function said(entry: Pick<AuditEntry, 'action' | 'summary'>, t: TFunction): string {
  const text = entry.summary ?? '';
  const { action } = entry;
  const [area] = action.split('.');
  if (action === 'webhook.created') return hook(text, t);
  if (!text) return '';
  const shape = SHAPES[action];
  const found = shape?.[0].exec(text);
  if (shape && found) return shape[1](found.slice(1), t);
  if (action === 'staff.role_granted' || action === 'staff.removed') return t(`words.role.${text}`, { defaultValue: text });
  if (action === 'member.unmasked' || action === 'member.changed') return fieldsSaid(text, t);
  if (action === 'privacy.requested' || action === 'privacy.completed') return t(`words.privacyKind.${text}`, { defaultValue: text });
  if (action === 'merchant.changed') return merchantSaid(text, t);
  if (action === 'redemptions.exported' || action === 'benefit_tasks.exported') return text.toUpperCase();
  if (area === 'shop') return text.replace(/\((\w+)\)$/, (_, code: string) => `(${t(`words.platform.${code}`, { defaultValue: code })})`);
  if (area === 'key') return text.replace(/\b[a-z]+:[a-z]+\b/g, (code) => t(`scopes.${code.replace(':', '_')}`, { defaultValue: code }));
  if (area === 'job') return t(`words.job.${text.replaceAll('.', '_')}`, { defaultValue: text });
  if (area === 'export') return exportSaid(text, t);
  return text;
}
