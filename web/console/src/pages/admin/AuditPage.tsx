/** Who did what and when, in a chain that shows if a link was changed. */
import type { ApiKey, AuditEntry, AuditVerdict, Page, Staff } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { api } from '../../app/api';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { EmptyTeach, PageHead, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { Named } from '../names';
import { AuditSummary, said } from './AuditSummary';

/** What the log records, in the order in which people look for it. */
const ACTIONS = [
  'session.begun', 'staff.role_granted', 'staff.removed', 'staff.renamed', 'staff.disabled', 'staff.enabled',
  'staff.locked', 'staff.password_set', 'staff.totp_enabled', 'staff.totp_reset', 'key.created', 'key.revoked',
  'member.unmasked', 'member.changed', 'member.merged', 'member.unmerged', 'member.erased', 'review.merged',
  'review.kept_apart', 'import.undo', 'quarantine.repair', 'quarantine.discard', 'merchant.created',
  'merchant.changed', 'shop.created', 'shop.changed', 'webhook.created', 'webhook.changed', 'webhook.removed',
  'webhook.disabled', 'webhook.replayed', 'webhook.secret_rotated', 'privacy.requested', 'privacy.completed',
  'privacy.copied', 'privacy.key_rotation_requested', 'privacy.keys_rotated', 'privacy.old_keys_removed',
  'suppressions.imported', 'suppression.lifted', 'job.cancelled', 'job.resumed', 'job.retried', 'member.tagged', 'member.untagged', 'members.tagged',
  'tag.created', 'tag.changed', 'tag.deleted', 'tag_category.created', 'tag_category.changed', 'tag_category.deleted',
  'export.requested', 'export.downloaded', 'export.deleted', 'points.ending_exported', 'points.trial_exported', 'redemptions.exported', 'benefit_tasks.exported', 'occasion.created', 'occasion.changed', 'occasion.removed', 'staff.password_reset',
];

export function Component() {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const mayStaff = useCan('staff:manage');
  const staff = useQuery<Page<Staff>>({
    queryKey: ['staff-names', merchant.id],
    queryFn: () => api.get<Page<Staff>>('/staff', { limit: 200 }),
    enabled: mayStaff,
  });
  const mayKeys = useCan('keys:manage');
  const keys = useQuery<Page<ApiKey>>({
    queryKey: ['key-names', merchant.id],
    queryFn: () => api.get<Page<ApiKey>>('/keys', { limit: 200 }),
    enabled: mayKeys,
  });
  const wordOf = (e: AuditEntry) => t(`audit.word.${e.action.replaceAll('.', '_')}`, { defaultValue: e.action });
  const actors = [
    ...(mayStaff ? (staff.data?.items ?? []).map((s) => ({ value: s.id, label: s.name })) : []),
    ...(mayKeys ? (keys.data?.items ?? []).map((k) => ({ value: k.id, label: t('audit.byKey', { name: k.name }) })) : []),
  ];
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const verify = useAct<void, AuditVerdict>(() => api.get<AuditVerdict>('/audit/verify'), { onDone: setVerdict });
  const columns: Column<AuditEntry>[] = [
    { key: 'seq', title: t('audit.seq'), render: (e) => <span className="mono">{e.seq}</span>, sheet: (e) => e.seq, width: 80 },
    { key: 'at', title: t('audit.at'), render: (e) => <Time at={e.at} seconds />, sheet: (e) => e.at },
    { key: 'actor', title: t('audit.actor'), render: (e) => (e.actor_name ? <span className="break">{e.actor_name}</span> : <Named id={e.actor} />), sheet: (e) => e.actor_name ?? e.actor },
    { key: 'action', title: t('audit.action'), render: wordOf, sheet: wordOf },
    { key: 'subject', title: t('audit.subject'), render: (e) => (e.subject ? <Named id={e.subject} /> : '–'), sheet: (e) => e.subject },
    { key: 'summary', title: t('audit.summary'), render: (e) => <AuditSummary entry={e} />, sheet: (e) => said(e, t) },
    { key: 'hash', title: t('audit.hash'), hidden: true, render: (e) => <span className="mono">{e.hash.slice(0, 12)}</span>, sheet: (e) => e.hash },
  ];
  return (
    <>
      <PageHead
        title={t('nav.audit')}
        note={t('audit.note')}
        actions={
          <Button loading={verify.isPending} onClick={() => verify.mutate()}>
            {t('audit.verify')}
          </Button>
        }
      />
      {verdict ? (
        <Alert
          className="gap-below"
          showIcon
          type={verdict.ok ? 'success' : 'error'}
          closable={{ onClose: () => setVerdict(null) }}
          title={t(verdict.ok ? 'audit.ok' : 'audit.broken', { n: formatNumber(verdict.checked), at: verdict.first_bad ?? '' })}
        />
      ) : null}
      <ResourceList<AuditEntry>
        page="audit"
        label={t('nav.audit')}
        path="/audit"
        columns={columns}
        rowKey={(e) => String(e.seq)}
        exportName="audit"
        filters={[
          { kind: 'select', name: 'action', label: t('audit.searchAction'), options: ACTIONS.map((value) => ({ value, label: t(`audit.word.${value.replace('.', '_')}`) })) },
          ...(actors.length > 0 ? [{ kind: 'select' as const, name: 'actor', label: t('audit.searchActor'), options: actors }] : []),
        ]}
        empty={<EmptyTeach title={t('audit.empty')} />}
      />
    </>
  );
}
