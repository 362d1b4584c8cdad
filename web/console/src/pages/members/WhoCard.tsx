/** Who the member is, in one card that stays in sight: worth at a glance, how to reach them, where they come from. */
import type { Member, ToldStanding } from '@api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { Amount, Card, Facts, Hinted, Time, useSourceName, useWord } from '../../ui/bits';
import { KeyText, regionText } from './cells';
import { ToldList } from './ToldList';

/** Accounts that the card shows; the tab of identity has them all. */
const ACCOUNTS = 4;

interface Props {
  member: Member;
  /** What lists tell of points and tier there. */
  told: ToldStanding[];
  /** What was shown in clear for a reason, for as long as the page stays open. */
  unmasked: Record<string, string | null>;
}

function Worth({ member }: { member: Member }) {
  const { t } = useTranslation();
  return (
    <div className="mini-tiles">
      <div>
        <span className="muted small">{t('members.netEver')}</span>
        <span className="mini-value">
          <Amount value={member.net_paid} />
        </span>
      </div>
      <div>
        <Hinted className="muted small" hint={t('members.ordersEverNote')}>{t('members.ordersEver')}</Hinted>
        <span className="mini-value">{formatNumber(member.orders_count)}</span>
      </div>
      <div>
        <Hinted className="muted small" hint={t('members.lastOrderNote')}>{t('members.lastOrder')}</Hinted>
        <span className="mini-value">
          <Time at={member.last_order_at} day />
        </span>
      </div>
    </div>
  );
}

export function WhoCard({ member, told, unmasked }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const sourceName = useSourceName();
  const facts: [string, ReactNode][] = [
    [t('members.phone'), unmasked.phone ?? member.phone_masked],
    [t('members.email'), unmasked.email ?? member.email_masked],
    [t('members.gender'), member.gender ? word('gender', member.gender) : null],
    [t('members.birthday'), member.birthday ?? member.age_band],
    [t('members.region'), regionText(member) || null],
    [t('members.joined'), member.joined_at ? <Time at={member.joined_at} day /> : null],
    [t('members.joinSource'), sourceName(member.join_source)],
    [t('members.firstSeen'), <Time key="f" at={member.first_seen_at} day />],
    [t('members.ownId'), member.external ? `${word('platform', member.external.source)} · ${member.external.id}` : null],
    ...(['tier', 'points'] as const).flatMap((of): [string, ReactNode][] => (told.some((one) => one[of]) ? [[t(`members.${of}Told`), <ToldList key={of} told={told} of={of} />]] : [])),
  ];
  const missing = facts.filter(([, value]) => !value).map(([name]) => name);
  const accounts = member.keys.filter((key) => key.class !== 'contact' && key.kind !== 'phone' && key.kind !== 'email');
  return (
    <Card title={t('members.who')}>
      <Worth member={member} />
      <hr className="rule" />
      <Facts rows={facts.filter(([, value]) => value)} />
      {accounts.length > 0 ? (
        <ul className="who-keys">
          {accounts.slice(0, ACCOUNTS).map((key, n) => (
            <li key={n}>
              <KeyText item={key} />
            </li>
          ))}
          {accounts.length > ACCOUNTS ? <li className="muted small">{t('members.moreKeys', { n: accounts.length - ACCOUNTS })}</li> : null}
        </ul>
      ) : null}
      {missing.length > 0 ? <p className="muted small fine">{t('members.notTold', { what: missing.join(t('members.listComma')) })}</p> : null}
    </Card>
  );
}
