/** From when the new rules hold, and why: at once, or at a time to come. What was earned stays as it was. */
import { Input, Modal, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../../ui/act';
import { ProblemAlert } from '../../../ui/problem';
import type { Programme } from '../contract';
import { lostTiers, type Rules } from '../model/rules';
import { PROGRAMME_TOUCHES } from '../use';
import { Instant } from './inputs';

interface Props {
  programme: Programme;
  rules: Rules;
  note: string;
  onSaved: () => void;
  onClose: () => void;
}

export function PublishDialog({ programme, rules, note: proposed, onSaved, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [from, setFrom] = useState<string | undefined>();
  const [note, setNote] = useState(proposed);
  const save = useAct<void>(
    (client) =>
      client.post(`/programmes/${programme.id}/versions`, {
        rules,
        ...(when === 'later' && from ? { from } : {}),
        ...(note.trim() ? { note: note.trim() } : {}),
      }),
    { quiet: true, done: t(when === 'now' ? 'programme.published' : 'programme.scheduled'), touches: PROGRAMME_TOUCHES, onDone: onSaved },
  );
  const lost = lostTiers(programme.current?.rules, rules);
  return (
    <Modal
      open
      title={t('programme.publishTitle')}
      okText={t(when === 'now' ? 'programme.publishNow' : 'programme.publishLater')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: when === 'later' && !from, loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <ProblemAlert error={save.error} />
      <p>{t('programme.publishText')}</p>
      {lost.length > 0 ? <p className="warn-text">{t('programme.lostTiers', { tiers: lost.join(t('members.listComma')) })}</p> : null}
      <fieldset className="choices gap-below">
        <legend className="field-label">{t('programme.when')}</legend>
        <Radio.Group value={when} onChange={(e) => setWhen(e.target.value as 'now' | 'later')}>
          {(['now', 'later'] as const).map((value) => (
            <Radio key={value} value={value}>
              <span className="choice">
                <span>{t(`programme.whenHow.${value}`)}</span>
                <span className="muted small">{t(`programme.whenNote.${value}`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </fieldset>
      {when === 'later' ? (
        <div className="gap-below">
          <Instant label={t('programme.fromWhen')} path="from" value={from} onChange={setFrom} />
        </div>
      ) : null}
      <label className="field-label" htmlFor={id}>
        {t('programme.versionNote')}
      </label>
      <Input.TextArea id={id} rows={2} maxLength={500} placeholder={t('programme.versionNoteHint')} value={note} onChange={(e) => setNote(e.target.value)} />
    </Modal>
  );
}
