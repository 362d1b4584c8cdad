/**
 * The sheets of an import's open rows: one workbook for each file, since a workbook is read again as one format.
 */
import type { ImportDetail } from '@api';
import { api } from '../../app/api';
import { downloadBlob } from '../../ui/bits';

export async function downloadRejects(id: string): Promise<void> {
  const { files } = await api.get<ImportDetail>(`/imports/${id}`);
  for (const { name } of files.filter((file) => file.bad > 0)) {
    const sheet = await api.download(`/imports/${id}/rejects.xlsx`, { file: name });
    downloadBlob(sheet, `rejects-${name.replace(/\.[^.]+$/, '')}.xlsx`);
  }
}
