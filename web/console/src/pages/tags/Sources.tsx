/** Who says tags in files: the import that holds, how many have its tags, which tags these are. */
import type { Page, TagSource } from '@api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useSession } from '../../app/session';
import { Card, Mark, Time } from '../../ui/bits';
import { DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';

/** Tags that are named in a row; the others are counted. */
const SHOWN = 12;

export function Sources() {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const sources = useQuery<Page<TagSource>>({ queryKey: ['tags', merchant.id, 'sources'], queryFn: () => api.get<Page<TagSource>>('/tag-sources') });
  const rows = sources.data?.items ?? [];
  if (!sources.error && rows.length === 0) return null;
  return (
    <Card flush title={t('tags.sources')}>
      <ProblemAlert error={sources.error} />
      <p className="muted pad">{t('tags.sourcesNote')}</p>
      <DataTable
        label={t('tags.sources')}
        rows={rows}
        rowKey={(s) => s.name}
        dense
        columns={[
          { key: 'source', title: t('tags.source'), render: (s) => <span className="strong">{s.name}</span> },
          {
            key: 'import',
            title: t('tags.sourceImport'),
            render: (s) => (
              <>
                <div>{s.import ? <Link to={`/imports/${s.import}`}>{s.title}</Link> : '–'}</div>
                <div className="muted small">
                  <Time at={s.finished_at ?? s.begun_at} day /> {s.finished_at ? null : <Mark tone="warn">{t('tags.sourceLoading')}</Mark>}
                </div>
              </>
            ),
          },
          { key: 'members', title: t('tags.sourceMembers'), align: 'right', render: (s) => (s.members == null ? '–' : formatNumber(s.members)) },
          {
            key: 'tags',
            title: t('tags.sourceTags'),
            render: (s) => (
              <span>
                {s.tags.slice(0, SHOWN).map((tag, i) => (
                  <span key={tag.id}>
                    {i > 0 ? '、' : ''}
                    <Link to={`/members?tag=${tag.id}`}>{tag.name}</Link>
                  </span>
                ))}
                {s.tags.length > SHOWN ? ` ${t('tags.more', { n: formatNumber(s.tags.length - SHOWN) })}` : ''}
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}
