/** Fourth step: the load itself, with its progress; it can be stopped, resumed, and afterwards undone as a whole. */
import type { Client, ImportDetail, ImportFile } from '@api';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Progress } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useOverview } from '../../app/shell/Nav';
import { useAct } from '../../ui/act';
import { Card, Mark } from '../../ui/bits';
import { FileName } from '../../ui/FileName';
import { total } from './model';
import { useFilePreview } from './preview';
import { downloadRejects } from './rejects';
import { Notes } from './StepPreview';

const COUNTS = ['orders_new', 'orders_changed', 'unchanged', 'lines', 'unidentified', 'members_new', 'members', 'products', 'refunds', 'suppressions', 'tags', 'tagged', 'weather', 'ends_kept', 'skipped', 'mended', 'quarantined'] as const;
/** Shown also when zero; the others only when there is something to say. */
const ALWAYS: readonly string[] = ['orders_new', 'orders_changed', 'members_new', 'unchanged', 'quarantined'];

export function StepRun({ detail, queryKey }: { detail: ImportDetail; queryKey: QueryKey }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const may = useCan('imports:write');
  const touches = [queryKey, ['jobs'], ['overview'], ['list']];
  const answered = (answer: ImportDetail) => {
    if (answer?.files) client.setQueryData(queryKey, answer);
  };
  const step = (action: string) => (c: Client) => c.post<ImportDetail>(`/imports/${detail.id}/${action}`);
  const stop = useAct<void, ImportDetail>(step('stop'), { touches, onDone: answered });
  const resume = useAct<void, ImportDetail>(step('resume'), { touches, onDone: answered });
  const undo = useAct<void, ImportDetail>(step('undo'), { touches, onDone: answered, done: t('imports.undoStarted') });
  const rejects = useAct<void, void>(() => downloadRejects(detail.id));

  const { state, progress, counts } = detail;
  const over = !['running', 'undoing'].includes(state);
  // What the menu counts as waiting has changed with the load; it is not asked for again until a page is.
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: ['overview'] });
  }, [over, client]);
  const whole = progress?.total ?? 0;
  const percent = state === 'done' ? 100 : whole > 0 ? Math.min(100, Math.floor(((progress?.done ?? 0) * 100) / whole)) : 0;
  const waiting = detail.waiting ?? 0;
  const mayDecide = useCan('members:write');
  const pairs = useOverview().data?.reviews_open ?? 0;
  const shown = (name: (typeof COUNTS)[number]) => (name === 'quarantined' ? waiting : (counts?.[name] ?? 0));
  const settled = (detail.repaired ?? 0) + (detail.set_aside ?? 0);
  const before = (['repaired', 'discarded'] as const)
    .map((state) => ({ state, n: (state === 'repaired' ? detail.repaired_before : detail.set_aside_before) ?? 0 }))
    .filter((b) => b.n > 0);
  const settledAll = settled + before.reduce((sum, b) => sum + b.n, 0);
  const confirmUndo = () =>
    modal.confirm({
      title: t('imports.undoTitle'),
      content: (
        <>
          <p className="break">
            {t('imports.undoOf', {
              files: detail.files.map((f) => f.name).join('、'),
              orders: formatNumber(counts?.orders_new ?? 0),
              members: formatNumber(counts?.members_new ?? 0),
            })}
          </p>
          <p>{t('imports.undoText')}</p>
        </>
      ),
      okText: t('imports.undo'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => undo.mutateAsync().catch(() => undefined),
    });

  return (
    <div className="stack">
      <Card title={t(`imports.runState.${state}`, { defaultValue: t('imports.one') })}>
        {state === 'failed' ? <Alert type="error" showIcon className="gap-below" title={t('imports.failedTitle')} description={detail.error ?? t('imports.failedText')} /> : null}
        {state === 'undone' ? <p className="muted">{t('imports.undoneText')}</p> : null}
        {['running', 'undoing', 'stopped', 'done'].includes(state) ? (
          <div aria-live="polite">
            <Progress percent={percent} status={state === 'running' || state === 'undoing' ? 'active' : state === 'stopped' ? 'exception' : 'success'} aria-label={t('imports.step.run')} />
            {whole > 0 ? (
              <p className="muted">{t('imports.progress', { done: formatNumber(progress?.done), total: formatNumber(whole) })}</p>
            ) : null}
          </div>
        ) : null}
        {state === 'stopped' ? <p className="muted">{t('imports.stoppedText')}</p> : null}
        {may ? (
          <div className="row-gap">
            {state === 'running' ? (
              <Button loading={stop.isPending} onClick={() => stop.mutate()}>
                {t('imports.stop')}
              </Button>
            ) : null}
            {state === 'stopped' || state === 'failed' ? (
              <Button type="primary" loading={resume.isPending} onClick={() => resume.mutate()}>
                {t('imports.resume')}
              </Button>
            ) : null}
            {['stopped', 'done', 'failed'].includes(state) ? (
              <Button danger loading={undo.isPending} onClick={confirmUndo}>
                {t('imports.undo')}
              </Button>
            ) : null}
          </div>
        ) : null}
      </Card>
      {counts ? (
        <Card title={t('imports.result')}>
          <div className="tiles tiles-small">
            {COUNTS.filter((name) => ALWAYS.includes(name) || shown(name) > 0).map((name) => (
              <div key={name} className="tile">
                <span className="tile-label">{t(`imports.count.${name}`)}</span>
                <span className={name === 'quarantined' && waiting > 0 ? 'tile-value bad-text' : 'tile-value'}>{formatNumber(shown(name))}</span>
                {name === 'quarantined' && settled > 0 ? <span className="muted small">{t('imports.settled', { n: formatNumber(settled) })}</span> : null}
              </div>
            ))}
          </div>
          {before.length > 0 ? (
            <Alert
              type="info"
              showIcon
              className="gap-below"
              title={before.map((b) => t(b.state === 'repaired' ? 'imports.beforeRepaired' : 'imports.beforeDiscarded', { n: formatNumber(b.n) })).join(' ')}
              description={
                <>
                  <p>{t('imports.beforeText')}</p>
                  <div className="row-gap">
                    {before.map((b) => (
                      <Link key={b.state} to={`/quarantine?state=${b.state}&import=${detail.id}`}>
                        <Button>{t(b.state === 'repaired' ? 'imports.seeRepairedRows' : 'imports.seeDiscardedRows')}</Button>
                      </Link>
                    ))}
                  </div>
                </>
              }
            />
          ) : null}
          {waiting > 0 && state !== 'running' ? (
            <Alert
              type="warning"
              showIcon
              title={t('imports.repairTitle', { n: formatNumber(waiting) })}
              description={
                <>
                  <p>{t('imports.repairText')}</p>
                  <div className="row-gap">
                    <Link to={`/quarantine?import=${detail.id}`}>
                      <Button type="primary">{t('imports.repairHere')}</Button>
                    </Link>
                    <Button loading={rejects.isPending} onClick={() => rejects.mutate()}>
                      {t('imports.rejects')}
                    </Button>
                  </div>
                </>
              }
            />
          ) : null}
          {state === 'done' ? (
            <div className="row-gap">
              <Link to="/members">
                <Button type={waiting > 0 ? 'default' : 'primary'}>{t('imports.seeMembers')}</Button>
              </Link>
              <Link to="/orders">
                <Button>{t('imports.seeOrders')}</Button>
              </Link>
              {pairs > 0 && mayDecide ? (
                <Link to="/reviews">
                  <Button>{t('imports.seeReviews', { n: formatNumber(pairs) })}</Button>
                </Link>
              ) : null}
              <Link to="/imports/new">
                <Button>{t('imports.another')}</Button>
              </Link>
            </div>
          ) : null}
        </Card>
      ) : null}
      <Card title={t('imports.files')}>
        <ul className="key-rows import-files">
          {detail.files.map((file) => (
            <li key={file.name}>
              <span className="grow">
                <FileName name={file.name} />
                <span className="muted small block">
                  {t('imports.fileCounts', { records: formatNumber(file.records), good: formatNumber(file.good), bad: formatNumber(file.bad), skipped: formatNumber(file.skipped) })}
                </span>
              </span>
              <Mark>{t(`formats.${file.format ?? ''}`, { defaultValue: file.format ?? '–' })}</Mark>
            </li>
          ))}
        </ul>
        {['done', 'stopped'].includes(state) && settledAll > 0 ? (
          <p className="small fine">
            {waiting > 0
              ? t('imports.badNow', { waiting: formatNumber(waiting), settled: formatNumber(settledAll) })
              : t('imports.badNone', { settled: formatNumber(settledAll) })}
          </p>
        ) : null}
        <p className="muted small fine">{t('imports.totalRows', { n: formatNumber(total(detail, 'records')) })}</p>
      </Card>
      {['done', 'stopped'].includes(state) ? detail.files.filter((f) => (f.warned ?? 0) > 0).map((f) => <Warned key={f.name} id={detail.id} file={f} many={detail.files.length > 1} />) : null}
    </div>
  );
}

/** Rows that were loaded and deserve a look: what is missing in them is told here too, not only before the load. */
function Warned({ id, file, many }: { id: string; file: ImportFile; many: boolean }) {
  const { t } = useTranslation();
  const preview = useFilePreview(id, file.name).data;
  return <Notes file={file} notes={preview?.warned ?? []} title={many ? `${t('imports.warned')} · ${file.name}` : t('imports.warned')} text={t('imports.warnedDone')} tone="warn" />;
}
