/**
 * The builder: conditions as sentences, or the same expression as text. It works on the tree itself, so that going
 * from the one to the other and back loses nothing. The text has the undoing of its box; the form has its own.
 */
import RollbackOutlined from '@ant-design/icons/RollbackOutlined';
import { App, Button, Segmented } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Cond, isGroup } from '../model/tree';
import type { Draft } from './useDraft';
import { Group } from './Group';
import { TextMode } from './TextMode';

export function Builder({ draft, text }: { draft: Draft; text: string | null }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { group, mode } = draft;
  const choose = (next: 'form' | 'text') => {
    // What cannot be read is in the text alone: it is not thrown away unasked.
    if (next === 'form' && mode === 'text' && draft.good === false) {
      modal.confirm({
        title: t('builder.unread'),
        content: t('builder.unreadText'),
        okText: t('builder.unreadLeave'),
        cancelText: t('builder.unreadStay'),
        onOk: () => draft.setMode('form', ''),
      });
    } else draft.setMode(next, text ?? '');
  };
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      // In a box that is typed in, undo belongs to the typing.
      const inBox = event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable]');
      const key = event.key.toLowerCase();
      if (mode === 'text' || inBox || (key !== 'z' && key !== 'y')) return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) draft.redo();
      else draft.undo();
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [draft, mode]);
  return (
    <section className="builder" aria-label={t('segments.who')}>
      <div className="builder-bar">
        <Segmented<'form' | 'text'>
          value={mode}
          aria-label={t('builder.mode')}
          options={[
            { value: 'form', label: t('builder.asForm'), disabled: mode === 'text' && draft.good === null },
            { value: 'text', label: t('builder.text'), disabled: mode === 'form' && text === null, ...(text === null && mode === 'form' ? { title: t('builder.textLater') } : {}) },
          ]}
          onChange={choose}
        />
        <span className="grow" />
        <Button icon={<RollbackOutlined aria-hidden="true" />} aria-label={t('builder.undo')} title={t('builder.undo')} disabled={!draft.canUndo || mode === 'text'} onClick={draft.undo} />
        <Button icon={<RollbackOutlined aria-hidden="true" className="mirrored" />} aria-label={t('builder.redo')} title={t('builder.redo')} disabled={!draft.canRedo || mode === 'text'} onClick={draft.redo} />
      </div>
      {mode === 'text' ? (
        <TextMode text={draft.text} onText={draft.setText} onRead={draft.read} onState={draft.setGood} />
      ) : (
        <Group
          group={group}
          path=""
          table={null}
          alone={group.args.length === 1}
          onChange={(next: Cond) => draft.put(isGroup(next) ? next : { op: 'and', args: [next] })}
        />
      )}
    </section>
  );
}
