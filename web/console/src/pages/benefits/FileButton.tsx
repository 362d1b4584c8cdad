/** A list as the server's file: all that the filter finds, under its columns in the reader's language. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { today } from '../../app/format';
import { useZone } from '../../app/session';
import { downloadBlob } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

export function FileButton({ path, query, name }: { path: string; query: Record<string, string | undefined>; name: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const load = async () => {
    setBusy(true);
    setError(null);
    try {
      downloadBlob(await api.download(path, query), `${name}-${today(zone)}.csv`);
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <>
      <Button loading={busy} onClick={() => void load()}>
        {t('list.exportCsv')}
      </Button>
      <ProblemAlert error={error} />
    </>
  );
}
