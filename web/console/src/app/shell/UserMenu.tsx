/** Who is signed in; password and second factor; the way out. */
import UserOutlined from '@ant-design/icons/UserOutlined';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAct } from '../../ui/act';
import { useNarrow } from '../prefs';
import { leaveSession, useSession } from '../session';

export function UserMenu() {
  const { t } = useTranslation();
  const { session, merchant } = useSession();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const leave = useAct((client) => client.delete('/sessions/current'), {
    // The next person begins at the beginning, not on this one's page.
    onDone: () => void Promise.resolve(navigate('/')).then(leaveSession),
  });

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'who',
            type: 'group',
            label: `${session.staff.name} · ${t(`words.role.${merchant.role}`, { defaultValue: merchant.role })}`,
            children: [
              { key: 'account', label: t('shell.account') },
              { key: 'leave', label: t('shell.signOut'), danger: true },
            ],
          },
        ],
        onClick: ({ key }) => {
          if (key === 'account') void navigate('/account');
          if (key === 'leave') leave.mutate();
        },
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('shell.userMenu', { name: session.staff.name })}>
        {narrow ? null : <span className="user-name">{session.staff.name}</span>}
      </Button>
    </Dropdown>
  );
}
