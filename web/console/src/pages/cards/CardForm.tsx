/** A card of paid membership, written: what it is sold for, whether it can be tried, what goes back. */
import '../../styles/cards.css';
import type { CardInput } from '@api';
import { Button, Input, InputNumber, Radio, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, minorOf, plainMoney } from '../../app/format';
import { useMerchant } from '../../app/session';
import { useAct } from '../../ui/act';
import { CARD_TOUCHES, type Sold, useLength } from './use';
import { FormDrawer } from '../../ui/FormDrawer';

interface TermDraft {
  key: string;
  name: string;
  unit: 'months' | 'days';
  length: number | null;
  price: string;
  skus: string[];
}

interface Draft {
  name: string;
  description: string;
  terms: TermDraft[];
  trial: number;
  refund: 'unused' | 'never';
  notice: number;
  discounts: string[];
}

const draftOf = (card: Sold | null, names: [string, string, string]): Draft =>
  card
    ? {
        name: card.name,
        description: card.description,
        terms: card.terms.map((term) => ({
          key: term.key,
          name: term.name,
          unit: term.months ? 'months' : 'days',
          length: term.months ?? term.days ?? null,
          price: plainMoney(term.price),
          skus: term.skus ?? [],
        })),
        trial: card.trial_days,
        refund: card.refund,
        notice: card.notice_days,
        discounts: card.discounts,
      }
    : {
        name: '',
        description: '',
        terms: [
          { key: 'month', name: names[0], unit: 'months', length: 1, price: '', skus: [] },
          { key: 'season', name: names[1], unit: 'months', length: 3, price: '', skus: [] },
          { key: 'year', name: names[2], unit: 'months', length: 12, price: '', skus: [] },
        ],
        trial: 0,
        refund: 'unused',
        notice: 7,
        discounts: [],
      };

/** A key that no other term has: programs know the term by it for ever. */
const keyFor = (terms: TermDraft[]): string => {
  for (let n = terms.length + 1; ; n += 1) {
    const key = `term_${n}`;
    if (!terms.some((term) => term.key === key)) return key;
  }
};

function TermRow({ term, currency, onChange, onDrop }: { term: TermDraft; currency: string; onChange: (term: TermDraft) => void; onDrop: (() => void) | null }) {
  const { t } = useTranslation();
  const bad = term.price.trim() !== '' && minorOf(term.price, currency) === null;
  return (
    <fieldset className="card-term">
      <legend className="visually-hidden">{term.name || t('cards.term')}</legend>
      <Input className="first" aria-label={t('cards.termName')} placeholder={t('cards.termName')} maxLength={30} value={term.name} onChange={(e) => onChange({ ...term, name: e.target.value })} />
      <InputNumber className="full" aria-label={t('cards.length')} min={1} max={term.unit === 'months' ? 60 : 1830} precision={0} value={term.length} onChange={(length) => onChange({ ...term, length })} />
      <Select aria-label={t('cards.unit')} value={term.unit} onChange={(unit) => onChange({ ...term, unit })} options={(['months', 'days'] as const).map((value) => ({ value, label: t(`cards.unitOf.${value}`) }))} />
      <Input aria-label={t('cards.price')} inputMode="decimal" prefix={formatMoney({ amount: 0, currency }).replace(/[\d.,]/g, '')} placeholder={t('cards.price')} value={term.price} {...(bad ? { status: 'error' as const } : {})} onChange={(e) => onChange({ ...term, price: e.target.value })} />
      {onDrop ? (
        <Button size="small" onClick={onDrop}>
          {t('common.delete')}
        </Button>
      ) : null}
      <Select className="wide" mode="tags" aria-label={t('cards.skus')} placeholder={t('cards.skusHint')} tokenSeparators={[',', '，', ' ', '\n']} open={false} suffixIcon={null} value={term.skus} onChange={(skus: string[]) => onChange({ ...term, skus: skus.map((s) => s.trim()).filter(Boolean) })} />
    </fieldset>
  );
}

/** What the card will do, in one sentence. */
function Sentence({ draft, currency }: { draft: Draft; currency: string }) {
  const { t } = useTranslation();
  const length = useLength();
  const terms = draft.terms
    .filter((term) => term.length && minorOf(term.price, currency) !== null)
    .map((term) => t('cards.saysTerm', { name: term.name, length: length(term.unit === 'months' ? { months: term.length } : { days: term.length }), price: formatMoney({ amount: minorOf(term.price, currency) ?? 0, currency }) }));
  if (terms.length === 0) return <p className="muted">{t('cards.saysNothing')}</p>;
  return (
    <p>
      {t('cards.says', { terms: terms.join(t('members.listComma')) })}
      {draft.trial > 0 ? t('cards.saysTrial', { n: draft.trial }) : ''}
      {t(draft.refund === 'unused' ? 'cards.saysUnused' : 'cards.saysNever')}
    </p>
  );
}

/** Prices are in the merchant's currency: the form waits until that is known. */
export function CardForm({ card, onClose }: { card: Sold | null; onClose: () => void }) {
  const currency = useMerchant().data?.currency;
  return currency ? <Form card={card} currency={currency} onClose={onClose} /> : null;
}

function Form({ card, currency, onClose }: { card: Sold | null; currency: string; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [draft, setDraft] = useState<Draft>(() => draftOf(card, [t('cards.month'), t('cards.season'), t('cards.year')]));
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const termAt = (i: number, term: TermDraft) => put({ terms: draft.terms.map((old, j) => (j === i ? term : old)) });
  const body = (): CardInput => ({
    name: draft.name.trim(),
    description: draft.description.trim(),
    terms: draft.terms.map((term) => ({
      key: term.key,
      name: term.name.trim(),
      ...(term.unit === 'months' ? { months: term.length ?? 0 } : { days: term.length ?? 0 }),
      price: { amount: minorOf(term.price, currency) ?? 0, currency },
      skus: term.skus,
    })),
    trial_days: draft.trial,
    refund: draft.refund,
    notice_days: draft.notice,
    discounts: draft.discounts,
    ...(card ? { counts_from: card.counts_from } : {}),
  });
  const save = useAct((client) => (card ? client.put(`/cards/${card.id}`, { card: body(), version: card.version }) : client.post('/cards', body())), {
    quiet: true,
    done: t(card ? 'cards.changed' : 'cards.made'),
    touches: CARD_TOUCHES,
    onDone: onClose,
  });
  const wanting = draft.name.trim() === '' || draft.terms.length === 0 || draft.terms.some((term) => term.name.trim() === '' || !term.length || minorOf(term.price, currency) === null);
  return (
    <FormDrawer title={t(card ? 'cards.editTitle' : 'cards.newTitle', { name: card?.name ?? '' })} wanting={wanting} save={save} onClose={onClose}>
      <Sentence draft={draft} currency={currency} />
      <label className="field-label" htmlFor={`${id}-name`}>
        {t('common.name')}
      </label>
      <Input id={`${id}-name`} className="gap-below" maxLength={60} placeholder={t('cards.nameHint')} value={draft.name} onChange={(e) => put({ name: e.target.value })} />
      <label className="field-label" htmlFor={`${id}-text`}>
        {t('cards.description')}
      </label>
      <Input.TextArea id={`${id}-text`} className="gap-below" rows={2} maxLength={1000} value={draft.description} onChange={(e) => put({ description: e.target.value })} />
      <h3 className="sub-title">{t('cards.terms')}</h3>
      <p className="muted small">{t('cards.termsNote')}</p>
      {draft.terms.map((term, i) => (
        <TermRow key={term.key} term={term} currency={currency} onChange={(next) => termAt(i, next)} onDrop={draft.terms.length > 1 ? () => put({ terms: draft.terms.filter((_, j) => j !== i) }) : null} />
      ))}
      {draft.terms.length < 12 ? (
        <Button className="gap-below gap-above" onClick={() => put({ terms: [...draft.terms, { key: keyFor(draft.terms), name: '', unit: 'months', length: 1, price: '', skus: [] }] })}>
          {t('cards.addTerm')}
        </Button>
      ) : null}
      <h3 className="sub-title">{t('cards.rules')}</h3>
      <label className="field-label" htmlFor={`${id}-trial`}>
        {t('cards.trialDays')}
      </label>
      <InputNumber id={`${id}-trial`} className="gap-below" min={0} max={366} precision={0} value={draft.trial} onChange={(n) => put({ trial: n ?? 0 })} />
      <label className="field-label" htmlFor={`${id}-notice`}>
        {t('cards.noticeDays')}
      </label>
      <InputNumber id={`${id}-notice`} className="gap-below" min={0} max={90} precision={0} value={draft.notice} onChange={(n) => put({ notice: n ?? 0 })} />
      <span className="field-label" id={`${id}-refund`}>
        {t('cards.refundRule')}
      </span>
      <Radio.Group className="gap-below" aria-labelledby={`${id}-refund`} value={draft.refund} onChange={(e) => put({ refund: e.target.value as Draft['refund'] })} options={(['unused', 'never'] as const).map((value) => ({ value, label: t(`cards.refundOf.${value}`) }))} />
      <label className="field-label" htmlFor={`${id}-discounts`}>
        {t('cards.discounts')}
      </label>
      <Select id={`${id}-discounts`} className="full" mode="tags" open={false} suffixIcon={null} placeholder={t('cards.discountsHint')} value={draft.discounts} onChange={(discounts: string[]) => put({ discounts: discounts.map((d) => d.trim()).filter(Boolean) })} />
      <p className="muted small fine">{t('cards.discountsNote')}</p>
    </FormDrawer>
  );
}
