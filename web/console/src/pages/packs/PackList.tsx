/** Packs that an occasion gives once, and what was given of them, with what could not be and why. */
import '../../styles/benefits.css';
import type { BenefitPack, PackGiven } from '@api';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { Card, EmptyTeach, PageHead, Time } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { type Filter, Filters } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { Deeds } from '../benefits/Deeds';
import { WRITE_BENEFITS } from '../benefits/scopes';
import { useBenefits, usePacks, useRewards } from '../benefits/use';
import { MemberEnd, State, STATES, useSpanWords, useTierWord, useWhoWords, useWhy } from '../benefits/words';
import { MemberBox } from '../members/MemberBox';
import { PackForm } from './PackForm';
import { usePackWords } from './words';

function Packs() {
  const { t } = useTranslation();
  const may = useCan(WRITE_BENEFITS);
  const answer = usePacks();
  const words = usePackWords();
  const [who, span] = [useWhoWords(), useSpanWords()];
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<BenefitPack | 'new' | null>(null);
  const state = params.get('state');
  const all = answer.data ?? [];
  const rows = all.filter((p) => (state ? state === 'all' || p.state === state : p.state !== 'archived'));
  const columns: Column<BenefitPack>[] = [
    {
      key: 'name',
      title: t('common.name'),
      render: (p) => (
        <span className="cell-two">
          <span className="strong">{p.name}</span>
          <span className="muted small">{words.content(p)}</span>
        </span>
      ),
    },
    {
      key: 'occasion',
      title: t('packs.occasion'),
      render: (p) => (
        <span className="cell-two">
          <span>{words.occasion(p)}</span>
          {span(p.from, p.until) ? <span className="muted small">{span(p.from, p.until)}</span> : null}
        </span>
      ),
    },
    { key: 'who', title: t('packs.toWhom'), render: (p) => who(p.who) },
    { key: 'given', title: t('packs.givenTimes'), align: 'right', render: (p) => (p.given > 0 ? <Link to={`/packs?tab=given&pack=${p.id}`}>{formatNumber(p.given)}</Link> : '0') },
    { key: 'state', title: t('benefits.stateTitle'), render: (p) => <State state={p.state} /> },
  ];
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: [...STATES, 'all'].map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`benefits.state.${value}`) })) }];
  const begin = may ? (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('packs.new')}
    </Button>
  ) : null;
  const show = (value: string | undefined) => setParams(value ? { state: value } : {}, { replace: true });
  return (
    <>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active className="pad" />
      ) : answer.error ? null : all.length === 0 ? (
        <EmptyTeach title={t('packs.empty')} text={t('packs.emptyText')} actions={begin} />
      ) : (
        <section className="list">
          <div className="list-bar">
            <Filters filters={filters} params={params} onChange={(values) => show(values.state)} onClear={state ? () => show(undefined) : undefined} />
            <div className="list-tools">{begin}</div>
          </div>
          {rows.length > 0 ? (
            <DataTable
              label={t('nav.packs')}
              columns={columns}
              rows={rows}
              rowKey={(p) => p.id}
              {...(may ? { actions: (p: BenefitPack) => <Deeds name={p.name} state={p.state} path={`/benefits/packs/${p.id}`} touches={[['packs']]} text={t('packs.archiveText')} onEdit={() => setEditing(p)} /> } : {})}
            />
          ) : (
            <EmptyTeach title={t('list.nothingFound')} text={t('list.nothingFoundAdvice')} actions={<Button onClick={() => show('all')}>{t('common.all')}</Button>} />
          )}
        </section>
      )}
      {editing ? <PackForm pack={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

function Given() {
  const { t } = useTranslation();
  const why = useWhy();
  const tier = useTierWord();
  const packs = usePacks().data ?? [];
  const benefits = useBenefits().data ?? [];
  const rewards = useRewards().data ?? [];
  const comma = t('members.listComma');
  const called = (what: string) => (what === 'points' ? t('points.title') : (benefits.find((b) => b.id === what)?.name ?? rewards.find((r) => r.id === what)?.name ?? what));
  const content = (g: PackGiven) =>
    [
      ...(g.points ? [t('packs.nPoints', { n: formatNumber(g.points) })] : []),
      ...(g.growth ? [t('packs.nGrowth', { n: formatNumber(g.growth) })] : []),
      ...g.uses.map((u) => t('packs.nUses', { name: u.benefit.name, n: u.uses })),
      ...g.rewards.map((r) => r.reward.name),
    ].join(comma) || '–';
  const missing = (g: PackGiven) => g.missing.map((m) => t('packs.missingOne', { what: called(m.what), why: why(m.why) }));
  const occasion = (g: PackGiven) => {
    const kind = t(`packs.occasionOf.${g.pack.kind}`, { defaultValue: g.pack.kind });
    if (g.pack.kind === 'newcomer') return kind;
    const programme = packs.find((p) => p.id === g.pack.id)?.who?.programme;
    return `${kind} · ${g.pack.kind === 'upgrade' ? tier(programme, g.occasion) : g.occasion}`;
  };
  const columns: Column<PackGiven>[] = [
    { key: 'at', title: t('packs.givenAt'), render: (g) => <Time at={g.given_at} />, sheet: (g) => g.given_at },
    {
      key: 'pack',
      title: t('packs.one'),
      render: (g) => (
        <span className="cell-two">
          <span>{g.pack.name}</span>
          <span className="muted small">{occasion(g)}</span>
        </span>
      ),
      sheet: (g) => g.pack.name,
    },
    { key: 'member', title: t('members.one'), render: (g) => <MemberEnd id={g.member} tab="benefits" />, sheet: (g) => g.member },
    {
      key: 'content',
      title: t('packs.content'),
      render: (g) => (
        <span className="cell-two">
          <span className="break">{content(g)}</span>
          {missing(g).map((text) => (
            <span key={text} className="warn-text small break">
              {text}
            </span>
          ))}
        </span>
      ),
      sheet: (g) => [content(g), ...missing(g)].join(' '),
    },
  ];
  const filters: Filter[] = [
    { kind: 'own', name: 'member', label: t('benefits.byMember'), box: (value, put) => <MemberBox className="filter-member" label={t('benefits.byMember')} value={value} onChange={put} /> },
    ...(packs.length > 0 ? [{ kind: 'select' as const, name: 'pack', label: t('packs.one'), options: packs.map((p) => ({ value: p.id, label: p.name })) }] : []),
  ];
  return (
    <ResourceList<PackGiven>
      page="packs-given"
      label={t('packs.tab.given')}
      path="/benefits/given"
      columns={columns}
      filters={filters}
      rowKey={(g) => g.id}
      exportName="packs-given"
      empty={<EmptyTeach title={t('packs.noneGiven')} text={t('packs.noneGivenText')} />}
    />
  );
}

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const tabs = [
    { key: 'packs', label: t('nav.packs'), content: () => <Packs /> },
    { key: 'given', label: t('packs.tab.given'), content: () => <Given /> },
  ];
  return (
    <>
      <PageHead title={t('nav.packs')} note={t('packs.note')} />
      <Card flush className="tabs-card">
        <TabBar label={t('nav.packs')} active={params.get('tab') ?? 'packs'} onChange={(tab) => setParams(tab === 'packs' ? {} : { tab }, { replace: true })} tabs={tabs} />
      </Card>
    </>
  );
}
