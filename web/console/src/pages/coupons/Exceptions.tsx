/** Orders that were paid as if a coupon had been theirs, with the money at stake; somebody settles each and says how. */
import type { CouponUse } from '@api';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Amount, Mark, ReasonModal, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { MemberEnd } from '../benefits/words';
import { CouponDrawer } from './CouponDrawer';
import { USE_COUPONS } from './scopes';
import { COUPON_TOUCHES, useExceptionCounts } from './use';
import { OrderName } from './words';

/** What is open of all batches, and what it comes to. */
function Open() {
  const { t } = useTranslation();
  const open = (useExceptionCounts().data ?? []).filter((one) => one.count > 0);
  if (open.length === 0) return null;
  const money = open.map((one) => formatMoney(one.money)).join(t('members.listComma'));
  return (
    <p className="pad coupon-open" role="status">
      {t('coupons.openExceptions', { n: formatNumber(open.reduce((sum, one) => sum + one.count, 0)), money })}
    </p>
  );
}

/** `batch`: only of this one. */
export function Exceptions({ batch, empty }: { batch?: string; empty: ReactNode }) {
  const { t } = useTranslation();
  const may = useCan(USE_COUPONS);
  const who = useWhoName();
  const [seeing, setSeeing] = useState<string | null>(null);
  const [settling, setSettling] = useState<CouponUse | null>(null);
  const settle = useAct<string>((client, note) => client.post(`/coupons/${settling?.coupon}/exceptions/settle`, { order: settling?.order, note }), { done: t('coupons.settled'), touches: COUPON_TOUCHES, onDone: () => setSettling(null) });
  const columns: Column<CouponUse>[] = [
    { key: 'order', title: t('orders.one'), render: (u) => <OrderName order={u.order} />, sheet: (u) => u.order.id },
    { key: 'at', title: t('coupons.missedAt'), render: (u) => <Time at={u.missed_at} />, sheet: (u) => u.missed_at },
    { key: 'stake', title: t('coupons.stake'), align: 'right', render: (u) => <Amount value={u.saving} strong />, sheet: (u) => formatMoney(u.saving) },
    {
      key: 'why',
      title: t('coupons.missedWhy'),
      render: (u) => (
        <span className="cell-two">
          <span>{t(`coupons.missed.${u.missed_why ?? 'gone'}`, { defaultValue: u.missed_why ?? '–' })}</span>
          <button type="button" className="link-button small" onClick={() => setSeeing(u.coupon)}>
            {t('coupons.look')}
          </button>
        </span>
      ),
      sheet: (u) => u.missed_why,
    },
    { key: 'member', title: t('members.one'), render: (u) => (u.member ? <MemberEnd id={u.member} tab="coupons" /> : <span className="muted">–</span>), sheet: (u) => u.member },
    {
      key: 'settled',
      title: t('coupons.settling'),
      render: (u) =>
        u.settled_at ? (
          <span className="cell-two">
            <span className="break">{u.note ?? t('coupons.settledAlone')}</span>
            <span className="muted small">
              {who(u.settled_by)} · <Time at={u.settled_at} />
            </span>
          </span>
        ) : (
          <Mark tone="bad">{t('coupons.exceptionOpen')}</Mark>
        ),
      sheet: (u) => u.note,
    },
  ];
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: (['open', 'settled'] as const).map((value) => ({ value, label: t(`coupons.exceptionOf.${value}`) })) }];
  return (
    <>
      {batch ? null : <Open />}
      <ResourceList<CouponUse>
        page={batch ? 'batch-coupon-exceptions' : 'coupon-exceptions'}
        label={t('coupons.tab.exceptions')}
        path="/coupons/exceptions"
        fixed={{ batch }}
        columns={columns}
        filters={filters}
        rowKey={(u) => `${u.coupon} ${u.order.source} ${u.order.id}`}
        exportName="coupon-exceptions"
        empty={empty}
        {...(may
          ? {
              actions: (u: CouponUse) =>
                u.settled_at ? null : (
                  <Button size="small" onClick={() => setSettling(u)}>
                    {t('coupons.settle')}
                  </Button>
                ),
            }
          : {})}
      />
      {seeing ? <CouponDrawer id={seeing} onClose={() => setSeeing(null)} /> : null}
      <ReasonModal
        open={settling !== null}
        title={t('coupons.settleTitle', { order: settling?.order.id ?? '' })}
        text={t('coupons.settleText', { money: formatMoney(settling?.saving) })}
        label={t('coupons.settleNote')}
        confirm={t('coupons.settle')}
        pending={settle.isPending}
        onConfirm={(note) => settle.mutate(note)}
        onClose={() => setSettling(null)}
      />
    </>
  );
}
