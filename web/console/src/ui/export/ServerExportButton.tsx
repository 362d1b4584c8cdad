/** The button over a list that opens the export; the dialog is loaded when it is first asked for. */
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../../app/prefs';
import type { ServerExport } from './ExportDialog';

const Dialog = lazy(async () => ({ default: (await import('./ExportDialog')).ExportDialog }));

export function ServerExportButton({ what, query }: { what: ServerExport; query: Record<string, string | undefined> }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  return (
    <>
      <Button
        icon={<DownloadOutlined aria-hidden="true" />}
        title={t('list.export')}
        {...(narrow ? { 'aria-label': t('list.export') } : {})}
        onClick={() => {
          setUsed(true);
          setOpen(true);
        }}
      >
        {narrow ? null : t('list.exportShort')}
      </Button>
      {used ? (
        <Suspense fallback={null}>
          <Dialog what={what} query={query} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
