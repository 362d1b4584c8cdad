/** Who is told of changes by webhook: deliveries, tests, replay from a position, rotation of the secret. */
import type { Page, Webhook, WebhookDelivery, WebhookTested } from '@api';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Drawer, Dropdown, Form, Input, InputNumber, Modal, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useNarrow } from '../../app/prefs';
import { useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { CopyButton, EmptyTeach, Mark, PageHead, StateMark, Time } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';

const TYPES = ['member.created', 'member.changed', 'member.merged', 'member.unmerged', 'member.erased', 'order.created', 'order.paid', 'order.shipped', 'order.completed', 'order.closed', 'order.identified', 'refund.created', 'consent.changed', 'import.finished'];

interface HookForm {
  url: string;
  types: string[];
}

function Deliveries({ hook, onClose }: { hook: Webhook | null; onClose: () => void }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { merchant } = useSession();
  const answer = useQuery<Page<WebhookDelivery>>({
    queryKey: ['deliveries', merchant.id, hook?.id],
    queryFn: () => api.get<Page<WebhookDelivery>>(`/webhooks/${hook?.id ?? ''}/deliveries`),
    enabled: hook !== null,
    refetchInterval: hook ? 5_000 : false,
  });
  const columns: Column<WebhookDelivery>[] = [
    { key: 'at', title: t('webhooks.at'), render: (d) => <Time at={d.at} seconds /> },
    { key: 'type', title: t('webhooks.type'), render: (d) => <span className="mono break">{d.type ?? '–'}</span> },
    { key: 'state', title: t('orders.state'), render: (d) => <StateMark state={d.state} area="deliveryState" /> },
    { key: 'answer', title: t('webhooks.answer'), render: (d) => <span className="break">{d.status ?? d.error ?? '–'}</span> },
    { key: 'attempt', title: t('webhooks.attempt'), align: 'right', render: (d) => d.attempt ?? '–' },
  ];
  const rows = answer.data?.items ?? [];
  return (
    <Drawer open={hook !== null} onClose={onClose} size={narrow ? '100%' : 760} title={t('webhooks.deliveries')} styles={{ body: { padding: 0 } }}>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active className="pad" />
      ) : rows.length === 0 ? (
        <EmptyTeach title={t('webhooks.noDeliveries')} text={t('webhooks.noDeliveriesText')} />
      ) : (
        <DataTable label={t('webhooks.deliveries')} columns={columns} rows={rows} rowKey={(d) => d.id} dense />
      )}
    </Drawer>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [seen, setSeen] = useState<Webhook | null>(null);
  const [replaying, setReplaying] = useState<Webhook | null>(null);
  const touches = [['list', '/webhooks'], ['deliveries']];
  const add = useAct<HookForm, Webhook>((client, given) => client.post<Webhook>('/webhooks', given), {
    touches,
    onDone: (answer) => {
      setAdding(false);
      if (answer.secret) setSecret(answer.secret);
    },
  });
  const rotate = useAct<string, { secret?: string }>((client, id) => client.post(`/webhooks/${id}/rotate`), {
    touches,
    onDone: (answer) => answer.secret && setSecret(answer.secret),
  });
  const test = useAct<string, WebhookTested>((client, id) => client.post<WebhookTested>(`/webhooks/${id}/test`), {
    touches,
    onDone: (answer) =>
      void (answer.delivered
        ? message.success(t('webhooks.tested', { status: answer.status ?? '' }))
        : message.error(t('webhooks.testFailed', { why: answer.error ?? answer.status ?? '' }))),
  });
  const remove = useAct<string>((client, id) => client.delete(`/webhooks/${id}`), { done: t('webhooks.removed'), touches });
  const replay = useAct<number>((client, from_position) => client.post(`/webhooks/${replaying?.id ?? ''}/replay`, { from_position }), {
    done: t('webhooks.replayed'),
    touches,
    onDone: () => setReplaying(null),
  });
  const columns: Column<Webhook>[] = [
    { key: 'url', title: t('webhooks.url'), render: (w) => <span className="break">{w.url}</span> },
    { key: 'types', title: t('webhooks.types'), render: (w) => (w.types.length === 0 ? t('webhooks.allTypes') : <span className="marks">{w.types.map((x) => <Mark key={x}>{x}</Mark>)}</span>) },
    { key: 'state', title: t('orders.state'), render: (w) => (w.disabled_at ? <Mark tone="bad">{t('webhooks.disabled')}</Mark> : <Mark tone="good">{t('webhooks.enabled')}</Mark>) },
    { key: 'created', title: t('keys.created'), render: (w) => <Time at={w.created_at} day /> },
  ];
  const action = (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t('webhooks.add')}
    </Button>
  );
  const more = (hook: Webhook) => ({
    items: [
      { key: 'test', label: t('webhooks.test') },
      { key: 'replay', label: t('webhooks.replay') },
      { key: 'rotate', label: t('webhooks.rotate') },
      { key: 'remove', label: t('common.delete'), danger: true },
    ],
    onClick: ({ key }: { key: string }) => {
      if (key === 'test') test.mutate(hook.id);
      if (key === 'replay') setReplaying(hook);
      if (key === 'rotate')
        modal.confirm({ title: t('webhooks.rotate'), content: t('webhooks.rotateText'), okText: t('webhooks.rotate'), cancelText: t('common.cancel'), onOk: () => rotate.mutateAsync(hook.id).catch(() => undefined) });
      if (key === 'remove')
        modal.confirm({ title: t('webhooks.removeTitle'), content: hook.url, okText: t('common.delete'), okButtonProps: { danger: true }, cancelText: t('common.cancel'), onOk: () => remove.mutateAsync(hook.id).catch(() => undefined) });
    },
  });
  return (
    <>
      <PageHead title={t('nav.webhooks')} note={t('webhooks.note')} actions={action} />
      <ResourceList<Webhook>
        plain
        page="webhooks"
        label={t('nav.webhooks')}
        path="/webhooks"
        columns={columns}
        rowKey={(w) => w.id}
        empty={<EmptyTeach title={t('webhooks.empty')} text={t('webhooks.emptyText')} actions={action} />}
        actions={(w) => (
          <span className="row-actions">
            <Button size="small" onClick={() => setSeen(w)}>
              {t('webhooks.deliveries')}
            </Button>
            <Dropdown trigger={['click']} menu={more(w)}>
              <Button size="small">{t('common.more')}</Button>
            </Dropdown>
          </span>
        )}
      />
      <Deliveries hook={seen} onClose={() => setSeen(null)} />
      <Modal open={adding} title={t('webhooks.add')} footer={null} onCancel={() => setAdding(false)} destroyOnHidden>
        <Form<HookForm> layout="vertical" requiredMark={false} initialValues={{ types: [] }} onFinish={(given) => add.mutate({ url: given.url.trim(), types: given.types ?? [] })}>
          <Form.Item name="url" label={t('webhooks.url')} extra={t('webhooks.urlNote')} rules={[{ required: true, type: 'url', message: t('webhooks.urlBad') }]}>
            <Input type="url" placeholder="https://" />
          </Form.Item>
          <Form.Item name="types" label={t('webhooks.types')} extra={t('webhooks.typesNote')}>
            <Select mode="tags" options={TYPES.map((value) => ({ value, label: value }))} />
          </Form.Item>
          <div className="drawer-footer">
            <Button onClick={() => setAdding(false)}>{t('common.cancel')}</Button>
            <Button type="primary" htmlType="submit" loading={add.isPending}>
              {t('webhooks.add')}
            </Button>
          </div>
        </Form>
      </Modal>
      <Modal open={secret !== null} title={t('webhooks.secretTitle')} closable={false} mask={{ closable: false }} footer={<Button type="primary" onClick={() => setSecret(null)}>{t('keys.kept')}</Button>}>
        <p>{t('webhooks.secretText')}</p>
        <p className="secret mono break">{secret}</p>
        <CopyButton text={secret ?? ''} />
      </Modal>
      <Modal open={replaying !== null} title={t('webhooks.replay')} footer={null} onCancel={() => setReplaying(null)} destroyOnHidden>
        <p>{t('webhooks.replayText')}</p>
        <Form<{ from_position: number }> layout="vertical" requiredMark={false} initialValues={{ from_position: 0 }} onFinish={({ from_position }) => replay.mutate(from_position)}>
          <Form.Item name="from_position" label={t('webhooks.position')} rules={[{ required: true, message: t('common.required') }]}>
            <InputNumber min={0} precision={0} className="full" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={replay.isPending}>
            {t('webhooks.replay')}
          </Button>
        </Form>
      </Modal>
    </>
  );
}
