/** Names of who did something, as far as the reader may know the staff; else the id stands for itself. */
import type { Page, Staff } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from './api';
import { useCan, useSession } from './session';

export function useWho(): (id: string | null | undefined) => string {
  const { session, merchant } = useSession();
  const may = useCan('staff:manage');
  const staff = useQuery<Page<Staff>>({
    queryKey: ['staff-names', merchant.id],
    queryFn: () => api.get<Page<Staff>>('/staff', { limit: 200 }),
    enabled: may,
  });
  const names = new Map((staff.data?.items ?? []).map((s) => [s.id, s.name]));
  names.set(session.staff.id, session.staff.name);
  return (id) => (id ? (names.get(id) ?? id) : '–');
}

/** The same for people who may not read the staff: instead of an id that tells them nothing, what sort of doer it was. */
export function useWhoName(): (id: string | null | undefined) => string {
  const who = useWho();
  const { t } = useTranslation();
  return (id) => {
    const name = who(id);
    if (!id || name !== id) return name;
    if (id.startsWith('import:')) return t('common.who.import', { name: id.slice('import:'.length) });
    if (id === 'system:tag_rule') return t('common.who.tag_rule');
    const sort = id.startsWith('stf_') ? 'staff' : id.startsWith('key_') ? 'key' : id === 'cli' ? 'cli' : 'system';
    return t(`common.who.${sort}`);
  };
}
