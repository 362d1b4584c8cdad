/** Everybody whom the batch was about, with the verdict on each and what came of them. */
import type { BatchFunnel, BatchMember } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatTime } from '../../app/format';
import { useZone } from '../../app/session';
import { EmptyTeach, Mark, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';

const nameOf = (m: BatchMember) => m.display_name || m.phone_masked || `${m.member.slice(0, 4)}…${m.member.slice(-6)}`;
/** One masked name is that of many: the phone tells them apart, unless it stands there already. */
const phoneOf = (m: BatchMember) => (m.phone_masked && m.phone_masked !== nameOf(m) ? m.phone_masked : null);

export function BatchMembers({ id, funnel }: { id: string; funnel: BatchFunnel }) {
  const { t } = useTranslation();
  const zone = useZone();
  const count = (verdict: string) => (verdict === 'treated' ? funnel.handed_over : (funnel.losses[verdict] ?? 0));
  // In the file as on the screen: the reader's words and the shop's time.
  const time = (at: string | null | undefined) => (at ? formatTime(at, zone) : '');
  const received = (receipt: string) => t(`batches.receiptOf.${receipt}`, { defaultValue: receipt });
  const reason = (verdict: string) => t(`batches.reason.${verdict}`, { defaultValue: verdict });
  const columns: Column<BatchMember>[] = [
    {
      key: 'member',
      title: t('members.one'),
      render: (m) => (
        <>
          <Link to={`/members/${m.member}`}>{nameOf(m)}</Link>
          {/* On a line of its own, so that the link is told from text. */}
          {phoneOf(m) ? <span className="muted small who-phone">{phoneOf(m)}</span> : null}
        </>
      ),
      sheet: (m) => [nameOf(m), phoneOf(m)].filter(Boolean).join(' '),
    },
    { key: 'verdict', title: t('batches.verdict'), render: (m) => <Mark tone={m.verdict === 'treated' ? 'good' : m.verdict === 'held_out' ? 'info' : 'plain'}>{reason(m.verdict)}</Mark>, sheet: (m) => reason(m.verdict) },
    { key: 'handed', blank: (m) => !m.handed_at, title: t('batches.handedAt'), render: (m) => <Time at={m.handed_at} />, sheet: (m) => time(m.handed_at) },
    { key: 'receipt', blank: (m) => !m.receipt, title: t('batches.receipt'), render: (m) => (m.receipt ? <Mark tone={m.receipt === 'delivered' ? 'good' : 'bad'}>{received(m.receipt)}</Mark> : '–'), sheet: (m) => (m.receipt ? received(m.receipt) : '') },
    { key: 'clicked', blank: (m) => !m.clicked_at, title: t('batches.clickedAt'), render: (m) => <Time at={m.clicked_at} />, sheet: (m) => time(m.clicked_at) },
    { key: 'replied', blank: (m) => !m.replied_at, title: t('batches.repliedAt'), render: (m) => <Time at={m.replied_at} />, sheet: (m) => time(m.replied_at) },
    { key: 'unsubscribed', blank: (m) => !m.unsubscribed_at, title: t('batches.unsubscribedAt'), render: (m) => <Time at={m.unsubscribed_at} />, sheet: (m) => time(m.unsubscribed_at) },
    { key: 'link', title: t('batches.linkCode'), hidden: true, render: (m) => m.link ?? '–', sheet: (m) => m.link },
    { key: 'id', title: t('batches.memberId'), hidden: true, render: (m) => <code>{m.member}</code>, sheet: (m) => m.member },
    { key: 'code', title: t('batches.verdictCode'), hidden: true, render: (m) => <code>{m.verdict}</code>, sheet: (m) => m.verdict },
  ];
  return (
    <ResourceList<BatchMember>
      page="batch-members"
      label={t('batches.tab.members')}
      path={`/batches/${id}/members`}
      columns={columns}
      rowKey={(m) => m.member}
      exportName="batch-members"
      total={(query) => (query.verdict ? count(query.verdict) : funnel.matched)}
      filters={[{ kind: 'select', name: 'verdict', label: t('batches.verdict'), options: [...new Set(['treated', ...Object.keys(funnel.losses)])].map((value) => ({ value, label: reason(value) })) }]}
      empty={<EmptyTeach title={t('batches.noMembers')} />}
    />
  );
}
