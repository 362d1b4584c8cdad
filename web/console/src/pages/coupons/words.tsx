/** Small parts that pages of coupons share: states, orders, what a coupon is in a list. */
import type { Coupon, CouponUse, ExternalRef } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Mark, Time, type Tone, useWord } from '../../ui/bits';
import { useCouponWords } from './use';

const TONES: Record<string, Tone> = { available: 'good', restored: 'good', locked: 'busy', used: 'info', revoked: 'bad' };

/** Where a coupon stands. */
export function CouponMark({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Mark tone={TONES[state] ?? 'plain'}>{t(`coupons.state.${state}`, { defaultValue: state })}</Mark>;
}

/** An order by its source and number; its page is found by them. */
export function OrderName({ order }: { order: ExternalRef | null | undefined }) {
  const word = useWord();
  if (!order) return <span className="muted">–</span>;
  return (
    <Link to={`/orders?query=${encodeURIComponent(order.id)}`} className="break">
      <span className="muted">{word('platform', order.source)} </span>
      {order.id}
    </Link>
  );
}

/** What a coupon is called, and what it gives. */
export function CouponName({ coupon, onOpen }: { coupon: Coupon; onOpen?: () => void }) {
  const words = useCouponWords();
  return (
    <span className="cell-two">
      {onOpen ? (
        <button type="button" className="link-button strong" onClick={onOpen}>
          {coupon.name}
        </button>
      ) : (
        <span className="strong">{coupon.name}</span>
      )}
      <span className="muted small">{words.coupon(coupon)}</span>
    </span>
  );
}

/** From when until when a coupon is good, and until when an order holds it. */
export function CouponEnd({ coupon }: { coupon: Coupon }) {
  const { t } = useTranslation();
  return (
    <span className="cell-two">
      <Time at={coupon.expires_at} />
      {coupon.from && Date.parse(coupon.from) > Date.now() ? (
        <span className="muted small">
          {t('coupons.goodFrom')} <Time at={coupon.from} />
        </span>
      ) : null}
      {coupon.lock_until ? (
        <span className="muted small">
          {t('coupons.heldUntil')} <Time at={coupon.lock_until} />
        </span>
      ) : null}
    </span>
  );
}

/** What an order did with a coupon, with when and how. */
export function UseState({ use }: { use: CouponUse }) {
  const { t } = useTranslation();
  const tone: Tone = use.state === 'missed' ? (use.settled_at ? 'plain' : 'bad') : use.state === 'used' ? 'info' : use.state === 'held' ? 'busy' : 'plain';
  return (
    <span className="cell-two">
      <Mark tone={tone}>{t(`coupons.useState.${use.state}`, { defaultValue: use.state })}</Mark>
      {use.how && use.state === 'let_go' ? <span className="muted small">{t(`coupons.letGo.${use.how}`, { defaultValue: use.how })}</span> : null}
    </span>
  );
}
