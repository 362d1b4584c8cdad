/** The shop's promotions, each with what it does in one sentence; what holds for every order; and where to begin when there is none. */
import '../../styles/promotions.css';
import type { PromotionLine } from '@api';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useCan } from '../../app/session';
import { EmptyTeach, PageHead, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { PromotionState, STATES } from './cells';
import { PromotionForm } from './PromotionForm';
import { SettingsDrawer } from './SettingsDrawer';
import { PRICE_CARTS, WRITE_PROMOTIONS } from './scopes';
import { useSentence } from './use';

export function Component() {
  const { t } = useTranslation();
  const may = useCan(WRITE_PROMOTIONS);
  const mayPrice = useCan(PRICE_CARTS);
  const navigate = useNavigate();
  const sentence = useSentence();
  const [making, setMaking] = useState(false);
  const [setting, setSetting] = useState(false);
  const columns: Column<PromotionLine>[] = [
    {
      key: 'name',
      title: t('common.name'),
      render: (p) => (
        <span className="cell-two">
          <Link to={`/promotions/${p.id}`}>{p.name}</Link>
          <span className="muted small">{sentence(p.sentence)}</span>
        </span>
      ),
      sheet: (p) => p.name,
    },
    { key: 'state', title: t('promotions.stateTitle'), render: (p) => <PromotionState state={p.state} />, sheet: (p) => p.state },
    { key: 'kind', title: t('promotions.kind'), render: (p) => t(`promotions.kindOf.${p.kind}`, { defaultValue: p.kind }), sheet: (p) => p.kind },
    { key: 'from', title: t('promotions.from'), render: (p) => <Time at={p.from} />, sheet: (p) => p.from ?? '' },
    { key: 'to', title: t('promotions.to'), render: (p) => (p.to ? <Time at={p.to} /> : <span className="muted">{p.from ? t('promotions.noEnd') : '–'}</span>), sheet: (p) => p.to ?? '' },
    { key: 'draft', title: t('promotions.draft'), render: (p) => (p.has_draft ? t('promotions.hasDraft') : ''), blank: (p) => !p.has_draft, sheet: (p) => (p.has_draft ? 'yes' : '') },
    { key: 'says', title: t('promotions.says'), hidden: true, render: (p) => sentence(p.sentence), sheet: (p) => sentence(p.sentence) },
  ];
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('promotions.stateTitle'), options: STATES.map((value) => ({ value, label: t(`promotions.state.${value}`) })) }];
  const begin = may ? (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t('promotions.new')}
    </Button>
  ) : null;
  return (
    <>
      <PageHead
        title={t('nav.promotions')}
        note={t('promotions.note')}
        actions={
          <>
            <Button onClick={() => setSetting(true)}>{t('promotions.settings')}</Button>
            {mayPrice ? (
              <Link to="/promotions/try">
                <Button>{t('promotions.try')}</Button>
              </Link>
            ) : null}
            {begin}
          </>
        }
      />
      <ResourceList<PromotionLine>
        page="promotions"
        label={t('nav.promotions')}
        path="/promotions"
        columns={columns}
        filters={filters}
        rowKey={(p) => p.id}
        exportName="promotions"
        empty={<EmptyTeach title={t('promotions.empty')} text={t('promotions.emptyText')} actions={begin} />}
      />
      {making ? <PromotionForm promotion={null} onSaved={(made) => void navigate(`/promotions/${made.id}`)} onClose={() => setMaking(false)} /> : null}
      {setting ? <SettingsDrawer onClose={() => setSetting(false)} /> : null}
    </>
  );
}
