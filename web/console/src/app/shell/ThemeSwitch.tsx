/** Light or dark; until somebody chooses, as the system is. */
import MoonOutlined from '@ant-design/icons/MoonOutlined';
import SunOutlined from '@ant-design/icons/SunOutlined';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { prefs, useDark } from '../prefs';

export function ThemeSwitch() {
  const { t } = useTranslation();
  const dark = useDark();
  const label = dark ? t('shell.light') : t('shell.dark');
  return (
    <Button
      type="text"
      icon={dark ? <SunOutlined /> : <MoonOutlined />}
      aria-label={label}
      title={label}
      onClick={() => prefs.set({ theme: dark ? 'light' : 'dark' })}
    />
  );
}
