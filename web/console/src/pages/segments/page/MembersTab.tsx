/** Who is in it, each with when they came; those of today alone, if wished. */
import type { Segment, SegmentMember } from '@api';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { dayStart, formatNumber } from '../../../app/format';
import { useZone } from '../../../app/session';
import { Amount, EmptyTeach, Time } from '../../../ui/bits';
import type { Column } from '../../../ui/DataTable';
import { ResourceList } from '../../../ui/list/ResourceList';
import { MemberLink, memberName, regionText } from '../../members/cells';
import { TagChips } from '../../tags/TagChip';

export function MembersTab({ segment, day }: { segment: Segment; day: string }) {
  const { id } = segment;
  const { t } = useTranslation();
  const zone = useZone();
  const [params, setParams] = useSearchParams();
  const only = params.get('entered') === 'today';
  const columns: Column<SegmentMember>[] = [
    { key: 'name', title: t('members.name'), render: (m) => <MemberLink member={m} />, sheet: (m) => memberName(m) },
    { key: 'entered', title: t('segments.enteredAt'), render: (m) => (m.at_first ? <span className="muted nowrap">{t('segments.atFirstShort')}</span> : <Time at={m.entered_at} />), sheet: (m) => (m.at_first ? t('segments.atFirstShort') : m.entered_at) },
    { key: 'phone', title: t('members.phone'), render: (m) => m.phone_masked ?? '–', sheet: (m) => m.phone_masked },
    { key: 'tags', title: t('nav.tags'), render: (m) => <TagChips tags={m.assigned_tags ?? []} /> },
    { key: 'region', title: t('members.region'), render: (m) => regionText(m) || '–', sheet: (m) => regionText(m) },
    { key: 'orders', title: t('members.orders'), align: 'right', render: (m) => formatNumber(m.orders_count), sheet: (m) => m.orders_count },
    { key: 'net', title: t('members.netPaid'), align: 'right', render: (m) => <Amount value={m.net_paid} strong /> },
    { key: 'last', title: t('members.lastOrder'), render: (m) => <Time at={m.last_order_at} day />, sheet: (m) => m.last_order_at },
    {
      key: 'why',
      title: t('segments.whyShort'),
      render: (m) => (
        <Link to={`/segments/${id}?tab=why&member=${m.id}`} replace>
          {t('segments.whyAsk')}
        </Link>
      ),
    },
    { key: 'id', title: t('members.id'), hidden: true, render: (m) => m.id, sheet: (m) => m.id },
  ];
  return (
    <>
      <div className="tab-bar">
        <Segmented
          value={only ? 'today' : 'all'}
          aria-label={t('segments.enteredSince')}
          options={[
            { value: 'all', label: `${t('segments.everybody')} ${formatNumber(segment.size)}` },
            { value: 'today', label: `${t('segments.onlyToday')} ${formatNumber(segment.entered_today)}` },
          ]}
          onChange={(value) => setParams(value === 'today' ? { entered: 'today' } : {}, { replace: true })}
        />
        {only ? <span className="muted small">{t('segments.totalToday', { n: formatNumber(segment.entered_today) })}</span> : null}
      </div>
      <ResourceList<SegmentMember>
        key={only ? 'today' : 'all'}
        page="segment-members"
        label={t('segments.tab.members')}
        path={`/segments/${id}/members`}
        columns={columns}
        rowKey={(m) => m.id}
        exportName="segment"
        total={() => (only ? null : segment.size)}
        fixed={only ? { entered_since: dayStart(day, zone) } : {}}
        empty={only ? <EmptyTeach title={t('segments.noneEntered')} /> : <EmptyTeach title={t('segments.noMembers')} text={t('segments.noMembersText')} />}
      />
    </>
  );
}
