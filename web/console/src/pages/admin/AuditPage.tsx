/** Who did what and when, in a chain that shows if a link was changed. */
import type { ApiKey, AuditEntry, AuditVerdict, Page, Staff } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { EmptyTeach, PageHead, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { Named } from '../names';
import { ACTIONS, wordOf } from './actions';
import { AuditSummary } from './AuditSummary';
import { said } from './said';

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
  const named = (action: string) => t(wordOf(action), { defaultValue: action });
  const actors = [
    ...(mayStaff ? (staff.data?.items ?? []).map((s) => ({ value: s.id, label: s.name })) : []),
    ...(mayKeys ? (keys.data?.items ?? []).map((k) => ({ value: k.id, label: t('audit.byKey', { name: k.name }) })) : []),
  ];
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const verify = useAct<void, AuditVerdict>(() => api.get<AuditVerdict>('/audit/verify'), { onDone: setVerdict });
  const columns: Column<AuditEntry>[] = [
    // First, so that it heads the card on a phone.
    { key: 'action', title: t('audit.action'), render: (e) => named(e.action), sheet: (e) => named(e.action) },
    { key: 'at', title: t('audit.at'), render: (e) => <Time at={e.at} seconds />, sheet: (e) => e.at },
    { key: 'actor', title: t('audit.actor'), render: (e) => (e.actor_name ? <span className="break">{e.actor_name}</span> : <Named id={e.actor} />), sheet: (e) => e.actor_name ?? e.actor },
    { key: 'subject', title: t('audit.subject'), render: (e) => (e.subject ? <Named id={e.subject} /> : '–'), sheet: (e) => e.subject },
    { key: 'summary', title: t('audit.summary'), render: (e) => <AuditSummary entry={e} />, sheet: (e) => said(e, t) },
    { key: 'seq', title: t('audit.seq'), render: (e) => formatNumber(e.seq), sheet: (e) => e.seq, width: 80 },
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
          { kind: 'select', name: 'action', label: t('audit.searchAction'), options: ACTIONS.map((value) => ({ value, label: named(value) })) },
          ...(actors.length > 0 ? [{ kind: 'select' as const, name: 'actor', label: t('audit.searchActor'), options: actors }] : []),
        ]}
        empty={<EmptyTeach title={t('audit.empty')} />}
      />
    </>
  );
}
