/**
 * What the merchant received, as far as files tell it, and of how many orders they do: it is no income while others are
 * silent. The count goes over all orders, so where there are very many it is made when somebody asks.
 */
import type { Money, SettlementReport } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatBigMoney, formatMoney, formatNumber, formatShare } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan, useSession } from '../../app/session';
import { Tile } from '../../ui/figures';
import { problemText } from '../../ui/problem';

/** Up to so many orders are counted unasked. */
const UNASKED = 20_000;
/** Before the first order of any shop. */
const EVER = '1970-01-01';

function Told({ orders }: { orders: number }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const [asked, setAsked] = useState(orders <= UNASKED);
  const answer = useQuery<SettlementReport>({
    queryKey: ['settlement', merchant.id, 'told'],
    queryFn: ({ signal }) => api.get<SettlementReport>('/reports/settlement', { from: EVER }, signal),
    enabled: asked,
    staleTime: 60_000,
  });
  if (!asked) {
    return (
      <span className="block">
        <button type="button" className="link-button tile-ask" onClick={() => setAsked(true)}>
          {t('overview.toldAsk')}
        </button>
      </span>
    );
  }
  if (answer.error) return <span className="bad-text block">{problemText(answer.error, t).title}</span>;
  if (!answer.data) return <span className="block">{t('overview.toldCounting')}</span>;
  const { total, currency } = answer.data;
  const told = total.orders - total.untold;
  const money = formatBigMoney({ amount: total.expected_untold, currency }, language);
  return (
    <span className="block">
      {total.untold === 0
        ? t('overview.toldAll', { n: formatNumber(told) })
        : t('overview.toldSome', { n: formatNumber(told), all: formatNumber(total.orders), share: formatShare(told, total.orders), rest: formatNumber(total.untold), money })}
    </span>
  );
}

export function ReceivedTile({ received, known, orders }: { received: Money; known: boolean; orders: number }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const readsOrders = useCan('orders:read');
  if (!known) return <Tile label={t('overview.received')} hint={t('overview.receivedHint')} value="–" exact="–" note={t('overview.receivedUnknown')} />;
  return (
    <Tile
      label={t('overview.received')}
      hint={t('overview.receivedHint')}
      value={formatBigMoney(received, language)}
      exact={formatMoney(received)}
      note={
        <>
          {t('overview.receivedNote')}
          {readsOrders && orders > 0 ? <Told orders={orders} /> : null}
        </>
      }
    />
  );
}
