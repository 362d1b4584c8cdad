/** The codes of a batch: how far their making is, and the sheet of them, which the browser writes while it arrives. */
import type { CouponBatch } from '@api';
import { Alert, Button, Modal, Progress, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useCan, useSession } from '../../app/session';
import { Card } from '../../ui/bits';
import { WRITE_COUPONS } from './scopes';
import { isMaking } from './use';

const FORMATS = ['csv', 'xlsx'] as const;

/** A plain link carries no header, so the merchant stands in the address; and the browser shows how far it is. */
function fetchSheet(batch: string, merchant: string, format: string): void {
  const link = document.createElement('a');
  link.href = api.url(`/coupons/batches/${batch}/codes`, { merchant, format });
  link.download = `${batch}.${format}`;
  document.body.append(link);
  link.click();
  link.remove();
}

export function CodesCard({ batch }: { batch: CouponBatch }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const may = useCan(WRITE_COUPONS);
  const [asking, setAsking] = useState(false);
  const [format, setFormat] = useState<string>('csv');
  if (!batch.codes) return null;
  const { made, of } = batch.codes;
  const making = isMaking(batch);
  return (
    <Card title={t('coupons.codes')}>
      {made < of ? (
        <>
          <Progress percent={Math.floor((made * 100) / Math.max(of, 1))} size="small" status={making ? 'active' : 'normal'} aria-label={t('coupons.codesMaking')} />
          <p className="muted small" aria-live="polite">
            {t('coupons.codesMade', { made: formatNumber(made), of: formatNumber(of) })}
          </p>
        </>
      ) : (
        <p>{t('coupons.codesReady', { n: formatNumber(of), bits: batch.codes.entropy_bits })}</p>
      )}
      {may ? (
        <Button disabled={made < of} onClick={() => setAsking(true)}>
          {t('coupons.codesTake')}
        </Button>
      ) : null}
      <Modal
        open={asking}
        title={t('coupons.codesTake')}
        okText={t('coupons.codesTakeDo')}
        cancelText={t('common.cancel')}
        onOk={() => {
          fetchSheet(batch.id, merchant.id, format);
          setAsking(false);
        }}
        onCancel={() => setAsking(false)}
        destroyOnHidden
      >
        <Alert type="warning" showIcon className="gap-below" title={t('coupons.codesWarn')} description={t('coupons.codesWarnText')} />
        <fieldset className="choices">
          <legend className="field-label">{t('exports.format')}</legend>
          <Radio.Group value={format} onChange={(e) => setFormat(e.target.value as string)} options={FORMATS.map((value) => ({ value, label: t(`exports.formatName.${value}`) }))} />
        </fieldset>
      </Modal>
    </Card>
  );
}
