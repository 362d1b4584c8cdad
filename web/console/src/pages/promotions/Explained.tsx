/** A priced cart line by line: what was taken off and by what, what the order comes to, and why each other promotion and coupon is not in it. */
import type { PricedCart } from '@api';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatMoney, formatNumber } from '../../app/format';
import { useSentence } from './use';

interface Props {
  priced: PricedCart;
  /** What the lines of the cart are, by line. */
  goods: Record<string, string>;
  currency: string;
  /** What promotions and coupons are called, by id. */
  names: Record<string, string>;
  busy: boolean;
}

export function Explained({ priced, goods, currency, names, busy }: Props) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const money = (amount: number) => formatMoney({ amount, currency });
  const called = (id: string) => (id === 'points_cash' ? t('promotions.pointsCash') : (names[id] ?? id));
  const { order } = priced;
  // What was taken off the goods: the order's own sum of discounts has those of shipping in it, which stand by themselves.
  const off = order.goods_total - order.points_cash - order.goods_payable;
  const sums: [string, string][] = [
    [t('promotions.sum.goods'), money(order.goods_total)],
    ...(off > 0 ? ([[t('promotions.sum.discounts'), money(-off)]] as [string, string][]) : []),
    ...(order.points_used > 0 ? ([[t('promotions.sum.points', { n: formatNumber(order.points_used) }), money(-order.points_cash)]] as [string, string][]) : []),
    [t('promotions.sum.shipping'), money(order.shipping_fee)],
  ];
  return (
    <div className={busy ? 'promo-busy' : ''}>
      <p className="promo-total">
        <span>{t('promotions.sum.total')}</span> <strong className="amount">{money(order.total)}</strong>
      </p>
      {priced.search_bounded ? <Alert type="info" showIcon className="gap-below" title={t('promotions.bounded')} /> : null}
      <ol className="promo-lines" aria-label={t('promotions.lines')}>
        {priced.lines.map((line) => (
          <li key={line.line}>
            <div className="promo-of">
              <span>{goods[line.line] ?? t('promotions.lineNo', { n: line.line })}</span>
              <span className="amount">{money(line.list)}</span>
            </div>
            {line.price_by ? (
              <div className="promo-of muted">
                <span>{called(line.price_by)}</span>
                <span className="amount">{money(line.base - line.list)}</span>
              </div>
            ) : null}
            {line.reductions.map((reduction, i) => (
              <div key={i} className="promo-of muted">
                <span>{called(reduction.cause)}</span>
                <span className="amount">{money(-reduction.amount)}</span>
              </div>
            ))}
            <div className="promo-of strong">
              <span>{t('promotions.payable')}</span>
              <span className="amount">{money(line.payable)}</span>
            </div>
          </li>
        ))}
        {priced.gift_lines.map((gift, i) => (
          <li key={`gift-${i}`}>
            <div className="promo-of">
              <span>{t('promotions.giftLine', { sku: gift.sku, n: gift.qty, name: called(gift.cause) })}</span>
              <span className="amount">{money(0)}</span>
            </div>
          </li>
        ))}
      </ol>
      <dl className="promo-sums">
        {sums.map(([label, value]) => (
          <div key={label} className="promo-of">
            <dt>{label}</dt>
            <dd className="amount">{value}</dd>
          </div>
        ))}
        {order.shipping_reductions.map((reduction, i) => (
          <div key={i} className="promo-of muted">
            <dt>{called(reduction.cause)}</dt>
            <dd className="amount">{money(-reduction.amount)}</dd>
          </div>
        ))}
      </dl>
      <h3 className="sub-title">{t('promotions.applied')}</h3>
      {priced.applied.length === 0 ? <p className="muted">{t('promotions.noneApplied')}</p> : null}
      <ul className="promo-why">
        {priced.applied.map((applied) => (
          <li key={applied.id}>
            <strong>{called(applied.id)}</strong> {applied.saving > 0 ? t('promotions.saves', { amount: money(applied.saving) }) : t('promotions.gives')}
          </li>
        ))}
      </ul>
      {priced.not_applied.length > 0 ? (
        <>
          <h3 className="sub-title">{t('promotions.notApplied')}</h3>
          <ul className="promo-why">
            {priced.not_applied.map((other) => (
              <li key={other.id}>
                <strong>{called(other.id)}</strong> <span className="muted">{sentence(other.message)}{other.excluded_by ? ` (${called(other.excluded_by)})` : ''}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
