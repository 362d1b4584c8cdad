/** What surrounds every page: colours, language, the cache of answers, and the decision who sees what. */
import { QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router/dom';
import { antdLocales, type Language } from '../i18n';
import { queryClient } from './api';
import { useDark, useStill } from './prefs';
import { router } from './routes';
import { themeOf } from './theme';

export function App() {
  const dark = useDark();
  const still = useStill();
  const { i18n } = useTranslation();
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);
  const locale = antdLocales[i18n.language as Language];
  return (
    <ConfigProvider theme={themeOf(dark, still)} {...(locale ? { locale } : {})} button={{ autoInsertSpace: false }}>
      <AntApp>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
