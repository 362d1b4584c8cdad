/** A cart on the left, its price and every reason on the right: by what holds now, with one promotion's draft in its place if asked. */
import '../../styles/benefits.css';
import '../../styles/promotions.css';
import type { PricedCart } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Input, Radio, Select, Skeleton, Spin } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { useCan, useMerchant, useSession } from '../../app/session';
import { Card, PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { Field, useTierOptions } from '../benefits/form/parts';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { useRested } from '../segments/live/useLive';
import { Explained } from './Explained';
import { InstantBox, MoneyBox, WholeBox } from './inputs';
import type { Rules } from './rules';
import { type Catalogue, useCatalogue, usePriceSettings, usePromotion, usePromotionNames } from './use';

interface Line {
  sku: string;
  category: string;
  price: number | undefined;
  qty: number | undefined;
}

interface Who {
  sort: 'guest' | 'example' | 'member';
  tier: string | undefined;
  groups: string[];
  points: number | undefined;
  /** `mem_…` of somebody real. */
  id: string;
}

const BUILT_IN = ['first_order', 'birthday', 'birthday_month'] as const;
const FIRST: Line = { sku: 'A001', category: '', price: 10_000, qty: 2 };

/** The cart as the pricing format has it; none while a line is not whole. */
function cartOf(lines: Line[], time: string, shipping: number | undefined, usePoints: boolean, member: string | null) {
  if (lines.length === 0 || lines.some((l) => l.sku === '' || l.price === undefined || l.qty === undefined)) return null;
  return {
    format: 1,
    member,
    time,
    shipping_fee: shipping ?? 0,
    ...(usePoints ? { points_to_use: 'max' } : {}),
    lines: lines.map((l, i) => ({ line: String(i + 1), sku: l.sku, ...(l.category ? { category: l.category } : {}), unit_price: l.price, qty: l.qty })),
  };
}

/** The catalogue with a promotion's draft in the place of what it says now. */
function withDraft(catalogue: Catalogue, id: string | null, draft: Rules | undefined): Catalogue {
  if (!id || !draft) return catalogue;
  return { ...catalogue, promotions: [...catalogue.promotions.filter((p) => p.id !== id), { ...draft, id }] };
}

/** A real member's cart comes with what their coupons are called, by id. */
type Answer = PricedCart & { coupons?: Record<string, string> };

function usePrice(asked: { path: string; body: unknown } | null) {
  const { merchant } = useSession();
  const text = asked ? JSON.stringify(asked) : '';
  const rested = useRested(text);
  const answer = useQuery<Answer>({
    queryKey: ['price-try', merchant.id, rested],
    queryFn: ({ signal }) => {
      const { path, body } = JSON.parse(rested) as { path: string; body: unknown };
      return api.post<Answer>(path, body, { signal });
    },
    enabled: rested !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { answer, busy: rested !== text || answer.isFetching };
}

function Lines({ lines, currency, onChange }: { lines: Line[]; currency: string; onChange: (lines: Line[]) => void }) {
  const { t } = useTranslation();
  const row = (i: number, change: Partial<Line>) => onChange(lines.map((line, j) => (j === i ? { ...line, ...change } : line)));
  return (
    <div className="gap-below">
      {lines.map((line, i) => (
        <fieldset key={i} className="promo-row promo-line">
          <legend className="visually-hidden">{t('promotions.lineNo', { n: i + 1 })}</legend>
          <div className="first">
            <Field label={t('promotions.sku')}>{(id) => <Input id={id} maxLength={200} value={line.sku} onChange={(e) => row(i, { sku: e.target.value.trim() })} />}</Field>
          </div>
          <Field label={t('promotions.category')}>{(id) => <Input id={id} value={line.category} onChange={(e) => row(i, { category: e.target.value.trim() })} />}</Field>
          <MoneyBox label={t('promotions.unitPrice')} currency={currency} value={line.price} onChange={(price) => row(i, { price })} />
          <WholeBox label={t('promotions.qty')} min={1} value={line.qty} onChange={(qty) => row(i, { qty })} />
          {lines.length > 1 ? (
            <Button size="small" onClick={() => onChange(lines.filter((_, j) => j !== i))}>
              {t('common.delete')}
            </Button>
          ) : null}
        </fieldset>
      ))}
      <Button size="small" onClick={() => onChange([...lines, { sku: '', category: '', price: undefined, qty: 1 }])}>
        {t('promotions.addLine')}
      </Button>
    </div>
  );
}

function Buyer({ who, onChange }: { who: Who; onChange: (who: Who) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const settings = usePriceSettings();
  const tiers = useTierOptions(settings.data?.current?.programme);
  const may = useCan('segments:read');
  const segments = useSegmentNames(may);
  const put = (change: Partial<Who>) => onChange({ ...who, ...change });
  return (
    <>
      <div className="form-field">
        <span className="field-label" id={id}>
          {t('promotions.buyer')}
        </span>
        <Radio.Group aria-labelledby={id} value={who.sort} onChange={(e) => put({ sort: e.target.value as Who['sort'] })} options={(['guest', 'example', 'member'] as const).map((value) => ({ value, label: t(`promotions.buyerOf.${value}`) }))} />
      </div>
      {who.sort === 'member' ? <Field label={t('promotions.memberId')} note={t('promotions.memberNote')}>{(field) => <Input id={field} placeholder="mem_…" value={who.id} onChange={(e) => put({ id: e.target.value.trim() })} />}</Field> : null}
      {who.sort === 'example' ? (
        <div className="form-row">
          <Field label={t('promotions.tier')}>{(field) => <Select id={field} className="full" allowClear placeholder={t('promotions.none')} value={who.tier ?? null} options={tiers} onChange={(tier: string | undefined) => put({ tier })} />}</Field>
          <Field label={t('promotions.groups')}>
            {(field) => (
              <Select
                id={field}
                className="full"
                mode="multiple"
                placeholder={t('promotions.none')}
                value={who.groups}
                options={[...BUILT_IN.map((value) => ({ value: value as string, label: t(`promotions.builtIn.${value}`) })), ...(segments.data ?? []).filter((s) => s.state !== 'archived').map((s) => ({ value: s.id, label: s.name }))]}
                showSearch={{ optionFilterProp: 'label' }}
                onChange={(groups: string[]) => put({ groups })}
              />
            )}
          </Field>
          <WholeBox label={t('promotions.points')} value={who.points} onChange={(points) => put({ points })} />
        </div>
      ) : null}
    </>
  );
}

function Bench({ catalogue, currency, draft, draftOf }: { catalogue: Catalogue; currency: string; draft: Rules | undefined; draftOf: string | null }) {
  const { t } = useTranslation();
  const [lines, setLines] = useState<Line[]>([FIRST]);
  const [shipping, setShipping] = useState<number | undefined>();
  const [usePoints, setUsePoints] = useState(false);
  const [who, setWho] = useState<Who>({ sort: 'guest', tier: undefined, groups: [], points: undefined, id: '' });
  // The clock stands while one tries, so that the same cart has the same price.
  const [now] = useState(() => new Date().toISOString());
  const [time, setTime] = useState<string | undefined>();
  const names = usePromotionNames();
  const real = who.sort === 'member';
  const cart = cartOf(lines, time ?? now, shipping, usePoints, who.sort === 'example' ? 'm' : real ? who.id : null);
  const member = { ...(who.tier ? { tier: who.tier } : {}), segments: who.groups, points: who.points ?? 0 };
  const promotions = { ...withDraft(catalogue, draftOf, draft), ...(who.sort === 'example' ? { members: { m: member } } : {}) };
  const asked = !cart || (real && who.id === '') ? null : real ? { path: '/carts/price', body: cart } : { path: '/pricing/evaluate', body: { promotions, cart } };
  const { answer, busy } = usePrice(asked);
  const goods = Object.fromEntries(lines.map((line, i) => [String(i + 1), `${line.sku} × ${line.qty ?? ''}`]));
  return (
    <div className="promo-try">
      <Card title={t('promotions.cart')}>
        <Lines lines={lines} currency={currency} onChange={setLines} />
        <div className="form-row">
          <MoneyBox label={t('promotions.shippingFee')} currency={currency} value={shipping} onChange={setShipping} />
          <InstantBox label={t('promotions.pricedAt')} placeholder={t('promotions.nowText')} value={time} onChange={setTime} />
        </div>
        <Buyer who={who} onChange={setWho} />
        {who.sort === 'guest' ? null : (
          <Checkbox checked={usePoints} onChange={(e) => setUsePoints(e.target.checked)}>
            {t('promotions.usePoints')}
          </Checkbox>
        )}
        {time && !real ? <p className="muted small">{t('promotions.timeNote')}</p> : null}
        {real && draft ? <Alert type="info" showIcon title={t('promotions.realNoDraft')} /> : null}
      </Card>
      <Card title={t('promotions.explained')} extra={busy && asked ? <Spin size="small" aria-label={t('common.updating')} /> : null}>
        <div role="status" aria-live="polite">
          {!asked ? <p className="muted">{t('promotions.cartWanting')}</p> : answer.error ? <ProblemAlert error={answer.error} /> : answer.data ? <Explained priced={answer.data} goods={goods} currency={currency} names={{ ...names, ...answer.data.coupons }} busy={busy} /> : <Skeleton active />}
        </div>
      </Card>
    </div>
  );
}

export function Component() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const of = params.get('with');
  const catalogue = useCatalogue();
  const promotion = usePromotion(of ?? undefined);
  const currency = useMerchant().data?.currency;
  const draft = promotion.data?.draft?.rules as unknown as Rules | undefined;
  const error = catalogue.error ?? promotion.error;
  return (
    <>
      <PageHead
        title={t('promotions.try')}
        back={
          <Link to={of ? `/promotions/${of}` : '/promotions'} className="back-link">
            ← {promotion.data?.name ?? t('nav.promotions')}
          </Link>
        }
        note={draft ? t('promotions.tryDraft', { name: promotion.data?.name ?? '' }) : t('promotions.tryNote')}
      />
      {error ? <ProblemAlert error={error} retry={() => void Promise.all([catalogue.refetch(), promotion.refetch()])} /> : !catalogue.data || !currency || (of !== null && promotion.isPending) ? <Skeleton active /> : <Bench catalogue={catalogue.data} currency={currency} draft={draft} draftOf={of} />}
    </>
  );
}
