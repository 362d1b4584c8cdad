/** The English texts. Dates follow the British locale, whose weeks begin on Monday as the shop's do. */
import 'dayjs/locale/en-gb';
import antd from 'antd/locale/en_US';
import { gather } from './gather';

export const texts = gather(import.meta.glob('./en/*.json', { eager: true, import: 'default' }));
export const locale = antd;
export const dayjsLocale = 'en-gb';
