/** Segments ready made: what shops look for, to start from. */
import type { ReadySegment, SegmentCount } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useSession } from '../../app/session';
import { Card } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

export function useReady(enabled = true) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<ReadySegment[]>({
    queryKey: ['segments', 'ready', merchant.id, language],
    queryFn: async () => {
      const answer = await api.get<ReadySegment[] | { items: ReadySegment[] }>('/segments/ready');
      return Array.isArray(answer) ? answer : answer.items;
    },
    staleTime: 300_000,
    enabled,
  });
}

/** How many are in one now; asked once it is seen. */
function ReadyCount({ expr }: { expr: unknown }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const answer = useQuery<SegmentCount>({
    queryKey: ['segment-count', merchant.id, 'ready', JSON.stringify(expr)],
    queryFn: ({ signal }) => api.post<SegmentCount>('/segments/count', { expr }, { signal }),
    staleTime: 300_000,
  });
  const count = answer.data?.count;
  return (
    <span className={count === 0 ? 'ready-count ready-none' : 'ready-count'}>
      {count === undefined ? (answer.isPending ? '…' : '–') : t(count === 1 ? 'segments.personOf' : 'segments.peopleOf', { n: formatNumber(count) })}
    </span>
  );
}

export function Ready() {
  const { t } = useTranslation();
  const answer = useReady();
  const groups = [...new Set((answer.data ?? []).map((r) => r.group))];
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.isPending) return <Skeleton active />;
  return (
    <div className="stack">
      {groups.map((group) => (
        <Card key={group} title={t(`segments.readyGroup.${group}`, { defaultValue: group })}>
          {group === 'rfm' ? <p className="muted small">{t('segments.readyRfm')}</p> : null}
          <ul className="ready">
            {(answer.data ?? [])
              .filter((r) => r.group === group)
              .map((r) => (
                <li key={r.key}>
                  <Link to={`/segments/new?ready=${encodeURIComponent(r.key)}`} className="ready-card">
                    <span className="ready-head">
                      <strong>{r.name}</strong>
                      <ReadyCount expr={r.expr} />
                    </span>
                    <span className="muted small">{r.description}</span>
                    <span className="ready-do small" aria-hidden="true">
                      {t('segments.readyDo')} ›
                    </span>
                  </Link>
                </li>
              ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}
