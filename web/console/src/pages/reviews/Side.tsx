/** One of two members that may be one: what they bought, and their keys, those that both have first. */
import type { Member, UncoveredSide } from '@api';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Amount, Mark, Time, type Tone } from '../../ui/bits';
import { isPhone, KeyClass, KeyText, memberName, regionText } from '../members/cells';
import { type Likeness, plain, type SeenKey } from './compare';

/** Keys of one side that are shown at first; whoever bought for many has hundreds. */
export const SHOWN = 8;

/** How a side is named: in clear once it was uncovered. */
export const sideName = (member: Member, clear: UncoveredSide | null | undefined): string => clear?.name || memberName(member);

const TONES: Record<Likeness, Tone> = { same: 'warn', alike: 'plain', other: 'info' };

export function Side({ member, title, keys, clear }: { member: Member; title: string; keys: SeenKey[]; clear: UncoveredSide | null }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const phone = clear?.phone ?? member.phone_masked;
  const shown = keys.slice(0, all ? undefined : SHOWN);
  const amongKeys = shown.some(({ key, clear: value }) => isPhone(key.kind) && (value ?? key.value_masked) === phone);
  return (
    <div className="side-card">
      <div className="muted small">{title}</div>
      <Link to={`/members/${member.id}`} className="side-name">
        {sideName(member, clear)}
      </Link>
      <dl className="side-facts">
        <dt>{t('members.orders')}</dt>
        <dd>{member.orders_count}</dd>
        <dt>{t('members.netPaid')}</dt>
        <dd>
          <Amount value={member.net_paid} />
        </dd>
        <dt>{t('members.firstSeen')}</dt>
        <dd>
          <Time at={member.first_seen_at ?? member.created_at} day />
        </dd>
        <dt>{t('members.region')}</dt>
        <dd>{regionText(member) || '–'}</dd>
        {amongKeys ? null : (
          <>
            <dt>{t('members.phone')}</dt>
            <dd>{phone ?? '–'}</dd>
          </>
        )}
      </dl>
      <ul className="side-keys">
        {shown.map(({ key, clear: value, likeness }, index) => (
          <li key={index} className={likeness === 'same' ? 'same' : undefined}>
            <KeyText item={value === null ? key : { ...key, value_masked: plain(value) }} /> <KeyClass item={key} />
            {likeness ? <Mark tone={TONES[likeness]}>{t(`reviews.likeness.${likeness}`)}</Mark> : null}
          </li>
        ))}
      </ul>
      {keys.length > SHOWN && !all ? (
        <Button size="small" className="more-keys" onClick={() => setAll(true)}>
          {t('members.allKeys', { n: keys.length })}
        </Button>
      ) : null}
    </div>
  );
}
