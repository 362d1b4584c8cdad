/** Time zones as people know them: the name of its time, a city and how far it is from UTC today. */
import type { TFunction } from 'i18next';
import type { Language } from '../../i18n';

const part = (zone: string, language: Language, timeZoneName: 'long' | 'shortOffset') =>
  new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, timeZoneName }).formatToParts(new Date()).find((p) => p.type === 'timeZoneName')?.value ?? '';

/** `中国标准时间（上海，UTC+8）`; an id that the browser does not know stays as it is. */
export function zoneName(zone: string, language: Language, t: TFunction): string {
  try {
    const offset = part(zone, language, 'shortOffset').replace('GMT', 'UTC');
    if (zone === 'UTC') return 'UTC';
    const city = t(`settings.zoneCity.${zone.split('/').pop() ?? ''}`, { defaultValue: zone });
    const time = part(zone, language, 'long');
    // Some zones have no name of their own, only their distance.
    return /^(GMT|UTC)/.test(time) ? t('settings.zoneNameless', { city, offset }) : t('settings.zoneNamed', { time, city, offset });
  } catch {
    return zone;
  }
}
