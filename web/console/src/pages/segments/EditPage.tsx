/**
 * Building a segment: the conditions, beside them how many they are true of, below them some for example. A new one
 * begins empty, from a ready segment (`?ready=`), or as a copy (`?from=`); one that is there is changed in its version.
 */
import '../../styles/insight.css';
import '../../styles/segments.css';
import { Problem, type ReadySegment, type Segment } from '@api';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Skeleton } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useBlocker, useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { useNarrow, usePrefs } from '../../app/prefs';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { Builder } from './builder/Builder';
import { BuilderContext, type BuilderState } from './builder/context';
import { useDraft } from './builder/useDraft';
import { CountFigure, LivePanel, Sample } from './live/LivePanel';
import { useLive } from './live/useLive';
import type { Registry } from './model/registry';
import type { Cond } from './model/tree';
import { SaveDialog } from './SaveDialog';
import { useReady } from './Ready';
import { SEGMENT_TOUCHES, useRegistry, whole } from './useRegistry';

interface Start {
  segment: Segment | null;
  expr: Cond | null;
  name: string;
}

/** Another has changed the segment since it was read. */
const faster = (error: unknown): boolean => error instanceof Problem && error.code === 'segment.changed_meanwhile';

/** Reads the newest again and keeps what was built, or takes what the other has written. */
function useConflict(id: string | null, again: (newest: Segment) => void) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return async () => {
    const newest = await api.get<Segment>(`/segments/${id ?? ''}`);
    modal.confirm({
      title: t('segments.conflict'),
      content: t('segments.conflictText', { name: newest.name, text: newest.sentence ?? newest.text ?? '' }),
      okText: t('segments.conflictMine'),
      cancelText: t('segments.conflictTheirs'),
      onOk: () => again(newest),
      onCancel: () => window.location.reload(),
    });
  };
}

function Editor({ registry, start }: { registry: Registry; start: Start }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const may = useCan('segments:write');
  const self = start.segment?.id ?? null;
  const draft = useDraft(start.expr);
  const live = useLive(draft.expr, draft.whole, self);
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState<string | null>(null);
  const parts = useMemo(() => new Map((live.counted?.parts ?? []).map((part) => [part.path, part])), [live.counted]);
  const state: BuilderState = { registry, parts, fault: live.said?.ok === false ? (live.said.error ?? null) : null, gap: draft.gap, self };
  const save = useAct<Segment, Segment>((client, read) => client.put<Segment>(`/segments/${read.id}`, { ...whole(read), expr: draft.expr }), {
    quiet: true,
    done: t('segments.saved'),
    touches: SEGMENT_TOUCHES,
    onDone: (segment) => setSaved(segment.id),
  });
  const conflict = useConflict(self, (newest) => save.mutate(newest));
  useEffect(() => {
    if (faster(save.error)) void conflict();
  }, [save.error]);
  const unsaved = draft.changed && saved === null;
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname);
  // After the blocker has learnt that nothing is unsaved any more.
  useEffect(() => {
    if (saved) void navigate(`/segments/${saved}`, { replace: true });
  }, [saved, navigate]);
  const { modal } = App.useApp();
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    modal.confirm({
      title: t('segments.leave'),
      content: t('segments.leaveText'),
      okText: t('segments.leaveDo'),
      cancelText: t('segments.leaveNot'),
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
  }, [blocker.state]);

  const ready = draft.whole && live.said?.ok === true;
  const button = may ? (
    <Button
      type="primary"
      disabled={!ready}
      loading={save.isPending}
      onClick={() => (start.segment ? save.mutate(start.segment) : setSaving(true))}
    >
      {t(start.segment ? 'segments.saveChange' : 'segments.saveNew')}
    </Button>
  ) : null;
  const figure = { count: live.count.data, current: live.counted !== null, busy: live.busy, waiting: draft.gap !== null };
  const text = live.check.data?.ok && !live.check.isPlaceholderData ? (live.check.data.text ?? null) : null;
  return (
    <BuilderContext.Provider value={state}>
      <PageHead
        title={start.segment ? t('segments.editOf', { name: start.segment.name }) : t('segments.new')}
        back={
          <Link to={self ? `/segments/${self}` : '/segments'} className="back-link">
            ← {self ? start.segment?.name : t('nav.segments')}
          </Link>
        }
        note={t(narrow ? 'segments.editNoteNarrow' : 'segments.editNote')}
      />
      {save.error && !faster(save.error) ? <ProblemAlert error={save.error} /> : null}
      <div className="edit-grid">
        <Builder draft={draft} text={text} />
        <div className="edit-side">
          <LivePanel
            {...figure}
            action={narrow ? null : button}
            said={live.said}
            error={live.check.error ?? live.count.error}
            retry={() => void (live.check.error ? live.check.refetch() : live.count.refetch())}
          />
        </div>
        <div className="edit-sample">{live.counted?.sample ? <Sample members={live.counted.sample} whole={live.counted.count} /> : null}</div>
      </div>
      {narrow ? (
        <div className="live-bar">
          <CountFigure {...figure} />
          {button}
        </div>
      ) : null}
      {saving ? <SaveDialog expr={draft.expr} name={start.name} onClose={() => setSaving(false)} onSaved={(segment) => setSaved(segment.id)} /> : null}
    </BuilderContext.Provider>
  );
}

function useStart(): { start: Start | null; error: unknown; retry: () => void } {
  const { id } = useParams();
  const [params] = useSearchParams();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const from = id ?? params.get('from');
  const readyKey = params.get('ready');
  // What another page hands over to be built on, such as the members behind a bar.
  const handed = useLocation().state as { expr?: Cond; name?: string } | null;
  const segment = useQuery<Segment>({
    queryKey: ['segment', merchant.id, from, language],
    queryFn: () => api.get<Segment>(`/segments/${from ?? ''}`),
    enabled: Boolean(from),
    // What is being edited is not read again under the hand.
    refetchOnWindowFocus: false,
  });
  const ready = useReady(Boolean(readyKey));
  const begun = useMemo<Start | null>(() => {
    if (from) return segment.data ? { segment: id ? segment.data : null, expr: (segment.data.expr as Cond) ?? null, name: id ? segment.data.name : '' } : null;
    if (readyKey) {
      const found: ReadySegment | undefined = ready.data?.find((r) => r.key === readyKey);
      return ready.data ? { segment: null, expr: (found?.expr as Cond) ?? null, name: found?.name ?? '' } : null;
    }
    return { segment: null, expr: handed?.expr ?? null, name: handed?.name ?? '' };
  }, [from, id, segment.data, readyKey, ready.data, handed]);
  return { start: begun, error: segment.error ?? ready.error, retry: () => void (from ? segment.refetch() : ready.refetch()) };
}

export function Component() {
  const { t } = useTranslation();
  const { id } = useParams();
  const [params] = useSearchParams();
  const registry = useRegistry();
  const { start, error, retry } = useStart();
  // The builder is begun once with what was there first; the address tells when it is another one.
  const [begun, setBegun] = useState<{ key: string; start: Start } | null>(null);
  const key = `${id ?? ''} ${params.get('from') ?? ''} ${params.get('ready') ?? ''}`;
  useEffect(() => {
    if (start && begun?.key !== key) setBegun({ key, start });
  }, [start, key, begun]);
  if (!registry.data || !begun || begun.key !== key) {
    return (
      <>
        <PageHead title={t(id ? 'segments.one' : 'segments.new')} />
        {registry.error || error ? <ProblemAlert error={registry.error ?? error} retry={registry.error ? () => void registry.refetch() : retry} /> : <Skeleton active />}
      </>
    );
  }
  return <Editor key={key} registry={registry.data} start={begun.start} />;
}
