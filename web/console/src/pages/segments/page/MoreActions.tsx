/** What else can be done to a segment: a new name, a copy, reckoning now, putting away and bringing back. */
import type { Segment } from '@api';
import { App, Button, Dropdown, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAct } from '../../../ui/act';
import { ProblemAlert } from '../../../ui/problem';
import { SEGMENT_TOUCHES, whole } from '../useRegistry';

function Rename({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [name, setName] = useState(segment.name);
  const [description, setDescription] = useState(segment.description ?? '');
  const save = useAct<void, Segment>(
    (client) => client.put<Segment>(`/segments/${segment.id}`, { ...whole(segment), name: name.trim(), description: description.trim() }),
    { quiet: true, done: t('segments.renamed'), touches: SEGMENT_TOUCHES, onDone: onClose },
  );
  return (
    <Modal open title={t('segments.rename')} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }} onOk={() => save.mutate()} onCancel={onClose}>
      <ProblemAlert error={save.error} />
      <label className="field-label" htmlFor={`${id}-name`}>
        {t('common.name')}
      </label>
      <Input id={`${id}-name`} className="gap-below" value={name} maxLength={80} onChange={(e) => setName(e.target.value)} />
      <label className="field-label" htmlFor={`${id}-note`}>
        {t('segments.description')}
      </label>
      <Input.TextArea id={`${id}-note`} value={description} rows={3} maxLength={2000} onChange={(e) => setDescription(e.target.value)} />
    </Modal>
  );
}

export function MoreActions({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const [renaming, setRenaming] = useState(false);
  const post = (action: string, done: string) => ({ run: action, done });
  const act = useAct<{ run: string; done: string }, Segment>((client, { run }) => client.post<Segment>(`/segments/${segment.id}/${run}`), {
    touches: SEGMENT_TOUCHES,
    onDone: (answer, given) => {
      if (given.run === 'duplicate' && answer?.id) void navigate(`/segments/${answer.id}/edit`);
    },
  });
  const archived = segment.state === 'archived';
  const items = [
    { key: 'rename', label: t('segments.rename') },
    { key: 'duplicate', label: t('segments.duplicate') },
    ...(archived ? [{ key: 'restore', label: t('segments.restore') }] : [{ key: 'refresh', label: t('segments.refresh') }, { key: 'archive', label: t('segments.archive'), danger: true }]),
  ];
  const does: Record<string, () => void> = {
    rename: () => setRenaming(true),
    duplicate: () => act.mutate(post('duplicate', t('segments.duplicated'))),
    refresh: () => act.mutate(post('refresh', t('segments.refreshed'))),
    restore: () => act.mutate(post('restore', t('segments.restored'))),
    archive: () =>
      void modal.confirm({
        title: t('segments.archive'),
        content: t('segments.archiveText'),
        okText: t('segments.archive'),
        okButtonProps: { danger: true },
        cancelText: t('common.cancel'),
        onOk: () => act.mutateAsync(post('archive', t('segments.archived'))).catch(() => undefined),
      }),
  };
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => does[key]?.() }}>
        <Button loading={act.isPending}>{t('common.more')}</Button>
      </Dropdown>
      {renaming ? <Rename segment={segment} onClose={() => setRenaming(false)} /> : null}
    </>
  );
}
