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
