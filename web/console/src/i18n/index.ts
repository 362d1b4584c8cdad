/**
 * Languages: Chinese first, English by a switch. Only the language in use is loaded; the other comes when asked for.
 *
 * A text that the active language lacks shows its key, which the parity test in `test/` makes impossible to commit.
 */
import type { Locale } from 'antd/es/locale';
import dayjs from 'dayjs';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { numbered } from './numbered';

export type Language = 'zh' | 'en';

interface Bundle {
  texts: Record<string, unknown>;
  locale: Locale;
  dayjsLocale: string;
}

const load: Record<Language, () => Promise<Bundle>> = {
  zh: () => import('./zh'),
  en: () => import('./en'),
};

export const antdLocales: Partial<Record<Language, Locale>> = {};

export async function setLanguage(language: Language): Promise<void> {
  if (!antdLocales[language]) {
    const bundle = await load[language]();
    antdLocales[language] = bundle.locale;
    i18next.addResourceBundle(language, 'translation', bundle.texts);
    dayjsNames[language] = bundle.dayjsLocale;
  }
  dayjs.locale(dayjsNames[language]);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  await i18next.changeLanguage(language);
}

const forms = {
  type: 'postProcessor' as const,
  name: 'numbered',
  process: (text: string, _key: string | string[], values: Record<string, unknown>) => numbered(text, values),
};

const dayjsNames: Partial<Record<Language, string>> = {};

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).use(forms).init({
    lng: language,
    postProcess: [forms.name],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await setLanguage(language);
}
