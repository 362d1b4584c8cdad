/** One of two members that may be one: what they bought, and their keys, those that both have first. */
import type { Member, UncoveredSide } from '@api';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Amount, Mark, Time, type Tone } from '../../ui/bits';
import { KeyClass, KeyText, memberName, regionText } from '../members/cells';
import { type Likeness, plain, type SeenKey } from './compare';

/** Keys of one side that are shown at first; whoever bought for many has hundreds. */
export const SHOWN = 8;

const TONES: Record<Likeness, Tone> = { same: 'warn', alike: 'plain', other: 'info' };

export function Side({ member, title, keys, clear }: { member: Member; title: string; keys: SeenKey[]; clear: UncoveredSide | null }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  return (
    <div className="side-card">
      <div className="muted small">{title}</div>
      <Link to={`/members/${member.id}`} className="side-name">
        {clear?.name || memberName(member)}
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
        <dt>{t('members.phone')}</dt>
        <dd>{clear?.phone ?? member.phone_masked ?? '–'}</dd>
      </dl>
      <ul className="side-keys">
        {keys.slice(0, all ? undefined : SHOWN).map(({ key, clear: value, likeness }, index) => (
          <li key={index} className={likeness === 'same' ? 'same' : undefined}>
            <KeyText item={value === null ? key : { ...key, value_masked: plain(value) }} /> <KeyClass item={key} />
            {likeness ? (
              <>
                {' '}
                <Mark tone={TONES[likeness]}>{t(`reviews.likeness.${likeness}`)}</Mark>
              </>
            ) : null}
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
