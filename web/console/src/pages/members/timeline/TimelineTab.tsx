/** Everything that happened to the member in one order of time, all of it or some kinds, as far back as one asks. */
import type { Page, TimelineEntry } from '@api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '../../../app/api';
import { useSession } from '../../../app/session';
import { EmptyTeach } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { Entry } from './Entry';
import { type Group, GROUP_NAMES, GROUPS } from './kinds';

export function TimelineTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const [params, setParams] = useSearchParams();
  const asked = (params.get('kind') ?? '').split(',');
  const chosen = GROUP_NAMES.filter((name) => asked.includes(name));
  const kind = chosen.flatMap((name) => GROUPS[name] as readonly string[]).join(',');
  const answer = useInfiniteQuery({
    queryKey: ['timeline', merchant.id, id, kind],
    queryFn: ({ pageParam, signal }) => api.get<Page<TimelineEntry>>(`/members/${id}/timeline`, { kind, limit: 30, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page: Page<TimelineEntry>) => page.next_cursor ?? undefined,
  });
  const show = (names: Group[]) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (names.length > 0) next.set('kind', names.join(','));
        else next.delete('kind');
        return next;
      },
      { replace: true },
    );
  const entries = answer.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="pad">
      <div className="timeline-kinds" role="group" aria-label={t('timeline.show')}>
        <button type="button" className={chosen.length === 0 ? 'pill pill-on' : 'pill'} aria-pressed={chosen.length === 0} onClick={() => show([])}>
          {t('common.all')}
        </button>
        {GROUP_NAMES.map((name) => {
          const on = chosen.includes(name);
          return (
            <button
              key={name}
              type="button"
              className={on ? 'pill pill-on' : 'pill'}
              aria-pressed={on}
              onClick={() => show(on ? chosen.filter((one) => one !== name) : [...chosen, name])}
            >
              <span className={`timeline-dot timeline-${name}`} aria-hidden="true" />
              {t(`timeline.kind.${name}`)}
            </button>
          );
        })}
      </div>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active />
      ) : entries.length === 0 && !answer.error ? (
        <EmptyTeach title={t('timeline.empty')} />
      ) : (
        <ol className="timeline">
          {entries.map((entry, index) => (
            <Entry key={index} entry={entry} />
          ))}
        </ol>
      )}
      {answer.hasNextPage ? (
        <Button block loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
          {t('timeline.earlier')}
        </Button>
      ) : null}
    </div>
  );
}
