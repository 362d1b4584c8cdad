/** A list or a report as a file: gathered by a job, kept sealed for some days, fetched as often as needed. */

/** A word that the document does not list; a screen shows it as it is. */
type Other = string & {};

export interface Export {
  id: string;
  subject: 'members' | 'orders' | 'refunds' | 'products' | 'settlement' | Other;
  rows?: string | null;
  format: 'csv' | 'xlsx' | 'parquet' | Other;
  /** Personal data in clear. */
  clear: boolean;
  /** `withdrawn`: somebody in it was erased since. */
  state: 'queued' | 'running' | 'ready' | 'stopped' | 'failed' | 'withdrawn' | 'expired' | Other;
  job?: string | null;
  progress: { done: number; total?: number | null };
  row_count?: number | null;
  sheets?: number | null;
  file_name: string;
  created_at: string;
  expires_at: string;
  error?: string | null;
}
