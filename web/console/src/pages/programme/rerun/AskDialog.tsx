/** Which orders are to be judged, and by which version. Nothing is booked by asking. */
import { Alert, DatePicker, Modal, Select } from 'antd';
import dayjs from 'dayjs';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { today } from '../../../app/format';
import { useZone } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { ProblemAlert } from '../../../ui/problem';
import type { Programme, Version } from '../contract';
import { RERUN_TOUCHES, type Started } from './use';

/** In place of a number: the versions that were in force when the orders were paid. */
const OWN = 0;

interface Props {
  programme: Programme;
  versions: Version[];
  /** The version that is offered first. */
  no: number;
  onClose: () => void;
}

export function AskDialog({ programme, versions, no, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const go = useNavigate();
  const now = dayjs(today(useZone()));
  const [judge, setJudge] = useState(no);
  const [from, setFrom] = useState<string | undefined>(now.startOf('month').subtract(1, 'month').format('YYYY-MM-DD'));
  const [to, setTo] = useState<string | undefined>(now.subtract(1, 'day').format('YYYY-MM-DD'));
  const ask = useAct<void, Started>((client) => client.post<Started>(`/programmes/${programme.id}/reruns`, { version: judge === OWN ? null : judge, from, to }), {
    quiet: true,
    touches: RERUN_TOUCHES,
    onDone: (started) => void go(`/reruns/${started.id}`),
  });
  const begun = versions.filter((version) => version.state === 'current' || version.state === 'past');
  const day = (text: string | undefined) => (text ? dayjs(text) : null);
  return (
    <Modal open title={t('rerun.ask')} okText={t('rerun.look')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !from || !to, loading: ask.isPending }} onOk={() => ask.mutate()} onCancel={onClose}>
      <p className="muted">{t('rerun.askText')}</p>
      <ProblemAlert error={ask.error} />
      <div className="form-field">
        <label className="field-label" htmlFor={`${id}-judge`}>
          {t('rerun.judge')}
        </label>
        <Select
          id={`${id}-judge`}
          className="full"
          value={judge}
          onChange={setJudge}
          options={[...begun.map((version) => ({ value: version.no, label: version.note ? `${t('programme.versionNo', { n: version.no })} · ${version.note}` : t('programme.versionNo', { n: version.no }) })), { value: OWN, label: t('rerun.ownChoice') }]}
        />
      </div>
      <div className="form-field">
        <label className="field-label" htmlFor={`${id}-from`}>
          {t('rerun.from')}
        </label>
        <DatePicker id={`${id}-from`} className="full" value={day(from)} maxDate={now.subtract(1, 'day')} onChange={(d) => setFrom(d?.format('YYYY-MM-DD'))} />
      </div>
      <div className="form-field">
        <label className="field-label" htmlFor={`${id}-to`}>
          {t('rerun.to')}
        </label>
        <DatePicker id={`${id}-to`} className="full" value={day(to)} maxDate={now.subtract(1, 'day')} onChange={(d) => setTo(d?.format('YYYY-MM-DD'))} />
      </div>
      <p className="muted small">{t('rerun.spanNote')}</p>
      <Alert type="info" showIcon title={t('rerun.nothingYet')} />
    </Modal>
  );
}
