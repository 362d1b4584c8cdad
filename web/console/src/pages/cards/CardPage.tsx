/** One card: what it is sold for, how it goes, and who holds it. */
import type { CardHolder } from '@api';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { Amount, Card, EmptyTeach, Facts, Mark, PageHead, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { ResourceList } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { CardState } from './CardList';
import { type Sold, useCards, useLength } from './use';

function About({ card }: { card: Sold }) {
  const { t } = useTranslation();
  const length = useLength();
  return (
    <Card>
      {card.description ? <p className="break">{card.description}</p> : null}
      <Facts
        columns={2}
        rows={[
          ...card.terms.map((term): [string, React.ReactNode] => [
            term.name,
            <>
              <Amount value={term.price} strong /> · {length(term)}
              {term.skus?.length ? <span className="muted small break"> · {t('cards.soldAs', { skus: term.skus.join(', ') })}</span> : null}
            </>,
          ]),
          [t('cards.holders'), `${formatNumber(card.holders)}${card.trials ? ` · ${t('cards.ofThemTrials', { n: formatNumber(card.trials) })}` : ''}`],
          [t('cards.ending30'), formatNumber(card.ending)],
          [t('cards.sold30'), <><Amount value={card.sold.amount} /> · {t('cards.times', { n: formatNumber(card.sold.count) })}</>],
          [t('cards.returned30'), <><Amount value={card.returned.amount} /> · {t('cards.times', { n: formatNumber(card.returned.count) })}</>],
          [t('cards.trialDays'), card.trial_days ? t('cards.days', { n: card.trial_days, count: card.trial_days }) : t('cards.noTrial')],
          [t('cards.refundRule'), t(`cards.refundOf.${card.refund}`)],
        ]}
      />
    </Card>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const answer = useCards();
  const card = answer.data?.find((c) => c.id === id);
  const back = (
    <Link to="/cards" className="back-link">
      ← {t('nav.cards')}
    </Link>
  );
  if (!card) {
    return (
      <>
        <PageHead title={t('nav.cards')} back={back} />
        {answer.isPending ? <Skeleton active /> : answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <EmptyTeach title={t('cards.gone')} />}
      </>
    );
  }
  const columns: Column<CardHolder>[] = [
    {
      key: 'member',
      title: t('members.one'),
      render: (h) => (
        <Link to={`/members/${h.member}?tab=cards`} title={h.member} className="mono nowrap">
          <span className="visually-hidden">{t('members.open')} </span>…{h.member.slice(-6)}
        </Link>
      ),
      sheet: (h) => h.member,
    },
    { key: 'kind', title: t('cards.kind'), render: (h) => <Mark tone={h.trial ? 'info' : 'good'}>{t(h.trial ? 'cards.sort.trial' : 'cards.sort.paid')}</Mark>, sheet: (h) => (h.trial ? 'trial' : 'paid') },
    { key: 'since', title: t('cards.since'), render: (h) => <Time at={h.since} day />, sheet: (h) => h.since },
    { key: 'until', title: t('cards.until'), render: (h) => <Time at={h.until} day />, sheet: (h) => h.until },
  ];
  const filters: Filter[] = [
    { kind: 'select', name: 'state', label: t('cards.holderState'), options: (['running', 'ended'] as const).map((value) => ({ value, label: t(`cards.holderOf.${value}`) })) },
    { kind: 'select', name: 'within_days', label: t('cards.endsWithin'), options: ['7', '30', '90'].map((value) => ({ value, label: t('cards.days', { n: value, count: Number(value) }) })) },
  ];
  return (
    <>
      <PageHead title={card.name} back={back} note={<CardState state={card.state} />} />
      <div className="stack">
        <About card={card} />
        <Card title={t('cards.holders')}>
          <ResourceList<CardHolder>
            page="card-holders"
            label={t('cards.holders')}
            path={`/cards/${card.id}/holders`}
            columns={columns}
            filters={filters}
            rowKey={(h) => h.member}
            exportName={`card-holders-${card.id}`}
            empty={<EmptyTeach title={t('cards.nobody')} text={t('cards.nobodyText')} />}
          />
        </Card>
      </div>
    </>
  );
}
