/** How many have done already what a task would ask: counted a step at a time, begun anew with every change, stopped when left. */
import type { GrowthAlready, GrowthTaskInput } from '@api';
import { useEffect, useState } from 'react';
import { api } from '../../app/api';

export interface Told {
  done: number;
  looked: number;
  members: number;
  /** Whether everybody was looked at. */
  whole: boolean;
  error: unknown;
}

/** Typing goes on: what is asked rests so long before it is counted. */
const REST = 500;

export function useAlready(input: GrowthTaskInput | null): Told | null {
  const [told, setTold] = useState<Told | null>(null);
  const asked = input ? JSON.stringify(input) : null;
  useEffect(() => {
    setTold(null);
    if (!asked) return;
    const stop = new AbortController();
    const count = async () => {
      const sum: Told = { done: 0, looked: 0, members: 0, whole: false, error: null };
      try {
        for (let after: string | null | undefined; !sum.whole; ) {
          const step: GrowthAlready = await api.post<GrowthAlready>('/growth-tasks/preview', JSON.parse(asked), { query: { after }, signal: stop.signal });
          sum.done += step.done;
          sum.looked += step.looked;
          sum.members = step.members;
          after = step.next;
          sum.whole = !step.next;
          if (!stop.signal.aborted) setTold({ ...sum });
        }
      } catch (error) {
        if (!stop.signal.aborted) setTold({ ...sum, error });
      }
    };
    const timer = setTimeout(() => void count(), REST);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked]);
  return told;
}
