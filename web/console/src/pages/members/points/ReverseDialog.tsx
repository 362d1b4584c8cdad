/** Takes a spending back, in part or all that is left of it: the points go to the lots they came from. */
import { InputNumber, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { useAct } from '../../../ui/act';
import { ProblemAlert } from '../../../ui/problem';
import type { Entry, Posted } from '../../programme/contract';
import { POINTS_TOUCHES } from '../../programme/use';

interface Props {
  member: string;
  programme: string;
  entry: Entry;
  onClose: () => void;
}

export function ReverseDialog({ member, programme, entry, onClose }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [points, setPoints] = useState<number | null>(null);
  const spend = encodeURIComponent(entry.cause.id);
  const act = useAct<void, Posted>((client) => client.post<Posted>(`/members/${member}/points/${programme}/spends/${spend}/reverse`, points === null ? {} : { points }), {
    quiet: true,
    done: t('points.reversed'),
    touches: POINTS_TOUCHES,
    onDone: onClose,
  });
  return (
    <Modal open title={t('points.reverseTitle')} okText={t('points.reverse')} cancelText={t('common.cancel')} okButtonProps={{ loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{t('points.reverseText', { n: formatNumber(entry.amount) })}</p>
      <label className="field-label" htmlFor={id}>
        {t('points.howMany')}
      </label>
      <InputNumber id={id} className="full" min={1} max={1_000_000_000_000} precision={0} placeholder={t('points.allLeft')} value={points} onChange={setPoints} />
    </Modal>
  );
}
