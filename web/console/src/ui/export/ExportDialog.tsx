/**
 * Exports everything that a list's filter finds: the server gathers it, so nothing is cut and the page may be left
 * meanwhile. Personal data stays masked unless somebody who may asks for it in clear and says why.
 */
import type { Export } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Modal, Progress, Radio } from 'antd';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../act';
import { Time } from '../bits';
import { filterBody } from '../list/filterBody';
import { ProblemAlert } from '../problem';
import { fetchFile, fileUrl, isAlive } from './file';

/** What can be exported of a list, and by which path. */
export interface ServerExport {
  path: string;
  /** Names what is exported, in the texts: `members`, `orders`, … */
  subject: string;
  /** May be asked for in clear. */
  clear?: boolean;
  /** Several shapes of a row to choose from. */
  rows?: readonly string[];
}

interface Asked {
  format: string;
  rows: string | null;
  clear: boolean;
  reason: string;
}

const FORMATS = ['xlsx', 'csv', 'parquet'] as const;

function Choice({ title, note }: { title: ReactNode; note: ReactNode }) {
  return (
    <span className="choice">
      <span>{title}</span>
      <span className="muted small">{note}</span>
    </span>
  );
}

function AskForm({ what, asked, onChange }: { what: ServerExport; asked: Asked; onChange: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const mayClear = useCan('export:clear');
  const id = useId();
  const set = (change: Partial<Asked>) => onChange({ ...asked, ...change });
  return (
    <div className="stack">
      <p>{t('exports.text', { what: t(`exports.subject.${what.subject}`) })}</p>
      <fieldset className="choices">
        <legend className="field-label">{t('exports.format')}</legend>
        <Radio.Group value={asked.format} onChange={(e) => set({ format: e.target.value as string, rows: asked.rows === 'both' ? 'orders' : asked.rows })}>
          {FORMATS.map((format) => (
            <Radio key={format} value={format}>
              <Choice title={t(`exports.formatName.${format}`)} note={t(`exports.formatNote.${format}`)} />
            </Radio>
          ))}
        </Radio.Group>
      </fieldset>
      {what.rows ? (
        <fieldset className="choices">
          <legend className="field-label">{t('exports.rows')}</legend>
          <Radio.Group value={asked.rows} onChange={(e) => set({ rows: e.target.value as string })}>
            {what.rows.map((rows) => (
              <Radio key={rows} value={rows} disabled={rows === 'both' && asked.format !== 'xlsx'}>
                <Choice title={t(`exports.rowsName.${rows}`)} note={t(`exports.rowsNote.${rows}`)} />
              </Radio>
            ))}
          </Radio.Group>
        </fieldset>
      ) : null}
      {what.clear ? (
        <fieldset className="choices">
          <legend className="field-label">{t('exports.content')}</legend>
          <Radio.Group value={asked.clear} onChange={(e) => set({ clear: e.target.value as boolean })}>
            <Radio value={false}>
              <Choice title={t('exports.masked')} note={t('exports.maskedNote')} />
            </Radio>
            <Radio value={true} disabled={!mayClear}>
              <Choice title={t('exports.clear')} note={t(mayClear ? 'exports.clearNote' : 'exports.clearForbidden')} />
            </Radio>
          </Radio.Group>
        </fieldset>
      ) : null}
      {asked.clear ? (
        <div>
          <label htmlFor={id} className="field-label">
            {t('exports.reason')}
          </label>
          <Input.TextArea id={id} rows={2} maxLength={500} value={asked.reason} onChange={(e) => set({ reason: e.target.value })} />
          <p className="muted small fine">{t('exports.reasonNote')}</p>
        </div>
      ) : null}
    </div>
  );
}

function Gathering({ item }: { item: Export }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const total = item.progress.total ?? 0;
  if (item.state === 'ready') {
    return (
      <Alert
        type="success"
        showIcon
        title={t('exports.ready', { n: formatNumber(item.row_count) })}
        description={
          <>
            <div className="break">
              <a href={fileUrl(item.id, merchant.id)} download>
                {item.file_name}
              </a>
            </div>
            {(item.sheets ?? 1) > 1 ? <div>{t('exports.sheets', { n: item.sheets })}</div> : null}
            <div className="small">
              {t('exports.kept')} <Time at={item.expires_at} />
            </div>
          </>
        }
      />
    );
  }
  if (!isAlive(item)) {
    return <Alert type="warning" showIcon title={t(`exports.state.${item.state}`, { defaultValue: item.state })} description={item.error ?? undefined} />;
  }
  return (
    <div role="status">
      {total > 0 ? (
        <>
          <Progress percent={Math.min(99, Math.floor((item.progress.done * 100) / total))} status="active" aria-label={t('exports.gathering')} />
          <p>{t('exports.progress', { done: formatNumber(item.progress.done), total: formatNumber(total) })}</p>
        </>
      ) : (
        <p>{t('exports.progressOpen', { done: formatNumber(item.progress.done) })}</p>
      )}
      <p className="muted small">{t('exports.mayClose')}</p>
    </div>
  );
}

interface Props {
  what: ServerExport;
  query: Record<string, string | undefined>;
  open: boolean;
  onClose: () => void;
}

export function ExportDialog({ what, query, open, onClose }: Props) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const fresh: Asked = { format: 'xlsx', rows: what.rows?.[0] ?? null, clear: false, reason: '' };
  const [asked, setAsked] = useState<Asked>(fresh);
  const [made, setMade] = useState<Export | null>(null);
  const [fetched, setFetched] = useState<string | null>(null);
  const start = useAct<Asked, Export>(
    (client, given) =>
      client.post<Export>(what.path, {
        format: given.format,
        filter: filterBody(query),
        ...(given.rows ? { rows: given.rows } : {}),
        ...(given.clear ? { clear: true, reason: given.reason.trim() } : {}),
      }),
    { quiet: true, touches: [['jobs'], ['exports']], onDone: setMade },
  );
  const watched = useQuery<Export>({
    queryKey: ['export', merchant.id, made?.id],
    queryFn: () => api.get<Export>(`/exports/${made?.id ?? ''}`),
    enabled: open && made !== null && isAlive(made),
    refetchInterval: (q) => (q.state.data && !isAlive(q.state.data) ? false : 1_000),
  });
  const item = watched.data?.id === made?.id ? (watched.data ?? made) : made;
  const stop = useAct((client) => client.delete(`/exports/${item?.id ?? ''}`), {
    touches: [['jobs'], ['exports']],
    done: t('exports.stopped'),
    onDone: () => setMade(null),
  });
  // The file comes by itself when it is ready and somebody is still waiting for it; once.
  useEffect(() => {
    if (open && item?.state === 'ready' && fetched !== item.id) {
      setFetched(item.id);
      fetchFile(item, merchant.id);
    }
  }, [open, item, fetched, merchant.id]);
  const close = () => {
    onClose();
    if (!item || !isAlive(item)) setMade(null);
    setAsked(fresh);
    start.reset();
  };
  const running = item !== null && isAlive(item);
  return (
    <Modal
      open={open}
      title={t('exports.title', { what: t(`exports.subject.${what.subject}`) })}
      onCancel={close}
      footer={
        item ? (
          <>
            {running ? (
              <Button danger loading={stop.isPending} onClick={() => stop.mutate()}>
                {t('exports.stop')}
              </Button>
            ) : (
              <Button onClick={() => setMade(null)}>{t('exports.another')}</Button>
            )}
            <Button type="primary" onClick={close}>
              {t('common.close')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button
              type="primary"
              loading={start.isPending}
              disabled={asked.clear && asked.reason.trim() === ''}
              onClick={() => start.mutate(asked)}
            >
              {t('exports.start')}
            </Button>
          </>
        )
      }
    >
      <ProblemAlert error={start.error ?? watched.error} />
      {item ? <Gathering item={item} /> : <AskForm what={what} asked={asked} onChange={setAsked} />}
    </Modal>
  );
}
