/** A member's paid cards: until when each runs, what it saved, how it was come by; bought, tried, given and given up here. */
import '../../../styles/cards.css';
import '../../../styles/programme.css';
import type { CardGivenUp } from '@api';
import { App, Button, Input, Modal, Select, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatMoney, formatNumber, minorOf } from '../../../app/format';
import { useCan } from '../../../app/session';
import { useWhoName } from '../../../app/who';
import { useAct } from '../../../ui/act';
import { Amount, EmptyTeach, Facts, Mark, Time } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { ProblemAlert } from '../../../ui/problem';
import { CARD_TOUCHES, type CardPurchase, type CardStanding, type Sold, useCards, useMemberCards } from '../../cards/use';
import { WRITE_POINTS, WRITE_PROGRAMMES } from '../../programme/contract';

const TONES = { active: 'good', trial: 'info', ended: 'plain', none: 'plain' } as const;

function Purchases({ standing }: { standing: CardStanding }) {
  const { t } = useTranslation();
  const who = useWhoName();
  const columns: Column<CardPurchase>[] = [
    {
      key: 'what',
      title: t('cards.what'),
      render: (p) => (
        <span className="cell-two">
          <span>
            {t(`cards.sort.${p.kind}`)} {p.term ? `· ${p.term.name}` : ''} {p.count > 1 ? `× ${formatNumber(p.count)}` : ''}
          </span>
          {p.reason ? <span className="muted small break">{p.reason}</span> : p.order ? <Link className="small" to={`/orders/${p.order}`}>{t('cards.byOrder')}</Link> : p.till ? <span className="muted small break">{p.till}</span> : null}
        </span>
      ),
    },
    {
      key: 'paid',
      title: t('cards.paid'),
      align: 'right',
      render: (p) => (
        <span className="cell-two">
          <Amount value={p.paid} />
          {p.returned.amount > 0 ? <span className="muted small">{t('cards.returnedOf', { amount: formatMoney(p.returned) })}</span> : null}
        </span>
      ),
    },
    {
      key: 'span',
      title: t('cards.span'),
      render: (p) => (
        <span className="cell-two">
          {p.from ? (
            <span>
              <Time at={p.from} day /> → <Time at={p.until} day />
            </span>
          ) : (
            <span className="muted">–</span>
          )}
          <span className="muted small">{who(p.made_by)}</span>
        </span>
      ),
    },
  ];
  return <DataTable label={t('cards.purchases', { card: standing.card.name })} columns={columns} rows={[...standing.purchases].reverse()} rowKey={(p) => p.id} dense />;
}

/** Buys or gives a card by hand. */
function Sell({ member, card, gift, onClose }: { member: string; card: Sold; gift: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [term, setTerm] = useState(card.terms[0]?.key ?? '');
  const [why, setWhy] = useState('');
  const price = card.terms.find((one) => one.key === term)?.price;
  const act = useAct((client) => client.post(`/members/${member}/cards/${card.id}/${gift ? 'give' : 'buy'}`, { term, ...(gift ? { reason: why.trim() } : why.trim() ? { till: why.trim() } : {}) }), {
    quiet: true,
    done: t(gift ? 'cards.given' : 'cards.bought'),
    touches: CARD_TOUCHES,
    onDone: onClose,
  });
  return (
    <Modal open title={t(gift ? 'cards.giveTitle' : 'cards.buyTitle', { card: card.name })} okText={t(gift ? 'cards.give' : 'cards.buy')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !term || (gift && why.trim() === ''), loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{t(gift ? 'cards.giveText' : 'cards.buyText', { price: formatMoney(price) })}</p>
      <label className="field-label" htmlFor={`${id}-term`}>
        {t('cards.term')}
      </label>
      <Select id={`${id}-term`} className="full gap-below" value={term} onChange={setTerm} options={card.terms.map((one) => ({ value: one.key, label: `${one.name} · ${formatMoney(one.price)}` }))} />
      <label className="field-label" htmlFor={`${id}-why`}>
        {t(gift ? 'common.reason' : 'cards.till')}
      </label>
      <Input id={`${id}-why`} maxLength={gift ? 500 : 120} value={why} onChange={(e) => setWhy(e.target.value)} />
    </Modal>
  );
}

/** Gives a card up: what goes back is shown first. */
function GiveUp({ member, standing, onClose }: { member: string; standing: CardStanding; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const id = useId();
  const currency = standing.refund.currency;
  const [why, setWhy] = useState('');
  const [other, setOther] = useState('');
  const amount = other.trim() === '' ? null : minorOf(other, currency);
  const bad = other.trim() !== '' && (amount === null || amount > standing.refund_most.amount);
  const act = useAct<void, CardGivenUp>((client) => client.post<CardGivenUp>(`/members/${member}/cards/${standing.card.id}/give-up`, { reason: why.trim(), ...(amount === null ? {} : { amount: { amount, currency } }) }), {
    quiet: true,
    touches: CARD_TOUCHES,
    onDone: (answer) => {
      void message.success(t('cards.gaveUp', { amount: formatMoney(answer.returned) }), 6);
      onClose();
    },
  });
  const open = standing.purchases.filter((p) => p.unused);
  return (
    <Modal open title={t('cards.giveUpTitle', { card: standing.card.name })} okText={t('cards.giveUp')} cancelText={t('common.cancel')} okButtonProps={{ danger: true, disabled: why.trim() === '' || bad, loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{t('cards.giveUpText', { amount: formatMoney(standing.refund) })}</p>
      <Facts rows={open.map((p): [string, string] => [`${t(`cards.sort.${p.kind}`)} ${p.term?.name ?? ''}`, t('cards.unusedLine', { left: formatNumber(p.unused?.left ?? 0), days: formatNumber(p.unused?.days ?? 0), amount: formatMoney(p.unused?.amount) })])} />
      <label className="field-label gap-above" htmlFor={`${id}-why`}>
        {t('common.reason')}
      </label>
      <Input.TextArea id={`${id}-why`} className="gap-below" rows={2} maxLength={500} value={why} onChange={(e) => setWhy(e.target.value)} />
      <label className="field-label" htmlFor={`${id}-other`}>
        {t('cards.otherAmount', { most: formatMoney(standing.refund_most) })}
      </label>
      <Input id={`${id}-other`} inputMode="decimal" value={other} {...(bad ? { status: 'error' as const } : {})} onChange={(e) => setOther(e.target.value)} />
    </Modal>
  );
}

function OneCard({ member, standing, card }: { member: string; standing: CardStanding; card: Sold | undefined }) {
  const { t } = useTranslation();
  const may = useCan(WRITE_POINTS);
  const [deed, setDeed] = useState<'buy' | 'give' | 'up' | null>(null);
  const attempt = useAct((client) => client.post(`/members/${member}/cards/${standing.card.id}/try`, {}), { done: t('cards.tried'), touches: CARD_TOUCHES });
  const sold = card?.state === 'active';
  const runs = standing.state === 'active' || standing.state === 'trial';
  return (
    <section>
      <h3 className="book-tier">
        {standing.card.name} <Mark tone={TONES[standing.state as keyof typeof TONES] ?? 'plain'}>{t(`cards.standing.${standing.state}`, { defaultValue: standing.state })}</Mark>
      </h3>
      {standing.until ? (
        <p className="muted small">
          {t(runs ? 'cards.runsUntil' : 'cards.ranUntil')} <Time at={standing.until} day />
        </p>
      ) : null}
      {standing.saved.orders > 0 ? <p>{t('cards.savedLine', { amount: formatMoney(standing.saved.amount), n: formatNumber(standing.saved.orders) })}</p> : null}
      {may && (sold || runs) ? (
        <p className="row-gap tight">
          {sold ? <Button onClick={() => setDeed('buy')}>{t(runs ? 'cards.renew' : 'cards.buy')}</Button> : null}
          {sold && standing.may_try ? (
            <Button loading={attempt.isPending} onClick={() => attempt.mutate()}>
              {t('cards.try')}
            </Button>
          ) : null}
          {sold ? <Button onClick={() => setDeed('give')}>{t('cards.give')}</Button> : null}
          {runs ? (
            <Button danger onClick={() => setDeed('up')}>
              {t('cards.giveUp')}
            </Button>
          ) : null}
        </p>
      ) : null}
      {standing.purchases.length > 0 ? <Purchases standing={standing} /> : <p className="muted">{t('cards.never')}</p>}
      {card && (deed === 'buy' || deed === 'give') ? <Sell member={member} card={card} gift={deed === 'give'} onClose={() => setDeed(null)} /> : null}
      {deed === 'up' ? <GiveUp member={member} standing={standing} onClose={() => setDeed(null)} /> : null}
    </section>
  );
}

export function CardsTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const answer = useMemberCards(id);
  const cards = useCards().data;
  const maySet = useCan(WRITE_PROGRAMMES);
  if (answer.isPending) return <Skeleton active className="pad" />;
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.data.length === 0) {
    return <EmptyTeach title={t('cards.empty')} text={t('cards.emptyText')} actions={maySet ? <Link to="/cards"><Button>{t('nav.cards')}</Button></Link> : null} />;
  }
  return (
    <div className="member-cards">
      {answer.data.map((standing) => (
        <OneCard key={standing.card.id} member={id} standing={standing} card={cards?.find((c) => c.id === standing.card.id)} />
      ))}
    </div>
  );
}
