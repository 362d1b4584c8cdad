/** Categories of tags: named, renamed, and dropped once they are empty. */
import type { TagCategory } from '@api';
import { Button, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { TAG_TOUCHES } from './useTags';

export function CategoryDialog({ category, onClose }: { category: TagCategory | null; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [name, setName] = useState(category?.name ?? '');
  const save = useAct(
    (client) => (category ? client.patch(`/tag-categories/${category.id}`, { name: name.trim() }) : client.post('/tag-categories', { name: name.trim() })),
    { quiet: true, done: t(category ? 'tags.categoryChanged' : 'tags.categoryMade'), touches: [...TAG_TOUCHES, ['list'], ['member']], onDone: onClose },
  );
  const submit = () => {
    if (name.trim() && !save.isPending) save.mutate();
  };
  return (
    <Modal
      open
      title={t(category ? 'tags.renameCategory' : 'tags.newCategory')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }}
      onOk={submit}
      onCancel={onClose}
    >
      <ProblemAlert error={save.error} />
      <label htmlFor={id} className="field-label">
        {t('tags.categoryName')}
      </label>
      <Input id={id} value={name} maxLength={40} autoFocus onChange={(e) => setName(e.target.value)} onPressEnter={submit} />
      <p className="muted small fine">{t('tags.categoryNote')}</p>
    </Modal>
  );
}

export function DropCategory({ category, onClose }: { category: TagCategory; onClose: () => void }) {
  const { t } = useTranslation();
  const drop = useAct((client) => client.delete(`/tag-categories/${category.id}`), {
    quiet: true,
    done: t('tags.categoryDeleted'),
    touches: TAG_TOUCHES,
    onDone: onClose,
  });
  const holds = category.tags > 0;
  return (
    <Modal
      open
      title={t('tags.dropCategory', { name: category.name })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t(holds ? 'common.close' : 'common.cancel')}</Button>
          {holds ? null : (
            <Button type="primary" danger loading={drop.isPending} onClick={() => drop.mutate()}>
              {t('common.delete')}
            </Button>
          )}
        </>
      }
    >
      <ProblemAlert error={drop.error} />
      <p>{holds ? t('tags.dropHolds', { n: category.tags }) : t('tags.dropEmpty')}</p>
    </Modal>
  );
}
