/**
 * One member: who they are by which keys, what they bought and gave back, what they did, what they agreed to, and from
 * which records they were put together. Personal data is masked until somebody gives a reason, which is kept.
 */
import type { Member } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { useCan, useSession } from '../../app/session';
import { Amount, Card, Facts, PageHead, ShortId, Time, useWord } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { memberName, regionText } from './cells';
import { ConsentTab } from './ConsentTab';
import { EditDrawer } from './EditDrawer';
import { IdentityTab } from './IdentityTab';
import { MergeDialog, PrivacyActions } from './MemberActions';
import { EventsTab, OrdersTab, RefundsTab } from './MemberTabs';
import { UnmaskDialog } from './UnmaskDialog';

export function Component() {
  const { t } = useTranslation();
  const word = useWord();
  const { id = '' } = useParams();
  const { merchant } = useSession();
  const [params, setParams] = useSearchParams();
  const [unmasked, setUnmasked] = useState<Record<string, string | null>>({});
  const [unmasking, setUnmasking] = useState(false);
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const mayUnmask = useCan('members:unmask');
  const mayWrite = useCan('members:write');
  const mayPrivacy = useCan('privacy:manage');
  const answer = useQuery<Member>({
    queryKey: ['member', merchant.id, id],
    queryFn: () => api.get<Member>(`/members/${encodeURIComponent(id)}`),
  });
  const member = answer.data;
  const back = (
    <Link to="/members" className="back-link">
      ← {t('nav.members')}
    </Link>
  );
  if (!member) {
    return (
      <>
        <PageHead title={t('members.one')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const tabs = [
    { key: 'orders', label: t('members.tab.orders'), content: () => <OrdersTab id={member.id} /> },
    { key: 'refunds', label: t('members.tab.refunds'), content: () => <RefundsTab id={member.id} /> },
    { key: 'events', label: t('members.tab.events'), content: () => <EventsTab id={member.id} /> },
    { key: 'consents', label: t('members.tab.consents'), content: () => <ConsentTab id={member.id} /> },
    { key: 'identity', label: t('members.tab.identity'), content: () => <IdentityTab id={member.id} /> },
  ];
  return (
    <>
      <PageHead
        title={unmasked.name ?? memberName(member)}
        back={back}
        note={
          <>
            <ShortId id={member.id} />
            {member.id !== id ? ` · ${t('members.isAlias')}` : ''}
          </>
        }
        actions={
          <>
            {mayUnmask ? <Button onClick={() => setUnmasking(true)}>{t('members.unmask')}</Button> : null}
            {mayWrite ? <Button onClick={() => setEditing(true)}>{t('members.edit')}</Button> : null}
            {mayWrite ? <Button onClick={() => setMerging(true)}>{t('members.merge')}</Button> : null}
            {mayPrivacy ? <PrivacyActions member={member} /> : null}
          </>
        }
      />
      <div className="member-grid">
        <div className="stack">
          <Card title={t('members.worth')}>
            <div className="mini-tiles">
              <div>
                <span className="muted small">{t('members.netPaid')}</span>
                <span className="mini-value">
                  <Amount value={member.net_paid} />
                </span>
              </div>
              <div>
                <span className="muted small">{t('members.orders')}</span>
                <span className="mini-value">{member.orders_count}</span>
              </div>
              <div>
                <span className="muted small">{t('members.lastOrder')}</span>
                <span className="mini-value">
                  <Time at={member.last_order_at} day />
                </span>
              </div>
            </div>
          </Card>
          <Card title={t('members.facts')}>
            <Facts
              rows={[
                [t('members.phone'), unmasked.phone ?? member.phone_masked],
                [t('members.email'), unmasked.email ?? member.email_masked],
                [t('members.gender'), member.gender ? word('gender', member.gender) : null],
                [t('members.birthday'), member.birthday ?? member.age_band],
                [t('members.region'), regionText(member) || null],
                [t('members.joined'), <Time key="j" at={member.joined_at} day />],
                [t('members.source'), member.join_source],
                [t('members.firstSeen'), <Time key="f" at={member.first_seen_at} />],
                ...(member.tier ? [[t('fields.tier'), member.tier] as [string, string]] : []),
                ...(member.points ? [[t('fields.points'), member.points] as [string, string]] : []),
                ...(member.tags && member.tags.length > 0 ? [[t('fields.tags'), member.tags.join('、')] as [string, string]] : []),
                [t('members.ownId'), member.external ? `${word('platform', member.external.source)} · ${member.external.id}` : null],
              ]}
            />
            <p className="muted small fine">{t('members.missingNote')}</p>
          </Card>
        </div>
        <Card flush className="tabs-card">
          <TabBar
            label={t('members.one')}
            active={params.get('tab') ?? 'orders'}
            onChange={(key) => setParams(key === 'orders' ? {} : { tab: key }, { replace: true })}
            tabs={tabs}
          />
        </Card>
      </div>
      <UnmaskDialog
        id={member.id}
        open={unmasking}
        onClose={() => setUnmasking(false)}
        onShown={(values) => setUnmasked((before) => ({ ...before, ...values }))}
      />
      <EditDrawer key={`${member.id}-${member.birthday ?? ''}`} member={member} open={editing} onClose={() => setEditing(false)} />
      <MergeDialog member={member} open={merging} onClose={() => setMerging(false)} />
    </>
  );
}
