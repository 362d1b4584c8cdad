/** Receipts, replies and unsubscribes from the provider's sheet, and what it came to row by row. */
import InboxOutlined from '@ant-design/icons/InboxOutlined';
import type { Batch, BatchReceipts } from '@api';
import { Alert, Upload } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { EmptyTeach } from '../../ui/bits';
import { DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';

const COUNTS = ['rows', 'delivered', 'failed', 'replied', 'unsubscribed', 'sent', 'unchanged', 'not_in_batch', 'bad'] as const;

export function ResultsTab({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const may = useCan('batches:write');
  const load = useAct<File, BatchReceipts>(
    (client, file) => {
      const form = new FormData();
      form.append('file', file);
      return client.post<BatchReceipts>(`/batches/${batch.id}/results`, undefined, { form });
    },
    { quiet: true, touches: [['batch'], ['list'], ['member']] },
  );
  if (batch.exports === 0) return <EmptyTeach title={t('batches.results.none')} text={t('batches.results.noneText')} />;
  const told = load.data;
  return (
    <div className="pad stack">
      {may ? (
        <Upload.Dragger
          accept=".csv,.xlsx,.xls,.txt"
          showUploadList={false}
          disabled={load.isPending}
          beforeUpload={(file) => {
            load.mutate(file);
            return false;
          }}
        >
          <p aria-hidden="true">
            <InboxOutlined className="upload-icon" />
          </p>
          <p>{t(load.isPending ? 'batches.results.reading' : 'batches.results.drop')}</p>
          <p className="muted small">{t('batches.results.note')}</p>
        </Upload.Dragger>
      ) : null}
      <ProblemAlert error={load.error} />
      {told ? (
        <>
          <Alert type={told.bad > 0 ? 'warning' : 'success'} showIcon title={t('batches.results.done', { n: formatNumber(told.rows) })} />
          <div className="tiles tiles-small">
            {COUNTS.filter((name) => name === 'rows' || told[name] > 0).map((name) => (
              <div key={name} className="tile">
                <span className="tile-label">{t(`batches.results.count.${name}`)}</span>
                <span className={name === 'bad' ? 'tile-value bad-text' : 'tile-value'}>{formatNumber(told[name])}</span>
              </div>
            ))}
          </div>
          {told.bad_rows.length > 0 ? (
            <DataTable
              label={t('batches.results.badRows')}
              columns={[
                { key: 'row', title: t('batches.results.row'), render: (r) => formatNumber(r.row) },
                { key: 'reason', title: t('common.reason'), render: (r) => r.reason },
              ]}
              rows={told.bad_rows}
              rowKey={(r) => String(r.row)}
              dense
            />
          ) : null}
        </>
      ) : null}
    </div>
  );
}
