/** One coupon: what it gives, where it stands, whose it is, and what orders did with it. */
import '../../styles/benefits.css';
import type { CouponUse, CouponWithUses } from '@api';
import { Drawer, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWhoName } from '../../app/who';
import { Amount, Facts, ShortId, Time } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { MemberEnd } from '../benefits/words';
import { Named } from '../names';
import { useCoupon, useCouponWords } from './use';
import { CouponEnd, CouponMark, OrderName, UseState } from './words';

function Uses({ uses }: { uses: CouponUse[] }) {
  const { t } = useTranslation();
  const who = useWhoName();
  const columns: Column<CouponUse>[] = [
    { key: 'order', title: t('orders.one'), render: (u) => <OrderName order={u.order} /> },
    { key: 'state', title: t('coupons.whatOrder'), render: (u) => <UseState use={u} /> },
    { key: 'saving', title: t('coupons.saving'), align: 'right', render: (u) => <Amount value={u.saving} /> },
    {
      key: 'at',
      title: t('coupons.when'),
      render: (u) => (
        <span className="cell-two">
          <Time at={u.missed_at ?? u.ended_at ?? u.used_at ?? u.locked_at} />
          {u.settled_at ? (
            <span className="muted small">
              {t('coupons.settledBy', { who: who(u.settled_by) })}
              {u.note ? ` · ${u.note}` : ''}
            </span>
          ) : null}
        </span>
      ),
    },
  ];
  return uses.length > 0 ? <DataTable label={t('coupons.uses')} columns={columns} rows={uses} rowKey={(u) => `${u.order.source} ${u.order.id}`} /> : <p className="muted">{t('coupons.noUses')}</p>;
}

/** What is known of a coupon, wherever it is shown whole. */
export function CouponFacts({ found }: { found: CouponWithUses }) {
  const { t } = useTranslation();
  const words = useCouponWords();
  const { coupon, uses, reason } = found;
  return (
    <>
      <p className="form-says">{[words.coupon(coupon), ...words.terms({ offer: coupon.offer, programme: null })].join(t('coupons.says.comma'))}</p>
      <Facts
        rows={[
          [t('benefits.stateTitle'), <CouponMark state={coupon.state} />],
          ...(reason ? ([[t('coupons.reason'), <span className="break">{reason}</span>]] as [ReactNode, ReactNode][]) : []),
          [t('members.one'), coupon.member ? <MemberEnd id={coupon.member} tab="coupons" /> : t('coupons.nobodys')],
          [t('coupons.batch'), <Named id={coupon.batch} />],
          [t('coupons.had'), <><Time at={coupon.made_at} /> · {t(`coupons.how.${coupon.how}`, { defaultValue: coupon.how })}</>],
          [t('coupons.ends'), <CouponEnd coupon={coupon} />],
          [t('orders.one'), <OrderName order={coupon.order} />],
          [t('coupons.number'), <ShortId id={coupon.id} />],
        ]}
      />
      <h3 className="sub-title">{t('coupons.uses')}</h3>
      <Uses uses={uses} />
    </>
  );
}

export function CouponDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const answer = useCoupon(id);
  return (
    <Drawer open size={640} title={answer.data?.coupon.name ?? t('coupons.one')} onClose={onClose}>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.data ? <CouponFacts found={answer.data} /> : answer.error ? null : <Skeleton active />}
    </Drawer>
  );
}
