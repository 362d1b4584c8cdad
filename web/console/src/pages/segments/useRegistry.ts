/** What can be asked about, by the server's registry in the reader's language. */
import type { Segment } from '@api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../app/api';
import { usePrefs } from '../../app/prefs';
import { useSession } from '../../app/session';
import type { Registry } from './model/registry';

/** What is read again after anything about segments changed. */
export const SEGMENT_TOUCHES = [['segments'], ['segment'], ['segment-names'], ['segment-count'], ['list']];

export function useRegistry() {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<Registry>({
    queryKey: ['segment-registry', merchant.id, language],
    queryFn: () => api.get<Registry>('/segments/registry'),
    staleTime: 300_000,
  });
}

/** All that a change must say of a segment: what is left out would be taken away. */
export function whole(segment: Segment): Record<string, unknown> {
  const { name, description, kind, expr, every, at, version } = segment;
  return { name, description, kind, version, ...(expr ? { expr } : {}), ...(every ? { every, at } : {}) };
}
