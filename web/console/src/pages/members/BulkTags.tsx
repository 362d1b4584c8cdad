/**
 * Tags for many members at once: those ticked, everybody whom the list's filter finds (a task does it), or those behind
 * a number of a report, page by page as the report names them. How many it is for is counted by the server before
 * anything is done, stands on the button that does it, and is said again afterwards.
 */
import MinusCircleOutlined from '@ant-design/icons/MinusCircleOutlined';
import PlusCircleOutlined from '@ant-design/icons/PlusCircleOutlined';
import { type BulkTagged, type Job, type Member, newKey, Problem, type TagPreview } from '@api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { filterBody } from '../../ui/list/filterBody';
import type { Choice } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { TagPicker } from '../tags/TagPicker';
import { TAG_TOUCHES } from '../tags/useTags';
import { type ActKey, keyOf, over, untilOver } from './bulkAct';
import { addUp, deedOf, type TagCount } from './tagCount';

/** Everybody is never asked for by leaving the filter empty. */
const everybodyOr = (filter: Record<string, unknown>) => (Object.keys(filter).length > 0 ? filter : { all: true });

type Whom = Choice<Member> | { behind: () => AsyncGenerator<string[]> };

/** Whom one request is for; several where a report names them page by page. */
async function* requestsOf(choice: Whom): AsyncGenerator<{ filter: Record<string, unknown> } | { members: string[] }> {
  if ('behind' in choice) for await (const members of choice.behind()) yield { members };
  else if (choice.all) yield { filter: everybodyOr(filterBody(choice.query)) };
  else yield { members: choice.rows.map((m) => m.id) };
}

/** For whom it is, counted anew whenever what is asked changes; a count that is not wanted any more is stopped. */
function useCount(choice: Whom, add: string[], remove: string[]) {
  const { merchant } = useSession();
  const [soFar, setSoFar] = useState(0);
  const answer = useQuery<TagCount | null>({
    queryKey: ['tag-preview', merchant.id, add, remove],
    queryFn: async ({ signal }) => {
      let sum: TagCount | null = null;
      setSoFar(0);
      for await (const whom of requestsOf(choice)) {
        let cursor: string | null = null;
        do {
          const part: TagPreview = await api.post<TagPreview>('/members/tags/preview', { add, remove, ...whom, cursor }, { signal });
          sum = addUp(sum, part);
          cursor = part.next_cursor ?? null;
          setSoFar(sum.members);
        } while (cursor !== null);
        signal.throwIfAborted();
      }
      return sum;
    },
    enabled: add.length + remove.length > 0,
    // A number of a minute ago is not what will happen.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return { ...answer, soFar };
}

/** What will happen, tag by tag. */
function Lines({ count }: { count: TagCount }) {
  const { t } = useTranslation();
  return (
    <ul className="tag-count">
      {count.add.map((one) => (
        <li key={one.tag}>{t('tags.willGive', { name: one.name, n: formatNumber(one.lacking), already: formatNumber(one.having) })}</li>
      ))}
      {count.remove.map((one) => (
        <li key={one.tag}>{t('tags.willTake', { name: one.name, n: formatNumber(one.having), already: formatNumber(one.lacking) })}</li>
      ))}
    </ul>
  );
}

/** What shows who has which tag. */
const TOUCHES = [['list'], ['member'], ['jobs'], ...TAG_TOUCHES];

/** What came of it; of a task, how it gets on until then. */
function Outcome({ outcome, count }: { outcome: BulkTagged; count: TagCount }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const job = useQuery<Job>({
    queryKey: ['job', merchant.id, outcome.job],
    queryFn: () => api.get<Job>(`/jobs/${outcome.job}`),
    enabled: Boolean(outcome.job),
    refetchInterval: (query) => (over(query.state.data) ? false : 1_000),
  }).data;
  const deed = deedOf(count);
  const said = (changed: number, unchanged: number) =>
    t(`tags.done.${deed.kind}`, { n: formatNumber(changed), name: deed.name, already: formatNumber(unchanged) });
  if (!outcome.job) return <Alert type="success" showIcon title={said(outcome.changed, outcome.unchanged)} />;
  const result = job?.state === 'done' ? (job.result as { changed: number; unchanged: number } | null | undefined) : null;
  if (result) return <Alert type="success" showIcon title={said(result.changed, result.unchanged)} />;
  const progress = { done: formatNumber(job?.progress?.done ?? 0), total: formatNumber(job?.progress?.total || count.members) };
  return (
    <Alert
      type={over(job) ? 'warning' : 'info'}
      showIcon
      title={over(job) ? t('tags.bulkNotDone', { state: t(`words.jobState.${job?.state}`) }) : t('tags.bulkStarted')}
      description={
        <>
          <p aria-live="polite">{t('tags.bulkProgress', progress)}</p>
          <p>{t('tags.bulkStartedText')}</p>
        </>
      }
    />
  );
}

interface Props {
  choice: Whom;
  onClose: () => void;
  onDone: () => void;
}

export function BulkTags({ choice, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const [soFar, setSoFar] = useState(0);
  const [done, setDone] = useState<{ outcome: BulkTagged; count: TagCount } | null>(null);
  const counted = useCount(choice, add, remove);
  const chosen = add.length + remove.length > 0;
  const counting = chosen && counted.isFetching;
  const count = chosen && !counting && !counted.error ? (counted.data ?? null) : null;
  const deed = count ? deedOf(count) : null;
  const queries = useQueryClient();
  const act = useRef<ActKey | null>(null);
  const tagAll = async () => {
    act.current = keyOf(act.current, { add, remove }, newKey);
    const client = api.keyed(act.current.key);
    const sum: BulkTagged = { changed: 0, unchanged: 0, not_found: 0 };
    for await (const whom of requestsOf(choice)) {
      const part = await client.post<BulkTagged>('/members/tags', { add, remove, ...whom });
      if (part.job) return part;
      sum.changed += part.changed;
      sum.unchanged += part.unchanged;
      sum.not_found += part.not_found;
      setSoFar(sum.changed + sum.unchanged);
    }
    return sum;
  };
  const seeEnd = async (job: string) => {
    const pause = (looks: number) => new Promise<void>((go) => setTimeout(go, looks < 60 ? 1_000 : 5_000));
    await untilOver(() => api.get<Job>(`/jobs/${job}`), pause);
    await Promise.all(TOUCHES.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  const run = useAct<TagCount, BulkTagged>(
    async () => {
      try {
        const answer = await tagAll();
        act.current = null;
        return answer;
      } catch (error) {
        // What was answered is over; what was lost on the way is tried again under its key.
        if (!(error instanceof Problem) || error.status !== 0) act.current = null;
        throw error;
      }
    },
    {
      quiet: true,
      touches: TOUCHES,
      onDone: (outcome, before) => {
        setDone({ outcome, count: before });
        // Lists show the tags of before until the task is over, whether this is still open then or not.
        if (outcome.job) void seeEnd(outcome.job);
      },
    },
  );
  const { reset } = run;
  // What was refused of another choice says nothing of this one.
  useEffect(() => reset(), [add, remove, reset]);
  // Where one tag was given, those who have it now are what one wants to see next.
  const given = done?.count.add.length === 1 ? done.count.add[0]?.tag : null;
  const close = () => (done ? onDone() : onClose());
  const confirm = deed ? t(`tags.do.${deed.kind}`, { n: formatNumber(deed.n), name: deed.name, tags: formatNumber(deed.tags) }) : t(counting ? 'tags.counting' : 'tags.bulkDo');
  return (
    <Modal
      open
      title={'behind' in choice ? t('tags.bulkBehind') : choice.all ? t('tags.bulkAll') : t('tags.bulkSome', { n: formatNumber(choice.rows.length) })}
      onCancel={close}
      footer={
        done ? (
          <>
            {given ? (
              <Link to={`/members?tag=${given}`} onClick={close}>
                <Button>{t('tags.seeThem')}</Button>
              </Link>
            ) : null}
            <Button type="primary" onClick={close}>
              {t('common.close')}
            </Button>
          </>
        ) : (
          <div className="tag-footer">
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button
              className="tag-do"
              type="primary"
              danger={remove.length > 0}
              disabled={!count || count.changed === 0}
              loading={run.isPending || counting}
              onClick={() => count && run.mutate(count)}
            >
              {confirm}
            </Button>
          </div>
        )
      }
    >
      {done ? (
        <Outcome outcome={done.outcome} count={done.count} />
      ) : (
        <div className="stack">
          <ProblemAlert error={run.error ?? counted.error} />
          {'all' in choice && choice.all ? <p className="muted">{t('tags.bulkAllText')}</p> : null}
          <div className="tag-act gives">
            <span className="field-label">
              <PlusCircleOutlined aria-hidden="true" /> {t('tags.bulkAdd')}
            </span>
            <TagPicker label={t('tags.bulkAdd')} placeholder={t('tags.pick')} value={add} onChange={setAdd} without={remove} disabled={run.isPending} create />
          </div>
          <div className="tag-act takes">
            <span className="field-label">
              <MinusCircleOutlined aria-hidden="true" /> {t('tags.bulkRemove')}
            </span>
            <TagPicker label={t('tags.bulkRemove')} placeholder={t('tags.pickTake')} value={remove} onChange={setRemove} without={add} disabled={run.isPending} archived />
          </div>
          {run.isPending && soFar > 0 ? (
            <p className="muted" aria-live="polite">
              {t('tags.bulkSoFar', { n: formatNumber(soFar) })}
            </p>
          ) : count ? (
            <Alert
              type={count.changed === 0 ? 'info' : 'warning'}
              showIcon
              role="status"
              title={t(count.changed === 0 ? 'tags.nobodyChanges' : 'tags.ask', { n: formatNumber(count.members) })}
              description={<Lines count={count} />}
            />
          ) : counting ? (
            <p className="muted" aria-live="polite">
              {t('tags.countingSoFar', { n: formatNumber(counted.soFar) })}
            </p>
          ) : null}
        </div>
      )}
    </Modal>
  );
}
