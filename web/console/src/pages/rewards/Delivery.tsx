/** The delivery of what was redeemed: where it goes, masked, in clear for a reason, or elsewhere; and the warehouse's list. */
import type { DeliveryAddress, Redemption } from '@api';
import { Button, Input, Modal, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { today } from '../../app/format';
import { useCan, useZone } from '../../app/session';
import { useAct } from '../../ui/act';
import { CopyButton, downloadBlob, Mark, ReasonModal } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { USE_BENEFITS } from '../benefits/scopes';
import { REWARD_TOUCHES } from '../benefits/use';
import { OrderRef } from '../benefits/words';
import { useDestination } from './Destination';

/** Says where it goes, or that it goes elsewhere. */
export function AddressDialog({ redemption, onClose }: { redemption: Redemption; onClose: () => void }) {
  const { t } = useTranslation();
  const { asked, fields } = useDestination(redemption.member, { needed: true, none: false });
  const act = useAct((client) => client.put(`/redemptions/${redemption.id}/address`, asked), { quiet: true, done: t('rewards.addressSaved'), touches: [...REWARD_TOUCHES, ['delivery-address']], onDone: onClose });
  return (
    <Modal open title={t('rewards.addressTitle', { name: redemption.reward.name })} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: asked === null, loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      {fields}
    </Modal>
  );
}

/** Asks why, then shows the address in clear as long as the window is open. */
export function AddressShown({ redemption, onClose }: { redemption: Redemption; onClose: () => void }) {
  const { t } = useTranslation();
  const [clear, setClear] = useState<DeliveryAddress | null>(null);
  const show = useAct<string, DeliveryAddress>((client, reason) => client.post<DeliveryAddress>(`/redemptions/${redemption.id}/unmask`, { reason }), { touches: [['list', '/audit']], onDone: setClear });
  if (!clear) {
    return <ReasonModal open title={t('rewards.addressShow')} text={t('rewards.addressShowText')} label={t('members.unmaskReason')} confirm={t('members.unmaskDo')} pending={show.isPending} onConfirm={(reason) => show.mutate(reason)} onClose={onClose} />;
  }
  const region = `${clear.province}${clear.city}${clear.district ?? ''}`;
  return (
    <Modal
      open
      title={t('rewards.addressTitle', { name: redemption.reward.name })}
      onCancel={onClose}
      footer={
        <>
          <CopyButton text={`${clear.receiver} ${clear.phone} ${region} ${clear.street}`} />
          <Button type="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        </>
      }
    >
      <p className="break">
        <span className="strong">{clear.receiver}</span> {clear.phone}
        <br />
        {region} {clear.street}
      </p>
    </Modal>
  );
}

/** Where a redemption goes, masked, and what can be done about it. */
export function AddressCell({ redemption: r, wanted, onChange, onShow }: { redemption: Redemption; wanted: boolean; onChange: () => void; onShow: () => void }) {
  const { t } = useTranslation();
  const [may, maySee] = [useCan(USE_BENEFITS), useCan('members:unmask')];
  const along = r.order ? (
    <span className="small">
      {t('rewards.withOrder')} <OrderRef order={r.order} />
    </span>
  ) : null;
  if (r.reward.kind !== 'goods') return along ?? <span className="muted">–</span>;
  const open = r.state === 'requested';
  return (
    <span className="cell-two">
      {r.address ? (
        <span className="break">
          {r.address.receiver} {r.address.phone} {r.address.address}
        </span>
      ) : open && wanted && !r.order ? (
        <Mark tone="warn">{t('rewards.addressMissing')}</Mark>
      ) : along ? null : (
        <span className="muted">–</span>
      )}
      {along}
      <span className="row-gap tight">
        {open && may ? (
          <button type="button" className="link-button" onClick={onChange}>
            {t(r.address ? 'rewards.addressChange' : 'rewards.addressAdd')}
          </button>
        ) : null}
        {r.address && maySee ? (
          <button type="button" className="link-button" onClick={onShow}>
            {t('rewards.addressSee')}
          </button>
        ) : null}
      </span>
    </span>
  );
}

const FORMATS = ['xlsx', 'csv'] as const;

/** What is to be sent with addresses in clear, for whoever packs it: by permission, with a reason, in the audit each time. */
export function ParcelsButton({ state, reward }: { state: string | undefined; reward: string | undefined }) {
  const { t } = useTranslation();
  const zone = useZone();
  const may = useCan('export:clear');
  const id = useId();
  const [open, setOpen] = useState(false);
  const [format, setFormat] = useState<string>('xlsx');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!may) return null;
  const load = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = { state: state ?? 'requested', ...(reward ? { reward } : {}), format, reason: reason.trim() };
      downloadBlob(await api.download('/redemptions/addresses', undefined, body), `parcels-${today(zone)}.${format}`);
      setOpen(false);
      setReason('');
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('rewards.parcels')}</Button>
      <Modal open={open} title={t('rewards.parcels')} okText={t('rewards.parcelsDo')} cancelText={t('common.cancel')} okButtonProps={{ disabled: reason.trim() === '', loading: busy }} onOk={() => void load()} onCancel={() => setOpen(false)}>
        <ProblemAlert error={error} />
        <p>{t('rewards.parcelsText', { state: t(`rewards.stateOf.${state ?? 'requested'}`) })}</p>
        <fieldset className="choices">
          <legend className="field-label">{t('exports.format')}</legend>
          <Radio.Group value={format} onChange={(e) => setFormat(e.target.value as string)} options={FORMATS.map((value) => ({ value, label: t(`exports.formatName.${value}`) }))} />
        </fieldset>
        <label htmlFor={id} className="field-label">
          {t('exports.reason')}
        </label>
        <Input.TextArea id={id} rows={2} maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
        <p className="muted small form-note">{t('rewards.parcelsNote')}</p>
      </Modal>
    </>
  );
}
