/** What can be done to a benefit, pack or reward where it is listed. */
import { App, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';

interface Props {
  name: string;
  state: string;
  /** Where it is kept. */
  path: string;
  touches: string[][];
  /** What putting it away means. */
  text: string;
  onEdit: () => void;
  children?: ReactNode;
}

export function Deeds({ name, state, path, touches, text, onEdit, children }: Props) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const set = useAct<string>((client, to) => client.post(`${path}/${to}`, {}), { done: t('common.saved'), touches });
  if (state === 'archived') return null;
  const archive = () =>
    modal.confirm({ title: t('benefits.archiveTitle', { name }), content: text, okText: t('benefits.archive'), cancelText: t('common.cancel'), onOk: () => set.mutateAsync('archive').catch(() => undefined) });
  const paused = state === 'paused';
  return (
    <span className="row-actions">
      <Button size="small" onClick={onEdit}>
        {t('benefits.edit')}
      </Button>
      {children}
      <Button size="small" loading={set.isPending} onClick={() => set.mutate(paused ? 'resume' : 'pause')}>
        {t(paused ? 'benefits.resume' : 'benefits.pause')}
      </Button>
      <Button size="small" danger onClick={archive}>
        {t('benefits.archive')}
      </Button>
    </span>
  );
}
