/** What people or the ERP still have to do for uses of benefits, by the day on which it is due; ticked off here. */
import type { BenefitTask } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { EmptyTeach, Mark, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { Tile } from '../../ui/figures';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { FileButton } from './FileButton';
import { USE_BENEFITS } from './scopes';
import { BENEFIT_TOUCHES, useBenefits, useTaskCounts } from './use';
import { MemberEnd, OrderRef } from './words';

export function TasksTab() {
  const { t } = useTranslation();
  const may = useCan(USE_BENEFITS);
  const counts = useTaskCounts().data;
  const all = (useBenefits().data ?? []).filter((b) => b.by !== 'system');
  const [params] = useSearchParams();
  const done = useAct<string>((client, id) => client.post(`/benefits/tasks/${id}/done`, {}), { done: t('benefits.taskDone'), touches: BENEFIT_TOUCHES });
  const columns: Column<BenefitTask>[] = [
    {
      key: 'due',
      title: t('benefits.dueOn'),
      render: (task) => (
        <span className="marks">
          <span className="nowrap">{task.due_on}</span>
          {task.overdue ? <Mark tone="bad">{t('benefits.overdue')}</Mark> : null}
        </span>
      ),
    },
    { key: 'benefit', title: t('benefits.one'), render: (task) => <Link to={`/benefits/${task.benefit.id}`}>{task.benefit.name}</Link> },
    { key: 'order', title: t('orders.one'), render: (task) => <OrderRef order={task.order} /> },
    { key: 'member', title: t('members.one'), render: (task) => <MemberEnd id={task.member} tab="benefits" /> },
    { key: 'by', title: t('benefits.by'), render: (task) => t(`benefits.byShort.${task.by}`, { defaultValue: task.by }) },
    {
      key: 'state',
      title: t('benefits.stateTitle'),
      render: (task) => (
        <span className="cell-two">
          <Mark tone={task.state === 'done' ? 'good' : task.state === 'open' ? 'warn' : 'plain'}>{t(`benefits.taskState.${task.state}`, { defaultValue: task.state })}</Mark>
          {task.done_at ? <Time at={task.done_at} /> : null}
        </span>
      ),
    },
  ];
  const filters: Filter[] = [
    { kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: (['open', 'done', 'cancelled'] as const).map((value) => ({ value, label: t(`benefits.taskState.${value}`) })) },
    { kind: 'select', name: 'overdue', label: t('benefits.dueOn'), options: [{ value: 'true', label: t('benefits.overdue') }] },
    { kind: 'select', name: 'by', label: t('benefits.by'), options: (['hand', 'erp'] as const).map((value) => ({ value, label: t(`benefits.byShort.${value}`) })) },
    ...(all.length > 0 ? [{ kind: 'select' as const, name: 'benefit', label: t('benefits.one'), options: all.map((b) => ({ value: b.id, label: b.name })) }] : []),
  ];
  const query = Object.fromEntries(filters.map((f) => [f.name, params.get(f.name) ?? undefined]));
  return (
    <div className="tab-pad">
      <div className="tiles tiles-small">
        <Tile label={t('benefits.tasksToday')} value={formatNumber(counts?.today)} />
        <Tile label={t('benefits.overdue')} value={formatNumber(counts?.overdue)} />
        <Tile label={t('benefits.tasksOpen')} value={formatNumber(counts?.open)} />
      </div>
      <ResourceList<BenefitTask>
        page="benefit-tasks"
        label={t('benefits.tab.tasks')}
        path="/benefits/tasks"
        columns={columns}
        filters={filters}
        rowKey={(task) => task.id}
        refresh={60_000}
        empty={<EmptyTeach title={t('benefits.noTasks')} text={t('benefits.noTasksText')} />}
        {...(may
          ? {
              actions: (task: BenefitTask) =>
                task.state === 'open' ? (
                  <Button size="small" loading={done.isPending && done.variables === task.id} onClick={() => done.mutate(task.id)}>
                    {t('benefits.tickOff')}
                  </Button>
                ) : null,
            }
          : {})}
      />
      <div className="row-gap">
        <FileButton path="/benefits/tasks/export" query={query} name="benefit-tasks" />
      </div>
    </div>
  );
}
