/** Which of a member's statements hold: the newest word for a purpose and a channel, history below it. */
import type { Consent } from '@api';

/**
 * `rows` come newest first, as the server lists them. What was said of any channel outdoes what was said before of a
 * single one, so a channel stands only where its own word is the newer.
 */
export function held(rows: Consent[]): Consent[] {
  const seen = new Set<string>();
  return rows.filter((c) => {
    const key = `${c.purpose} ${c.channel}`;
    if (seen.has(key) || seen.has(`${c.purpose} any`)) return false;
    seen.add(key);
    return true;
  });
}
