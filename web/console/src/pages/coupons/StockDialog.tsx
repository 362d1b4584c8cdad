/** More pieces of a batch, or fewer; with amounts that are drawn out of a budget, the budget beside. */
import type { CouponBatch } from '@api';
import { InputNumber, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { amountOf, MoneyField } from '../benefits/form/parts';
import { COUPON_TOUCHES } from './use';

export function StockDialog({ batch, drawn, onClose }: { batch: CouponBatch; drawn: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [pieces, setPieces] = useState<number | null>(null);
  const [more, setMore] = useState('');
  const asksBudget = drawn && batch.budget != null;
  const budget = asksBudget && batch.budget ? amountOf(more, batch.budget.currency) : null;
  const left = (batch.left ?? 0) + (pieces ?? 0);
  const act = useAct((client) => client.post(`/coupons/batches/${batch.id}/stock`, { pieces: pieces ?? 0, ...(budget ? { budget } : {}) }), { quiet: true, done: t('common.saved'), touches: COUPON_TOUCHES, onDone: onClose });
  return (
    <Modal
      open
      title={t('coupons.stockTitle', { name: batch.name })}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: (!pieces && !budget) || left < 0 || budget === undefined, loading: act.isPending }}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <ProblemAlert error={act.error} />
      <p>{t('coupons.stockNow', { left: formatNumber(batch.left), all: formatNumber(batch.pieces) })}</p>
      <label className="field-label" htmlFor={id}>
        {t('coupons.stockChange')}
      </label>
      <InputNumber id={id} className="form-short" precision={0} value={pieces} onChange={setPieces} />
      <p className="muted small form-note">{t(left < 0 ? 'coupons.stockTooFew' : 'coupons.stockThen', { n: formatNumber(Math.max(0, left)) })}</p>
      {asksBudget && batch.budget ? <MoneyField label={t('coupons.stockBudget')} note={t('coupons.stockBudgetNote')} value={more} currency={batch.budget.currency} onChange={setMore} /> : batch.budget ? <p className="muted small">{t('coupons.stockBudgetGoes')}</p> : null}
    </Modal>
  );
}
