/** Phones and addresses that must not be written to, whoever they belong to. */
import type { Suppression } from '@api';
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { EmptyTeach, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';

interface OneForm {
  channel: string;
  value: string;
  reason: string;
}
interface ManyForm {
  channel: string;
  values: string;
  reason: string;
}

export function SuppressionsTab() {
  const { t } = useTranslation();
  const word = useWord();
  const { modal } = App.useApp();
  const [adding, setAdding] = useState<'one' | 'many' | null>(null);
  const touches = [['list', '/suppressions']];
  const close = () => setAdding(null);
  const add = useAct<OneForm>((client, given) => client.post('/suppressions', { ...given, value: given.value.trim() }), { done: t('common.saved'), touches, onDone: close });
  const many = useAct<ManyForm>(
    (client, given) =>
      client.post('/suppressions/import', {
        items: given.values
          .split(/[\s,;，；]+/)
          .filter(Boolean)
          .map((value) => ({ channel: given.channel, value, reason: given.reason })),
      }),
    { done: t('common.saved'), touches, onDone: close },
  );
  const remove = useAct<string>((client, id) => client.delete(`/suppressions/${id}`), { done: t('privacy.unsuppressed'), touches });
  const channels = ['sms', 'email', 'wechat', 'phone', 'any'].map((value) => ({ value, label: word('channel', value) }));
  const columns: Column<Suppression>[] = [
    { key: 'value', title: t('privacy.value'), render: (s) => s.value_masked },
    { key: 'channel', title: t('members.channel'), render: (s) => word('channel', s.channel) },
    { key: 'reason', title: t('common.reason'), render: (s) => t(`privacy.reasonWord.${s.reason}`, { defaultValue: s.reason }) },
    { key: 'source', title: t('members.source'), render: (s) => s.source ?? '–' },
    { key: 'at', title: t('privacy.since'), render: (s) => <Time at={s.at} /> },
  ];
  const needed = [{ required: true, whitespace: true, message: t('common.required') }];
  const foot = (pending: boolean) => (
    <div className="drawer-footer">
      <Button onClick={close}>{t('common.cancel')}</Button>
      <Button type="primary" htmlType="submit" loading={pending}>
        {t('common.save')}
      </Button>
    </div>
  );
  return (
    <>
      <div className="tab-bar">
        <span className="muted small grow">{t('privacy.suppressionNote')}</span>
        <Button onClick={() => setAdding('many')}>{t('privacy.addMany')}</Button>
        <Button type="primary" onClick={() => setAdding('one')}>
          {t('privacy.addOne')}
        </Button>
      </div>
      <ResourceList<Suppression>
        plain
        page="suppressions"
        label={t('privacy.suppressions')}
        path="/suppressions"
        columns={columns}
        rowKey={(s) => s.id}
        empty={<EmptyTeach title={t('privacy.noSuppressions')} text={t('privacy.noSuppressionsText')} />}
        actions={(s) => (
          <Button
            size="small"
            onClick={() =>
              modal.confirm({
                title: t('privacy.unsuppressTitle'),
                content: t('privacy.unsuppressText'),
                okText: t('privacy.unsuppress'),
                okButtonProps: { danger: true },
                cancelText: t('common.cancel'),
                onOk: () => remove.mutateAsync(s.id).catch(() => undefined),
              })
            }
          >
            {t('privacy.unsuppress')}
          </Button>
        )}
      />
      <Modal open={adding === 'one'} title={t('privacy.addOne')} footer={null} onCancel={close} destroyOnHidden>
        <Form<OneForm> layout="vertical" requiredMark={false} initialValues={{ channel: 'sms', reason: 'unsubscribed' }} onFinish={(given) => add.mutate(given)}>
          <Form.Item name="channel" label={t('members.channel')}>
            <Select options={channels} />
          </Form.Item>
          <Form.Item name="value" label={t('privacy.valueLong')} rules={needed}>
            <Input />
          </Form.Item>
          <Form.Item name="reason" label={t('common.reason')} rules={needed}>
            <Select options={['unsubscribed', 'complained', 'bounced', 'requested'].map((value) => ({ value, label: t(`privacy.reasonWord.${value}`) }))} />
          </Form.Item>
          {foot(add.isPending)}
        </Form>
      </Modal>
      <Modal open={adding === 'many'} title={t('privacy.addMany')} footer={null} onCancel={close} destroyOnHidden>
        <p className="muted">{t('privacy.addManyText')}</p>
        <Form<ManyForm> layout="vertical" requiredMark={false} initialValues={{ channel: 'sms', reason: 'unsubscribed' }} onFinish={(given) => many.mutate(given)}>
          <Form.Item name="channel" label={t('members.channel')}>
            <Select options={channels} />
          </Form.Item>
          <Form.Item name="values" label={t('privacy.values')} rules={needed}>
            <Input.TextArea rows={6} />
          </Form.Item>
          <Form.Item name="reason" label={t('common.reason')} rules={needed}>
            <Select options={['unsubscribed', 'complained', 'bounced', 'requested'].map((value) => ({ value, label: t(`privacy.reasonWord.${value}`) }))} />
          </Form.Item>
          {foot(many.isPending)}
        </Form>
      </Modal>
    </>
  );
}
