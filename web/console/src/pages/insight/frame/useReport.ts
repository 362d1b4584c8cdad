/** Asks for a report about the chosen days, and once more about the days it is compared with. */
import type { ReportHead } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../../app/api';
import { useSession } from '../../../app/session';
import { type Period, usePeriod } from './period';
import type { Span } from './spans';

export type ReportName = 'dashboard' | 'rfm' | 'lifecycle' | 'cohort' | 'interval' | 'calendar' | 'goods' | 'region';
export type ReportQuery = Record<string, string | undefined>;

export interface Asked<T> {
  report: ReportName;
  period: ReturnType<typeof usePeriod>;
  query: ReportQuery;
  data: T | undefined;
  before: T | undefined;
  error: unknown;
  pending: boolean;
  busy: boolean;
  /** The figures are those of the choice before, while the ones now asked for are on their way. */
  stale: boolean;
  retry: () => void;
}

interface Options {
  /** What only this report is asked. */
  extra?: ReportQuery;
  /** What the same report about the days before is asked instead. */
  extraBefore?: ReportQuery;
  /** Reckoned at the end of the window, not today: days since the last purchase, stages. */
  atEnd?: boolean;
}

function queryOf(period: Period, span: Span, { extra, atEnd }: Options): ReportQuery {
  return {
    from: span.from,
    to: span.to,
    ...(atEnd ? { as_of: span.to } : {}),
    ...(period.returns === 'ignore' ? { returns: 'ignore' } : {}),
    ...(period.currency ? { currency: period.currency } : {}),
    ...extra,
  };
}

export function useReport<T extends ReportHead>(report: ReportName, options: Options = {}): Asked<T> {
  const { merchant } = useSession();
  const period = usePeriod();
  const ask = (query: ReportQuery | null) => ({
    queryKey: ['report', merchant.id, report, JSON.stringify(query)],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get<T>(`/reports/${report}`, query ?? {}, signal),
    placeholderData: keepPreviousData,
    enabled: query !== null,
  });
  const query = queryOf(period, period.span, options);
  const earlier = period.before ? queryOf(period, period.before, { ...options, extra: options.extraBefore ?? options.extra }) : null;
  const main = useQuery<T>(ask(query));
  const other = useQuery<T>(ask(earlier));
  const stale = main.isPlaceholderData;
  return {
    report,
    period,
    query,
    data: main.data,
    // Two answers of different choices are never set against each other.
    before: earlier && !stale && !other.isPlaceholderData ? other.data : undefined,
    error: main.error ?? other.error,
    pending: main.isPending,
    stale,
    busy: main.isFetching || other.isFetching,
    retry: () => {
      void main.refetch();
      if (earlier) void other.refetch();
    },
  };
}
