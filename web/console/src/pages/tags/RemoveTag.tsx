/** A tag that is not wanted any more: archived or deleted, with what each of them does to its members said first. */
import type { Tag } from '@api';
import { Button, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { TagChip } from './TagChip';
import { TAG_TOUCHES } from './useTags';

export function RemoveTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation();
  const [how, setHow] = useState<'archive' | 'delete'>(tag.archived_at || tag.members === 0 ? 'delete' : 'archive');
  const n = formatNumber(tag.members);
  const act = useAct(
    (client) => (how === 'archive' ? client.patch(`/tags/${tag.id}`, { archived: true }) : client.delete(`/tags/${tag.id}${tag.members > 0 ? '?force=true' : ''}`)),
    { quiet: true, done: t(how === 'archive' ? 'tags.archivedDone' : 'tags.deleted'), touches: [...TAG_TOUCHES, ['list'], ['member'], ['jobs']], onDone: onClose },
  );
  return (
    <Modal
      open
      title={t('tags.removeTitle')}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" danger={how === 'delete'} loading={act.isPending} onClick={() => act.mutate()}>
            {t(how === 'archive' ? 'tags.archive' : 'common.delete')}
          </Button>
        </>
      }
    >
      <ProblemAlert error={act.error} />
      <p>
        <TagChip tag={tag} />{' '}
        {tag.members > 0 ? <Link to={`/members?tag=${tag.id}`}>{t('tags.nMembers', { n })}</Link> : <span className="muted">{t('tags.nobody')}</span>}
      </p>
      <Radio.Group className="merge-list" value={how} onChange={(e) => setHow(e.target.value as 'archive' | 'delete')}>
        {tag.archived_at ? null : (
          <Radio value="archive">
            <span className="choice">
              <span>{t('tags.archive')}</span>
              <span className="muted small">{t('tags.archiveText', { n })}</span>
            </span>
          </Radio>
        )}
        <Radio value="delete">
          <span className="choice">
            <span>{t('common.delete')}</span>
            <span className="muted small">{tag.members > 0 ? t('tags.deleteText', { n }) : t('tags.deleteTextNone')}</span>
          </span>
        </Radio>
      </Radio.Group>
    </Modal>
  );
}
