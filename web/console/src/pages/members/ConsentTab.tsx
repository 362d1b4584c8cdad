/** What the member agreed to, per purpose and channel, with source and proof; the newest word counts. */
import type { Consent, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { EmptyTeach, Mark, Needed, Time, useSourceName, useWord } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { held } from './consents';

const PURPOSES = ['marketing', 'service', 'profiling', 'ads'];
const CONSOLE = 'console';
const CHANNELS = ['any', 'sms', 'email', 'wechat', 'push', 'phone'];

interface ConsentForm {
  purpose: string;
  channel: string;
  source: string;
  proof: string;
}

export function ConsentTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const word = useWord();
  const sourceName = useSourceName();
  const { merchant } = useSession();
  const may = useCan('members:write');
  const [asking, setAsking] = useState<{ granted: boolean; preset?: Consent } | null>(null);
  const key = ['consents', merchant.id, id];
  const answer = useQuery<Page<Consent>>({ queryKey: key, queryFn: () => api.get<Page<Consent>>(`/members/${id}/consents`) });
  const put = useAct<ConsentForm & { granted: boolean }>(
    (client, given) => client.post(`/members/${id}/consents`, { ...given, at: new Date().toISOString() }),
    { done: t('members.consentSaved'), touches: [key], onDone: () => setAsking(null) },
  );
  /** A row of a file is told in one language; any other proof as it was written. */
  const proofText = (proof: string | null | undefined) => {
    const row = /^(.+) · \S+ (\d+) \S+ · row \2$/.exec(proof ?? '');
    return row ? t('members.proofRow', { file: row[1], row: row[2] }) : proof || '–';
  };
  const columns: Column<Consent>[] = [
    {
      key: 'what',
      title: t('members.consentFor'),
      render: (c) => `${word('purpose', c.purpose)} · ${word('channel', c.channel)}`,
    },
    {
      key: 'granted',
      title: t('members.consentState'),
      render: (c) => <Mark tone={c.granted ? 'good' : 'bad'}>{c.granted ? t('members.granted') : t('members.withdrawn')}</Mark>,
    },
    { key: 'at', title: t('members.consentAt'), render: (c) => <Time at={c.at} /> },
    {
      key: 'proof',
      title: t('members.proof'),
      render: (c) => (
        <span className="cell-two">
          <span className="break">{proofText(c.proof)}</span>
          <span className="muted small">{sourceName(c.source)}</span>
        </span>
      ),
    },
  ];
  const rows = answer.data?.items ?? [];
  // What was said last for a purpose and a channel holds; what stands below it is history and offers nothing to do.
  const holding = held(rows);
  const holds = (c: Consent) => holding.includes(c);
  return (
    <>
      <div className="tab-bar">
        <span className="muted small grow">{t(rows.length > 0 ? 'members.consentNote' : 'members.consentNoneNote')}</span>
        {may ? (
          <span className="row-gap">
            <Button onClick={() => setAsking({ granted: false })}>{t('members.refusalAdd')}</Button>
            <Button type="primary" onClick={() => setAsking({ granted: true })}>
              {t('members.consentAdd')}
            </Button>
          </span>
        ) : null}
      </div>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active className="pad" />
      ) : rows.length === 0 && !answer.error ? (
        <EmptyTeach title={t('members.noConsents')} text={t('members.noConsentsText')} />
      ) : (
        <DataTable
          label={t('members.tab.consents')}
          columns={columns}
          rows={rows}
          rowKey={(c) => c.id ?? `${c.purpose}-${c.channel}-${c.at}`}
          {...(may
            ? {
                actions: (c: Consent) =>
                  !holds(c) ? (
                    <span className="muted small">{t('members.consentPast')}</span>
                  ) : c.granted ? (
                    <Button size="small" danger onClick={() => setAsking({ granted: false, preset: c })}>
                      {t('members.withdraw')}
                    </Button>
                  ) : (
                    <Button size="small" onClick={() => setAsking({ granted: true, preset: c })}>
                      {t('members.grant')}
                    </Button>
                  ),
              }
            : {})}
        />
      )}
      <Modal
        open={asking !== null}
        title={t(asking?.granted ? 'members.consentAdd' : asking?.preset ? 'members.withdrawTitle' : 'members.refusalAdd')}
        footer={null}
        onCancel={() => setAsking(null)}
        destroyOnHidden
      >
        <p className="muted">{t(asking?.granted ? 'members.grantText' : asking?.preset ? 'members.withdrawText' : 'members.refusalText')}</p>
        <Form<ConsentForm>
          layout="vertical"
          requiredMark={false}
          initialValues={{ purpose: asking?.preset?.purpose ?? 'marketing', channel: asking?.preset?.channel ?? 'sms', source: sourceName(CONSOLE), proof: '' }}
          // The word for this place is shown in the reader's language and kept as a code.
          onFinish={(values) => put.mutate({ ...values, source: values.source === sourceName(CONSOLE) ? CONSOLE : values.source, granted: asking?.granted ?? false })}
        >
          <Form.Item name="purpose" label={t('members.purpose')}>
            <Select options={PURPOSES.map((value) => ({ value, label: word('purpose', value) }))} />
          </Form.Item>
          <Form.Item name="channel" label={t('members.channel')}>
            <Select options={CHANNELS.map((value) => ({ value, label: word('channel', value) }))} />
          </Form.Item>
          <Form.Item name="source" label={<Needed>{t('members.source')}</Needed>} extra={t('members.sourceNote')} rules={[{ required: true, message: t('common.required') }]}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="proof" label={<Needed>{t('members.proof')}</Needed>} extra={t('members.proofNote')} rules={[{ required: true, message: t('common.required') }]}>
            <Input.TextArea rows={2} maxLength={300} />
          </Form.Item>
          <div className="drawer-footer">
            <Button onClick={() => setAsking(null)}>{t('common.cancel')}</Button>
            <Button type="primary" danger={!asking?.granted} htmlType="submit" loading={put.isPending}>
              {t(asking?.granted ? 'members.consentAdd' : asking?.preset ? 'members.withdraw' : 'members.refusalAdd')}
            </Button>
          </div>
        </Form>
      </Modal>
    </>
  );
}
