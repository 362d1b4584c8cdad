/** Benefits: the list, what is to be done by hand, who used what, and what it costs. */
import '../../styles/benefits.css';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Card, EmptyTeach, PageHead } from '../../ui/bits';
import { TabBar } from '../../ui/TabBar';
import { BenefitsTab } from './BenefitsTab';
import { CostTab } from './CostTab';
import { TasksTab } from './TasksTab';
import { UsesList } from './UsesList';

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const tabs = [
    { key: 'benefits', label: t('nav.benefits'), content: () => <BenefitsTab /> },
    { key: 'tasks', label: t('benefits.tab.tasks'), content: () => <TasksTab /> },
    { key: 'uses', label: t('benefits.tab.uses'), content: () => <UsesList empty={<EmptyTeach title={t('benefits.noUses')} text={t('benefits.noUsesText')} />} /> },
    { key: 'cost', label: t('benefits.tab.cost'), content: () => <CostTab /> },
  ];
  return (
    <>
      <PageHead title={t('nav.benefits')} note={t('benefits.note')} />
      <Card flush className="tabs-card">
        <TabBar label={t('nav.benefits')} active={params.get('tab') ?? 'benefits'} onChange={(tab) => setParams(tab === 'benefits' ? {} : { tab }, { replace: true })} tabs={tabs} />
      </Card>
    </>
  );
}
