/** Filters and columns kept under a name, for everybody of the merchant or for oneself as the server decides. */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import DownOutlined from '@ant-design/icons/DownOutlined';
import type { Page, SavedView } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Modal, Popover } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useSession } from '../../app/session';
import { useAct } from '../act';

interface Props {
  page: string;
  query: URLSearchParams;
  columns: string[];
  onApply: (view: SavedView) => void;
}

export function SavedViews({ page, query, columns, onApply }: Props) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const [open, setOpen] = useState(false);
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const id = useId();
  const key = ['views', merchant.id, page];
  const views = useQuery<Page<SavedView>>({
    queryKey: key,
    queryFn: () => api.get<Page<SavedView>>('/views', { page }),
    enabled: open,
  });
  const save = useAct<string, SavedView>(
    (client, given) => {
      const kept = new URLSearchParams(query);
      kept.delete('cursor');
      return client.put<SavedView>('/views', { page, name: given, query: kept.toString(), columns });
    },
    { done: t('list.viewSaved'), touches: [key], onDone: () => setNaming(false) },
  );
  const remove = useAct<string>((client, viewId) => client.delete(`/views/${viewId}`), { touches: [key] });
  const items = views.data?.items ?? [];

  return (
    <>
      <Popover
        trigger="click"
        placement="bottomRight"
        open={open}
        onOpenChange={setOpen}
        content={
          <div className="view-menu">
            {items.length === 0 ? <p className="muted small">{t('list.noViews')}</p> : null}
            {items.map((view) => (
              <div key={view.id} className="view-row">
                <Button
                  type="text"
                  onClick={() => {
                    onApply(view);
                    setOpen(false);
                  }}
                >
                  {view.name}
                </Button>
                <Button
                  type="text"
                  size="small"
                  icon={<DeleteOutlined />}
                  aria-label={t('list.deleteView', { name: view.name })}
                  onClick={() => remove.mutate(view.id)}
                />
              </div>
            ))}
            <Button
              block
              onClick={() => {
                setName('');
                setNaming(true);
                setOpen(false);
              }}
            >
              {t('list.saveView')}
            </Button>
          </div>
        }
      >
        <Button>
          {t('list.views')} <DownOutlined className="tiny" />
        </Button>
      </Popover>
      <Modal
        open={naming}
        title={t('list.saveView')}
        okText={t('common.save')}
        cancelText={t('common.cancel')}
        okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }}
        onOk={() => save.mutate(name.trim())}
        onCancel={() => setNaming(false)}
      >
        <p className="muted">{t('list.saveViewNote')}</p>
        <label className="field-label" htmlFor={id}>
          {t('common.name')}
        </label>
        <Input id={id} value={name} maxLength={40} onChange={(e) => setName(e.target.value)} onPressEnter={() => name.trim() && save.mutate(name.trim())} />
      </Modal>
    </>
  );
}
