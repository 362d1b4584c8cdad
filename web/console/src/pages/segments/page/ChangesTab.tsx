/** Who came and who left, when, and what brought it about. */
import type { SegmentChange } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyTeach, Mark, ShortId, Time } from '../../../ui/bits';
import type { Column } from '../../../ui/DataTable';
import { ResourceList } from '../../../ui/list/ResourceList';

export function ChangesTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const columns: Column<SegmentChange>[] = [
    { key: 'member', title: t('segments.tab.members'), render: (c) => <Link to={`/members/${c.member}`}>{c.display_name || c.member}</Link>, sheet: (c) => c.display_name },
    { key: 'kind', title: t('segments.change'), render: (c) => <Mark tone={c.kind === 'entered' ? 'good' : 'plain'}>{t(c.kind === 'entered' ? 'segments.entered' : 'segments.left')}</Mark>, sheet: (c) => c.kind },
    { key: 'at', title: t('segments.changeAt'), render: (c) => <Time at={c.at} seconds />, sheet: (c) => c.at },
    { key: 'cause', title: t('segments.cause'), render: (c) => t(`segments.causes.${c.cause}`, { defaultValue: c.cause }), sheet: (c) => c.cause },
    { key: 'id', title: t('members.id'), hidden: true, render: (c) => <ShortId id={c.member} />, sheet: (c) => c.member },
  ];
  return (
    <ResourceList<SegmentChange>
      page="segment-changes"
      label={t('segments.tab.changes')}
      path={`/segments/${id}/changes`}
      columns={columns}
      rowKey={(c) => `${c.member} ${c.at} ${c.kind}`}
      exportName="segment-changes"
      refresh={15_000}
      empty={<EmptyTeach title={t('segments.noChanges')} text={t('segments.noChangesText')} />}
    />
  );
}
