/** Templates: what each sort of coupon does, in its own sentence; and where to begin when there is none. */
import type { CouponTemplate } from '@api';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useCan } from '../../app/session';
import { EmptyTeach } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { type Filter, Filters } from '../../ui/list/Filters';
import { ProblemAlert } from '../../ui/problem';
import { Deeds } from '../benefits/Deeds';
import { State } from '../benefits/words';
import { BatchForm } from './form/BatchForm';
import { TemplateForm } from './form/TemplateForm';
import { WRITE_COUPONS } from './scopes';
import { COUPON_TOUCHES, useCouponWords, useTemplates } from './use';
import { VersionsDrawer } from './VersionsDrawer';

const STATES = ['active', 'paused', 'archived'] as const;

export function TemplatesTab() {
  const { t } = useTranslation();
  const may = useCan(WRITE_COUPONS);
  const answer = useTemplates();
  const words = useCouponWords();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<CouponTemplate | 'new' | null>(null);
  const [seeing, setSeeing] = useState<CouponTemplate | null>(null);
  const [batching, setBatching] = useState<CouponTemplate | null>(null);
  const state = params.get('state');
  const all = answer.data ?? [];
  const rows = all.filter((one) => (state ? state === 'all' || one.state === state : one.state !== 'archived'));
  const columns: Column<CouponTemplate>[] = [
    {
      key: 'name',
      title: t('coupons.template'),
      render: (one) => (
        <span className="cell-two">
          <button type="button" className="link-button strong" onClick={() => setSeeing(one)}>
            {one.name}
          </button>
          <span className="muted small">{words.template(one)}</span>
        </span>
      ),
    },
    { key: 'kind', title: t('coupons.kindTitle'), render: (one) => t(`coupons.kind.${one.offer.kind}`) },
    {
      key: 'batches',
      title: t('coupons.batches'),
      render: (one) => (
        <Link to={`/coupons?template=${one.id}`} aria-label={t('coupons.batchesOf', { name: one.name })}>
          {t('coupons.seeBatches')}
        </Link>
      ),
    },
    { key: 'state', title: t('benefits.stateTitle'), render: (one) => <State state={one.state} /> },
  ];
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: [...STATES, 'all'].map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`benefits.state.${value}`) })) }];
  const begin = may ? (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('coupons.newTemplate')}
    </Button>
  ) : null;
  const show = (value: string | undefined) => setParams(value ? { tab: 'templates', state: value } : { tab: 'templates' }, { replace: true });
  return (
    <>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active className="pad" />
      ) : answer.error ? null : all.length === 0 ? (
        <EmptyTeach title={t('coupons.noTemplates')} text={t('coupons.noTemplatesText')} actions={begin} />
      ) : (
        <section className="list">
          <div className="list-bar">
            <Filters filters={filters} params={params} onChange={(values) => show(values.state)} onClear={state ? () => show(undefined) : undefined} />
            <div className="list-tools">{begin}</div>
          </div>
          {rows.length > 0 ? (
            <DataTable
              label={t('coupons.tab.templates')}
              columns={columns}
              rows={rows}
              rowKey={(one) => one.id}
              {...(may
                ? {
                    actions: (one: CouponTemplate) => (
                      <Deeds name={one.name} state={one.state} path={`/coupons/templates/${one.id}`} touches={COUPON_TOUCHES} text={t('coupons.archiveTemplate')} onEdit={() => setEditing(one)}>
                        {one.state === 'active' ? (
                          <Button size="small" onClick={() => setBatching(one)}>
                            {t('coupons.makeBatch')}
                          </Button>
                        ) : null}
                      </Deeds>
                    ),
                  }
                : {})}
            />
          ) : (
            <EmptyTeach title={t('list.nothingFound')} text={t('list.nothingFoundAdvice')} actions={<Button onClick={() => show('all')}>{t('common.all')}</Button>} />
          )}
        </section>
      )}
      {editing ? <TemplateForm template={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
      {seeing ? <VersionsDrawer template={seeing} onClose={() => setSeeing(null)} /> : null}
      {batching ? <BatchForm batch={null} template={batching.id} onClose={() => setBatching(null)} onMade={(made) => void navigate(`/coupons/${made.id}`)} /> : null}
    </>
  );
}
