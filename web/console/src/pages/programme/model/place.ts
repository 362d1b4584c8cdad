/** Places in the rules, such as `earn[0].bands[1].per_fen`: where a fault is, and where two drafts differ. */

/** The steps of a place, without the name of the document that a server may lead it with. */
export function stepsOf(path: string): string[] {
  const steps = path.split(/[.[\]/]+/).filter(Boolean);
  return steps[0] === 'rules' || steps[0] === 'programme' ? steps.slice(1) : steps;
}

/** Whether a fault at `path` is at `place` or inside it. */
export function isWithin(path: string, place: string): boolean {
  const steps = stepsOf(path);
  return stepsOf(place).every((step, i) => steps[i] === step);
}

/** What is wrong, without the place that the sentence begins with. */
export function plain(message: string): string {
  return message.replace(/^[A-Za-z_][\w.[\]]*\s*[:\uff1a]\s*/, '');
}

/** The blocks of an editor in which a fault can be shown; what lies in none of them is shown beside. */
const BLOCKS = [/^ladder\.tiers\.\d+/, /^ladder/, /^earn\.\d+/, /^caps\.\d+/, /^(lot_expiry|shortfall|settlement_days|reversal_min_days|check_in|birthday|activity|zone)/];

export const hasBlock = (path: string): boolean => BLOCKS.some((block) => block.test(stepsOf(path).join('.')));

/** The tier that a fault is at, to bring it to the front. */
export function tierOf(path: string): number | null {
  const [ladder, tiers, n] = stepsOf(path);
  return ladder === 'ladder' && tiers === 'tiers' && n !== undefined ? Number(n) : null;
}

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Where two drafts first differ: changes there within a moment are one step of undoing. Empty where parts came or went. */
export function differsAt(before: unknown, after: unknown, path = ''): string {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return path;
  const keys = Object.keys(after);
  if (keys.length !== Object.keys(before).length) return '';
  const old = before as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  const key = keys.find((one) => !same(old[one], now[one]));
  return key === undefined ? path : differsAt(old[key], now[key], path ? `${path}.${key}` : key);
}
