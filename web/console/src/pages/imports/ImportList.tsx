/** Every import: what it brought, how it stands, and the way to undo it as a whole. */
import type { ImportDetail } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { EmptyTeach, PageHead, StateMark, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { total } from './model';

export function Component() {
  const { t } = useTranslation();
  const may = useCan('imports:write');
  const names = (d: ImportDetail) => d.title || d.files.map((f) => f.name).join('、');
  /** What became of the rows that could not be read at first; those that wait stand in a column of their own. */
  const told = (d: ImportDetail) =>
    (['repaired', 'set_aside', 'repaired_before', 'set_aside_before'] as const)
      .filter((what) => (d[what] ?? 0) > 0)
      .map((what) => t(`imports.rowsNow.${what}`, { n: formatNumber(d[what]) }));
  const columns: Column<ImportDetail>[] = [
    {
      key: 'files',
      title: t('imports.files'),
      render: (d) => (
        <Link to={`/imports/${d.id}`} className="cell-title">
          {names(d) || d.id}
        </Link>
      ),
      sheet: names,
    },
    { key: 'state', title: t('imports.state'), render: (d) => <StateMark state={d.state} area="importState" />, sheet: (d) => d.state },
    {
      key: 'records',
      title: t('imports.records'),
      align: 'right',
      render: (d) => (
        <>
          {formatNumber(total(d, 'records'))}
          {told(d).map((text) => (
            <span key={text} className="muted small block">
              {text}
            </span>
          ))}
        </>
      ),
      sheet: (d) => [String(total(d, 'records')), ...told(d)].join(' '),
    },
    { key: 'orders', title: t('imports.count.orders_new'), align: 'right', render: (d) => formatNumber(d.counts?.orders_new), sheet: (d) => d.counts?.orders_new },
    { key: 'members', title: t('imports.count.members_new'), align: 'right', render: (d) => formatNumber(d.counts?.members_new), sheet: (d) => d.counts?.members_new },
    {
      key: 'quarantined',
      title: t('imports.count.quarantined'),
      align: 'right',
      render: (d) => {
        const n = d.waiting ?? 0;
        return n > 0 ? <Link to={`/quarantine?import=${d.id}`}>{formatNumber(n)}</Link> : formatNumber(n);
      },
      sheet: (d) => d.waiting,
    },
    { key: 'created', title: t('imports.createdAt'), render: (d) => <Time at={d.created_at} />, sheet: (d) => d.created_at },
  ];
  const action = may ? (
    <Link to="/imports/new">
      <Button type="primary">{t('imports.new')}</Button>
    </Link>
  ) : null;
  return (
    <>
      <PageHead title={t('nav.imports')} note={t('imports.listNote')} actions={action} />
      <ResourceList<ImportDetail>
        page="imports"
        label={t('nav.imports')}
        path="/imports"
        columns={columns}
        rowKey={(d) => d.id}
        refresh={10_000}
        empty={<EmptyTeach title={t('imports.empty')} text={t('imports.emptyText')} actions={action} />}
      />
    </>
  );
}
