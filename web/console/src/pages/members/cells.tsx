/** How a member is named in lists and cards: by the masked name, else by the best key, never by nothing. */
import type { Member, MemberKey } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatPlace } from '../../app/format';
import { Mark, Time, useWord } from '../../ui/bits';

export function memberName(member: Member): string {
  return (
    member.display_name ||
    member.keys?.find((k) => k.kind !== 'phone' && k.kind !== 'email')?.value_masked ||
    member.phone_masked ||
    member.email_masked ||
    member.id
  );
}

export function MemberLink({ member }: { member: Member }) {
  return <Link to={`/members/${member.id}`}>{memberName(member)}</Link>;
}

export const isPhone = (kind: string) => kind === 'phone' || kind === 'receiver_phone';

/** What tells people of one masked name apart: the phone that was looked for, else the one that is shown. */
export function tellingPhone(member: Member): string | null | undefined {
  return member.matched?.find((m) => isPhone(m.kind))?.value_masked ?? member.phone_masked;
}

/** Keys beside the phone and the name that stand already: an equal one says nothing more. */
export function besidePhone(member: Member): MemberKey[] {
  const stands = (key: MemberKey) => key.value_masked === (isPhone(key.kind) ? member.phone_masked : key.kind === 'receiver_name' ? member.display_name : null);
  return (member.keys ?? []).filter((key) => !stands(key));
}

/** Of a search, why it found the member, but for the own phone where that stands in the row already. */
export function MatchText({ member, besides }: { member: Member; besides: string[] }) {
  const { t } = useTranslation();
  const word = useWord();
  const matched = member.matched ?? [];
  if (matched.length === 0) return null;
  // Two numbers can look the same when masked: the server, which knows them, says whether it is another one.
  const one = (m: (typeof matched)[number]) => `${word('keyKind', m.kind)} ${m.value_masked}${m.other ? t('members.matchedOther') : ''}`;
  const told = matched.filter((m) => !(m.kind === 'phone' && !m.other && m.value_masked === member.phone_masked && besides.includes('phone')));
  // Several may look alike in all that is shown: the day and the end of the id tell them apart.
  return (
    <>
      {told.length > 0 ? <span className="muted small">{t('members.matched', { what: told.map(one).join(t('members.listComma')) })}</span> : null}
      <span className="muted small" title={member.id}>
        {t('members.firstSeen')} <Time at={member.first_seen_at ?? member.created_at} day /> · {t('members.idEnd', { end: member.id.slice(-6) })}
      </span>
    </>
  );
}

export function regionText(member: Member): string {
  return formatPlace(member.region?.province, member.region?.city);
}

/** What a key is: of which platform, and of which kind there. A number of no platform is that of the shop's own system. */
export function useKeyName(): (key: MemberKey) => string {
  const word = useWord();
  const { t } = useTranslation();
  return ({ namespace, kind }) => {
    if (namespace === 'plain' && kind === 'own_id') return t('members.ownNumber');
    return [namespace ? t(`words.platform.${namespace}`, { defaultValue: namespace }) : '', word('keyKind', kind)].filter(Boolean).join(' · ');
  };
}

export function KeyText({ item }: { item: MemberKey }) {
  const keyName = useKeyName();
  return (
    <span className="key-text">
      <span className="muted small">{keyName(item)}</span>{' '}
      <span className="break">{item.value_masked}</span>
    </span>
  );
}

export function KeyClass({ item }: { item: MemberKey }) {
  const word = useWord();
  const { t } = useTranslation();
  const tone = item.class === 'strong' ? 'good' : item.class === 'contact' ? 'plain' : 'info';
  return (
    <span title={t(`members.classNote.${item.class}`, { defaultValue: '' }) || undefined}>
      <Mark tone={tone}>{word('keyClass', item.class)}</Mark>
    </span>
  );
}
