/** What a file of an import reads as, row by row; asked once for all steps that show of it. */
import type { ImportPreview } from '@api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../app/api';

export function useFilePreview(id: string, file: string, enabled = true) {
  return useQuery<ImportPreview>({
    queryKey: ['preview', id, file],
    queryFn: () => api.get<ImportPreview>(`/imports/${id}/preview`, { file }),
    enabled,
  });
}

/** The words in the column of states that have no meaning yet. */
export function askedStates(preview: ImportPreview | undefined): string[] {
  const asked = (preview?.not_good ?? []).filter((n) => n.reason.startsWith('unknown_status')).map((n) => n.column ?? '');
  return [...new Set(asked.filter((word) => word !== ''))];
}
