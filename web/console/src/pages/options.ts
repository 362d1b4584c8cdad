/** Choices that several filters share. */
import { useTranslation } from 'react-i18next';
import { useSession } from '../app/session';

export const PLATFORMS = ['taobao', 'tmall', 'jd', 'pdd', 'douyin', 'youzan', 'wechat', 'shopify', 'woocommerce', 'own'];

export function usePlatformOptions() {
  const { t } = useTranslation();
  return PLATFORMS.map((value) => ({ value, label: t(`words.platform.${value}`) }));
}

export function useShopOptions() {
  const { merchant } = useSession();
  return (merchant.shops ?? []).map((shop) => ({ value: shop.id, label: shop.name }));
}

export function useShopName() {
  const { merchant } = useSession();
  return (id: string | null | undefined): string => merchant.shops?.find((s) => s.id === id)?.name ?? id ?? '–';
}
