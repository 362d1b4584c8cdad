/** What a member has after a step: the answer to it, balances with what moved, tier, lots and coupons. */
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { Mark, Time } from '../../../ui/bits';
import { type Account, ACCOUNTS, type Shown } from '../contract';
import { lotKind } from '../model/cause';

const FREE: Account[] = ['available', 'pending', 'frozen'];

/** +128 */
export function Moved({ by }: { by: number }) {
  if (by === 0) return null;
  return <span className={`small amount ${by > 0 ? 'good-text' : 'bad-text'}`}>{by > 0 ? `+${formatNumber(by)}` : formatNumber(by)}</span>;
}

export function useLotName() {
  const { t } = useTranslation();
  return (lot: string): string => {
    const kind = lotKind(lot);
    const rest = lot.slice(kind.length + 1);
    return `${t(`points.lotKind.${kind}`, { defaultValue: kind })}${rest ? ` ${rest}` : ''}`;
  };
}

export function StateAfter({ now, before, tierName }: { now: Shown; before: Shown | undefined; tierName: (id: string) => string }) {
  const { t } = useTranslation();
  const lotName = useLotName();
  const by = (account: Account) => (now.accounts[account] ?? 0) - (before?.accounts[account] ?? 0);
  // What is free is always said; where it went only when it moved.
  const rest = ACCOUNTS.filter((account) => !FREE.includes(account) && account !== 'issued' && by(account) !== 0);
  const coupons = Object.entries(now.coupons ?? {});
  return (
    <div className="after">
      <div className="after-line">
        {now.result === 'ok' ? null : <Mark tone={now.result === 'duplicate' || now.result === 'waiting' ? 'info' : 'warn'}>{t(`points.result.${now.result}`, { defaultValue: now.result })}</Mark>}
        {FREE.map((account) => (
          <span key={account}>
            <span className="muted small">{t(`points.account.${account}`)}</span> <span className="amount strong">{formatNumber(now.accounts[account] ?? 0)}</span> <Moved by={by(account)} />
          </span>
        ))}
        {rest.map((account) => (
          <span key={account}>
            <span className="muted small">{t(`points.account.${account}`)}</span> <Moved by={by(account)} />
          </span>
        ))}
      </div>
      {now.tier != null ? (
        <div className="after-line">
          <Mark tone={before && before.tier !== now.tier ? 'info' : 'plain'}>{tierName(now.tier)}</Mark>
          {now.tier_until ? (
            <span className="muted small">
              {t(now.in_grace ? 'points.graceUntil' : 'points.tierUntil')} <Time at={now.tier_until} />
            </span>
          ) : null}
          {now.activity_grade != null ? <span className="muted small">{t('points.activity', { n: now.activity_grade })}</span> : null}
        </div>
      ) : null}
      {now.lots.length > 0 || coupons.length > 0 ? (
        <details>
          <summary className="small">{t('points.lotsN', { n: now.lots.length })}</summary>
          <ul className="small">
            {now.lots.map((lot) => (
              <li key={lot.id}>{t('points.lotLine', { lot: lotName(lot.id), left: formatNumber(lot.left), day: lot.last_day })}</li>
            ))}
            {coupons.map(([grant, coupon]) => (
              <li key={grant}>
                {grant} · {coupon.state} · <Time at={coupon.expires} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
