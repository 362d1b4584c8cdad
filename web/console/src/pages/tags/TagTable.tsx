/** The tags of one category, each with its members a click away. */
import type { Tag, TagRule } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Mark, Time } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { RuleState } from './RuleDialog';
import { TagChip } from './TagChip';
import { TAG_TOUCHES } from './useTags';

interface Props {
  label: string;
  tags: Tag[];
  may: boolean;
  /** Rules by tag; none where the reader may not see segments. */
  rules: Map<string, TagRule> | null;
  onChange: (tag: Tag) => void;
  onRemove: (tag: Tag) => void;
  onRule: (tag: Tag) => void;
}

export function TagTable({ label, tags, may, rules, onChange, onRemove, onRule }: Props) {
  const { t } = useTranslation();
  const who = useWhoName();
  const restore = useAct<Tag>((client, tag) => client.patch(`/tags/${tag.id}`, { archived: false }), { done: t('tags.restored'), touches: TAG_TOUCHES });
  const columns: Column<Tag>[] = [
    {
      key: 'tag',
      title: t('tags.one'),
      width: '28%',
      render: (tag) => (
        <span className="marks">
          <TagChip tag={{ ...tag, category: null, archived: Boolean(tag.archived_at) }} />
          {tag.archived_at ? <Mark>{t('tags.archived')}</Mark> : null}
        </span>
      ),
    },
    {
      key: 'members',
      title: t('nav.members'),
      width: '16%',
      align: 'right',
      render: (tag) =>
        tag.members > 0 ? <Link to={`/members?tag=${tag.id}`}>{t('tags.nMembers', { n: formatNumber(tag.members) })}</Link> : <span className="muted">0</span>,
    },
    ...(rules
      ? [
          {
            key: 'rule',
            title: t('tags.rule'),
            width: '20%',
            render: (tag: Tag) => {
              const rule = rules.get(tag.id);
              return (
                <Button type="link" size="small" className="link-cell" onClick={() => onRule(tag)}>
                  <span className="visually-hidden">{`${t('tags.rule')} ${tag.name} `}</span>
                  {rule ? (
                    <>
                      {rule.segment.name} <RuleState state={rule.state} />
                    </>
                  ) : may && !tag.archived_at ? (
                    t('tags.ruleSet')
                  ) : (
                    <span className="muted">{t('tags.ruleNone')}</span>
                  )}
                </Button>
              );
            },
          },
        ]
      : []),
    {
      key: 'created',
      title: t('tags.createdAt'),
      width: '20%',
      render: (tag) => (
        <span>
          <Time at={tag.created_at} day /> <span className="muted small">{who(tag.created_by)}</span>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={tags}
      rowKey={(tag) => tag.id}
      dense
      {...(may
        ? {
            actions: (tag: Tag) => (
              <span className="row-actions">
                {tag.archived_at ? (
                  <Button size="small" loading={restore.isPending && restore.variables.id === tag.id} onClick={() => restore.mutate(tag)}>
                    {t('tags.restore')}
                  </Button>
                ) : (
                  <Button size="small" onClick={() => onChange(tag)}>
                    {t('common.edit')}
                  </Button>
                )}
                <Button size="small" onClick={() => onRemove(tag)}>
                  {t(tag.archived_at ? 'common.delete' : 'tags.removeShort')}
                </Button>
              </span>
            ),
          }
        : {})}
    />
  );
}
