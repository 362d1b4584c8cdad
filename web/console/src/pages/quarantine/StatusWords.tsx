/**
 * Words that can stand in a cell for an order's state: those which this platform's orders in the shop came with, each
 * under what it was read as. They are read off the newest orders of each state; a state of which the shop has no order
 * yet offers the word that Taobao says for it, which is read in the files of every Chinese platform.
 */
import type { Order, Page } from '@api';
import { useQueries } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useCan, useSession } from '../../app/session';
import { useWord } from '../../ui/bits';
import usual from './usual.json';

const STATES = ['created', 'paid', 'shipped', 'completed', 'closed'];
const USUAL: Record<string, string> = usual;
const CHINESE = ['taobao', 'tmall', 'jd', 'pdd', 'douyin', 'youzan'];

/** Newest orders of each state that are looked at. */
const LOOKED = 100;

/** Which part of the words that an order came with is this field's: Shopify's stand as `paid/fulfilled`. */
const PART: Record<string, number> = { financial_status: 0, fulfilment_status: 1 };

export const isStatus = (field: string | null | undefined): boolean => field === 'status' || (field ?? '') in PART;

export function StatusWords({ platform, field, onChoose }: { platform: string; field: string; onChoose: (word: string) => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const { merchant } = useSession();
  const may = useCan('orders:read');
  const answers = useQueries({
    queries: STATES.map((state) => ({
      queryKey: ['status-words', merchant.id, platform, state],
      queryFn: () => api.get<Page<Order>>('/orders', { platform, state, limit: LOOKED }),
      enabled: may,
      staleTime: 300_000,
    })),
  });
  const part = PART[field];
  const wordsOf = (orders: Order[]) => {
    const all = orders.map((o) => (part === undefined ? o.platform_status : o.platform_status?.split('/')[part])?.trim());
    return [...new Set(all.filter((w): w is string => Boolean(w)))];
  };
  const helps = field === 'status' && CHINESE.includes(platform) && answers.every((a) => !a.isPending);
  const offered = (state: string, words: string[]) => (words.length === 0 && helps ? [USUAL[state] ?? ''] : words);
  const known = STATES.map((state, n) => ({ state, words: offered(state, wordsOf(answers[n]?.data?.items ?? [])) })).filter((s) => s.words.length > 0);
  if (known.length === 0) return null;
  return (
    <div className="status-words small">
      <p className="muted">{t('quarantine.words', { platform: word('platform', platform) })}</p>
      <dl>
        {known.map(({ state, words }) => (
          <div key={state}>
            <dt className="muted">{word('orderState', state)}</dt>
            <dd>
              {words.map((w) => (
                <Button key={w} size="small" onClick={() => onChoose(w)}>
                  {w}
                </Button>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
