/** A coupon each for members that are named: whatever the claiming time, within stock and limits; each is answered for themselves. */
import type { CouponBatch, CouponGranted, Page } from '@api';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useAct } from '../../ui/act';
import { Mark } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { MemberEnd } from '../benefits/words';
import { MemberBox } from '../members/MemberBox';
import { COUPON_TOUCHES } from './use';

/** Members of one call at most. */
const MOST = 200;

export function GrantDialog({ batch, onClose }: { batch: CouponBatch; onClose: () => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [members, setMembers] = useState<string[]>([]);
  const [told, setTold] = useState<CouponGranted[] | null>(null);
  const act = useAct<void, Page<CouponGranted>>((client) => client.post<Page<CouponGranted>>(`/coupons/batches/${batch.id}/grants`, { items: members.map((member) => ({ member })) }), {
    quiet: true,
    touches: COUPON_TOUCHES,
    onDone: (answer) => setTold(answer.items),
  });
  const given = told?.filter((one) => one.coupon).length ?? 0;
  return (
    <Modal
      open
      title={t('coupons.grantTitle', { name: batch.name })}
      okText={t('coupons.grantDo', { n: formatNumber(members.length) })}
      cancelText={t(told ? 'common.close' : 'common.cancel')}
      okButtonProps={{ disabled: members.length === 0 || told !== null, loading: act.isPending }}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <ProblemAlert error={act.error} />
      {told ? (
        <>
          <p role="status">{t('coupons.granted', { n: formatNumber(given), all: formatNumber(told.length) })}</p>
          <ul className="grant-list">
            {told.map((one) => (
              <li key={one.member}>
                <MemberEnd id={one.member} tab="coupons" />
                {one.coupon ? <Mark tone="good">{t(one.result === 'duplicate' ? 'coupons.hadBefore' : 'coupons.hadNow')}</Mark> : <span className="warn-text small break">{(language === 'zh' ? one.why_zh : one.why) ?? one.result}</span>}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <p>{t('coupons.grantText')}</p>
          {members.length < MOST ? <MemberBox label={t('coupons.grantWho')} value={null} onChange={(id) => id && setMembers((before) => (before.includes(id) ? before : [...before, id]))} /> : <p className="muted small">{t('coupons.grantMost', { n: MOST })}</p>}
          <ul className="grant-list" aria-label={t('coupons.grantWho')}>
            {members.map((id) => (
              <li key={id}>
                <MemberEnd id={id} tab="coupons" />
                <Button size="small" onClick={() => setMembers((before) => before.filter((one) => one !== id))}>
                  {t('common.delete')}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}
