/**
 * Words that follow a number: `{{n}} [[n:day|days]]` reads "1 day" and "2 days". The first form stands where the value
 * is one, however it was written. Chinese has no such forms and writes none.
 */
const FORMS = /\[\[(\w+):([^|\]]*)\|([^\]]*)\]\]/g;

export function numbered(text: string, values: Record<string, unknown>): string {
  return text.replace(FORMS, (_, name: string, one: string, many: string) => (String(values[name]) === '1' ? one : many));
}
