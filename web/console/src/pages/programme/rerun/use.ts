/** Reading re-runs, and what is read again after something about them changed. */
import type { Page, ProgrammeRerun, RerunMember, RerunStarted } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { useSession } from '../../../app/session';
import { PROGRAMME_TOUCHES } from '../use';

export type Rerun = ProgrammeRerun;
export type Started = RerunStarted;
export type Corrected = RerunMember;

export const RERUN_TOUCHES = [['rerun'], ['reruns'], ['jobs'], ...PROGRAMME_TOUCHES];

/** Whether a task is at it. */
export const isUnderWay = (rerun: Pick<Rerun, 'state'>): boolean => rerun.state === 'looking' || rerun.state === 'booking';

export function useRerun(id: string, value: string | undefined) {
  const { merchant } = useSession();
  return useQuery<Rerun>({
    queryKey: ['rerun', merchant.id, id, value ?? ''],
    queryFn: () => api.get<Rerun>(`/reruns/${encodeURIComponent(id)}`, { value }),
    placeholderData: (before) => before,
    refetchInterval: (query) => (query.state.data && isUnderWay(query.state.data) ? 1_000 : false),
  });
}

/** The last of a programme. */
export function useReruns(programme: string) {
  const { merchant } = useSession();
  return useQuery<Rerun[]>({
    queryKey: ['reruns', merchant.id, programme],
    queryFn: async () => (await api.get<Page<Rerun>>(`/programmes/${programme}/reruns`, { limit: 10 })).items,
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? 2_000 : false),
  });
}

/** By which version orders are judged, in words. */
export function useJudgeText(): (rerun: Pick<Rerun, 'version'>) => string {
  const { t } = useTranslation();
  return (rerun) => (rerun.version ? t('rerun.byVersion', { n: rerun.version }) : t('rerun.byOwn'));
}
