/**
 * One member: who they are by which keys, what they bought and gave back, what they did, what they agreed to, and from
 * which records they were put together. Personal data is masked until somebody gives a reason, which is kept.
 */
import type { MemberPage } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { useCan, useSession } from '../../app/session';
import { Card, PageHead, ShortId } from '../../ui/bits';
import { BackToList } from '../../ui/list/BackToList';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { UnmaskDialog, unmask } from '../../ui/UnmaskDialog';
import { READ_BENEFITS } from '../benefits/scopes';
import { READ_COUPONS } from '../coupons/scopes';
import { READ_POINTS } from '../programme/contract';
import { BenefitsTab } from './benefits/BenefitsTab';
import { GrowthTab } from './benefits/GrowthTab';
import { RewardsTab } from './benefits/RewardsTab';
import { memberName } from './cells';
import { CardsTab } from './cards/CardsTab';
import { ConsentCard } from './ConsentCard';
import { ConsentTab } from './ConsentTab';
import { CouponsTab } from './coupons/CouponsTab';
import { EditDrawer } from './EditDrawer';
import { IdentityTab } from './IdentityTab';
import { MergeDialog, MoreActions } from './MemberActions';
import { EventsTab, OrdersTab, RefundsTab } from './MemberTabs';
import { PointsCard } from './points/PointsCard';
import { PointsTab } from './points/PointsTab';
import { StandingCard } from './StandingCard';
import { TagsCard } from './TagsCard';
import { TimelineTab } from './timeline/TimelineTab';
import { WaitingReviews } from './WaitingReviews';
import { WhoCard } from './WhoCard';

function OneMember() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { merchant } = useSession();
  const [params, setParams] = useSearchParams();
  const [unmasked, setUnmasked] = useState<Record<string, string | null>>({});
  const [unmasking, setUnmasking] = useState(false);
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const tabsAt = useRef<HTMLDivElement>(null);
  const mayUnmask = useCan('members:unmask');
  const maySeeOrders = useCan('orders:read');
  const mayWrite = useCan('members:write');
  const maySeePoints = useCan(READ_POINTS);
  const maySeeBenefits = useCan(READ_BENEFITS);
  const maySeeCoupons = useCan(READ_COUPONS);
  const answer = useQuery<MemberPage>({
    queryKey: ['member', merchant.id, id],
    queryFn: () => api.get<MemberPage>(`/members/${encodeURIComponent(id)}`),
  });
  const member = answer.data;
  const there = member !== undefined;
  const cameFor = useRef(params.get('tab'));
  // Who comes by a link to a tab wants to see what is in it, not what stands above it.
  useEffect(() => {
    if (there && cameFor.current) tabsAt.current?.scrollIntoView({ block: 'start' });
    if (there) cameFor.current = null;
  }, [there]);
  const back = <BackToList to="/members">{t('nav.members')}</BackToList>;
  if (!member) {
    return (
      <>
        <PageHead title={t('members.one')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const first = maySeeOrders ? 'timeline' : 'orders';
  const openTab = (key: string) => setParams(key === first ? {} : { tab: key }, { replace: true });
  const showTab = (key: string) => {
    openTab(key);
    tabsAt.current?.scrollIntoView({ block: 'start' });
  };
  const tabs = [
    ...(maySeeOrders ? [{ key: 'timeline', label: t('timeline.title'), content: () => <TimelineTab id={member.id} /> }] : []),
    // What a caller asks about first stands where a phone shows it without a swipe.
    { key: 'orders', label: t('members.tab.orders'), content: () => <OrdersTab id={member.id} /> },
    { key: 'refunds', label: t('members.tab.refunds'), content: () => <RefundsTab id={member.id} /> },
    ...(maySeePoints ? [{ key: 'points', label: t('points.title'), content: () => <PointsTab member={member} /> }] : []),
    ...(maySeePoints ? [{ key: 'cards', label: t('cards.title'), content: () => <CardsTab id={member.id} /> }] : []),
    ...(maySeeBenefits ? [{ key: 'benefits', label: t('nav.benefits'), content: () => <BenefitsTab id={member.id} /> }] : []),
    ...(maySeeBenefits ? [{ key: 'growth', label: t('nav.growth'), content: () => <GrowthTab id={member.id} /> }] : []),
    ...(maySeeBenefits ? [{ key: 'rewards', label: t('rewards.tab.member'), content: () => <RewardsTab id={member.id} /> }] : []),
    ...(maySeeCoupons ? [{ key: 'coupons', label: t('nav.coupons'), content: () => <CouponsTab id={member.id} /> }] : []),
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
            {t('members.number')} <ShortId id={member.id} />
            {member.id !== id ? ` · ${t('members.isAlias')}` : ''}
          </>
        }
        actions={
          <>
            {Object.keys(unmasked).length > 0 ? <Button onClick={() => setUnmasked({})}>{t('members.maskAgain')}</Button> : null}
            {mayUnmask ? <Button onClick={() => setUnmasking(true)}>{t('members.unmask')}</Button> : null}
            {mayWrite ? <Button onClick={() => setEditing(true)}>{t('members.edit')}</Button> : null}
            <MoreActions member={member} onMerge={() => setMerging(true)} />
          </>
        }
      />
      <WaitingReviews id={member.id} />
      <div className="member-grid">
        <aside className="stack" aria-label={t('members.who')}>
          <WhoCard member={member} told={member.told ?? []} unmasked={unmasked} />
          {maySeePoints ? <PointsCard member={member} onOpen={() => showTab('points')} /> : null}
          <TagsCard member={member} />
          <ConsentCard id={member.id} onOpen={() => showTab('consents')} />
        </aside>
        <div className="stack">
          {maySeeOrders ? <StandingCard id={member.id} /> : null}
          <div ref={tabsAt} className="under-topbar">
            <Card flush className="tabs-card">
              <TabBar label={t('members.one')} active={params.get('tab') ?? first} onChange={openTab} tabs={tabs} />
            </Card>
          </div>
        </div>
      </div>
      <UnmaskDialog
        title={t('members.unmask')}
        text={t('members.unmaskText')}
        fields={['phone', 'name', 'email'].map((value) => ({ value, label: t(`members.${value}`) }))}
        chosen={['phone', 'name']}
        ask={(client, fields, reason) => unmask(client, member.id, fields, reason)}
        open={unmasking}
        onClose={() => setUnmasking(false)}
        onShown={(values) => setUnmasked((before) => ({ ...before, ...values }))}
      />
      <EditDrawer key={`${member.id}-${member.birthday ?? ''}`} member={member} open={editing} onClose={() => setEditing(false)} />
      <MergeDialog member={member} open={merging} onClose={() => setMerging(false)} />
    </>
  );
}

/** What was shown in clear or begun of one member ends with their page: the next one's begins anew. */
export function Component() {
  const { id } = useParams();
  return <OneMember key={id} />;
}
