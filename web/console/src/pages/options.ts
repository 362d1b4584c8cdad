/** Choices that several filters share. */
import { useTranslation } from 'react-i18next';
import { usePrefs } from '../app/prefs';
import { useSession } from '../app/session';
import provinces from './insight/provinces.json';

export const PLATFORMS = ['taobao', 'tmall', 'jd', 'pdd', 'douyin', 'youzan', 'wechat', 'shopify', 'woocommerce', 'own'];

export function usePlatformOptions() {
  const { t } = useTranslation();
  return PLATFORMS.map((value) => ({ value, label: t(`words.platform.${value}`) }));
}

/** Provinces by their short names, which the server takes for every way to write them. */
export function useProvinceOptions() {
  const { language } = usePrefs();
  return provinces.map((p) => ({ value: p.zh, label: language === 'en' ? p.en : p.zh }));
}

export function useShopOptions() {
  const { merchant } = useSession();
  return (merchant.shops ?? []).map((shop) => ({ value: shop.id, label: shop.name }));
}

/** A shop by its own id or by the number that its platform's files give it; a number that no shop has is called one. */
export function useShopName() {
  const { t } = useTranslation();
  const { merchant } = useSession();
  return (id: string | null | undefined): string => {
    if (!id) return '–';
    const shop = merchant.shops?.find((s) => s.id === id) ?? merchant.shops?.find((s) => s.external?.id === id && s.external.source === s.platform);
    return shop?.name ?? (/^\d+$/.test(id) ? t('orders.shopNumber', { id }) : id);
  };
}
