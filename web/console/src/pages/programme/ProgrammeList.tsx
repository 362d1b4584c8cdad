/** Programmes of points and tiers: who is in them, what is owed; and where to begin when there is none. */
import '../../styles/segments.css';
import '../../styles/programme.css';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { Card, EmptyTeach, PageHead, Time } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { type Filter, Filters } from '../../ui/list/Filters';
import { ProblemAlert } from '../../ui/problem';
import { ProgrammeState, useShopsText } from './cells';
import { type Programme, WRITE_PROGRAMMES } from './contract';
import { useProgrammes } from './use';

function useColumns(): Column<Programme>[] {
  const { t } = useTranslation();
  const shops = useShopsText();
  return [
    {
      key: 'name',
      title: t('common.name'),
      render: (p) => (
        <span className="cell-two">
          <Link to={`/programmes/${p.id}`}>{p.name}</Link>
          <span className="muted small">{shops(p)}</span>
        </span>
      ),
    },
    { key: 'state', title: t('programme.stateTitle'), render: (p) => <ProgrammeState state={p.state} /> },
    { key: 'members', title: t('programme.members'), align: 'right', render: (p) => formatNumber(p.members) },
    { key: 'available', title: t('points.account.available'), align: 'right', render: (p) => <span className="amount strong">{formatNumber(p.points.available ?? 0)}</span> },
    { key: 'pending', title: t('points.account.pending'), align: 'right', render: (p) => formatNumber(p.points.pending ?? 0) },
    { key: 'version', title: t('programme.version'), render: (p) => (p.current ? t('programme.versionNo', { n: p.current.no }) : '–') },
    { key: 'begins', title: t('programme.beginsAt'), render: (p) => <Time at={p.begins_at} /> },
  ];
}

export function Component() {
  const { t } = useTranslation();
  const may = useCan(WRITE_PROGRAMMES);
  const answer = useProgrammes();
  const columns = useColumns();
  const [params, setParams] = useSearchParams();
  const state = params.get('state');
  const all = answer.data ?? [];
  const rows = all.filter((p) => (state ? state === 'all' || p.state === state : p.state !== 'archived'));
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('programme.stateTitle'), options: ['active', 'scheduled', 'paused', 'archived', 'all'].map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`programme.state.${value}`) })) }];
  const begin = may ? (
    <Link to="/programmes/new">
      <Button type="primary">{t('programme.new')}</Button>
    </Link>
  ) : null;
  return (
    <>
      <PageHead title={t('nav.programmes')} note={t('programme.note')} actions={all.length > 0 ? begin : null} />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active />
      ) : answer.error ? null : all.length === 0 ? (
        <Card>
          <EmptyTeach title={t('programme.empty')} text={t('programme.emptyText')} actions={begin} />
        </Card>
      ) : (
        <section className="list">
          <div className="list-bar">
            <Filters
              filters={filters}
              params={params}
              onChange={(values) => setParams(values.state ? { state: values.state } : {}, { replace: true })}
              onClear={state ? () => setParams({}, { replace: true }) : undefined}
            />
          </div>
          {rows.length > 0 ? (
            <DataTable label={t('nav.programmes')} columns={columns} rows={rows} rowKey={(p) => p.id} />
          ) : (
            <EmptyTeach title={t('list.nothingFound')} text={t('list.nothingFoundAdvice')} actions={<Button onClick={() => setParams({ state: 'all' }, { replace: true })}>{t('common.all')}</Button>} />
          )}
        </section>
      )}
    </>
  );
}
