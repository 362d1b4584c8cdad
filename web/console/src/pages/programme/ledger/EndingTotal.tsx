/**
 * How many points of how many members end in the days chosen, and what they buy where that was stated. No answer tells
 * it: the list is walked, a few pages unasked and the rest when somebody wants it.
 */
import type { Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { formatMoney, formatNumber, today } from '../../../app/format';
import { useSession, useZone } from '../../../app/session';
import { ProblemAlert } from '../../../ui/problem';
import type { Ending, Programme } from '../contract';
import { usePointValue } from './PointValue';

/** Pages of two hundred that are walked unasked. */
const UNASKED = 5;

interface Sum {
  members: number;
  points: number;
  worth: number;
  currency: string | null;
  whole: boolean;
}

async function walk(path: string, query: Record<string, string | undefined>, pages: number, signal: AbortSignal): Promise<Sum> {
  const sum: Sum = { members: 0, points: 0, worth: 0, currency: null, whole: false };
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const part: Page<Ending> = await api.get<Page<Ending>>(path, { ...query, limit: 200, cursor }, signal);
    for (const one of part.items) {
      sum.members += 1;
      sum.points += one.points;
      sum.worth += one.worth?.amount ?? 0;
      sum.currency ??= one.worth?.currency ?? null;
    }
    cursor = part.next_cursor ?? undefined;
    if (!cursor) return { ...sum, whole: true };
  }
  return sum;
}

export function EndingTotal({ programme, days }: { programme: Programme; days: number }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const zone = useZone();
  const [value] = usePointValue(programme.id);
  const [asked, setAsked] = useState<string | null>(null);
  const whose = `${programme.id} ${days}`;
  const all = asked === whose;
  const answer = useQuery<Sum>({
    queryKey: ['list', 'ending-total', merchant.id, whose, value, all],
    queryFn: ({ signal }) => walk(`/programmes/${programme.id}/ending`, { within: String(days), value }, all ? Number.POSITIVE_INFINITY : UNASKED, signal),
    staleTime: 60_000,
  });
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data) return <p className="muted">{t('points.ending.counting')}</p>;
  const { members, points, worth, currency, whole } = answer.data;
  const first = today(programme.current.rules.zone ?? zone);
  const last = dayjs(first).add(days - 1, 'day').format('YYYY-MM-DD');
  return (
    <p className="row-gap" role="status">
      <span>
        {t(whole ? 'points.ending.total' : 'points.ending.totalSoFar', { from: first, to: last, members: formatNumber(members), points: formatNumber(points) })}
        {currency ? ` · ${t('points.value.worth', { money: formatMoney({ amount: worth, currency }) })}` : ''}
      </span>
      {whole ? null : (
        <Button type="link" size="small" onClick={() => setAsked(whose)}>
          {t('points.ending.countAll')}
        </Button>
      )}
    </p>
  );
}
