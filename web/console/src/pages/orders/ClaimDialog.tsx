/** Gives an order of nobody to a member who can prove by the receiver that it is theirs. */
import type { Order } from '@api';
import { Input, Modal, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { PickMember } from '../members/PickMember';

type Proof = 'phone_last4' | 'receiver_name';

/** What the order knows of its receiver can be proven by; without any of it there is nothing to compare. */
export function proofsOf(order: Order): Proof[] {
  const phone = /\d{4}$/.test(order.receiver?.phone_masked ?? '');
  const name = /^[^*]/.test(order.receiver?.name_masked ?? '');
  return [...(phone ? (['phone_last4'] as const) : []), ...(name ? (['receiver_name'] as const) : [])];
}

export function ClaimDialog({ order, open, onClose }: { order: Order; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const proofs = proofsOf(order);
  const [member, setMember] = useState<string | null>(null);
  const [kind, setKind] = useState<Proof>(proofs[0] ?? 'phone_last4');
  const [value, setValue] = useState('');
  const id = useId();
  const claim = useAct((client) => client.post(`/orders/${order.id}/claim`, { member, proof: { kind, value: value.trim() } }), {
    done: t('orders.claimed'),
    quiet: true,
    touches: [['order'], ['list'], ['member'], ['standing'], ['timeline'], ['overview'], ['report']],
    onDone: onClose,
  });
  return (
    <Modal
      open={open}
      title={t('orders.claim')}
      okText={t('orders.claimDo')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !member || value.trim() === '', loading: claim.isPending }}
      onOk={() => claim.mutate()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p>{t('orders.claimText')}</p>
      <ProblemAlert error={claim.error} />
      <PickMember value={member} onChange={setMember} />
      <Radio.Group className="gap-below" value={kind} onChange={(e) => setKind(e.target.value as Proof)} options={proofs.map((proof) => ({ value: proof, label: t(`orders.proof.${proof}`) }))} />
      <label htmlFor={id} className="field-label">
        {t(`orders.proofValue.${kind}`)}
      </label>
      <Input id={id} value={value} maxLength={kind === 'phone_last4' ? 4 : 100} inputMode={kind === 'phone_last4' ? 'numeric' : 'text'} onChange={(e) => setValue(e.target.value)} />
    </Modal>
  );
}
