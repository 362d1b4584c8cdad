/** What is done to a programme more seldom: named anew, halted, begun again, put away. */
import DownOutlined from '@ant-design/icons/DownOutlined';
import { App, Button, Dropdown, Input, Modal, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../../ui/act';
import { ProblemAlert } from '../../../ui/problem';
import { useShopOptions } from '../../options';
import type { Programme } from '../contract';
import { PROGRAMME_TOUCHES } from '../use';

function About({ programme, onClose }: { programme: Programme; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const all = useShopOptions();
  const [name, setName] = useState(programme.name);
  const [shops, setShops] = useState<string[]>(programme.shops ?? []);
  const save = useAct((client) => client.put(`/programmes/${programme.id}`, { name: name.trim(), shops, version: programme.version }), {
    quiet: true,
    done: t('common.saved'),
    touches: PROGRAMME_TOUCHES,
    onDone: onClose,
  });
  return (
    <Modal open title={t('programme.about')} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }} onOk={() => save.mutate()} onCancel={onClose}>
      <ProblemAlert error={save.error} />
      <label className="field-label" htmlFor={id}>
        {t('common.name')}
      </label>
      <Input id={id} className="gap-below" value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
      {all.length > 1 || shops.length > 0 ? (
        <>
          <div className="field-label">{t('programme.shops')}</div>
          <Select mode="multiple" className="full" aria-label={t('programme.shops')} placeholder={t('programme.allShops')} value={shops} options={all} onChange={setShops} />
          <p className="muted small fine">{t('programme.shopsNote')}</p>
        </>
      ) : null}
    </Modal>
  );
}

export function MoreActions({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [naming, setNaming] = useState(false);
  const act = useAct<'pause' | 'resume' | 'archive'>((client, what) => client.post(`/programmes/${programme.id}/${what}`), { touches: PROGRAMME_TOUCHES });
  const confirm = (what: 'pause' | 'archive') =>
    void modal.confirm({
      title: t(`programme.${what}`),
      content: t(`programme.${what}Text`),
      okText: t(`programme.${what}`),
      okButtonProps: { danger: what === 'archive' },
      cancelText: t('common.cancel'),
      onOk: () => act.mutateAsync(what).catch(() => undefined),
    });
  const { state } = programme;
  const items = [
    { key: 'about', label: t('programme.rename') },
    ...(state === 'active' ? [{ key: 'pause', label: t('programme.pause') }] : []),
    ...(state === 'paused' ? [{ key: 'resume', label: t('programme.resume') }] : []),
    ...(state === 'archived' ? [] : [{ key: 'archive', label: t('programme.archive'), danger: true }]),
  ];
  const does: Record<string, () => void> = {
    about: () => setNaming(true),
    pause: () => confirm('pause'),
    resume: () => act.mutate('resume'),
    archive: () => confirm('archive'),
  };
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => does[key]?.() }}>
        <Button loading={act.isPending}>
          {t('common.more')} <DownOutlined className="tiny" aria-hidden="true" />
        </Button>
      </Dropdown>
      {naming ? <About programme={programme} onClose={() => setNaming(false)} /> : null}
    </>
  );
}
