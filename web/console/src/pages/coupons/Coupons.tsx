/** Coupons of a batch or of a member, where each stands; one that can be used is taken away with a reason. */
import type { Coupon } from '@api';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { Amount, ReasonModal, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { MemberEnd } from '../benefits/words';
import { CouponDrawer } from './CouponDrawer';
import { USE_COUPONS } from './scopes';
import { COUPON_TOUCHES, useCouponWords } from './use';
import { CouponEnd, CouponMark, CouponName, OrderName } from './words';

/** What is asked for together: what can be used or is in an order, what was used, what ended, what was taken away or does not come back. */
const GROUPS: [string, string][] = [
  ['held', 'available,restored,locked'],
  ['used', 'used'],
  ['expired', 'expired'],
  ['gone', 'revoked,closed'],
];

interface Props {
  /** Only of this batch, or only of this member. */
  batch?: string;
  member?: string;
  empty: ReactNode;
}

export function Coupons({ batch, member, empty }: Props) {
  const { t } = useTranslation();
  const may = useCan(USE_COUPONS);
  const words = useCouponWords();
  const [seeing, setSeeing] = useState<Coupon | null>(null);
  const [ending, setEnding] = useState<Coupon | null>(null);
  const revoke = useAct<string>((client, reason) => client.post(`/coupons/${ending?.id}/revoke`, { reason }), { done: t('coupons.revoked'), touches: COUPON_TOUCHES, onDone: () => setEnding(null) });
  const columns: Column<Coupon>[] = [
    ...(batch
      ? [
          {
            key: 'member',
            title: t('members.one'),
            render: (c: Coupon) => (
              <span className="cell-two">
                {c.member ? <MemberEnd id={c.member} tab="coupons" /> : <span className="muted">{t('coupons.nobodys')}</span>}
                <button type="button" className="link-button small" onClick={() => setSeeing(c)}>
                  {t('coupons.look')}
                </button>
              </span>
            ),
            sheet: (c: Coupon) => c.member,
          },
          { key: 'amount', title: t('coupons.amount'), align: 'right' as const, blank: (c: Coupon) => c.amount == null, render: (c: Coupon) => <Amount value={c.amount} />, sheet: (c: Coupon) => words.coupon(c) },
        ]
      : [{ key: 'name', title: t('coupons.one'), render: (c: Coupon) => <CouponName coupon={c} onOpen={() => setSeeing(c)} />, sheet: (c: Coupon) => c.name }]),
    { key: 'state', title: t('benefits.stateTitle'), render: (c) => <CouponMark state={c.state} />, sheet: (c) => c.state },
    { key: 'ends', title: t('coupons.ends'), render: (c) => <CouponEnd coupon={c} />, sheet: (c) => c.expires_at },
    { key: 'order', title: t('orders.one'), blank: (c) => c.order == null, render: (c) => <OrderName order={c.order} />, sheet: (c) => c.order?.id },
    {
      key: 'had',
      title: t('coupons.had'),
      render: (c) => (
        <span className="cell-two">
          <Time at={c.made_at} />
          <span className="muted small">{t(`coupons.how.${c.how}`, { defaultValue: c.how })}</span>
        </span>
      ),
      sheet: (c) => c.made_at,
    },
  ];
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: GROUPS.map(([key, value]) => ({ value, label: t(`coupons.stateGroup.${key}`) })) }];
  return (
    <>
      <ResourceList<Coupon>
        page={member ? 'member-coupons' : 'batch-coupons'}
        label={t('nav.coupons')}
        path={member ? `/members/${member}/coupons` : `/coupons/batches/${batch}/coupons`}
        columns={columns}
        filters={filters}
        rowKey={(c) => c.id}
        exportName="coupons"
        empty={empty}
        {...(may
          ? {
              actions: (c: Coupon) =>
                c.state === 'available' || c.state === 'restored' ? (
                  <Button size="small" danger onClick={() => setEnding(c)}>
                    {t('coupons.revoke')}
                  </Button>
                ) : null,
            }
          : {})}
      />
      {seeing ? <CouponDrawer id={seeing.id} onClose={() => setSeeing(null)} /> : null}
      <ReasonModal open={ending !== null} title={t('coupons.revokeTitle', { name: ending?.name ?? '' })} text={t('coupons.revokeText')} confirm={t('coupons.revoke')} danger pending={revoke.isPending} onConfirm={(reason) => revoke.mutate(reason)} onClose={() => setEnding(null)} />
    </>
  );
}
