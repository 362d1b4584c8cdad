/** Who works here and as what: invitations, roles, leaving. */
import { ROLES, type Role, type Staff, type StaffInvite } from '@api';
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card, CopyButton, EmptyTeach, Mark, PageHead, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';

interface InviteForm {
  name: string;
  email: string;
  role: Role;
}

const acceptLink = (token: string) => `${window.location.origin}/accept?token=${encodeURIComponent(token)}`;

export function Component() {
  const { t } = useTranslation();
  const word = useWord();
  const { session } = useSession();
  const { modal } = App.useApp();
  const [inviting, setInviting] = useState(false);
  const [invited, setInvited] = useState<StaffInvite | null>(null);
  const touches = [['list', '/staff']];
  const invite = useAct<InviteForm, StaffInvite>((client, given) => client.post<StaffInvite>('/staff', given), {
    touches,
    onDone: (answer) => {
      setInviting(false);
      setInvited(answer);
    },
  });
  const change = useAct<{ id: string; role: Role }>((client, { id, role }) => client.patch(`/staff/${id}`, { role }), { done: t('common.saved'), touches });
  const [reset, setReset] = useState<{ name: string; link: string } | null>(null);
  const makeReset = useAct<Staff, { invite_url_token: string }>((client, person) => client.post<{ invite_url_token: string }>(`/staff/${person.id}/reset`), {
    onDone: (answer, person) => setReset({ name: person.name, link: acceptLink(answer.invite_url_token) }),
  });
  const remove = useAct<string>((client, id) => client.delete(`/staff/${id}`), { done: t('staff.removed'), touches });
  const options = ROLES.map((value) => ({ value, label: word('role', value) }));
  const columns: Column<Staff>[] = [
    { key: 'name', title: t('common.name'), render: (s) => s.name, sheet: (s) => s.name },
    { key: 'email', title: t('entry.email'), render: (s) => <span className="break">{s.email_masked}</span>, sheet: (s) => s.email_masked },
    {
      key: 'role',
      title: t('staff.role'),
      render: (s) =>
        s.id === session.staff.id || s.disabled_at ? (
          word('role', s.role)
        ) : (
          <Select size="small" value={s.role} options={options} aria-label={t('staff.roleOf', { name: s.name })} popupMatchSelectWidth={false} onChange={(role: Role) => change.mutate({ id: s.id, role })} />
        ),
      sheet: (s) => s.role,
    },
    { key: 'totp', title: t('entry.totpTitle'), render: (s) => <Mark tone={s.totp_enabled ? 'good' : 'warn'}>{s.totp_enabled ? t('entry.totpIsOn') : t('entry.totpIsOff')}</Mark> },
    { key: 'state', title: t('orders.state'), render: (s) => (s.disabled_at ? <Mark>{t('staff.disabled')}</Mark> : s.invited ? <Mark tone="info">{t('staff.invited')}</Mark> : <Mark tone="good">{t('staff.active')}</Mark>) },
    { key: 'created', title: t('staff.since'), render: (s) => <Time at={s.created_at} day />, sheet: (s) => s.created_at },
  ];
  const link = invited?.invite_url_token ? acceptLink(invited.invite_url_token) : '';
  return (
    <>
      <PageHead
        title={t('nav.staff')}
        note={t('staff.note')}
        actions={
          <Button type="primary" onClick={() => setInviting(true)}>
            {t('staff.invite')}
          </Button>
        }
      />
      <div className="stack">
        <ResourceList<Staff>
          plain
          page="staff"
          label={t('nav.staff')}
          path="/staff"
          columns={columns}
          rowKey={(s) => s.id}
          empty={<EmptyTeach title={t('staff.empty')} />}
          actions={(s) =>
            s.id === session.staff.id || s.disabled_at ? null : (
              <>
              {s.invited ? null : (
                <Button
                  size="small"
                  onClick={() =>
                    modal.confirm({
                      title: t('staff.resetTitle', { name: s.name }),
                      content: t('staff.resetText'),
                      okText: t('staff.resetDo'),
                      cancelText: t('common.cancel'),
                      onOk: () => makeReset.mutateAsync(s).catch(() => undefined),
                    })
                  }
                >
                  {t('staff.reset')}
                </Button>
              )}{' '}
              <Button
                size="small"
                danger
                onClick={() =>
                  modal.confirm({
                    title: t('staff.removeTitle', { name: s.name }),
                    content: t('staff.removeText'),
                    okText: t('staff.remove'),
                    okButtonProps: { danger: true },
                    cancelText: t('common.cancel'),
                    onOk: () => remove.mutateAsync(s.id).catch(() => undefined),
                  })
                }
              >
                {t('staff.remove')}
              </Button>
              </>
            )
          }
        />
        <Card title={t('staff.rolesTitle')}>
          <dl className="roles">
            {ROLES.map((role) => (
              <div key={role}>
                <dt>{word('role', role)}</dt>
                <dd className="muted">{t(`staff.may.${role}`)}</dd>
              </div>
            ))}
          </dl>
        </Card>
      </div>
      <Modal open={inviting} title={t('staff.invite')} footer={null} onCancel={() => setInviting(false)} destroyOnHidden>
        <Form<InviteForm> layout="vertical" requiredMark={false} initialValues={{ role: 'operator' }} onFinish={(given) => invite.mutate(given)}>
          <Form.Item name="name" label={t('common.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="email" label={t('entry.email')} rules={[{ required: true, type: 'email', message: t('entry.emailBad') }]}>
            <Input type="email" />
          </Form.Item>
          <Form.Item name="role" label={t('staff.role')}>
            <Select options={options} />
          </Form.Item>
          <div className="drawer-footer">
            <Button onClick={() => setInviting(false)}>{t('common.cancel')}</Button>
            <Button type="primary" htmlType="submit" loading={invite.isPending}>
              {t('staff.invite')}
            </Button>
          </div>
        </Form>
      </Modal>
      <Modal open={reset !== null} title={t('staff.resetTitle', { name: reset?.name ?? '' })} onCancel={() => setReset(null)} footer={<Button onClick={() => setReset(null)}>{t('common.close')}</Button>}>
        <p>{t('staff.resetLink', { name: reset?.name ?? '' })}</p>
        <p className="secret mono break">{reset?.link}</p>
        <CopyButton text={reset?.link ?? ''} />
      </Modal>
      <Modal open={invited !== null} title={t('staff.invitedTitle')} onCancel={() => setInvited(null)} footer={<Button onClick={() => setInvited(null)}>{t('common.close')}</Button>}>
        <p>{t(link ? 'staff.invitedText' : 'staff.addedText', { name: invited?.staff?.name ?? '' })}</p>
        {link ? (
          <>
            <p className="secret mono break">{link}</p>
            <CopyButton text={link} />
          </>
        ) : null}
      </Modal>
    </>
  );
}
