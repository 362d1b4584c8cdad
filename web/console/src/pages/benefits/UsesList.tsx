/** Who used what, newest first; a use can be taken back with a reason. */
import type { BenefitUse } from '@api';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatMoney } from '../../app/format';
import { useCan } from '../../app/session';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Amount, Mark, ReasonModal, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { MemberBox } from '../members/MemberBox';
import { USE_BENEFITS } from './scopes';
import { BENEFIT_TOUCHES, useBenefits } from './use';
import { MemberEnd, OrderRef, useTierWord } from './words';

interface Props {
  /** Only of this benefit, or only by this member. */
  benefit?: string;
  member?: string;
  empty: ReactNode;
}

export function UsesList({ benefit, member, empty }: Props) {
  const { t } = useTranslation();
  const may = useCan(USE_BENEFITS);
  const who = useWhoName();
  const tier = useTierWord();
  const all = useBenefits(!benefit && !member).data ?? [];
  const [undoing, setUndoing] = useState<BenefitUse | null>(null);
  const undo = useAct<string>((client, reason) => client.post(`/benefits/uses/${undoing?.id}/undo`, { reason }), { done: t('benefits.undone'), touches: BENEFIT_TOUCHES, onDone: () => setUndoing(null) });
  const state = (u: BenefitUse) => (u.undone_at ? 'undone' : u.task ? u.task.state : 'used');
  const columns: Column<BenefitUse>[] = [
    { key: 'at', title: t('benefits.usedAt'), render: (u) => <Time at={u.used_at} />, sheet: (u) => u.used_at },
    ...(benefit ? [] : [{ key: 'benefit', title: t('benefits.one'), render: (u: BenefitUse) => <Link to={`/benefits/${u.benefit.id}`}>{u.benefit.name}</Link>, sheet: (u: BenefitUse) => u.benefit.name }]),
    ...(member ? [] : [{ key: 'member', title: t('members.one'), render: (u: BenefitUse) => <MemberEnd id={u.member} tab="benefits" />, sheet: (u: BenefitUse) => u.member }]),
    { key: 'tier', title: t('benefits.tierThen'), render: (u) => (u.tier ? tier(u.tier.programme, u.tier.id) : <span className="muted">–</span>), sheet: (u) => (u.tier ? tier(u.tier.programme, u.tier.id) : '') },
    { key: 'order', title: t('orders.one'), render: (u) => <OrderRef order={u.order} />, sheet: (u) => u.order },
    {
      key: 'cost',
      title: t('benefits.cost'),
      align: 'right',
      render: (u) => (
        <span className="cell-two cell-right">
          <Amount value={u.cost} />
          {u.supplier.amount + u.platform.amount > 0 ? <span className="muted small">{t('benefits.othersBear', { amount: formatMoney({ amount: u.supplier.amount + u.platform.amount, currency: u.cost.currency }) })}</span> : null}
        </span>
      ),
      sheet: (u) => formatMoney(u.cost),
    },
    {
      key: 'state',
      title: t('benefits.stateTitle'),
      render: (u) => (
        <span className="marks">
          <Mark tone={({ undone: 'plain', open: 'warn', done: 'good', used: 'good' } as const)[state(u) as 'used'] ?? 'plain'}>{t(`benefits.useState.${state(u)}`, { defaultValue: state(u) })}</Mark>
          {u.granted ? <Mark tone="info">{t('benefits.fromPack')}</Mark> : null}
        </span>
      ),
      sheet: (u) => state(u),
    },
    { key: 'by', title: t('benefits.askedBy'), hidden: true, render: (u) => who(u.made_by), sheet: (u) => who(u.made_by) },
  ];
  const filters: Filter[] = [
    ...(member ? [] : [{ kind: 'own' as const, name: 'member', label: t('benefits.byMember'), box: (value: string | null, put: (v: string | undefined) => void) => <MemberBox className="filter-member" label={t('benefits.byMember')} value={value} onChange={put} /> }]),
    ...(all.length > 0 ? [{ kind: 'select' as const, name: 'benefit', label: t('benefits.one'), options: all.map((b) => ({ value: b.id, label: b.name })) }] : []),
    { kind: 'dates', name: 'from', until: 'until', label: t('benefits.usedAt') },
  ];
  return (
    <>
      <ResourceList<BenefitUse>
        page={benefit ? 'benefit-uses-of' : member ? 'member-benefit-uses' : 'benefit-uses'}
        plain={Boolean(member)}
        label={t('benefits.tab.uses')}
        path="/benefits/uses"
        fixed={{ benefit, member }}
        columns={columns}
        filters={member ? [] : filters}
        rowKey={(u) => u.id}
        exportName="benefit-uses"
        empty={empty}
        {...(may
          ? {
              actions: (u: BenefitUse) =>
                u.undone_at ? null : (
                  <Button size="small" onClick={() => setUndoing(u)}>
                    {t('benefits.undo')}
                  </Button>
                ),
            }
          : {})}
      />
      <ReasonModal open={undoing !== null} title={t('benefits.undoTitle', { name: undoing?.benefit.name ?? '' })} text={t('benefits.undoText')} confirm={t('benefits.undo')} danger pending={undo.isPending} onConfirm={(reason) => undo.mutate(reason)} onClose={() => setUndoing(null)} />
    </>
  );
}
