/** Shown where a page failed: usually because a newer console was installed while this one was open. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';

export function PageFault() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <div className="center-page" role="alert">
      <h1>{t('shell.fault')}</h1>
      <p className="muted">{t('shell.faultAdvice')}</p>
      <p className="mono small muted">{error instanceof Error ? error.message : String(error)}</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t('shell.reload')}
      </Button>
    </div>
  );
}
