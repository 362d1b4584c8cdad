/** From when the draft holds, and why: at once, or at a time to come. */
import type { Promotion } from '@api';
import { Input, Modal, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { InstantBox } from './inputs';
import { PROMOTION_TOUCHES, useSentence } from './use';

interface Props {
  promotion: Promotion;
  /** An older version whose rules are to hold again, in place of the draft. */
  older?: number;
  onClose: () => void;
}

export function PublishDialog({ promotion, older, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const sentence = useSentence();
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [from, setFrom] = useState<string | undefined>();
  const [note, setNote] = useState('');
  const save = useAct<void>(
    (client) => {
      const body = { ...(when === 'later' && from ? { from } : {}), ...(note.trim() ? { note: note.trim() } : {}) };
      return older === undefined ? client.post(`/promotions/${promotion.id}/publish`, { ...body, version: promotion.version }) : client.post(`/promotions/${promotion.id}/versions/${older}/restore`, body);
    },
    { quiet: true, done: t(when === 'now' ? 'promotions.published' : 'promotions.scheduledDone'), touches: PROMOTION_TOUCHES, onDone: onClose },
  );
  return (
    <Modal
      open
      title={older === undefined ? t('promotions.publishTitle', { name: promotion.name }) : t('promotions.restoreTitle', { n: older })}
      okText={t(when === 'now' ? 'promotions.publishNow' : 'promotions.publishLater')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: when === 'later' && !from, loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <ProblemAlert error={save.error} />
      {older === undefined && promotion.draft ? <p className="form-says">{sentence(promotion.draft.sentence)}</p> : null}
      <fieldset className="choices gap-below">
        <legend className="field-label">{t('promotions.fromWhen')}</legend>
        <Radio.Group value={when} onChange={(e) => setWhen(e.target.value as 'now' | 'later')} options={(['now', 'later'] as const).map((value) => ({ value, label: t(`promotions.whenHow.${value}`) }))} />
      </fieldset>
      {when === 'later' ? <InstantBox label={t('promotions.beginsAt')} placeholder={t('promotions.beginsAt')} value={from} onChange={setFrom} /> : null}
      <label className="field-label" htmlFor={id}>
        {t('promotions.publishNote')}
      </label>
      <Input.TextArea id={id} rows={2} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />
    </Modal>
  );
}
