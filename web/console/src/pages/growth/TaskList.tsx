/** Growth tasks: what members may do for a reward, what is left of each budget, and who has done them. */
import '../../styles/benefits.css';
import type { GrowthTask } from '@api';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { Card, EmptyTeach, PageHead } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { type Filter, Filters } from '../../ui/list/Filters';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { Deeds } from '../benefits/Deeds';
import { WRITE_BENEFITS } from '../benefits/scopes';
import { GROWTH_TOUCHES, useGrowthTasks } from '../benefits/use';
import { State, STATES, useSpanWords, useWhoWords } from '../benefits/words';
import { usePackWords } from '../packs/words';
import { Completions } from './Completions';
import { TaskForm } from './TaskForm';
import { useGrowthWords } from './words';

function Tasks() {
  const { t } = useTranslation();
  const may = useCan(WRITE_BENEFITS);
  const answer = useGrowthTasks();
  const words = useGrowthWords();
  const reward = usePackWords();
  const [who, span] = [useWhoWords(), useSpanWords()];
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<GrowthTask | 'new' | null>(null);
  const state = params.get('state');
  const all = answer.data ?? [];
  const rows = all.filter((task) => (state ? state === 'all' || task.state === state : task.state !== 'archived'));
  const columns: Column<GrowthTask>[] = [
    {
      key: 'name',
      title: t('common.name'),
      render: (task) => (
        <span className="cell-two">
          <span className="strong">{task.name}</span>
          <span className="muted small break">{reward.content(task)}</span>
        </span>
      ),
    },
    {
      key: 'goal',
      title: t('growth.goal'),
      render: (task) => (
        <span className="cell-two">
          <span className="break growth-goal">{words.goal(task.goal)}</span>
          <span className="muted small">{[words.repeat(task.repeat), span(task.from, task.until)].filter(Boolean).join(' · ')}</span>
        </span>
      ),
    },
    { key: 'who', title: t('growth.whoMay'), render: (task) => who(task.who) },
    {
      key: 'given',
      title: t('growth.tab.done'),
      align: 'right',
      render: (task) => (
        <span className="cell-two cell-right">
          {task.given > 0 ? <Link to={`/growth-tasks?tab=done&task=${task.id}`}>{formatNumber(task.given)}</Link> : <span>0</span>}
          {task.left == null ? null : <span className="muted small nowrap">{t('growth.leftN', { n: formatNumber(task.left) })}</span>}
        </span>
      ),
    },
    { key: 'state', title: t('benefits.stateTitle'), render: (task) => <State state={task.state} /> },
  ];
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: [...STATES, 'all'].map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`benefits.state.${value}`) })) }];
  const begin = may ? (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('growth.new')}
    </Button>
  ) : null;
  const show = (value: string | undefined) => setParams(value ? { state: value } : {}, { replace: true });
  return (
    <>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active className="pad" />
      ) : answer.error ? null : all.length === 0 ? (
        <EmptyTeach title={t('growth.empty')} text={t('growth.emptyText')} actions={begin} />
      ) : (
        <section className="list">
          <div className="list-bar">
            <Filters filters={filters} params={params} onChange={(values) => show(values.state)} onClear={state ? () => show(undefined) : undefined} />
            <div className="list-tools">{begin}</div>
          </div>
          {rows.length > 0 ? (
            <DataTable
              label={t('nav.growth')}
              columns={columns}
              rows={rows}
              rowKey={(task) => task.id}
              {...(may ? { actions: (task: GrowthTask) => <Deeds name={task.name} state={task.state} path={`/growth-tasks/${task.id}`} touches={GROWTH_TOUCHES} text={t('growth.archiveText')} onEdit={() => setEditing(task)} /> } : {})}
            />
          ) : (
            <EmptyTeach title={t('list.nothingFound')} text={t('list.nothingFoundAdvice')} actions={<Button onClick={() => show('all')}>{t('common.all')}</Button>} />
          )}
        </section>
      )}
      {editing ? <TaskForm task={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const tabs = [
    { key: 'tasks', label: t('nav.growth'), content: () => <Tasks /> },
    { key: 'done', label: t('growth.tab.done'), content: () => <Completions empty={<EmptyTeach title={t('growth.noneDone')} text={t('growth.noneDoneText')} />} /> },
  ];
  return (
    <>
      <PageHead title={t('nav.growth')} note={t('growth.note')} />
      <Card flush className="tabs-card">
        <TabBar label={t('nav.growth')} active={params.get('tab') ?? 'tasks'} onChange={(tab) => setParams(tab === 'tasks' ? {} : { tab }, { replace: true })} tabs={tabs} />
      </Card>
    </>
  );
}
