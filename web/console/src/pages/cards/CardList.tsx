/** Paid membership: the cards that are sold, who holds them, what they brought in; and where to begin when there is none. */
import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { Amount, Card, EmptyTeach, Mark, PageHead } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { type Filter, Filters } from '../../ui/list/Filters';
import { ProblemAlert } from '../../ui/problem';
import { WRITE_PROGRAMMES } from '../programme/contract';
import { CardForm } from './CardForm';
import { CARD_TOUCHES, pricesOf, type Sold, useCards } from './use';

const TONES = { active: 'good', paused: 'warn', archived: 'plain' } as const;

export function CardState({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Mark tone={TONES[state as keyof typeof TONES] ?? 'plain'}>{t(`cards.state.${state}`, { defaultValue: state })}</Mark>;
}

function useColumns(): Column<Sold>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      title: t('common.name'),
      render: (c) => (
        <span className="cell-two">
          <Link to={`/cards/${c.id}`}>{c.name}</Link>
          <span className="muted small">{pricesOf(c)}</span>
        </span>
      ),
    },
    { key: 'state', title: t('cards.stateTitle'), render: (c) => <CardState state={c.state} /> },
    { key: 'holders', title: t('cards.holders'), align: 'right', render: (c) => <span className="amount strong">{formatNumber(c.holders)}</span> },
    { key: 'trials', title: t('cards.trials'), align: 'right', render: (c) => formatNumber(c.trials) },
    { key: 'ending', title: t('cards.ending30'), align: 'right', render: (c) => (c.ending > 0 ? <Link to={`/cards/${c.id}?within_days=30`}>{formatNumber(c.ending)}</Link> : '0') },
    { key: 'sold', title: t('cards.sold30'), align: 'right', render: (c) => <Amount value={c.sold.amount} /> },
    { key: 'returned', title: t('cards.returned30'), align: 'right', render: (c) => <Amount value={c.returned.amount} /> },
  ];
}

/** What can be done to a card in the list. */
function Deeds({ card, onEdit }: { card: Sold; onEdit: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const set = useAct<string>((client, to) => client.post(`/cards/${card.id}/${to}`, {}), { done: t('cards.changed'), touches: CARD_TOUCHES });
  if (card.state === 'archived') return null;
  const archive = () =>
    modal.confirm({ title: t('cards.archiveTitle', { name: card.name }), content: t('cards.archiveText'), okText: t('cards.archive'), cancelText: t('common.cancel'), onOk: () => set.mutateAsync('archive').catch(() => undefined) });
  return (
    <span className="row-actions">
      <Button size="small" onClick={onEdit}>
        {t('cards.edit')}
      </Button>
      <Button size="small" loading={set.isPending} onClick={() => set.mutate(card.state === 'active' ? 'pause' : 'resume')}>
        {t(card.state === 'active' ? 'cards.pause' : 'cards.resume')}
      </Button>
      <Button size="small" danger onClick={archive}>
        {t('cards.archive')}
      </Button>
    </span>
  );
}

export function Component() {
  const { t } = useTranslation();
  const may = useCan(WRITE_PROGRAMMES);
  const answer = useCards();
  const columns = useColumns();
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<Sold | 'new' | null>(null);
  const state = params.get('state');
  const all = answer.data ?? [];
  const rows = all.filter((c) => (state ? state === 'all' || c.state === state : c.state !== 'archived'));
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('cards.stateTitle'), options: ['active', 'paused', 'archived', 'all'].map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`cards.state.${value}`) })) }];
  const begin = may ? (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('cards.new')}
    </Button>
  ) : null;
  return (
    <>
      <PageHead title={t('nav.cards')} note={t('cards.note')} actions={all.length > 0 ? begin : null} />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active />
      ) : answer.error ? null : all.length === 0 ? (
        <Card>
          <EmptyTeach title={t('cards.empty')} text={t('cards.emptyText')} actions={begin} />
        </Card>
      ) : (
        <section className="list">
          <div className="list-bar">
            <Filters filters={filters} params={params} onChange={(values) => setParams(values.state ? { state: values.state } : {}, { replace: true })} onClear={state ? () => setParams({}, { replace: true }) : undefined} />
          </div>
          {rows.length > 0 ? (
            <DataTable label={t('nav.cards')} columns={columns} rows={rows} rowKey={(c) => c.id} {...(may ? { actions: (c: Sold) => <Deeds card={c} onEdit={() => setEditing(c)} /> } : {})} />
          ) : (
            <EmptyTeach title={t('list.nothingFound')} text={t('list.nothingFoundAdvice')} actions={<Button onClick={() => setParams({ state: 'all' }, { replace: true })}>{t('common.all')}</Button>} />
          )}
        </section>
      )}
      {editing ? <CardForm card={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
