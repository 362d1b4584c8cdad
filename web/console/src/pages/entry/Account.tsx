/** One's own account: password and second factor. */
import type { TotpSecret } from '@api';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionKey, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card, CopyButton, Facts, Mark, PageHead } from '../../ui/bits';
import { PasswordItems } from './PasswordItems';

interface PasswordForm {
  old_password: string;
  new_password: string;
  again: string;
}

function PasswordCard() {
  const { t } = useTranslation();
  const [form] = Form.useForm<PasswordForm>();
  const change = useAct<Omit<PasswordForm, 'again'>>((client, given) => client.put('/sessions/current/password', given), {
    done: t('entry.passwordChanged'),
    onDone: () => form.resetFields(),
  });
  return (
    <Card title={t('entry.password')}>
      <Form<PasswordForm>
        form={form}
        layout="vertical"
        requiredMark={false}
        className="form-narrow"
        onFinish={({ old_password, new_password }) => change.mutate({ old_password, new_password })}
      >
        <Form.Item name="old_password" label={t('entry.oldPassword')} rules={[{ required: true, message: t('common.required') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <PasswordItems name="new_password" />
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t('entry.changePassword')}
        </Button>
      </Form>
    </Card>
  );
}

function TotpCard() {
  const { t } = useTranslation();
  const { session } = useSession();
  const enabled = session.staff.totp_enabled ?? false;
  const [secret, setSecret] = useState<TotpSecret | null>(null);
  const [closing, setClosing] = useState(false);
  const touches = [[...sessionKey]];
  const begin = useAct<void, TotpSecret>((client) => client.post<TotpSecret>('/sessions/current/totp'), { onDone: setSecret });
  const enable = useAct<string>((client, code) => client.put('/sessions/current/totp', { code }), {
    done: t('entry.totpOn'),
    touches,
    onDone: () => setSecret(null),
  });
  const disable = useAct<string>((client, password) => client.delete('/sessions/current/totp', { password }), {
    done: t('entry.totpOff'),
    touches,
    onDone: () => setClosing(false),
  });
  return (
    <Card title={t('entry.totpTitle')} extra={<Mark tone={enabled ? 'good' : 'warn'}>{enabled ? t('entry.totpIsOn') : t('entry.totpIsOff')}</Mark>}>
      <p className="muted">{t('entry.totpWhy')}</p>
      {secret ? (
        <>
          <Facts
            rows={[
              [t('entry.totpSecret'), <span key="s" className="mono break">{secret.secret}</span>],
              [t('entry.totpUrl'), <span key="u" className="mono break small">{secret.otpauth_url}</span>],
            ]}
          />
          <div className="row-gap">
            <CopyButton text={secret.secret} label={t('entry.totpCopy')} />
          </div>
          <p>{t('entry.totpSteps')}</p>
          <Form<{ code: string }> layout="vertical" requiredMark={false} className="form-narrow" onFinish={({ code }) => enable.mutate(code.replace(/\s/g, ''))}>
            <Form.Item name="code" label={t('entry.totp')} rules={[{ required: true, message: t('common.required') }]}>
              <Input inputMode="numeric" autoComplete="one-time-code" maxLength={8} />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={enable.isPending}>
              {t('entry.totpEnable')}
            </Button>
          </Form>
        </>
      ) : enabled ? (
        <Button danger onClick={() => setClosing(true)}>
          {t('entry.totpDisable')}
        </Button>
      ) : (
        <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate()}>
          {t('entry.totpBegin')}
        </Button>
      )}
      <Modal open={closing} title={t('entry.totpDisable')} footer={null} onCancel={() => setClosing(false)} destroyOnHidden>
        <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={({ password }) => disable.mutate(password)}>
          <Form.Item name="password" label={t('entry.password')} rules={[{ required: true, message: t('common.required') }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button danger htmlType="submit" loading={disable.isPending}>
            {t('entry.totpDisable')}
          </Button>
        </Form>
      </Modal>
    </Card>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { session } = useSession();
  return (
    <>
      <PageHead title={t('shell.account')} note={[session.staff.name, session.staff.email_masked].filter(Boolean).join(' · ')} />
      <div className="stack">
        <PasswordCard />
        <TotpCard />
      </div>
    </>
  );
}
