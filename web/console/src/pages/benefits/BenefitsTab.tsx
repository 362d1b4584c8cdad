/** The merchant's benefits: whose, how often, on which days, what a use costs; and where to begin when there is none. */
import type { Benefit } from '@api';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useCan } from '../../app/session';
import { Amount, EmptyTeach } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { type Filter, Filters } from '../../ui/list/Filters';
import { ProblemAlert } from '../../ui/problem';
import { READ_POINTS } from '../programme/contract';
import { isFormable, labelOf, tiersOf } from '../programme/model/rules';
import { useProgrammes } from '../programme/use';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { Deeds } from './Deeds';
import { fits } from './filters';
import { BenefitForm, KINDS } from './form/BenefitForm';
import { ReadySets } from './ReadySets';
import { WRITE_BENEFITS } from './scopes';
import { BENEFIT_TOUCHES, useBenefits } from './use';
import { State, STATES, useQuotaWords, useSpanWords, useTermsWords, useWhenWords, useWhoWords } from './words';

function useColumns(): Column<Benefit>[] {
  const { t } = useTranslation();
  const [who, quota, when, terms, span] = [useWhoWords(), useQuotaWords(), useWhenWords(), useTermsWords(), useSpanWords()];
  return [
    {
      key: 'name',
      title: t('common.name'),
      render: (b) => (
        <span className="cell-two">
          <Link to={`/benefits/${b.id}`}>{b.name}</Link>
          <span className="muted small">{[t(`benefits.kind.${b.kind}`), terms(b.terms, b.kind)].filter(Boolean).join(' · ')}</span>
        </span>
      ),
    },
    { key: 'who', title: t('benefits.whoMay'), render: (b) => <span className="break">{who(b.who)}</span> },
    { key: 'quota', title: t('benefits.howOften'), render: (b) => quota(b.quota) },
    {
      key: 'when',
      title: t('benefits.days'),
      render: (b) => (
        <span className="cell-two">
          <span>{when(b.when)}</span>
          {span(b.from, b.until) ? <span className="muted small">{span(b.from, b.until)}</span> : null}
        </span>
      ),
    },
    { key: 'cost', title: t('benefits.costEach'), align: 'right', render: (b) => <Amount value={b.cost} /> },
    { key: 'state', title: t('benefits.stateTitle'), render: (b) => <State state={b.state} /> },
  ];
}

function useFilters(all: Benefit[]): Filter[] {
  const { t } = useTranslation();
  const programmes = (useProgrammes(useCan(READ_POINTS)).data ?? []).filter((p) => p.state !== 'archived');
  const segments = useSegmentNames(useCan('segments:read')).data ?? [];
  const tiers = programmes.flatMap((p) =>
    isFormable(p.current.rules) ? tiersOf(p.current.rules).map((tier) => ({ value: `${p.id}/${tier.id}`, label: programmes.length > 1 ? `${p.name} · ${labelOf(tier)}` : labelOf(tier) })) : [],
  );
  const used = new Set(all.flatMap((b) => b.who?.segments ?? []));
  const named = segments.filter((s) => used.has(s.id)).map((s) => ({ value: s.id, label: s.name }));
  return [
    ...(tiers.length > 0 ? [{ kind: 'select' as const, name: 'tier', label: t('benefits.tier'), options: tiers }] : []),
    ...(named.length > 0 ? [{ kind: 'select' as const, name: 'segment', label: t('benefits.segment'), options: named }] : []),
    { kind: 'select', name: 'day', label: t('benefits.days'), options: (['birthday', 'dated', 'any'] as const).map((value) => ({ value, label: t(`benefits.dayOf.${value}`) })) },
    { kind: 'select', name: 'kind', label: t('benefits.kindTitle'), options: KINDS.filter((kind) => all.some((b) => b.kind === kind)).map((value) => ({ value, label: t(`benefits.kind.${value}`) })) },
    { kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: [...STATES, 'all'].map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`benefits.state.${value}`) })) },
  ];
}

export function BenefitsTab() {
  const { t } = useTranslation();
  const may = useCan(WRITE_BENEFITS);
  const answer = useBenefits();
  const columns = useColumns();
  const all = answer.data ?? [];
  const filters = useFilters(all);
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<Benefit | 'new' | null>(null);
  const [taking, setTaking] = useState(false);
  const asked = (name: string) => params.get(name);
  const rows = all.filter((b) => fits(b, { state: asked('state'), kind: asked('kind'), tier: asked('tier'), segment: asked('segment'), day: asked('day') }));
  const filtered = filters.some((f) => asked(f.name));
  const change = (values: Record<string, string | undefined>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(values)) value ? next.set(name, value) : next.delete(name);
        return next;
      },
      { replace: true },
    );
  const clear = () => change(Object.fromEntries(filters.map((f) => [f.name, undefined])));
  const begin = may ? (
    <>
      <Button onClick={() => setTaking(true)}>{t('benefits.takeSet')}</Button>
      <Button type="primary" onClick={() => setEditing('new')}>
        {t('benefits.new')}
      </Button>
    </>
  ) : null;
  return (
    <>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active className="pad" />
      ) : answer.error ? null : all.length === 0 ? (
        <EmptyTeach title={t('benefits.empty')} text={t('benefits.emptyText')} actions={begin} />
      ) : (
        <section className="list">
          <div className="list-bar">
            <Filters filters={filters} params={params} onChange={change} onClear={filtered ? clear : undefined} />
            <div className="list-tools">{begin}</div>
          </div>
          {rows.length > 0 ? (
            <DataTable
              label={t('nav.benefits')}
              columns={columns}
              rows={rows}
              rowKey={(b) => b.id}
              {...(may ? { actions: (b: Benefit) => <Deeds name={b.name} state={b.state} path={`/benefits/${b.id}`} touches={BENEFIT_TOUCHES} text={t('benefits.archiveText')} onEdit={() => setEditing(b)} /> } : {})}
            />
          ) : (
            <EmptyTeach title={t('list.nothingFound')} text={t('list.nothingFoundAdvice')} actions={<Button onClick={clear}>{t('list.clear')}</Button>} />
          )}
        </section>
      )}
      {editing ? <BenefitForm benefit={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
      {taking ? <ReadySets onClose={() => setTaking(false)} /> : null}
    </>
  );
}
