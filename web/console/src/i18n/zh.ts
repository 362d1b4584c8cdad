/** The Chinese texts, one file an area, loaded together as one chunk. */
import 'dayjs/locale/zh-cn';
import antd from 'antd/locale/zh_CN';
import { gather } from './gather';

export const texts = gather(import.meta.glob('./zh/*.json', { eager: true, import: 'default' }));
export const locale = antd;
export const dayjsLocale = 'zh-cn';
