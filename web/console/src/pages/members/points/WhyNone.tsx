/** Under a balance of nothing: why it is so. */
import type { Member } from '@api';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatTime } from '../../../app/format';
import { useZone } from '../../../app/session';
import type { Book, Programme } from '../../programme/contract';
import { whyNone } from './none';

export function WhyNone({ book, member, programme }: { book: Book | null; member: Member; programme: Programme | undefined }) {
  const { t } = useTranslation();
  const zone = useZone();
  const why = whyNone(book, member, programme);
  if (why === null) return null;
  const size = (account: string) => formatNumber(Math.abs(book?.accounts[account] ?? 0));
  return (
    <span className="muted small why-none">
      {t(`points.none.${why}`, {
        begins: programme ? formatTime(programme.begins_at, zone).slice(0, 10) : '',
        last: member.last_order_at ? formatTime(member.last_order_at, zone).slice(0, 10) : '',
        pending: size('pending'),
        frozen: size('frozen'),
        issued: size('issued'),
        redeemed: size('redeemed'),
        expired: size('expired'),
        reversed: size('reversed'),
      })}
    </span>
  );
}
