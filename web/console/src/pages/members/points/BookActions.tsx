/** What can be done to a member's book by hand: give or take points with a reason, spend, check in, add growth value. */
import DownOutlined from '@ant-design/icons/DownOutlined';
import { App, Button, Dropdown, Input, InputNumber, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { useAct } from '../../../ui/act';
import { ProblemAlert } from '../../../ui/problem';
import type { Book, Posted } from '../../programme/contract';
import { POINTS_TOUCHES } from '../../programme/use';

type Deed = 'adjust' | 'spend' | 'growth';

function Do({ member, book, deed, onClose }: { member: string; book: Book; deed: Deed; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [size, setSize] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const act = useAct<void, Posted>(
    (client) =>
      client.post<Posted>(`/members/${member}/points/${book.programme.id}/${deed}`, {
        [deed === 'growth' ? 'value' : 'points']: size,
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      }),
    { quiet: true, done: t(`points.did.${deed}`), touches: POINTS_TOUCHES, onDone: onClose },
  );
  // By hand nothing is given or taken without a reason; a spending tells what it was for if it wants to.
  const wanting = size === null || size === 0 || (deed !== 'spend' && reason.trim() === '');
  return (
    <Modal open title={t(`points.do.${deed}`)} okText={t(`points.confirm.${deed}`)} cancelText={t('common.cancel')} okButtonProps={{ disabled: wanting, loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{t(`points.doText.${deed}`, { n: formatNumber(book.accounts.available ?? 0) })}</p>
      <label className="field-label" htmlFor={`${id}-size`}>
        {t(deed === 'growth' ? 'programme.metric.growth' : 'points.howMany')}
      </label>
      <InputNumber id={`${id}-size`} className="full gap-below" min={deed === 'spend' ? 1 : -1_000_000_000} max={1_000_000_000} precision={0} placeholder={deed === 'spend' ? '100' : t('points.signed')} value={size} onChange={setSize} />
      <label className="field-label" htmlFor={`${id}-why`}>
        {t(deed === 'spend' ? 'points.reasonFree' : 'common.reason')}
      </label>
      <Input.TextArea id={`${id}-why`} rows={2} maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
    </Modal>
  );
}

export function BookActions({ member, book }: { member: string; book: Book }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [deed, setDeed] = useState<Deed | null>(null);
  const checkIn = useAct<void, Posted>((client) => client.post<Posted>(`/members/${member}/points/${book.programme.id}/check-in`, {}), {
    touches: POINTS_TOUCHES,
    onDone: (answer) => void (answer.result === 'ok' ? message.success(t('points.checkedIn')) : message.info(t(`points.result.${answer.result}`, { defaultValue: answer.result }))),
  });
  return (
    <span className="row-gap tight">
      <Button onClick={() => setDeed('adjust')}>{t('points.do.adjust')}</Button>
      <Dropdown
        trigger={['click']}
        menu={{
          items: (['spend', 'check_in', 'growth'] as const).map((key) => ({ key, label: t(`points.do.${key}`) })),
          onClick: ({ key }) => (key === 'check_in' ? checkIn.mutate() : setDeed(key as Deed)),
        }}
      >
        <Button loading={checkIn.isPending}>
          {t('common.more')} <DownOutlined className="tiny" aria-hidden="true" />
        </Button>
      </Dropdown>
      {deed ? <Do member={member} book={book} deed={deed} onClose={() => setDeed(null)} /> : null}
    </span>
  );
}
