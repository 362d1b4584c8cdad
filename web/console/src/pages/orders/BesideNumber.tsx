/**
 * Nothing has that number: which filters were in force together with it, each to be dropped. The shop of the top bar
 * is one of them, although it does not stand among the list's filters.
 */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { switchMerchant, useSession } from '../../app/session';
import type { Filter } from '../../ui/list/Filters';
import { inForce } from '../../ui/list/inForce';
import { useShopName } from '../options';

/** From how many characters on a number is found by how it begins. */
const BEGINS = 6;

export function BesideNumber({ filters, query }: { filters: Filter[]; query: string }) {
  const { t } = useTranslation();
  const { merchant, shop } = useSession();
  const shopName = useShopName();
  const [params, setParams] = useSearchParams();
  const held = inForce(filters, params);
  const drop = (names: string[]) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const name of ['cursor', ...names]) next.delete(name);
        return next;
      },
      { replace: true },
    );
  const everywhere = () => switchMerchant(merchant.id, null);
  // Fewer characters are compared with whole numbers only: that none is found says nothing about how numbers begin.
  if (query.trim().length < BEGINS) return <p className="muted full">{t('orders.tooShort', { query, n: BEGINS })}</p>;
  if (held.length === 0 && !shop) return <p className="muted full">{t('orders.nothingAtAll', { query })}</p>;
  return (
    <>
      <p className="muted full">{t('orders.besideNumber', { query })}</p>
      {held.map(({ names, label, value }) => (
        <Button key={names[0]} size="small" onClick={() => drop(names)}>
          {t('orders.dropFilter', { label, value })}
        </Button>
      ))}
      {shop ? (
        <Button size="small" onClick={everywhere}>
          {t('orders.dropFilter', { label: t('orders.shop'), value: shopName(shop) })}
        </Button>
      ) : null}
      <Button
        type="primary"
        onClick={() => {
          drop(held.flatMap((f) => f.names));
          if (shop) everywhere();
        }}
      >
        {t('orders.onlyNumber')}
      </Button>
    </>
  );
}
