/** In the task centre: the file that an export's task made, to be fetched or thrown away. */
import type { Export } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../app/session';
import { useAct } from '../act';
import { Mark, Time } from '../bits';
import { fetchFile } from './file';

export function JobExport({ item }: { item: Export }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const remove = useAct((client) => client.delete(`/exports/${item.id}`), { done: t('exports.removed'), touches: [['exports'], ['jobs']] });
  if (item.state !== 'ready') {
    return item.state === 'withdrawn' || item.state === 'expired' ? <p className="muted small">{t(`exports.state.${item.state}`)}</p> : null;
  }
  return (
    <div className="job-file">
      <span className="muted small grow">
        {t('exports.expires')} <Time at={item.expires_at} /> {item.clear ? <Mark tone="warn">{t('exports.inClear')}</Mark> : null}
      </span>
      <Button size="small" type="primary" ghost onClick={() => fetchFile(item, merchant.id)}>
        {t('exports.download')}
      </Button>
      <Button size="small" loading={remove.isPending} onClick={() => remove.mutate()}>
        {t('exports.remove')}
      </Button>
    </div>
  );
}
