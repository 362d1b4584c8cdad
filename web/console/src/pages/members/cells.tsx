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

const isPhone = (kind: string) => kind === 'phone' || kind === 'receiver_phone';

/** What tells people of one masked name apart: the phone that was looked for, else the one that is shown. */
export function tellingPhone(member: Member): string | null | undefined {
  return member.matched?.find((m) => isPhone(m.kind))?.value_masked ?? member.phone_masked;
}

/** Keys beside the phone that stands already: an equal one says nothing more. */
export function besidePhone(member: Member): MemberKey[] {
  return (member.keys ?? []).filter((key) => !isPhone(key.kind) || key.value_masked !== member.phone_masked);
}

/** Of a search, why it found the member. */
export function MatchText({ member }: { member: Member }) {
  const { t } = useTranslation();
  const word = useWord();
  const matched = member.matched ?? [];
  if (matched.length === 0) return null;
  // Two numbers can look the same when masked: the server, which knows them, says whether it is another one.
  const one = (m: (typeof matched)[number]) => `${word('keyKind', m.kind)} ${m.value_masked}${m.other ? t('members.matchedOther') : ''}`;
  // Several may look alike in all that is shown: the day and the end of the id tell them apart.
  return (
    <>
      <span className="muted small">{t('members.matched', { what: matched.map(one).join(t('members.listComma')) })}</span>
      <span className="muted small" title={member.id}>
        {t('members.firstSeen')} <Time at={member.first_seen_at ?? member.created_at} day /> · …{member.id.slice(-6)}
      </span>
    </>
  );
}

export function regionText(member: Member): string {
  return formatPlace(member.region?.province, member.region?.city);
}

export function KeyText({ item }: { item: MemberKey }) {
  const word = useWord();
  const { t } = useTranslation();
  const namespace = item.namespace ? t(`words.platform.${item.namespace}`, { defaultValue: item.namespace }) : '';
  return (
    <span className="key-text">
      <span className="muted small">
        {namespace ? `${namespace} · ` : ''}
        {word('keyKind', item.kind)}
      </span>{' '}
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
