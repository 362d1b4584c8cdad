/** Reading programmes, and what is read again after something about them changed. */
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { usePrefs } from '../../app/prefs';
import { useSession } from '../../app/session';
import { useRested } from '../segments/live/useLive';
import type { Book, Checked, Programme, Template, Version } from './contract';
import { isFormable, type Rules, tierLabel } from './model/rules';

export const PROGRAMME_TOUCHES = [['programmes'], ['programme'], ['programme-versions'], ['liability'], ['list'], ['member-points']];
export const POINTS_TOUCHES = [['member-points'], ['programmes'], ['programme'], ['liability'], ['list'], ['timeline']];

export function useProgrammes(enabled = true) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<Programme[]>({
    queryKey: ['programmes', merchant.id, language],
    queryFn: async () => (await api.get<{ items: Programme[] }>('/programmes')).items,
    enabled,
    refetchInterval: (query) => (query.state.data?.some((p) => p.job) ? 5_000 : false),
  });
}

export function useProgramme(id: string | undefined) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<Programme>({
    queryKey: ['programme', merchant.id, id, language],
    queryFn: () => api.get<Programme>(`/programmes/${encodeURIComponent(id ?? '')}`),
    enabled: Boolean(id),
    // While its books are being made, its figures grow.
    refetchInterval: (query) => (query.state.data?.job ? 3_000 : false),
  });
}

/** What people call the tiers of a programme; the id until that is known. */
export function useTierName(programme: string): (id: string) => string {
  const rules = useProgramme(programme).data?.current?.rules;
  return (id) => (rules && isFormable(rules) ? tierLabel(rules, id) : id);
}

export function useVersions(id: string | undefined, enabled = true) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<Version[]>({
    queryKey: ['programme-versions', merchant.id, id, language],
    queryFn: async () => (await api.get<{ items: Version[] }>(`/programmes/${encodeURIComponent(id ?? '')}/versions`)).items,
    enabled: enabled && Boolean(id),
  });
}

export function useTemplates(enabled = true) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<Template[]>({
    queryKey: ['programme-templates', merchant.id, language],
    queryFn: async () => (await api.get<{ items: Template[] }>('/programmes/templates')).items,
    staleTime: 300_000,
    enabled,
  });
}

/** What a member has, in every programme that they are in. */
export function useBooks(member: string, enabled = true) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<Book[]>({
    queryKey: ['member-points', merchant.id, member, language],
    queryFn: async () => (await api.get<{ items: Book[] }>(`/members/${encodeURIComponent(member)}/points`)).items,
    enabled,
  });
}

/** What the server says of the rules while they are written, when the hand rests a moment. */
export function useCheck(rules: Rules) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  const text = JSON.stringify(rules);
  const rested = useRested(text);
  const settled = rested === text;
  const answer = useQuery<Checked>({
    queryKey: ['programme-check', merchant.id, language, rested],
    queryFn: ({ signal }) => api.post<Checked>('/programmes/check', { rules: JSON.parse(rested) as unknown }, { signal }),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  const current = settled && answer.data !== undefined && !answer.isPlaceholderData;
  return {
    /** The last answer, also if it is of what stood there before. */
    shown: answer.data,
    /** Said of these very rules. */
    said: current ? answer.data : null,
    busy: !settled || answer.isFetching,
    error: answer.error,
    retry: () => void answer.refetch(),
  };
}

/** The programme that a page is about: by the address, else the first that is not archived. */
export function useChosen() {
  const [params, setParams] = useSearchParams();
  const all = useProgrammes();
  const asked = params.get('programme');
  const items = all.data ?? [];
  const chosen = items.find((p) => p.id === asked) ?? items.find((p) => p.state !== 'archived') ?? items[0] ?? null;
  const choose = (id: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('cursor');
        // What a point of the one buys says nothing of the other's.
        next.delete('value');
        next.set('programme', id);
        return next;
      },
      { replace: true },
    );
  return { all, items, chosen, choose };
}
