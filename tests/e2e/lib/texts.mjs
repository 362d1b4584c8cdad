/** The console's own words, so that a test finds a button by what a person reads on it, in either language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server.mjs';

const load = (language) => {
  const folder = join(root, 'web/console/src/i18n', language);
  return Object.fromEntries(readdirSync(folder).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))]));
};
const texts = { zh: load('zh'), en: load('en') };

export function words(language) {
  return (key, values = {}) => {
    const text = key.split('.').reduce((at, step) => at?.[step], texts[language]);
    if (typeof text !== 'string') throw new Error(`no text ${key} in ${language}`);
    return text
      .replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name] ?? ''))
      .replace(/\[\[(\w+):([^|\]]*)\|([^\]]*)\]\]/g, (_, name, one, many) => (String(values[name]) === '1' ? one : many));
  };
}
