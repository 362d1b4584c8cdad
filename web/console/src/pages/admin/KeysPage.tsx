/** Keys for programs: what each may do, when it was last used; the secret is shown once and never again. */
import { type ApiKey, type ApiKeyCreated, SCOPES } from '@api';
import { App, Button, Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { CopyButton, EmptyTeach, Mark, PageHead, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';

interface KeyForm {
  name: string;
  scopes: string[];
  test?: boolean;
}

export function Component() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<ApiKeyCreated | null>(null);
  const touches = [['list', '/keys']];
  const add = useAct<KeyForm, ApiKeyCreated>((client, given) => client.post<ApiKeyCreated>('/keys', { name: given.name.trim(), scopes: given.scopes, test: given.test ?? false }), {
    touches,
    onDone: (answer) => {
      setAdding(false);
      setCreated(answer);
    },
  });
  const remove = useAct<string>((client, id) => client.delete(`/keys/${id}`), { done: t('keys.removed'), touches });
  const scopeName = (scope: string) => t(`scopes.${scope.replace(':', '_')}`, { defaultValue: scope });
  const columns: Column<ApiKey>[] = [
    { key: 'name', title: t('common.name'), render: (k) => k.name },
    { key: 'prefix', title: t('keys.prefix'), render: (k) => <span className="mono nowrap">{k.prefix}…</span> },
    {
      key: 'kind',
      title: t('keys.kind'),
      render: (k) => {
        const test = k.test ?? k.prefix.startsWith('sk_test');
        return <Mark tone={test ? 'info' : 'good'}>{test ? t('keys.test') : t('keys.live')}</Mark>;
      },
    },
    { key: 'scopes', title: t('keys.scopes'), render: (k) => <span className="marks">{k.scopes.map((s) => <Mark key={s}>{scopeName(s)}</Mark>)}</span> },
    { key: 'used', title: t('keys.lastUsed'), render: (k) => (k.last_used_at ? <Time at={k.last_used_at} /> : t('keys.never')) },
    { key: 'created', title: t('keys.created'), render: (k) => <Time at={k.created_at} day /> },
  ];
  const action = (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t('keys.add')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('nav.keys')} note={t('keys.note')} actions={action} />
      <ResourceList<ApiKey>
        plain
        page="keys"
        label={t('nav.keys')}
        path="/keys"
        columns={columns}
        rowKey={(k) => k.id}
        empty={<EmptyTeach title={t('keys.empty')} text={t('keys.emptyText')} actions={action} />}
        actions={(k) => (
          <Button
            size="small"
            danger
            onClick={() =>
              modal.confirm({
                title: t('keys.removeTitle', { name: k.name }),
                content: t('keys.removeText'),
                okText: t('keys.remove'),
                okButtonProps: { danger: true },
                cancelText: t('common.cancel'),
                onOk: () => remove.mutateAsync(k.id).catch(() => undefined),
              })
            }
          >
            {t('keys.remove')}
          </Button>
        )}
      />
      <Modal open={adding} title={t('keys.add')} footer={null} onCancel={() => setAdding(false)} destroyOnHidden width={600}>
        <Form<KeyForm> layout="vertical" requiredMark={false} initialValues={{ scopes: ['members:read', 'orders:read'], test: false }} onFinish={(given) => add.mutate(given)}>
          <Form.Item name="name" label={t('common.name')} extra={t('keys.nameNote')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="scopes" label={t('keys.scopes')} extra={t('keys.scopesNote')} rules={[{ validator: (_rule, value?: string[]) => (value && value.length > 0 ? Promise.resolve() : Promise.reject(new Error(t('keys.scopeNeeded')))) }]}>
            <Checkbox.Group className="scope-grid" options={SCOPES.map((value) => ({ value, label: scopeName(value) }))} />
          </Form.Item>
          <Form.Item name="test" valuePropName="checked" extra={t('keys.testNote')}>
            <Checkbox>{t('keys.isTest')}</Checkbox>
          </Form.Item>
          <div className="drawer-footer">
            <Button onClick={() => setAdding(false)}>{t('common.cancel')}</Button>
            <Button type="primary" htmlType="submit" loading={add.isPending}>
              {t('keys.add')}
            </Button>
          </div>
        </Form>
      </Modal>
      <Modal open={created !== null} title={t('keys.createdTitle')} closable={false} mask={{ closable: false }} footer={<Button type="primary" onClick={() => setCreated(null)}>{t('keys.kept')}</Button>}>
        <p>{t('keys.createdText')}</p>
        <p className="secret mono break">{created?.secret}</p>
        <CopyButton text={created?.secret ?? ''} />
      </Modal>
    </>
  );
}
