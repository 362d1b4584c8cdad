/** How a member is named in lists and cards: by the masked name, else by the best key, never by nothing. */
import type { Member, MemberKey } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Mark } from '../../ui/bits';
import { useWord } from '../../ui/bits';

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

/** Of a search, why it found the member. */
export function MatchText({ member }: { member: Member }) {
  const { t } = useTranslation();
  const word = useWord();
  const matched = member.matched ?? [];
  if (matched.length === 0) return null;
  // Two numbers can look the same when masked: the server, which knows them, says whether it is another one.
  const one = (m: (typeof matched)[number]) => `${word('keyKind', m.kind)} ${m.value_masked}${m.other ? t('members.matchedOther') : ''}`;
  return <span className="muted small">{t('members.matched', { what: matched.map(one).join(t('members.listComma')) })}</span>;
}

export function regionText(member: Member): string {
  return [member.region?.province, member.region?.city].filter(Boolean).join(' ');
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
  const tone = item.class === 'strong' ? 'good' : item.class === 'contact' ? 'plain' : 'info';
  return <Mark tone={tone}>{word('keyClass', item.class)}</Mark>;
}
