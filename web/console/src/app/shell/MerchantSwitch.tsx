/** For which merchant one works, and whether for all its shops or one. A shop chosen here filters the orders. */
import DownOutlined from '@ant-design/icons/DownOutlined';
import { Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { switchMerchant, useSession } from '../session';

export function MerchantSwitch() {
  const { t } = useTranslation();
  const { session, merchant, shop } = useSession();
  const navigate = useNavigate();
  const shopName = merchant.shops?.find((s) => s.id === shop)?.name;

  const items = session.merchants.map((m) => ({
    key: m.id,
    type: 'group' as const,
    label: m.sandbox ? `${m.name} · ${t('shell.sandboxShort')}` : m.name,
    children: [
      { key: `${m.id}/`, label: t('shell.allShops') },
      ...(m.shops ?? []).map((s) => ({
        key: `${m.id}/${s.id}`,
        label: `${s.name} · ${t(`words.platform.${s.platform}`, { defaultValue: s.platform })}`,
      })),
    ],
  }));

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [`${merchant.id}/${shop ?? ''}`],
        style: { maxHeight: '70vh', overflowY: 'auto' },
        onClick: ({ key }) => {
          const [id = '', chosen = ''] = key.split('/');
          const other = id !== merchant.id;
          switchMerchant(id, chosen || null);
          if (other) void navigate('/');
        },
      }}
    >
      <button type="button" className="switch" title={t('shell.switchMerchant', { name: merchant.name })}>
        <span className="switch-name">{merchant.name}</span>
        <span className="switch-shop">{shopName ?? t('shell.allShops')}</span>
        <DownOutlined className="tiny" aria-hidden="true" />
      </button>
    </Dropdown>
  );
}
