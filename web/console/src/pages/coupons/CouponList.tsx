/** Coupons: batches and templates, what went wrong with orders, and a code looked for. */
import '../../styles/benefits.css';
import '../../styles/coupons.css';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Card, EmptyTeach, PageHead } from '../../ui/bits';
import { TabBar } from '../../ui/TabBar';
import { BatchesTab } from './BatchesTab';
import { CodeTab } from './CodeTab';
import { Exceptions } from './Exceptions';
import { TemplatesTab } from './TemplatesTab';

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const show = (tab: string) => setParams(tab === 'batches' ? {} : { tab }, { replace: true });
  const tabs = [
    { key: 'batches', label: t('coupons.batches'), content: () => <BatchesTab onTemplates={() => show('templates')} /> },
    { key: 'templates', label: t('coupons.tab.templates'), content: () => <TemplatesTab /> },
    { key: 'exceptions', label: t('coupons.tab.exceptions'), content: () => <Exceptions empty={<EmptyTeach title={t('coupons.noExceptions')} text={t('coupons.noExceptionsText')} />} /> },
    { key: 'code', label: t('coupons.tab.code'), content: () => <CodeTab /> },
  ];
  return (
    <>
      <PageHead title={t('nav.coupons')} note={t('coupons.note')} />
      <Card flush className="tabs-card">
        <TabBar label={t('nav.coupons')} active={params.get('tab') ?? 'batches'} onChange={show} tabs={tabs} />
      </Card>
    </>
  );
}
