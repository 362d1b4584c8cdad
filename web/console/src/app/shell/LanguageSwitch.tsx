/** Chinese or English, at once and without loading the page anew. */
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Language, setLanguage } from '../../i18n';
import { queryClient } from '../api';
import { prefs, usePrefs } from '../prefs';

export function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  return (
    <Segmented<Language>
      size="small"
      aria-label={t('shell.language')}
      value={language}
      options={[
        { value: 'zh', label: '中文' },
        { value: 'en', label: 'EN' },
      ]}
      onChange={(value) => {
        prefs.set({ language: value });
        // Some words come from the server in the language asked for, so they are asked for again.
        void setLanguage(value).then(() => queryClient.invalidateQueries());
      }}
    />
  );
}
