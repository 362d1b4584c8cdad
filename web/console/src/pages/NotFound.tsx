/** An address that leads nowhere. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyTeach, PageHead } from '../ui/bits';

export function Component() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('shell.notFound')} />
      <EmptyTeach
        title={t('shell.notFoundText')}
        actions={
          <Link to="/">
            <Button type="primary">{t('shell.home')}</Button>
          </Link>
        }
      />
    </>
  );
}
