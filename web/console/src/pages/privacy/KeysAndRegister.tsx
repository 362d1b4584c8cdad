/** Rotation of the keys that seal personal data, and the register of what is kept about people. */
import type { Page, RegisterColumn } from '@api';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { Mark, type Tone, useWord } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';

export function KeysTab() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const rotate = useAct((client) => client.post('/privacy/rotate-keys'), { done: t('privacy.rotateStarted'), touches: [['jobs']] });
  return (
    <div className="pad">
      <h3>{t('privacy.rotateTitle')}</h3>
      <p className="muted">{t('privacy.rotateText')}</p>
      <Button
        loading={rotate.isPending}
        onClick={() =>
          modal.confirm({
            title: t('privacy.rotateTitle'),
            content: t('privacy.rotateConfirm'),
            okText: t('privacy.rotate'),
            cancelText: t('common.cancel'),
            onOk: () => rotate.mutateAsync().catch(() => undefined),
          })
        }
      >
        {t('privacy.rotate')}
      </Button>
    </div>
  );
}

const tones: Record<string, Tone> = { public: 'plain', attribute: 'info', identifier: 'warn', secret: 'bad' };

export function RegisterTab() {
  const { t } = useTranslation();
  const word = useWord();
  const { merchant } = useSession();
  const [kind, setKind] = useState<string | undefined>(undefined);
  const answer = useQuery<Page<RegisterColumn>>({
    queryKey: ['register', merchant.id],
    queryFn: () => api.get<Page<RegisterColumn>>('/privacy/register'),
    staleTime: 600_000,
  });
  if (!answer.data) return answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active className="pad" />;
  const columns: Column<RegisterColumn>[] = [
    { key: 'column', title: t('privacy.column'), render: (c) => <span className="mono break">{c.column}</span> },
    { key: 'table', title: t('privacy.table'), render: (c) => <span className="mono break">{c.table}</span> },
    { key: 'class', title: t('privacy.class'), render: (c) => <Mark tone={tones[c.class] ?? 'plain'}>{word('class', c.class)}</Mark> },
  ];
  const rows = answer.data.items.filter((c) => !kind || c.class === kind);
  return (
    <>
      <div className="tab-bar">
        <span className="muted small grow">{t('privacy.registerNote')}</span>
        <Select
          allowClear
          className="filter-select"
          placeholder={t('privacy.class')}
          aria-label={t('privacy.class')}
          value={kind}
          onChange={setKind}
          options={Object.keys(tones).map((value) => ({ value, label: word('class', value) }))}
        />
      </div>
      <DataTable label={t('privacy.register')} columns={columns} rows={rows} rowKey={(c) => `${c.table}.${c.column}`} dense />
    </>
  );
}
