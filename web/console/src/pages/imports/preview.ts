/** What a file of an import reads as, row by row; asked once for all steps that show of it. */
import type { ImportDetail, ImportForeseen, ImportPreview } from '@api';
import { useQueries, useQuery } from '@tanstack/react-query';
import { api } from '../../app/api';

export function useFilePreview(id: string, file: string, enabled = true) {
  return useQuery<ImportPreview>({
    queryKey: ['preview', id, file],
    queryFn: () => api.get<ImportPreview>(`/imports/${id}/preview`, { file }),
    enabled,
  });
}

/** Rows of an import with the same content as ones that were settled in an earlier one: how many of each. */
export function useSettledBefore(detail: ImportDetail): { repaired: number; discarded: number } {
  const answers = useQueries({
    queries: detail.files.map((file) => ({
      queryKey: ['preview', detail.id, file.name],
      queryFn: () => api.get<ImportPreview>(`/imports/${detail.id}/preview`, { file: file.name }),
      enabled: file.bad > 0,
    })),
  });
  const rows = answers.flatMap((a, n) => (a.data?.not_good ?? []).flatMap((note) => (note.before ? [[`${n}/${note.record}`, note.before.state] as const] : [])));
  const states = [...new Map(rows).values()];
  const repaired = states.filter((state) => state === 'repaired').length;
  return { repaired, discarded: states.length - repaired };
}

/** How many orders of a staged file are new. */
export function useForeseen(id: string, file: string) {
  return useQuery<ImportForeseen>({
    queryKey: ['foreseen', id, file],
    queryFn: () => api.get<ImportForeseen>(`/imports/${id}/foreseen`, { file }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** The words in the column of states that have no meaning yet. */
export function askedStates(preview: ImportPreview | undefined): string[] {
  const asked = (preview?.not_good ?? []).filter((n) => n.reason.startsWith('unknown_status')).map((n) => n.column ?? '');
  return [...new Set(asked.filter((word) => word !== ''))];
}
