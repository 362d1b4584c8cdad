/** The file of an export: where it lies, and how a browser fetches it without holding it in memory. */
import type { Export } from '@api';
import { api } from '../../app/api';

export const isAlive = (item: Export) => item.state === 'queued' || item.state === 'running';

/** A plain link carries no header, so the merchant stands in the address. */
export const fileUrl = (id: string, merchant: string) => api.url(`/exports/${id}/file`, { merchant });

export function fetchFile(item: Export, merchant: string): void {
  const link = document.createElement('a');
  link.href = fileUrl(item.id, merchant);
  link.download = item.file_name;
  document.body.append(link);
  link.click();
  link.remove();
}
