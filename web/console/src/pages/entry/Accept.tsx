/** Where an invitation leads: the invited choose their own password. */
import { Button, Form, Input, Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { EntryFrame } from './EntryFrame';
import { PasswordItems } from './PasswordItems';

export function Component() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const accept = useAct<{ token: string; password: string }>((client, given) => client.post('/staff/accept', given), { quiet: true });
  return (
    <EntryFrame title={t('entry.accept')} text={t('entry.acceptText')}>
      {accept.isSuccess ? (
        <Result
          status="success"
          title={t('entry.accepted')}
          extra={
            <Link to="/sign-in">
              <Button type="primary">{t('entry.signIn')}</Button>
            </Link>
          }
        />
      ) : (
        <>
          <ProblemAlert error={accept.error} />
          <Form<{ token: string; password: string }>
            layout="vertical"
            requiredMark={false}
            initialValues={{ token: params.get('token') ?? '' }}
            onFinish={({ token, password }) => accept.mutate({ token: token.trim(), password })}
          >
            <Form.Item name="token" label={t('entry.inviteToken')} rules={[{ required: true, message: t('common.required') }]}>
              <Input className="mono" autoComplete="off" />
            </Form.Item>
            <PasswordItems />
            <Button type="primary" size="large" htmlType="submit" block loading={accept.isPending}>
              {t('entry.acceptDo')}
            </Button>
          </Form>
        </>
      )}
    </EntryFrame>
  );
}
