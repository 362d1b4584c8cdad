/** The batches that were made of segments; none for whom may not see batches. */
import type { Batch, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../app/api';
import { useCan, useSession } from '../../app/session';

function useAllBatches(): Batch[] {
  const { merchant } = useSession();
  const may = useCan('batches:read');
  const answer = useQuery<Batch[]>({
    queryKey: ['batches-all', merchant.id],
    queryFn: async ({ signal }) => {
      const all: Batch[] = [];
      let cursor: string | null = '';
      do {
        const page: Page<Batch> = await api.get<Page<Batch>>('/batches', { limit: 200, ...(cursor ? { cursor } : {}) }, signal);
        all.push(...page.items);
        cursor = page.next_cursor ?? null;
      } while (cursor);
      return all;
    },
    enabled: may,
    staleTime: 15_000,
  });
  return answer.data ?? [];
}

export function useBatchesOf(segment: string): Batch[] {
  return useAllBatches().filter((batch) => batch.segment === segment);
}

/** How many batches were made of each. */
export function useBatchCounts(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { segment } of useAllBatches()) if (segment) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  return counts;
}
