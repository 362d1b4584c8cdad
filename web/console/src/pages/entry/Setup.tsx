/** The first start: whoever holds the token that the server printed becomes the owner. */
import type { Session, Setup, SetupRequest } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { api, queryClient } from '../../app/api';
import { enterSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { EntryFrame } from './EntryFrame';
import { PasswordItems } from './PasswordItems';

export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const setup = useQuery<Setup>({ queryKey: ['setup'], queryFn: () => api.get<Setup>('/setup') });
  const start = useAct<SetupRequest, Session>((client, given) => client.post<Session>('/setup', given), {
    quiet: true,
    onDone: (answer) => {
      queryClient.setQueryData<Setup>(['setup'], (before) => (before ? { ...before, needs_setup: false } : before));
      enterSession(answer);
      void navigate('/', { replace: true });
    },
  });
  if (setup.data && !setup.data.needs_setup && !start.isPending && !start.isSuccess) return <Navigate to="/" replace />;
  const needed = [{ required: true, whitespace: true, message: t('common.required') }];
  return (
    <EntryFrame title={t('entry.setup')} text={t('entry.setupText')}>
      <ProblemAlert error={start.error ?? setup.error} />
      <Form<SetupRequest & { again: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={{ token: params.get('token') ?? '' }}
        onFinish={({ token, name, email, password, merchant_name }) =>
          start.mutate({ token: token.trim(), name: name.trim(), email: email.trim(), password, merchant_name: merchant_name.trim() })
        }
      >
        <Form.Item name="token" label={t('entry.token')} extra={t('entry.tokenNote')} rules={needed}>
          <Input autoComplete="off" className="mono" />
        </Form.Item>
        <Form.Item name="merchant_name" label={t('entry.merchantName')} rules={needed}>
          <Input autoComplete="organization" placeholder={t('entry.merchantExample')} maxLength={80} />
        </Form.Item>
        <Form.Item name="name" label={t('entry.yourName')} rules={needed}>
          <Input autoComplete="name" maxLength={60} />
        </Form.Item>
        <Form.Item name="email" label={t('entry.email')} rules={[...needed, { type: 'email', message: t('entry.emailBad') }]}>
          <Input type="email" autoComplete="username" />
        </Form.Item>
        <PasswordItems />
        <Button type="primary" size="large" htmlType="submit" block loading={start.isPending}>
          {t('entry.begin')}
        </Button>
      </Form>
    </EntryFrame>
  );
}
