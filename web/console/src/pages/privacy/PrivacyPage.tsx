/** What the law asks for, in one place: requests with their clock, who must not be written to, keys, the register. */
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Card, PageHead } from '../../ui/bits';
import { TabBar } from '../../ui/TabBar';
import { KeysTab, RegisterTab } from './KeysAndRegister';
import { RequestsTab } from './RequestsTab';
import { SuppressionsTab } from './SuppressionsTab';

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  return (
    <>
      <PageHead title={t('nav.privacy')} note={t('privacy.note')} />
      <Card flush className="tabs-card">
        <TabBar
          label={t('nav.privacy')}
          active={params.get('tab') ?? 'requests'}
          onChange={(key) => setParams(key === 'requests' ? {} : { tab: key }, { replace: true })}
          tabs={[
            { key: 'requests', label: t('privacy.requests'), content: () => <RequestsTab /> },
            { key: 'suppressions', label: t('privacy.suppressions'), content: () => <SuppressionsTab /> },
            { key: 'keys', label: t('privacy.keys'), content: () => <KeysTab /> },
            { key: 'register', label: t('privacy.register'), content: () => <RegisterTab /> },
          ]}
        />
      </Card>
    </>
  );
}
