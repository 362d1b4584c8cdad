/** Name, description, and how the segment is kept: always up to date, once and for all, or at stated times. */
import type { Segment, SegmentKind } from '@api';
import { Input, Modal, Radio, Select, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import type { Cond } from './model/tree';
import { SEGMENT_TOUCHES } from './useRegistry';

const KINDS: SegmentKind[] = ['living', 'static', 'scheduled'];
const EVERY = ['day', 'week', 'month'] as const;

interface Props {
  expr: Cond;
  name: string;
  onSaved: (segment: Segment) => void;
  onClose: () => void;
}

export function SaveDialog({ expr, name: proposed, onSaved, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [name, setName] = useState(proposed);
  const [description, setDescription] = useState('');
  const [kind, setKind] = useState<SegmentKind>('living');
  const [every, setEvery] = useState<(typeof EVERY)[number]>('day');
  const [at, setAt] = useState('03:00');
  const save = useAct<void, Segment>(
    (client) =>
      client.post<Segment>('/segments', {
        name: name.trim(),
        ...(description.trim() ? { description: description.trim() } : {}),
        kind,
        expr,
        ...(kind === 'scheduled' ? { every, at } : {}),
      }),
    { quiet: true, done: t('segments.saved'), touches: SEGMENT_TOUCHES, onDone: onSaved },
  );
  return (
    <Modal
      open
      title={t('segments.saveTitle')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <ProblemAlert error={save.error} />
      <label className="field-label" htmlFor={`${id}-name`}>
        {t('common.name')}
      </label>
      <Input id={`${id}-name`} className="gap-below" autoFocus value={name} maxLength={80} placeholder={t('segments.nameHint')} onChange={(e) => setName(e.target.value)} />
      <label className="field-label" htmlFor={`${id}-note`}>
        {t('segments.description')}
      </label>
      <Input.TextArea id={`${id}-note`} className="gap-below" value={description} rows={2} maxLength={2000} onChange={(e) => setDescription(e.target.value)} />
      <fieldset className="choices">
        <legend className="field-label">{t('segments.kindTitle')}</legend>
        <Radio.Group value={kind} onChange={(e) => setKind(e.target.value as SegmentKind)}>
          {KINDS.map((value) => (
            <Radio key={value} value={value}>
              <span className="choice">
                <span>{t(`segments.kind.${value}`)}</span>
                <span className="muted small">{t(`segments.kindNote.${value}`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </fieldset>
      {kind === 'scheduled' ? (
        <div className="row-gap">
          <Select aria-label={t('segments.every')} value={every} options={EVERY.map((value) => ({ value, label: t(`segments.everyOf.${value}`) }))} onChange={setEvery} />
          <TimePicker aria-label={t('segments.at')} format="HH:mm" minuteStep={5} allowClear={false} value={dayjs(`2000-01-01T${at}`)} onChange={(time) => time && setAt(time.format('HH:mm'))} />
        </div>
      ) : null}
    </Modal>
  );
}
