/** Requests for a copy or for erasure, each with the day by which it must be done. */
import type { PrivacyRequest } from '@api';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useAct } from '../../ui/act';
import { downloadBlob, EmptyTeach, Mark, StateMark, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { Named } from '../names';

const finished = (r: PrivacyRequest) => ['done', 'completed'].includes(r.state);

function Due({ request }: { request: PrivacyRequest }) {
  const { t } = useTranslation();
  if (finished(request)) return <Time at={request.completed_at} />;
  const days = Math.ceil((Date.parse(request.due_at) - Date.now()) / 86_400_000);
  return (
    <span className="cell-two">
      <Time at={request.due_at} day />
      <span>
        <Mark tone={days < 0 ? 'bad' : days <= 3 ? 'warn' : 'plain'}>{days < 0 ? t('privacy.overdue', { n: -days }) : t('privacy.daysLeft', { n: days })}</Mark>
      </span>
    </span>
  );
}

export function RequestsTab() {
  const { t } = useTranslation();
  const word = useWord();
  const { modal } = App.useApp();
  const touches = [['list', '/privacy/requests'], ['member'], ['jobs'], ['overview']];
  const complete = useAct<string>((client, id) => client.post(`/privacy/requests/${id}/complete`), { done: t('privacy.completed'), touches });
  const copy = useAct<string, Blob>((_c, id) => api.download(`/privacy/requests/${id}/copy`), {
    onDone: (blob, id) => downloadBlob(blob, `member-data-${id.slice(-6)}.json`),
  });
  const confirm = (request: PrivacyRequest) =>
    modal.confirm({
      title: t(request.kind === 'erasure' ? 'privacy.eraseTitle' : 'privacy.copyDone'),
      content: t(request.kind === 'erasure' ? 'privacy.eraseText' : 'privacy.copyDoneText'),
      okText: t(request.kind === 'erasure' ? 'privacy.erase' : 'privacy.markDone'),
      okButtonProps: { danger: request.kind === 'erasure' },
      cancelText: t('common.cancel'),
      onOk: () => complete.mutateAsync(request.id).catch(() => undefined),
    });
  const columns: Column<PrivacyRequest>[] = [
    { key: 'kind', title: t('privacy.kind'), render: (r) => <Mark tone={r.kind === 'erasure' ? 'bad' : 'info'}>{word('privacyKind', r.kind)}</Mark> },
    { key: 'member', title: t('members.one'), render: (r) => <Named id={r.member} /> },
    { key: 'state', title: t('orders.state'), render: (r) => <StateMark state={r.state} area="privacyState" /> },
    { key: 'created', title: t('privacy.asked'), render: (r) => <Time at={r.created_at} /> },
    { key: 'due', title: t('privacy.due'), render: (r) => <Due request={r} /> },
  ];
  return (
    <ResourceList<PrivacyRequest>
      plain
      page="privacy-requests"
      label={t('privacy.requests')}
      path="/privacy/requests"
      columns={columns}
      rowKey={(r) => r.id}
      empty={<EmptyTeach title={t('privacy.noRequests')} text={t('privacy.noRequestsText')} />}
      actions={(r) => (
        <span className="row-actions">
          {r.kind === 'copy' ? (
            <Button size="small" loading={copy.isPending && copy.variables === r.id} onClick={() => copy.mutate(r.id)}>
              {t('privacy.download')}
            </Button>
          ) : null}
          {finished(r) ? null : (
            <Button size="small" danger={r.kind === 'erasure'} onClick={() => confirm(r)}>
              {t(r.kind === 'erasure' ? 'privacy.erase' : 'privacy.markDone')}
            </Button>
          )}
        </span>
      )}
    />
  );
}
