/** Where a record was opened from, other than its list: kept in the state of the link, so that the address stays as it is. */

/** Where a link came from, as it carries it in its state. */
export interface Back {
  to: string;
  label: string;
}

/** The place that the link's state tells, if it is one of this console; anything else a history may hold is none. */
export function backOf(state: unknown): Back | null {
  const back = typeof state === 'object' && state !== null ? (state as { back?: unknown }).back : null;
  if (typeof back !== 'object' || back === null) return null;
  const { to, label } = back as Partial<Record<keyof Back, unknown>>;
  return typeof to === 'string' && typeof label === 'string' && /^\/(?!\/)/.test(to) ? { to, label } : null;
}
