/** Everybody whom the batch was about, with the verdict on each and what came of them. */
import type { BatchMember, Member } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { useSession } from '../../app/session';
import { EmptyTeach, Mark, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { memberName } from '../members/cells';

/** The list names members by id; who they are is read as each row is shown. */
function Who({ id }: { id: string }) {
  const { merchant } = useSession();
  const member = useQuery<Member>({ queryKey: ['member', merchant.id, id], queryFn: () => api.get<Member>(`/members/${id}`), staleTime: 60_000 });
  const phone = member.data?.phone_masked;
  return (
    <>
      <Link to={`/members/${id}`}>{member.data ? memberName(member.data) : `${id.slice(0, 4)}…${id.slice(-6)}`}</Link>
      {/* One masked name is that of many. On a line of its own, so that the link is told from text. */}
      {phone && member.data && memberName(member.data) !== phone ? <span className="muted small who-phone">{phone}</span> : null}
    </>
  );
}

export function BatchMembers({ id, losses, all }: { id: string; losses: string[]; all: number }) {
  const { t } = useTranslation();
  const reason = (verdict: string) => t(`batches.reason.${verdict}`, { defaultValue: verdict });
  const columns: Column<BatchMember>[] = [
    { key: 'member', title: t('members.one'), render: (m) => <Who id={m.member} />, sheet: (m) => m.member },
    { key: 'verdict', title: t('batches.verdict'), render: (m) => <Mark tone={m.verdict === 'treated' ? 'good' : m.verdict === 'held_out' ? 'info' : 'plain'}>{reason(m.verdict)}</Mark>, sheet: (m) => m.verdict },
    { key: 'handed', blank: (m) => !m.handed_at, title: t('batches.handedAt'), render: (m) => <Time at={m.handed_at} />, sheet: (m) => m.handed_at },
    { key: 'receipt', blank: (m) => !m.receipt, title: t('batches.receipt'), render: (m) => (m.receipt ? <Mark tone={m.receipt === 'delivered' ? 'good' : 'bad'}>{t(`batches.receiptOf.${m.receipt}`, { defaultValue: m.receipt })}</Mark> : '–'), sheet: (m) => m.receipt },
    { key: 'clicked', blank: (m) => !m.clicked_at, title: t('batches.clickedAt'), render: (m) => <Time at={m.clicked_at} />, sheet: (m) => m.clicked_at },
    { key: 'replied', blank: (m) => !m.replied_at, title: t('batches.repliedAt'), render: (m) => <Time at={m.replied_at} />, sheet: (m) => m.replied_at },
    { key: 'unsubscribed', blank: (m) => !m.unsubscribed_at, title: t('batches.unsubscribedAt'), render: (m) => <Time at={m.unsubscribed_at} />, sheet: (m) => m.unsubscribed_at },
    { key: 'link', title: t('batches.linkCode'), hidden: true, render: (m) => m.link ?? '–', sheet: (m) => m.link },
  ];
  return (
    <ResourceList<BatchMember>
      page="batch-members"
      label={t('batches.tab.members')}
      path={`/batches/${id}/members`}
      columns={columns}
      rowKey={(m) => m.member}
      exportName="batch-members"
      total={(query) => (query.verdict ? null : all)}
      filters={[{ kind: 'select', name: 'verdict', label: t('batches.verdict'), options: [...new Set(['treated', ...losses])].map((value) => ({ value, label: reason(value) })) }]}
      empty={<EmptyTeach title={t('batches.noMembers')} />}
    />
  );
}
