/** Entries in the reader's words: what moved where, why, under which rules; and where each leads. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../../app/format';
import { useCan } from '../../../app/session';
import { Named } from '../../names';
import type { Entry } from '../contract';
import { useLotName } from '../example/StateAfter';
import { lotKind, orderOf } from '../model/cause';

export function useAccountName() {
  const { t } = useTranslation();
  return (account: string): string => t(`points.account.${account}`, { defaultValue: account });
}

export function useCauseName() {
  const { t } = useTranslation();
  return (entry: Pick<Entry, 'cause'>): string => entry.cause.label || t(`points.cause.${entry.cause.kind}`, { defaultValue: entry.cause.kind });
}

/** An order by the end of its id, where asking for the number of each would be too much. */
function OrderEnd({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Link to={`/orders/${id}`} title={id} className="nowrap small">
      {t('orders.one')} <span className="mono">…{id.slice(-6)}</span>
    </Link>
  );
}

/** A lot by what made it, with the order where one did. */
export function LotCell({ lot }: { lot: string }) {
  const { t } = useTranslation();
  const lotName = useLotName();
  const order = orderOf({ lot, cause: { id: '' } });
  if (!order) return <span className="break">{lotName(lot)}</span>;
  return (
    <span className="cell-two">
      <span>{t(`points.lotKind.${lotKind(lot)}`, { defaultValue: lotKind(lot) })}</span>
      <span className="nowrap">
        <Named id={order} />
      </span>
    </span>
  );
}

/** Why, with the order that it is of where one may be seen. */
export function CauseCell({ entry, named }: { entry: Entry; named?: boolean }) {
  const name = useCauseName();
  const may = useCan('orders:read');
  const order = orderOf(entry);
  return (
    <span className="cell-two">
      <span>{name(entry)}</span>
      {entry.cause.reason ? <span className="muted small break">{entry.cause.reason}</span> : null}
      {!order || !may ? null : named ? <Named id={order} /> : <OrderEnd id={order} />}
    </span>
  );
}

export function VersionLink({ programme, no }: { programme: string; no: number }) {
  const { t } = useTranslation();
  // Version 0 is before the programme began: there is nothing to look at.
  if (no === 0) return <span className="nowrap">{t('points.beforeBeginShort')}</span>;
  return (
    <Link to={`/programmes/${programme}?tab=versions&no=${no}`} className="nowrap">
      {t('programme.versionNo', { n: no })}
    </Link>
  );
}

/** +128 where points became free to spend, −50 where they went; what moved elsewhere without a sign. */
export function ChangeCell({ entry }: { entry: Entry }) {
  if (entry.change === 0) return <span className="amount muted">{formatNumber(entry.amount)}</span>;
  return <span className={`amount strong ${entry.change > 0 ? 'good-text' : 'bad-text'}`}>{entry.change > 0 ? `+${formatNumber(entry.change)}` : formatNumber(entry.change)}</span>;
}
