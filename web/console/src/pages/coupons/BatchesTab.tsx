/** Batches, the newest first: how many are left, how much was given out, whether they can be claimed now. */
import type { CouponBatch } from '@api';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { formatMoney, formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { Amount, EmptyTeach, Mark } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { Deeds } from '../benefits/Deeds';
import { State } from '../benefits/words';
import { BatchForm } from './form/BatchForm';
import { WRITE_COUPONS } from './scopes';
import { COUPON_TOUCHES, isMaking, useCouponWords, useTemplates } from './use';

/** What people set a batch to; whether it can be claimed now is a matter of its times. */
const SET = ['active', 'paused', 'archived'] as const;

export function LeftCell({ batch }: { batch: CouponBatch }) {
  const { t } = useTranslation();
  if (batch.left == null) return <span className="muted">{t('coupons.noEnd')}</span>;
  return batch.left === 0 ? <Mark tone="bad">{t('coupons.soldOut')}</Mark> : formatNumber(batch.left);
}

function useColumns(): Column<CouponBatch>[] {
  const { t } = useTranslation();
  const words = useCouponWords();
  const had = (b: CouponBatch) => (b.codes ? (isMaking(b) ? t('coupons.codesMade', { made: formatNumber(b.codes.made), of: formatNumber(b.codes.of) }) : t('coupons.hadBy.codes')) : b.word ? t('coupons.hadBy.word', { word: b.word }) : t('coupons.hadBy.claim'));
  return [
    {
      key: 'name',
      title: t('coupons.batch'),
      render: (b) => (
        <span className="cell-two">
          <Link to={`/coupons/${b.id}`}>{b.name}</Link>
          <span className="muted small">
            {b.template_name} · {had(b)}
          </span>
        </span>
      ),
      sheet: (b) => b.name,
    },
    { key: 'taken', title: t('coupons.taken'), align: 'right', render: (b) => formatNumber(b.taken), sheet: (b) => b.taken },
    { key: 'left', title: t('coupons.left'), align: 'right', render: (b) => <LeftCell batch={b} />, sheet: (b) => b.left },
    {
      key: 'spent',
      title: t('coupons.spent'),
      align: 'right',
      render: (b) => (
        <span className="cell-two cell-right">
          <Amount value={b.spent} />
          {b.budget ? <span className="muted small">{t('coupons.ofBudget', { budget: formatMoney(b.budget) })}</span> : null}
        </span>
      ),
      sheet: (b) => formatMoney(b.spent),
    },
    {
      key: 'claim',
      title: t('coupons.claimTimes'),
      render: (b) => (
        <span className="cell-two">
          <span>{words.claim(b) ?? t('coupons.anyTime')}</span>
          <span className="muted small">{b.per_member ? t('coupons.each', { n: formatNumber(b.per_member) }) : t('coupons.eachEndless')}</span>
        </span>
      ),
      sheet: (b) => words.claim(b) ?? '',
    },
    { key: 'state', title: t('benefits.stateTitle'), render: (b) => <State state={b.state} />, sheet: (b) => b.state },
  ];
}

export function BatchesTab({ onTemplates }: { onTemplates: () => void }) {
  const { t } = useTranslation();
  const may = useCan(WRITE_COUPONS);
  const navigate = useNavigate();
  const templates = useTemplates();
  const columns = useColumns();
  const [editing, setEditing] = useState<CouponBatch | 'new' | null>(null);
  const all = templates.data ?? [];
  const none = templates.data !== undefined && !all.some((one) => one.state === 'active');
  const filters: Filter[] = [
    ...(all.length > 0 ? [{ kind: 'select' as const, name: 'template', label: t('coupons.template'), options: all.map((one) => ({ value: one.id, label: one.name })) }] : []),
    { kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: SET.map((value) => ({ value, label: t(`coupons.setTo.${value}`) })) },
  ];
  // A batch is of a template: that comes first.
  const begin = !may ? null : none ? (
    <Button type="primary" onClick={onTemplates}>
      {t('coupons.firstTemplate')}
    </Button>
  ) : (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('coupons.newBatch')}
    </Button>
  );
  if (templates.isPending) return <Skeleton active className="pad" />;
  return (
    <>
      <ProblemAlert error={templates.error} retry={() => void templates.refetch()} />
      {all.length > 0 && begin ? <div className="pad row-gap coupon-begin">{begin}</div> : null}
      <ResourceList<CouponBatch>
        page="coupon-batches"
        label={t('coupons.batches')}
        path="/coupons/batches"
        columns={columns}
        filters={filters}
        rowKey={(b) => b.id}
        exportName="coupon-batches"
        empty={<EmptyTeach title={t('coupons.noBatches')} text={t(all.length === 0 ? 'coupons.noBatchesNoTemplate' : 'coupons.noBatchesText')} actions={all.length === 0 ? begin : null} />}
        {...(may ? { actions: (b: CouponBatch) => <Deeds name={b.name} state={b.state} path={`/coupons/batches/${b.id}`} touches={COUPON_TOUCHES} text={t('coupons.archiveBatch')} onEdit={() => setEditing(b)} /> } : {})}
      />
      {editing ? <BatchForm batch={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onMade={(made) => void navigate(`/coupons/${made.id}`)} /> : null}
    </>
  );
}
