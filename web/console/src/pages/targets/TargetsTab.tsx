/** All wished-for portraits: whose, how far from what is wished, as of when. */
import type { PortraitTarget } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { EmptyTeach, Mark, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { points } from './points';

function useColumns(): Column<PortraitTarget>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      title: t('common.name'),
      render: (target) => (
        <span className="cell-two segment-name">
          <Link to={`/segments/targets/${target.id}`}>{target.name}</Link>
          <span className="muted small cell-title">{target.sentence ?? t('targets.noGroup')}</span>
        </span>
      ),
      sheet: (target) => target.name,
    },
    { key: 'members', title: t('targets.members'), align: 'right', render: (target) => (target.last ? formatNumber(target.last.members) : '–'), sheet: (target) => target.last?.members },
    {
      key: 'met',
      title: t('targets.met'),
      align: 'right',
      render: (target) => {
        if (!target.last) return '–';
        const [met, all] = [target.wishes.length - target.last.short, target.wishes.length];
        return <Mark tone={met >= all ? 'good' : 'plain'}>{t('targets.metOf', { n: Math.max(0, met), all })}</Mark>;
      },
      sheet: (target) => (target.last ? Math.max(0, target.wishes.length - target.last.short) : ''),
    },
    { key: 'shortfall', title: t('targets.shortfall'), align: 'right', render: (target) => (target.last ? t('targets.points', { n: points(target.last.shortfall) }) : '–'), sheet: (target) => target.last?.shortfall },
    { key: 'as_of', title: t('segments.sizeAt'), render: (target) => <Time at={target.last?.known_at} />, sheet: (target) => target.last?.known_at },
    { key: 'updated', title: t('segments.updatedAt'), hidden: true, render: (target) => <Time at={target.updated_at} />, sheet: (target) => target.updated_at },
  ];
}

export function TargetsTab() {
  const { t } = useTranslation();
  const may = useCan('segments:write');
  const columns = useColumns();
  const make = may ? (
    <Link to="/segments/targets/new">
      <Button type="primary">{t('targets.new')}</Button>
    </Link>
  ) : null;
  return (
    <>
      <div className="pad targets-head">
        <p className="muted">{t('targets.note')}</p>
        {make}
      </div>
      <ResourceList<PortraitTarget>
        page="portrait-targets"
        label={t('targets.title')}
        path="/portrait-targets"
        columns={columns}
        rowKey={(target) => target.id}
        exportName="portrait-targets"
        refresh={15_000}
        filters={[
          { kind: 'select', name: 'state', label: t('segments.stateTitle'), options: ['archived', 'all'].map((value) => ({ value, label: t(value === 'all' ? 'common.all' : 'segments.state.archived') })) },
        ]}
        empty={<EmptyTeach title={t('targets.empty')} text={t('targets.emptyText')} actions={make} />}
      />
    </>
  );
}
