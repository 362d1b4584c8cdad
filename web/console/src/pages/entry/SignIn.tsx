/** Sign-in: name and password, and the six digits where a second factor is on. */
import { Problem, type Session, type SessionRequest, type Setup } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { enterSession, useSessionQuery } from '../../app/session';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { EntryFrame } from './EntryFrame';

/** Only addresses of this page are followed after sign-in. */
function safeTarget(to: string | null): string {
  return to && to.startsWith('/') && !to.startsWith('//') ? to : '/';
}

export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [totp, setTotp] = useState(false);
  const session = useSessionQuery();
  const setup = useQuery<Setup>({ queryKey: ['setup'], queryFn: () => api.get<Setup>('/setup') });
  const target = safeTarget(params.get('to'));
  const enter = useAct<SessionRequest, Session>((client, given) => client.post<Session>('/sessions', given), {
    quiet: true,
    onDone: (answer) => {
      enterSession(answer);
      void navigate(target, { replace: true });
    },
  });
  const code = enter.error instanceof Problem ? enter.error.code : null;
  useEffect(() => {
    if (code === 'access.totp_required') setTotp(true);
  }, [code]);

  if (setup.data?.needs_setup) return <Navigate to="/setup" replace />;
  if (session.data && !enter.isPending) return <Navigate to={target} replace />;
  return (
    <EntryFrame title={t('entry.signIn')}>
      {code === 'access.totp_required' ? null : <ProblemAlert error={enter.error} />}
      <Form<SessionRequest>
        layout="vertical"
        requiredMark={false}
        onFinish={({ email, password, totp: digits }) =>
          enter.mutate({ email: email.trim(), password, ...(digits ? { totp: digits.replace(/\s/g, '') } : {}) })
        }
      >
        <Form.Item name="email" label={t('entry.email')} rules={[{ required: true, message: t('common.required') }]}>
          <Input size="large" type="email" autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t('entry.password')} rules={[{ required: true, message: t('common.required') }]}>
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        {totp ? (
          <Form.Item name="totp" label={t('entry.totp')} extra={t('entry.totpNote')} rules={[{ required: true, message: t('common.required') }]}>
            <Input size="large" inputMode="numeric" autoComplete="one-time-code" maxLength={8} autoFocus />
          </Form.Item>
        ) : null}
        <Button type="primary" size="large" htmlType="submit" block loading={enter.isPending}>
          {t('entry.signIn')}
        </Button>
      </Form>
      <p className="muted small entry-foot">{t('entry.lost')}</p>
    </EntryFrame>
  );
}
