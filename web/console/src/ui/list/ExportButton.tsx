/**
 * Exports what this filter finds, all of it. The list is read page by page with the same filter that the screen has,
 * so that nothing is cut off; values are masked exactly as they are on screen. It can be stopped at any time, and a
 * stopped export leaves no file, so that no half list is ever taken for a whole one.
 */
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import type { Page } from '@api';
import { Button, Modal } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatNumber, today } from '../../app/format';
import { useNarrow } from '../../app/prefs';
import { useZone } from '../../app/session';
import { downloadBlob } from '../bits';
import type { Column } from '../DataTable';
import { ProblemAlert } from '../problem';
import { BOM, type Cell, csvRow } from '../sheet';

interface Props<T> {
  path: string;
  query: Record<string, string | undefined>;
  columns: Column<T>[];
  name: string;
  /** The reader chose the columns: then also those in which nobody has anything. */
  chosen: boolean;
}

export function ExportButton<T>({ path, query, columns, name, chosen }: Props<T>) {
  const { t } = useTranslation();
  const zone = useZone();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const [rows, setRows] = useState<number | null>(null);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  const file = `${name}-${today(zone)}`;

  const run = async () => {
    const control = new AbortController();
    stop.current = control;
    setError(null);
    setDone(false);
    setRows(0);
    const exported = columns.filter((c) => c.sheet);
    const lines: Cell[][] = [];
    // As on the screen, a column in which no row has anything is left out.
    const told = exported.map((c) => chosen || !c.blank);
    let cursor: string | null = '';
    let count = 0;
    try {
      do {
        const answer: Page<T> = await api.get<Page<T>>(path, { ...query, limit: 200, cursor }, control.signal);
        for (const row of answer.items) {
          lines.push(exported.map((c) => c.sheet?.(row)));
          exported.forEach((c, i) => {
            if (!c.blank?.(row)) told[i] = true;
          });
        }
        count += answer.items.length;
        setRows(count);
        cursor = answer.next_cursor;
      } while (cursor);
      const kept = (cells: Cell[]) => csvRow(count > 0 ? cells.filter((_, i) => told[i]) : cells);
      const parts = [BOM, kept(exported.map((c) => c.title)), ...lines.map(kept)];
      downloadBlob(new Blob(parts, { type: 'text/csv;charset=utf-8' }), `${file}.csv`);
      setDone(true);
    } catch (problem) {
      if (!control.signal.aborted) setError(problem);
      setRows(null);
    }
  };
  const close = () => {
    stop.current?.abort();
    setOpen(false);
    setRows(null);
    setDone(false);
    setError(null);
  };
  const running = rows !== null && !done;

  return (
    <>
      <Button icon={<DownloadOutlined aria-hidden="true" />} {...(narrow ? { 'aria-label': t('list.export') } : {})} title={t('list.export')} onClick={() => setOpen(true)}>
        {narrow ? null : t('list.exportShort')}
      </Button>
      <Modal
        open={open}
        title={t('list.export')}
        onCancel={close}
        footer={
          <>
            <Button onClick={close}>{running ? t('list.exportStop') : t('common.close')}</Button>
            <Button type="primary" loading={running} onClick={() => void run()}>
              {t('list.exportCsv')}
            </Button>
          </>
        }
      >
        <p>{t('list.exportNote')}</p>
        <ProblemAlert error={error} />
        {rows !== null ? (
          <p role="status">
            {t(done ? 'list.exportDone' : 'list.exportRunning', { rows: formatNumber(rows) })}
          </p>
        ) : null}
      </Modal>
    </>
  );
}
