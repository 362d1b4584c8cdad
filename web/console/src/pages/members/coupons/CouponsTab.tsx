/** A member's coupons: those that can be used, were used, ended; given one, or a code entered for them. */
import '../../../styles/benefits.css';
import '../../../styles/coupons.css';
import type { CouponGranted, CouponHad, Page } from '@api';
import { Button, Input, Modal, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../../app/format';
import { usePrefs } from '../../../app/prefs';
import { useCan } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { EmptyTeach } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { Coupons } from '../../coupons/Coupons';
import { USE_COUPONS, WRITE_COUPONS } from '../../coupons/scopes';
import { COUPON_TOUCHES, useBatches } from '../../coupons/use';

/** Coupons that can be given by hand: of batches that are not by code, not put away, and not empty. */
function GiveDialog({ member, onClose }: { member: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const id = useId();
  const batches = useBatches();
  const [batch, setBatch] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const act = useAct<void, Page<CouponGranted>>((client) => client.post<Page<CouponGranted>>(`/coupons/batches/${batch}/grants`, { items: [{ member }] }), {
    quiet: true,
    touches: COUPON_TOUCHES,
    // Refused or not is said for each member of a call; here there is one.
    onDone: (answer) => {
      const one = answer.items[0];
      if (one?.coupon) onClose();
      else setRefused((language === 'zh' ? one?.why_zh : one?.why) ?? one?.result ?? '');
    },
  });
  const open = (batches.data ?? []).filter((b) => !b.codes && !['paused', 'archived'].includes(b.state) && b.left !== 0);
  return (
    <Modal open title={t('coupons.give')} okText={t('coupons.giveDo')} cancelText={t('common.cancel')} okButtonProps={{ disabled: batch === null, loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{t('coupons.giveText')}</p>
      <label className="field-label" htmlFor={id}>
        {t('coupons.batch')}
      </label>
      <Select
        id={id}
        className="full"
        placeholder={t('coupons.batchHint')}
        loading={batches.isPending}
        value={batch}
        options={open.map((b) => ({ value: b.id, label: b.left == null ? b.name : t('coupons.batchLeft', { name: b.name, n: formatNumber(b.left) }) }))}
        showSearch={{ optionFilterProp: 'label' }}
        notFoundContent={<span className="muted">{t('coupons.noBatchToGive')}</span>}
        onChange={(chosen: string) => {
          setBatch(chosen);
          setRefused(null);
        }}
      />
      {refused ? (
        <p className="warn-text form-note" role="alert">
          {refused}
        </p>
      ) : null}
    </Modal>
  );
}

function EnterDialog({ member, onClose }: { member: string; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [code, setCode] = useState('');
  const act = useAct<void, CouponHad>((client) => client.post<CouponHad>('/coupons/codes/enter', { code: code.trim(), member }), {
    quiet: true,
    done: (had) => t(had.result === 'duplicate' ? 'coupons.hadBefore' : 'coupons.hadNow'),
    touches: COUPON_TOUCHES,
    onDone: onClose,
  });
  return (
    <Modal open title={t('coupons.enter')} okText={t('coupons.enterDo')} cancelText={t('common.cancel')} okButtonProps={{ disabled: code.trim() === '', loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{t('coupons.enterText')}</p>
      <label className="field-label" htmlFor={id}>
        {t('coupons.codeLook')}
      </label>
      <Input id={id} className="gap-below" maxLength={100} autoComplete="off" placeholder="7KQF-2M9X-…" value={code} onChange={(e) => setCode(e.target.value)} />
    </Modal>
  );
}

export function CouponsTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const [mayUse, mayMake] = [useCan(USE_COUPONS), useCan(WRITE_COUPONS)];
  const [asked, setAsked] = useState<'give' | 'enter' | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      {mayUse ? (
        <div className="pad row-gap tight">
          <Button onClick={() => setAsked('give')}>{t('coupons.give')}</Button>
          <Button onClick={() => setAsked('enter')}>{t('coupons.enter')}</Button>
        </div>
      ) : null}
      <Coupons
        member={id}
        empty={
          <EmptyTeach
            title={t('coupons.memberNone')}
            text={t('coupons.memberNoneText')}
            actions={
              mayMake ? (
                <Link to="/coupons">
                  <Button>{t('nav.coupons')}</Button>
                </Link>
              ) : null
            }
          />
        }
      />
      {asked === 'give' ? <GiveDialog member={id} onClose={close} /> : null}
      {asked === 'enter' ? <EnterDialog member={id} onClose={close} /> : null}
    </>
  );
}
