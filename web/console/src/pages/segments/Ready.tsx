/** Segments ready made: what shops look for, to start from. */
import type { ReadySegment } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
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
          <ul className="ready">
            {(answer.data ?? [])
              .filter((r) => r.group === group)
              .map((r) => (
                <li key={r.key}>
                  <Link to={`/segments/new?ready=${encodeURIComponent(r.key)}`} className="ready-card">
                    <strong>{r.name}</strong>
                    <span className="muted small">{r.description}</span>
                  </Link>
                </li>
              ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}
