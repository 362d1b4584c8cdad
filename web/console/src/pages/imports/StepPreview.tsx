/** Third step: how the file will be read, and every row that will not be, with where, why and what to do. */
import type { ImportDetail, ImportFile, PreviewNote } from '@api';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { blamedColumn } from './blame';
import { Canonical } from './Canonical';
import { columnNames, mappingOf, namesNobody, settled, total } from './model';
import { useFilePreview, useForeseen, useSettledBefore } from './preview';

export function StepPreview({ detail, queryKey, onBack }: { detail: ImportDetail; queryKey: QueryKey; onBack: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useCan('imports:write');
  const [name, setName] = useState(detail.files[0]?.name ?? '');
  const file = detail.files.find((f) => f.name === name) ?? detail.files[0];
  const run = useAct<void, ImportDetail>((c) => c.post<ImportDetail>(`/imports/${detail.id}/run`), {
    touches: [queryKey, ['jobs'], ['list', '/imports']],
    onDone: (answer) => {
      if (answer?.files) client.setQueryData(queryKey, answer);
    },
  });
  const bad = total(detail, 'bad');
  const before = useSettledBefore(detail);
  const waits = bad - before.repaired - before.discarded;
  const good = total(detail, 'good');
  return (
    <div className="stack">
      <Card>
        <div className="tiles tiles-small">
          {(['records', 'good', 'bad', 'skipped'] as const).map((what) => (
            <div key={what} className="tile">
              <span className="tile-label">{t(`imports.total.${what}`)}</span>
              <span className={what === 'bad' && bad > 0 ? 'tile-value bad-text' : 'tile-value'}>{formatNumber(total(detail, what))}</span>
            </div>
          ))}
        </div>
        {before.repaired + before.discarded > 0 ? (
          <Alert
            type="info"
            showIcon
            className="gap-below"
            title={[
              ...(before.repaired > 0 ? [t('imports.beforeRepaired', { n: formatNumber(before.repaired) })] : []),
              ...(before.discarded > 0 ? [t('imports.beforeDiscarded', { n: formatNumber(before.discarded) })] : []),
            ].join(' ')}
            description={t('imports.beforeText')}
          />
        ) : null}
        {waits > 0 ? <Alert type="warning" showIcon title={t('imports.badTitle', { n: formatNumber(waits) })} description={t('imports.badText')} /> : null}
      </Card>
      {detail.files.length > 1 ? (
        <Segmented
          className="file-tabs"
          aria-label={t('imports.files')}
          value={file?.name ?? ''}
          options={detail.files.map((f) => ({ value: f.name, label: f.name }))}
          onChange={setName}
        />
      ) : null}
      {file && settled(detail) ? <Foreseen key={`${file.name}/new`} id={detail.id} file={file.name} /> : null}
      {file && namesNobody(file) ? <Alert type="warning" showIcon title={t('imports.namesNobody', { file: file.name })} description={t('imports.namesNobodyText')} /> : null}
      {file ? <FilePreview key={file.name} id={detail.id} file={file} /> : null}
      <div className="step-foot card">
        <Button onClick={onBack}>{t('imports.backToMapping')}</Button>
        <Button type="primary" disabled={!may || good === 0} loading={run.isPending} onClick={() => run.mutate()}>
          {t('imports.run', { n: formatNumber(good) })}
        </Button>
      </div>
    </div>
  );
}

/** What of the file's orders is here already: a file that comes again brings less than it has rows. */
function Foreseen({ id, file }: { id: string; file: string }) {
  const { t } = useTranslation();
  const orders = useForeseen(id, file).data?.orders;
  if (!orders) return null;
  const counts = { known: formatNumber(orders.known), fresh: formatNumber(orders.new), all: formatNumber(orders.known + orders.new) };
  return <Alert type="info" showIcon title={t(orders.whole ? 'imports.foreseen' : 'imports.foreseenFirst', counts)} description={orders.known > 0 ? t('imports.foreseenText') : undefined} />;
}

/** Reasons of rows, told by row: a row with two reasons is one row. */
export function Notes({ file, notes, title, text, tone }: { file: ImportFile; notes: PreviewNote[]; title: string; text: string; tone: 'bad' | 'warn' }) {
  const { t } = useTranslation();
  const names = columnNames(file);
  // A preview has no cells at hand; a status word it does not know stands in the column that is read as the status.
  const columnOf = (n: PreviewNote) =>
    blamedColumn(n, {}, names) ?? (n.reason.includes('status') ? (mappingOf(file).find((m) => m.field === 'status')?.column ?? null) : null);
  const columns: Column<PreviewNote>[] = [
    { key: 'row', title: t('imports.row'), render: (n) => <span className={n.sheet ? undefined : 'nowrap'}>{n.sheet ? `${n.sheet} · ` : ''}{t('imports.rowN', { n: n.row ?? n.record })}</span>, width: 90 },
    { key: 'column', title: t('imports.column'), render: (n) => columnOf(n) ?? t('imports.wholeRow') },
    {
      key: 'reason',
      title: t('imports.reason'),
      render: (n) => (
        <span className="cell-two">
          <span className={n.before ? undefined : `${tone}-text`}>{n.text || t(`reasons.${n.reason.split(':')[0] ?? ''}`, { defaultValue: n.reason })}</span>
          {n.before ? (
            <Link to={`/quarantine?state=${n.before.state}&import=${n.before.import}&row=${n.before.id}`} className="small">
              {t(n.before.state === 'repaired' ? 'imports.seeRepaired' : 'imports.seeDiscarded')}
            </Link>
          ) : null}
        </span>
      ),
    },
    { key: 'advice', title: t('imports.advice'), render: (n) => n.advice ?? '–' },
    { key: 'key', title: t('imports.key'), render: (n) => <span className="small nowrap-wide">{n.key || '–'}</span> },
  ];
  const [all, setAll] = useState(false);
  if (notes.length === 0) return null;
  const shown = all ? notes : notes.slice(0, 50);
  return (
    <Card title={tone === 'bad' ? title : `${title} (${t('imports.nRows', { n: formatNumber(rowsOf(notes)) })})`} flush>
      <p className="muted card-note">{rowsOf(notes) < notes.length ? `${text} ${t('imports.severalReasons', { n: formatNumber(notes.length) })}` : text}</p>
      <DataTable label={title} columns={columns} rows={shown} rowKey={(n) => `${n.record}-${n.column ?? ''}-${n.reason}`} />
      {shown.length < notes.length ? (
        <div className="pad">
          <Button onClick={() => setAll(true)}>{t('imports.showAll', { n: formatNumber(notes.length) })}</Button>
        </div>
      ) : null}
    </Card>
  );
}

/** How many rows the reasons are of. */
const rowsOf = (notes: PreviewNote[]) => new Set(notes.map((n) => n.record)).size;

function FilePreview({ id, file }: { id: string; file: ImportFile }) {
  const { t } = useTranslation();
  const answer = useFilePreview(id, file.name);
  const data = answer.data;
  if (!data) return answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />;
  return (
    <>
      {(data.notes ?? []).length > 0 ? (
        <Alert
          type="info"
          showIcon
          title={t('imports.notes')}
          description={
            <ul className="bullets">
              {data.notes?.map((n) => (
                <li key={n.text}>{n.text}</li>
              ))}
            </ul>
          }
        />
      ) : null}
      <Notes
        file={file}
        notes={data.not_good}
        title={t('imports.notGood', { bad: formatNumber(file.bad ?? 0), skipped: formatNumber(file.skipped ?? 0) })}
        text={t('imports.notGoodText')}
        tone="bad"
      />
      <Notes file={file} notes={data.warned} title={t('imports.warned')} text={t('imports.warnedText')} tone="warn" />
      <Card title={t('imports.goodTitle', { n: data.good.length })} flush>
        <p className="muted card-note">{t('imports.goodText')}</p>
        <Canonical rows={data.good as Record<string, unknown>[]} />
      </Card>
    </>
  );
}
