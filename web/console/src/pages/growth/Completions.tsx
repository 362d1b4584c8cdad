/** Who has done growth tasks, with what of the reward could not be given and why. */
import type { GrowthDone } from '@api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { useBenefits, useGrowthTasks, useRewards } from '../benefits/use';
import { MemberEnd, useWhy } from '../benefits/words';
import { MemberBox } from '../members/MemberBox';
import { useGrowthWords } from './words';

export function Completions({ member, empty }: { member?: string; empty: ReactNode }) {
  const { t } = useTranslation();
  const why = useWhy();
  const words = useGrowthWords();
  const tasks = useGrowthTasks().data ?? [];
  const benefits = useBenefits().data ?? [];
  const rewards = useRewards().data ?? [];
  const comma = t('members.listComma');
  const called = (what: string) => (what === 'points' ? t('points.title') : (benefits.find((b) => b.id === what)?.name ?? rewards.find((r) => r.id === what)?.name ?? what));
  const content = (d: GrowthDone) =>
    [
      ...(d.points ? [t('packs.nPoints', { n: formatNumber(d.points) })] : []),
      ...(d.growth ? [t('packs.nGrowth', { n: formatNumber(d.growth) })] : []),
      ...d.uses.map((u) => t('packs.nUses', { name: u.benefit.name, n: u.uses })),
      ...d.rewards.map((r) => r.reward.name),
    ].join(comma) || '–';
  const missing = (d: GrowthDone) => d.missing.map((m) => t('packs.missingOne', { what: called(m.what), why: why(m.why) }));
  const columns: Column<GrowthDone>[] = [
    { key: 'at', title: t('growth.doneAt'), render: (d) => <Time at={d.done_at} />, sheet: (d) => d.done_at },
    {
      key: 'task',
      title: t('growth.one'),
      render: (d) => (
        <span className="cell-two">
          <span>{d.task.name}</span>
          <span className="muted small">{words.period(d.period)}</span>
        </span>
      ),
      sheet: (d) => d.task.name,
    },
    ...(member ? [] : [{ key: 'member', title: t('members.one'), render: (d: GrowthDone) => <MemberEnd id={d.member} tab="growth" />, sheet: (d: GrowthDone) => d.member }]),
    {
      key: 'content',
      title: t('growth.reward'),
      render: (d) => (
        <span className="cell-two">
          <span className="break">{content(d)}</span>
          {missing(d).map((text) => (
            <span key={text} className="warn-text small break">
              {text}
            </span>
          ))}
        </span>
      ),
      sheet: (d) => [content(d), ...missing(d)].join(' '),
    },
  ];
  const filters: Filter[] = [
    { kind: 'own', name: 'member', label: t('benefits.byMember'), box: (value, put) => <MemberBox className="filter-member" label={t('benefits.byMember')} value={value} onChange={put} /> },
    ...(tasks.length > 0 ? [{ kind: 'select' as const, name: 'task', label: t('growth.one'), options: tasks.map((task) => ({ value: task.id, label: task.name })) }] : []),
  ];
  return (
    <ResourceList<GrowthDone>
      page={member ? 'member-growth-done' : 'growth-done'}
      label={t('growth.tab.done')}
      path="/growth-tasks/completions"
      columns={columns}
      rowKey={(d) => d.id}
      empty={empty}
      {...(member ? { plain: true, fixed: { member } } : { filters, exportName: 'growth-tasks-done' })}
    />
  );
}
