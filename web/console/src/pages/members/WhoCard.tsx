/** Who the member is, in one card that stays in sight: worth at a glance, how to reach them, where they come from. */
import type { Member } from '@api';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { Amount, Card, Facts, Time, useWord } from '../../ui/bits';
import { regionText } from './cells';

interface Props {
  member: Member;
  /** What was shown in clear for a reason, for as long as the page stays open. */
  unmasked: Record<string, string | null>;
}

function Worth({ member }: { member: Member }) {
  const { t } = useTranslation();
  return (
    <div className="mini-tiles">
      <div>
        <span className="muted small">{t('members.netPaid')}</span>
        <span className="mini-value">
          <Amount value={member.net_paid} />
        </span>
      </div>
      <div>
        <span className="muted small">{t('members.orders')}</span>
        <span className="mini-value">{formatNumber(member.orders_count)}</span>
      </div>
      <div>
        <span className="muted small">{t('members.lastOrder')}</span>
        <span className="mini-value">
          <Time at={member.last_order_at} day />
        </span>
      </div>
    </div>
  );
}

export function WhoCard({ member, unmasked }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  return (
    <Card title={t('members.who')}>
      <Worth member={member} />
      <hr className="rule" />
      <Facts
        rows={[
          [t('members.phone'), unmasked.phone ?? member.phone_masked],
          [t('members.email'), unmasked.email ?? member.email_masked],
          [t('members.gender'), member.gender ? word('gender', member.gender) : null],
          [t('members.birthday'), member.birthday ?? member.age_band],
          [t('members.region'), regionText(member) || null],
          [t('members.joined'), <Time key="j" at={member.joined_at} day />],
          [t('members.source'), member.join_source],
          [t('members.firstSeen'), <Time key="f" at={member.first_seen_at} day />],
          ...(member.tier ? [[t('fields.tier'), member.tier] as [string, string]] : []),
          ...(member.points ? [[t('fields.points'), member.points] as [string, string]] : []),
          [t('members.ownId'), member.external ? `${word('platform', member.external.source)} · ${member.external.id}` : null],
        ]}
      />
      <p className="muted small fine">{t('members.missingNote')}</p>
    </Card>
  );
}
