/**
 * Every long task in one place: what runs and how far it is, what failed and why, with the means to stop or try again.
 * Read every two seconds while something runs, and rarely otherwise.
 */
import UnorderedListOutlined from '@ant-design/icons/UnorderedListOutlined';
import type { Export, Job, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Badge, Button, Drawer, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { EmptyTeach, StateMark, Time } from '../../ui/bits';
import { JobExport } from '../../ui/export/JobExport';
import { ProblemAlert } from '../../ui/problem';
import { api } from '../api';
import { formatNumber } from '../format';
import { useSession } from '../session';

const alive = (job: Job) => job.state === 'running' || job.state === 'queued';

function useJobs(open: boolean) {
  const { merchant } = useSession();
  return useQuery<Page<Job>>({
    queryKey: ['jobs', merchant.id],
    queryFn: () => api.get<Page<Job>>('/jobs', { limit: 50 }),
    refetchInterval: (query) => (query.state.data?.items.some(alive) ? 2_000 : open ? 5_000 : 30_000),
    staleTime: 1_000,
  });
}

/** The files of exports, by the task that made each; asked for only while somebody looks and there are any. */
function useExports(open: boolean, jobs: Job[]) {
  const { merchant } = useSession();
  const made = jobs.filter((job) => job.kind === 'export.gather');
  const answer = useQuery<Page<Export>>({
    queryKey: ['exports', merchant.id, made.map((job) => `${job.id} ${job.state}`).join()],
    queryFn: () => api.get<Page<Export>>('/exports', { limit: 100 }),
    enabled: open && made.length > 0,
  });
  return new Map((answer.data?.items ?? []).map((item) => [item.job, item]));
}

function percent(job: Job): number {
  const total = job.progress?.total ?? 0;
  if (total <= 0) return 0;
  return Math.min(100, Math.floor(((job.progress?.done ?? 0) * 100) / total));
}

/** Titles that the server writes in both languages stand as `中文 · English`. */
function titleOf(job: Job, chinese: boolean): string {
  const title = job.title ?? '';
  const [, zh, en] = /^(.*[\u4e00-\u9fff].*) · ([\x20-\x7e]+)$/.exec(title) ?? [];
  return (chinese ? zh : en) ?? title;
}

function JobRow({ job, file }: { job: Job; file: Export | undefined }) {
  const { t, i18n } = useTranslation();
  const touches = [['jobs']];
  const cancel = useAct((client) => client.post(`/jobs/${job.id}/cancel`), { done: t('tasks.cancelled'), touches });
  const resume = useAct((client) => client.post(`/jobs/${job.id}/resume`), { done: t('tasks.retried'), touches });
  const again = useAct((client) => client.post(`/jobs/${job.id}/retry`), { done: t('tasks.retried'), touches });
  const kind = t(`words.job.${job.kind.replaceAll('.', '_')}`, { defaultValue: '' });
  const title = titleOf(job, i18n.language === 'zh');
  const unit = job.progress?.unit ? t(`words.unit.${job.progress.unit}`, { defaultValue: job.progress.unit }) : '';
  return (
    <li className="job">
      <div className="job-head">
        <span className="cell-two">
          <strong className="break">{kind || title}</strong>
          {kind && title ? <span className="muted small break">{title}</span> : null}
        </span>
        <StateMark state={job.state} area="jobState" />
      </div>
      {job.progress && (alive(job) || (job.progress.total ?? 0) > 0) ? (
        <>
          <Progress
            percent={job.state === 'done' ? 100 : percent(job)}
            size="small"
            status={job.state === 'failed' || job.state === 'dead' ? 'exception' : alive(job) ? 'active' : 'normal'}
            aria-label={kind || title}
          />
          <div className="muted small">
            {t('tasks.progress', {
              done: formatNumber(job.progress.done),
              total: job.progress.total === null ? '?' : formatNumber(job.progress.total),
              unit,
            })}
          </div>
        </>
      ) : null}
      {job.error ? <p className="job-error">{job.error}</p> : null}
      {file ? <JobExport item={file} /> : null}
      <div className="job-foot">
        <span className="muted small">
          <Time at={job.finished_at ?? job.started_at ?? job.created_at} seconds />
        </span>
        {alive(job) ? (
          <Button size="small" loading={cancel.isPending || job.stopping === true} onClick={() => cancel.mutate()}>
            {t('tasks.cancel')}
          </Button>
        ) : null}
        {job.state === 'cancelled' ? (
          <Button size="small" loading={resume.isPending} onClick={() => resume.mutate()}>
            {t('tasks.resume')}
          </Button>
        ) : null}
        {job.state === 'failed' || job.state === 'dead' ? (
          <Button size="small" loading={again.isPending} onClick={() => again.mutate()}>
            {t('common.retry')}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

export function TaskCentre() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const jobs = useJobs(open);
  const items = jobs.data?.items ?? [];
  const files = useExports(open, items);
  const running = items.filter(alive).length;
  const label = running > 0 ? t('tasks.running', { count: running }) : t('tasks.title');
  return (
    <>
      <Badge count={running} size="small" offset={[-6, 6]}>
        <Button type="text" icon={<UnorderedListOutlined />} aria-label={label} title={label} onClick={() => setOpen(true)} />
      </Badge>
      <Drawer open={open} title={t('tasks.title')} size={400} onClose={() => setOpen(false)} className="task-drawer">
        <ProblemAlert error={jobs.error} retry={() => void jobs.refetch()} />
        {items.length === 0 && !jobs.error ? (
          <EmptyTeach title={t('tasks.empty')} text={t('tasks.emptyText')} />
        ) : (
          <ul className="jobs">
            {items.map((job) => (
              <JobRow key={job.id} job={job} file={files.get(job.id)} />
            ))}
          </ul>
        )}
      </Drawer>
    </>
  );
}
