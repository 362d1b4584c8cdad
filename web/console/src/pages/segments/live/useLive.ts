/**
 * What the server says of the expression while it is edited: whether it may stand, in which words, how many it is true
 * of. It is asked when the hand rests a moment; a question that is no longer wanted is dropped, and the server with it.
 */
import type { ExpressionCheck, SegmentCount } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../../app/api';
import { useSession } from '../../../app/session';
import type { Cond } from '../model/tree';

const REST = 250;
const SAMPLE = 20;

export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export function useLive(expr: Cond, whole: boolean, self: string | null) {
  const { merchant } = useSession();
  const text = JSON.stringify(expr);
  const rested = useRested(text);
  const settled = rested === text;
  const check = useQuery<ExpressionCheck>({
    queryKey: ['segment-check', merchant.id, self, rested],
    queryFn: ({ signal }) => api.post<ExpressionCheck>('/segments/check', { expr: JSON.parse(rested) as unknown, ...(self ? { id: self } : {}) }, { signal }),
    enabled: whole && settled,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const checked = check.data !== undefined && !check.isPlaceholderData && settled;
  const count = useQuery<SegmentCount>({
    queryKey: ['segment-count', merchant.id, rested],
    queryFn: ({ signal }) => api.post<SegmentCount>('/segments/count', { expr: JSON.parse(rested) as unknown, parts: true, sample: SAMPLE }, { signal }),
    enabled: whole && checked && check.data.ok,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
  return {
    check,
    count,
    /** Said of this very expression, and not of the one before. */
    said: whole && checked ? check.data : null,
    counted: whole && settled && count.data !== undefined && !count.isPlaceholderData ? count.data : null,
    busy: whole && (!settled || check.isFetching || count.isFetching),
  };
}
