/** Giving the batch out: the sheet of its destination, or the webhook; a second time it is a repeat, and says so. */
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import type { Batch } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { downloadBlob } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

export function HandOver({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const may = useCan('batches:export');
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [format, setFormat] = useState<'csv' | 'xlsx'>('csv');
  const webhook = batch.destination === 'webhook';
  const again = batch.exports > 0;
  const run = useAct<void, void>(
    async (c) => {
      if (webhook) {
        await c.post(`/batches/${batch.id}/hand-over`);
        return;
      }
      const file = await c.download(`/batches/${batch.id}/file`, { format, language });
      downloadBlob(file, `${batch.id}-${batch.destination}${again ? `-repeat${batch.exports + 1}` : ''}.${format}`);
      // The rows are stamped while the file is written.
      await client.invalidateQueries({ queryKey: ['batch'] });
    },
    { quiet: true, touches: [['batch'], ['list'], ['jobs']], onDone: () => setOpen(false), done: t(webhook ? 'batches.sendStarted' : 'batches.downloaded') },
  );
  if (!may || !['frozen', 'handed_over'].includes(batch.state)) return null;
  return (
    <>
      <Button type="primary" icon={<DownloadOutlined aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t(webhook ? 'batches.send' : again ? 'batches.downloadAgain' : 'batches.download')}
      </Button>
      <Modal
        open={open}
        title={t(webhook ? 'batches.send' : 'batches.download')}
        okText={t(webhook ? 'batches.sendDo' : 'batches.downloadDo')}
        cancelText={t('common.cancel')}
        okButtonProps={{ loading: run.isPending }}
        onOk={() => run.mutate()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{t('batches.handText', { n: formatNumber(batch.funnel.handed_over), destination: t(`batches.destination.${batch.destination}`, { defaultValue: batch.destination }) })}</p>
        {again ? <Alert type="warning" showIcon className="gap-below" title={t('batches.againTitle', { n: batch.exports })} description={t('batches.againText')} /> : null}
        {webhook ? null : (
          <>
            <p className="muted">{t('batches.clearNote')}</p>
            <Radio.Group value={format} onChange={(e) => setFormat(e.target.value as 'csv' | 'xlsx')} options={[{ value: 'csv', label: 'CSV' }, { value: 'xlsx', label: 'Excel (XLSX)' }]} className="gap-below" />
          </>
        )}
        <ProblemAlert error={run.error} />
      </Modal>
    </>
  );
}
