/** The frame of the pages before sign-in. */
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../../app/shell/LanguageSwitch';
import { ThemeSwitch } from '../../app/shell/ThemeSwitch';

export function EntryFrame({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · 熟客 Shuke`;
  }, [title]);
  return (
    <div className="entry">
      <div className="entry-tools">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className="entry-card">
        <div className="entry-brand">
          <img src="/favicon.svg" alt="" width="40" height="40" />
          <div>
            <div className="entry-name">熟客 Shuke</div>
            <div className="muted small">{t('entry.motto')}</div>
          </div>
        </div>
        <h1>{title}</h1>
        {text ? <p className="muted">{text}</p> : null}
        {children}
      </main>
    </div>
  );
}
