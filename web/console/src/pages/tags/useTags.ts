/** All tags and categories of the merchant, read whole: a shop has some dozens, at most some thousands. */
import type { Page, Tag, TagCategory, TagRule } from '@api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useCan, useSession } from '../../app/session';

/** What is read again after anything about tags changed. */
export const TAG_TOUCHES = [['tags'], ['tag-categories'], ['tag-rules']];

export function useTags(state: 'active' | 'archived' | 'all' = 'active', enabled = true) {
  const { merchant } = useSession();
  return useQuery<Page<Tag>>({
    queryKey: ['tags', merchant.id, state],
    queryFn: () => api.get<Page<Tag>>('/tags', { state }),
    enabled,
  });
}

export function useCategories(enabled = true) {
  const { merchant } = useSession();
  return useQuery<Page<TagCategory>>({
    queryKey: ['tag-categories', merchant.id],
    queryFn: () => api.get<Page<TagCategory>>('/tag-categories'),
    enabled,
  });
}

/** Rules by tag, for those who may see segments. */
export function useTagRules() {
  const { merchant } = useSession();
  const may = useCan('segments:read');
  const rules = useQuery<Page<TagRule>>({
    queryKey: ['tag-rules', merchant.id],
    queryFn: () => api.get<Page<TagRule>>('/tag-rules'),
    enabled: may,
    // While one is being applied, its end is waited for.
    refetchInterval: (query) => (query.state.data?.items.some((r) => r.state === 'applying') ? 3_000 : false),
  });
  const applying = rules.data?.items.some((r) => r.state === 'applying') ?? false;
  const client = useQueryClient();
  const was = useRef(applying);
  useEffect(() => {
    // How many have the tag is known anew once everybody was looked at.
    if (was.current && !applying) void client.invalidateQueries({ queryKey: ['tags'] });
    was.current = applying;
  }, [applying, client]);
  return { may, rules: new Map((rules.data?.items ?? []).map((r) => [r.tag.id, r])), error: rules.error };
}

export interface TagGroup {
  label: string;
  title: string;
  options: { value: string; label: string; tag: Tag }[];
}

/** Tags by category, for choosing among them; those without one come last. */
export function useTagGroups(tags: Tag[]): TagGroup[] {
  const { t } = useTranslation();
  const groups = new Map<string, TagGroup>();
  const sorted = [...tags].sort((a, b) => Number(!a.category) - Number(!b.category));
  for (const tag of sorted) {
    const name = tag.category?.name ?? t('tags.noCategory');
    const group = groups.get(name) ?? { label: name, title: name, options: [] };
    group.options.push({ value: tag.id, label: tag.name, tag });
    groups.set(name, group);
  }
  return [...groups.values()];
}
