/**
 * The merchant's vocabulary: tags in categories, each with how many members have it. A tag that is no longer wanted is
 * archived (its members keep it) or deleted (it is taken off them); what it affects is said before it is done.
 */
import type { Tag, TagCategory } from '@api';
import { Button, Checkbox, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { Card, EmptyTeach, PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { CategoryDialog, DropCategory } from './CategoryDialogs';
import { RemoveTag } from './RemoveTag';
import { RuleDialog } from './RuleDialog';
import { Sources } from './Sources';
import { TagDialog } from './TagDialog';
import { TagTable } from './TagTable';
import { useCategories, useTagRules, useTags } from './useTags';

type Open =
  | { what: 'tag'; tag: Tag | null; category?: string | null }
  | { what: 'remove'; tag: Tag }
  | { what: 'rule'; tag: Tag }
  | { what: 'category'; category: TagCategory | null }
  | { what: 'drop'; category: TagCategory };

export function Component() {
  const { t } = useTranslation();
  const may = useCan('members:write');
  const [archived, setArchived] = useState(false);
  const [open, setOpen] = useState<Open | null>(null);
  const tags = useTags('all');
  const categories = useCategories();
  const ruled = useTagRules();
  const close = () => setOpen(null);
  const all = tags.data?.items ?? [];
  const shown = archived ? all : all.filter((tag) => !tag.archived_at);
  const hidden = all.length - all.filter((tag) => !tag.archived_at).length;
  const loading = tags.isPending || categories.isPending;
  const groups: { category: TagCategory | null; tags: Tag[] }[] = [
    ...(categories.data?.items ?? []).map((category) => ({ category, tags: shown.filter((tag) => tag.category?.id === category.id) })),
    { category: null, tags: shown.filter((tag) => !tag.category) },
  ].filter((group) => group.category !== null || group.tags.length > 0);
  const empty = !loading && all.length === 0 && (categories.data?.items ?? []).length === 0;

  return (
    <>
      <PageHead
        title={t('nav.tags')}
        note={t('tags.note')}
        actions={
          may ? (
            <>
              <Button onClick={() => setOpen({ what: 'category', category: null })}>{t('tags.newCategory')}</Button>
              <Button type="primary" onClick={() => setOpen({ what: 'tag', tag: null })}>
                {t('tags.new')}
              </Button>
            </>
          ) : null
        }
      />
      <ProblemAlert error={tags.error ?? categories.error ?? ruled.error} retry={() => void Promise.all([tags.refetch(), categories.refetch()])} />
      {loading ? (
        <Skeleton active />
      ) : empty ? (
        <Card>
          <EmptyTeach
            title={t('tags.empty')}
            text={t('tags.emptyText')}
            actions={
              may ? (
                <Button type="primary" onClick={() => setOpen({ what: 'tag', tag: null })}>
                  {t('tags.new')}
                </Button>
              ) : null
            }
          />
        </Card>
      ) : (
        <div className="stack">
          {hidden > 0 ? (
            <Checkbox checked={archived} onChange={(e) => setArchived(e.target.checked)}>
              {t('tags.showArchived', { n: formatNumber(hidden) })}
            </Checkbox>
          ) : null}
          {groups.map(({ category, tags: items }) => (
            <Card
              key={category?.id ?? 'none'}
              flush
              title={category?.name ?? t('tags.noCategory')}
              extra={
                may ? (
                  <span className="row-actions">
                    <Button size="small" onClick={() => setOpen({ what: 'tag', tag: null, category: category?.id ?? null })}>
                      {t('tags.newHere')}
                    </Button>
                    {category ? (
                      <>
                        <Button size="small" onClick={() => setOpen({ what: 'category', category })}>
                          {t('tags.rename')}
                        </Button>
                        <Button size="small" onClick={() => setOpen({ what: 'drop', category })}>
                          {t('common.delete')}
                        </Button>
                      </>
                    ) : null}
                  </span>
                ) : null
              }
            >
              {items.length === 0 ? (
                <p className="muted pad">{t('tags.categoryEmpty')}</p>
              ) : (
                <TagTable
                  label={category?.name ?? t('tags.noCategory')}
                  tags={items}
                  may={may}
                  onChange={(tag) => setOpen({ what: 'tag', tag })}
                  onRemove={(tag) => setOpen({ what: 'remove', tag })}
                  rules={ruled.may ? ruled.rules : null}
                  onRule={(tag) => setOpen({ what: 'rule', tag })}
                />
              )}
            </Card>
          ))}
          <Sources />
        </div>
      )}
      {open?.what === 'tag' ? <TagDialog tag={open.tag} category={open.category ?? null} onClose={close} /> : null}
      {open?.what === 'remove' ? <RemoveTag tag={open.tag} onClose={close} /> : null}
      {open?.what === 'rule' ? <RuleDialog tag={open.tag} rule={ruled.rules.get(open.tag.id)} onClose={close} /> : null}
      {open?.what === 'category' ? <CategoryDialog category={open.category} onClose={close} /> : null}
      {open?.what === 'drop' ? <DropCategory category={open.category} onClose={close} /> : null}
    </>
  );
}
