/** First step: choose or drop the files; they go up together, because order and item reports belong together. */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import InboxOutlined from '@ant-design/icons/InboxOutlined';
import type { ImportDetail } from '@api';
import { Button, Progress } from 'antd';
import { type DragEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../app/format';
import { useAct } from '../../ui/act';
import { Card } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

export function StepFiles({ onStaged }: { onStaged: (detail: ImportDetail) => void }) {
  const { t } = useTranslation();
  const [files, setFiles] = useState<File[]>([]);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController | null>(null);
  const id = useId();
  const stage = useAct<void, ImportDetail>(
    (client) => {
      const form = new FormData();
      for (const file of files) form.append('file', file, file.name);
      abort.current = new AbortController();
      return client.post<ImportDetail>('/imports', undefined, {
        form,
        signal: abort.current.signal,
        onUpload: (done, whole) => setSent(whole > 0 ? Math.floor((done * 100) / whole) : 0),
      });
    },
    { quiet: true, touches: [['list', '/imports']], onDone: onStaged },
  );
  const add = (list: FileList | null) => {
    if (!list) return;
    const known = new Set(files.map((f) => `${f.name}/${f.size}`));
    setFiles([...files, ...Array.from(list).filter((f) => !known.has(`${f.name}/${f.size}`))]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  const whole = files.reduce((sum, f) => sum + f.size, 0);
  return (
    <Card>
      <ProblemAlert error={stage.error} />
      <div
        className={over ? 'drop drop-over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <InboxOutlined className="drop-icon" aria-hidden="true" />
        <label htmlFor={id} className="drop-title">
          {t('imports.drop')}
        </label>
        <p className="muted">{t('imports.dropText')}</p>
        <input
          ref={input}
          id={id}
          type="file"
          multiple
          accept=".csv,.tsv,.txt,.xlsx,.xls"
          className="visually-hidden"
          onChange={(event) => {
            add(event.target.files);
            event.target.value = '';
          }}
        />
        <Button onClick={() => input.current?.click()}>{t('imports.choose')}</Button>
      </div>
      {files.length > 0 ? (
        <ul className="file-rows">
          {files.map((file, index) => (
            <li key={`${file.name}/${file.size}`}>
              <span className="grow break">{file.name}</span>
              <span className="muted nowrap">{formatBytes(file.size)}</span>
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t('imports.removeFile', { name: file.name })}
                disabled={stage.isPending}
                onClick={() => setFiles(files.filter((_, i) => i !== index))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {stage.isPending ? (
        <div className="gap-below" role="status">
          <Progress percent={sent} status="active" aria-label={t('imports.uploading')} />
          <span className="muted small">{sent < 100 ? t('imports.uploading') : t('imports.recognising')}</span>
        </div>
      ) : null}
      <div className="step-foot">
        <span className="muted small">{t('imports.staysHere')}</span>
        <span className="row-gap">
          {stage.isPending ? <Button onClick={() => abort.current?.abort()}>{t('common.cancel')}</Button> : null}
          <Button type="primary" disabled={files.length === 0} loading={stage.isPending} onClick={() => stage.mutate()}>
            {files.length > 0 ? t('imports.readFiles', { n: files.length, size: formatBytes(whole) }) : t('imports.readNone')}
          </Button>
        </span>
      </div>
    </Card>
  );
}
