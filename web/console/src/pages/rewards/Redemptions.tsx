/** Redemptions and their delivery: sent, delivered, or cancelled into the lots that the points were taken from. */
import type { Redemption } from '@api';
import { Button, Input, Modal } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Amount, Mark, ReasonModal, Time, type Tone } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { FileButton } from '../benefits/FileButton';
import { USE_BENEFITS } from '../benefits/scopes';
import { REWARD_TOUCHES, useRewards } from '../benefits/use';
import { MemberEnd } from '../benefits/words';
import { MemberBox } from '../members/MemberBox';
import { AddressCell, AddressDialog, AddressShown, ParcelsButton } from './Delivery';

const STATES = ['requested', 'sent', 'delivered', 'cancelled'] as const;
const TONES: Record<string, Tone> = { requested: 'warn', sent: 'info', delivered: 'good' };

function Parcel({ redemption, nowhere, onClose }: { redemption: Redemption; nowhere: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [carrier, setCarrier] = useState(redemption.carrier ?? '');
  const [number, setNumber] = useState(redemption.number ?? '');
  const act = useAct((client) => client.post(`/redemptions/${redemption.id}/send`, { carrier: carrier.trim(), number: number.trim() }), { quiet: true, done: t('rewards.sentDone'), touches: REWARD_TOUCHES, onDone: onClose });
  return (
    <Modal open title={t('rewards.sendTitle', { name: redemption.reward.name })} okText={t('rewards.send')} cancelText={t('common.cancel')} okButtonProps={{ disabled: carrier.trim() === '' || number.trim() === '', loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      {nowhere ? <p className="warn-text small">{t('rewards.addressMissing')}</p> : null}
      <label className="field-label" htmlFor={`${id}-carrier`}>
        {t('rewards.carrier')}
      </label>
      <Input id={`${id}-carrier`} className="gap-below" maxLength={60} value={carrier} onChange={(e) => setCarrier(e.target.value)} />
      <label className="field-label" htmlFor={`${id}-number`}>
        {t('rewards.number')}
      </label>
      <Input id={`${id}-number`} maxLength={60} value={number} onChange={(e) => setNumber(e.target.value)} />
    </Modal>
  );
}

/** What can be done to a redemption in its state. */
function Deeds({ redemption: r, onSend, onCancel }: { redemption: Redemption; onSend: () => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const deliver = useAct((client) => client.post(`/redemptions/${r.id}/deliver`, {}), { done: t('rewards.deliveredDone'), touches: REWARD_TOUCHES });
  if (r.state !== 'requested' && r.state !== 'sent') return null;
  const goods = r.reward.kind === 'goods';
  return (
    <span className="row-actions">
      {goods ? (
        <Button size="small" onClick={onSend}>
          {t(r.state === 'sent' ? 'rewards.resend' : 'rewards.send')}
        </Button>
      ) : null}
      <Button size="small" loading={deliver.isPending} onClick={() => deliver.mutate()}>
        {t(goods ? 'rewards.deliver' : 'rewards.deliverService')}
      </Button>
      <Button size="small" danger onClick={onCancel}>
        {t('rewards.cancel')}
      </Button>
    </span>
  );
}

export function Redemptions({ member, empty }: { member?: string; empty: ReactNode }) {
  const { t } = useTranslation();
  const may = useCan(USE_BENEFITS);
  const who = useWhoName();
  const rewards = useRewards().data ?? [];
  const [params] = useSearchParams();
  const [sending, setSending] = useState<Redemption | null>(null);
  const [ending, setEnding] = useState<Redemption | null>(null);
  const [moving, setMoving] = useState<Redemption | null>(null);
  const [seeing, setSeeing] = useState<Redemption | null>(null);
  const wanted = new Set(rewards.filter((r) => r.needs_address).map((r) => r.id));
  const cancel = useAct<string>((client, reason) => client.post(`/redemptions/${ending?.id}/cancel`, { reason }), { done: t('rewards.cancelled'), touches: REWARD_TOUCHES, onDone: () => setEnding(null) });
  const columns: Column<Redemption>[] = [
    {
      key: 'reward',
      title: t('rewards.one'),
      render: (r) => (
        <span className="cell-two">
          <span className="strong">{r.reward.name}</span>
          <span className="muted small">{r.given ? t('benefits.fromPack') : t('rewards.nPoints', { n: formatNumber(r.points) })}</span>
        </span>
      ),
    },
    { key: 'at', title: t('rewards.redeemedAt'), render: (r) => <Time at={r.redeemed_at} /> },
    ...(member ? [] : [{ key: 'member', title: t('members.one'), render: (r: Redemption) => <MemberEnd id={r.member} tab="rewards" /> }]),
    {
      key: 'state',
      title: t('rewards.delivery'),
      render: (r) => (
        <span className="cell-two">
          <Mark tone={TONES[r.state] ?? 'plain'}>{t(r.reward.kind === 'goods' ? `rewards.stateOf.${r.state}` : `rewards.serviceState.${r.state}`, { defaultValue: r.state })}</Mark>
          {r.carrier && r.number ? (
            <span className="muted small break">
              {r.carrier} {r.number}
            </span>
          ) : null}
          {r.state !== 'requested' ? (
            <span className="muted small">
              <Time at={r.cancelled_at ?? r.delivered_at ?? r.sent_at} />
            </span>
          ) : null}
        </span>
      ),
    },
    { key: 'order', title: t('rewards.sendTo'), render: (r) => <AddressCell redemption={r} wanted={wanted.has(r.reward.id)} onChange={() => setMoving(r)} onShow={() => setSeeing(r)} /> },
    { key: 'cost', title: t('benefits.cost'), align: 'right', hidden: true, render: (r) => <Amount value={r.cost} /> },
    { key: 'by', title: t('benefits.askedBy'), hidden: true, render: (r) => who(r.made_by) },
  ];
  const filters: Filter[] = [
    { kind: 'own', name: 'member', label: t('benefits.byMember'), box: (value, put) => <MemberBox className="filter-member" label={t('benefits.byMember')} value={value} onChange={put} /> },
    { kind: 'select', name: 'state', label: t('rewards.delivery'), options: STATES.map((value) => ({ value, label: t(`rewards.stateOf.${value}`) })) },
    ...(rewards.length > 0 ? [{ kind: 'select' as const, name: 'reward', label: t('rewards.one'), options: rewards.map((r) => ({ value: r.id, label: r.name })) }] : []),
  ];
  const query = Object.fromEntries(filters.map((f) => [f.name, params.get(f.name) ?? undefined]));
  return (
    <>
      <ResourceList<Redemption>
        page={member ? 'member-redemptions' : 'redemptions'}
        plain={Boolean(member)}
        label={t('rewards.tab.redemptions')}
        path="/redemptions"
        fixed={{ member }}
        columns={columns}
        filters={member ? [] : filters}
        rowKey={(r) => r.id}
        empty={empty}
        {...(may ? { actions: (r: Redemption) => <Deeds redemption={r} onSend={() => setSending(r)} onCancel={() => setEnding(r)} /> } : {})}
      />
      {member ? null : (
        <div className="pad row-gap">
          <FileButton path="/redemptions/export" query={query} name="redemptions" />
          <ParcelsButton state={query.state} reward={query.reward} />
        </div>
      )}
      {sending ? <Parcel redemption={sending} nowhere={wanted.has(sending.reward.id) && !sending.address && !sending.order} onClose={() => setSending(null)} /> : null}
      {moving ? <AddressDialog redemption={moving} onClose={() => setMoving(null)} /> : null}
      {seeing ? <AddressShown redemption={seeing} onClose={() => setSeeing(null)} /> : null}
      <ReasonModal
        open={ending !== null}
        title={t('rewards.cancelTitle', { name: ending?.reward.name ?? '' })}
        text={ending?.points ? t('rewards.cancelText', { n: formatNumber(ending.points) }) : t('rewards.cancelTextGiven')}
        confirm={t('rewards.cancel')}
        danger
        pending={cancel.isPending}
        onConfirm={(reason) => cancel.mutate(reason)}
        onClose={() => setEnding(null)}
      />
    </>
  );
}
