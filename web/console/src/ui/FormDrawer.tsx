/** A form that opens from the side: what it says and asks, what was wrong with it, and at its foot cancel and save. */
import { Button, Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from './problem';

interface Props {
  title: string;
  /** Something that is needed is not there yet: it cannot be saved. */
  wanting: boolean;
  save: { error: unknown; isPending: boolean; mutate: () => void };
  onClose: () => void;
  /** Beside save: what can be done with the form before it is saved. */
  beside?: ReactNode;
  children: ReactNode;
}

export function FormDrawer({ title, wanting, save, onClose, beside, children }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      open
      size={640}
      title={title}
      onClose={onClose}
      footer={
        <div className="drawer-footer">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {beside}
          <Button type="primary" disabled={wanting} loading={save.isPending} onClick={() => save.mutate()}>
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <ProblemAlert error={save.error} />
      {children}
    </Drawer>
  );
}
