/** Orders over the API: bought, paid and completed on one day, so many days ago. */

export const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString();

/** An order of `who` for `fen`; `more` is what else it tells. */
export const order = (number, fen, days, who, more = {}) => ({
  external: { source: 'taobao', id: number },
  platform: 'taobao',
  state: 'completed',
  currency: 'CNY',
  paid: { amount: fen, currency: 'CNY' },
  created_at: ago(days),
  paid_at: ago(days),
  updated_at: ago(days),
  completed_at: ago(days),
  buyer: { keys: [{ kind: 'own_id', namespace: 'shop', value: who }] },
  ...more,
});
