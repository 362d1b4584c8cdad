/**
 * Settlement: what each platform's files say the merchant received, against what the orders let one expect, by
 * platform and month; and every order that differs, with the reason. The address holds the whole question.
 */
import type { SettlementReport } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { dayBefore, formatBigMoney, formatMoney, formatNumber, formatShare } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useSession, useZone } from '../../app/session';
import { AsOf, Card, EmptyTeach, PageHead } from '../../ui/bits';
import { type Filter, Filters } from '../../ui/list/Filters';
import { toQuery } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { daysOf } from '../insight/frame/spans';
import { usePlatformOptions, useShopName } from '../options';
import { Differences } from './Differences';
import { nothingTold, type Part, PARTS, partOf } from './parts';
import { SettlementTable } from './SettlementTable';

function Figure({ label, value, exact, note, tone }: { label: string; value: string; exact?: string; note: string; tone?: string }) {
  return (
    <div className="tile">
      <span className="tile-label">{label}</span>
      <span className={`tile-value ${tone ?? ''}`} title={exact}>
        {value}
      </span>
      <span className="tile-note">{note}</span>
    </div>
  );
}

function Figures({ data }: { data: SettlementReport }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { total, currency } = data;
  const money = (amount: number) => ({ amount, currency });
  const big = (amount: number) => formatBigMoney(money(amount), language);
  const exact = (amount: number) => formatMoney(money(amount));
  const told = total.orders - total.untold;
  // Where no file tells a payout, a zero would say that nothing was paid and that nothing is missing.
  const silent = nothingTold(total);
  return (
    <div className="tiles">
      <Figure label={t('settlement.expected')} value={big(total.expected)} exact={exact(total.expected)} note={t('settlement.expectedNote')} />
      {silent ? (
        <Figure label={t('settlement.settled')} value="–" note={t('settlement.settledSilent', { n: formatNumber(total.untold) })} />
      ) : (
        <Figure label={t('settlement.settled')} value={big(total.settled)} exact={exact(total.settled)} note={t('settlement.settledNote')} />
      )}
      {silent ? (
        <Figure label={t('settlement.difference')} value="–" note={t('settlement.differenceSilent')} />
      ) : (
        <Figure
          label={t('settlement.difference')}
          value={big(total.difference_told)}
          exact={exact(total.difference_told)}
          tone={total.difference_told < 0 ? 'bad-text' : ''}
          note={t('settlement.differenceNote', { n: formatNumber(total.differing), untold: formatNumber(total.untold), money: big(total.expected_untold) })}
        />
      )}
      <Figure
        label={t('settlement.matched')}
        value={formatShare(total.matched, told)}
        note={silent ? t('settlement.differenceSilent') : t('settlement.matchedNote', { matched: formatNumber(total.matched), told: formatNumber(told), untold: formatNumber(total.untold) })}
      />
    </div>
  );
}

function Reasons({ data, active, onChoose, onUntold }: { data: SettlementReport; active: string | null; onChoose: (reason: string | undefined) => void; onUntold: () => void }) {
  const { t } = useTranslation();
  // What no file tells differs from nothing: it is counted below, and not as a difference.
  const reasons = data.reasons.filter((r) => partOf(r.reason) === 'differs');
  const most = Math.max(1, ...reasons.map((r) => r.orders));
  const { untold } = data.total;
  return (
    <Card title={t('settlement.reasons')}>
      {reasons.length === 0 ? <p className="muted">{t(nothingTold(data.total) ? 'settlement.cannotCompare' : 'settlement.noDifferences')}</p> : null}
      <ul className="reason-bars">
        {reasons.map((r) => (
          <li key={r.reason}>
            <button
              type="button"
              className={active === r.reason ? 'reason-bar reason-on' : 'reason-bar'}
              aria-pressed={active === r.reason}
              onClick={() => onChoose(active === r.reason ? undefined : r.reason)}
            >
              <span className="reason-name">{t(`settlement.reason.${r.reason}`, { defaultValue: r.text })}</span>
              <span className="reason-count">
                {t('settlement.nOrders', { n: formatNumber(r.orders) })} · <span className="amount">{formatMoney({ amount: r.amount, currency: data.currency })}</span>
              </span>
              <span className="reason-track" aria-hidden="true">
                <span style={{ width: `${Math.max(1, (r.orders * 100) / most)}%` }} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {untold > 0 ? (
        <button type="button" className="link-button left small reason-untold" onClick={onUntold}>
          {t(nothingTold(data.total) ? 'settlement.untoldOnly' : 'settlement.untoldApart', { n: formatNumber(untold) })}
        </button>
      ) : null}
    </Card>
  );
}

export function Component() {
  const { t } = useTranslation();
  const zone = useZone();
  const { merchant, shop } = useSession();
  const [params, setParams] = useSearchParams();
  const platforms = usePlatformOptions();
  const shopName = useShopName();
  const list = useRef<HTMLDivElement>(null);
  const chosenShop = shop ? shopName(shop) : null;
  const base: Filter[] = [
    { kind: 'dates', name: 'from', until: 'to', label: t('settlement.placedSpan'), civil: true },
    { kind: 'select', name: 'platform', label: t('orders.platform'), options: platforms },
  ];
  const query = toQuery([...base, { kind: 'select', name: 'shop', label: '', options: [] }], params, chosenShop ? { shop: chosenShop } : {}, zone);
  const answer = useQuery<SettlementReport>({
    queryKey: ['settlement', merchant.id, JSON.stringify(query)],
    queryFn: ({ signal }) => api.get<SettlementReport>('/reports/settlement', query, signal),
    placeholderData: keepPreviousData,
  });
  const change = (values: Record<string, string | undefined>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('cursor');
        for (const [name, value] of Object.entries(values)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  // The list lies below the sums: who chooses above is taken to what that found.
  const find = (values: Record<string, string | undefined>) => {
    change(values);
    list.current?.scrollIntoView({ block: 'start' });
  };
  const reason = params.get('reason');
  const part: Part = PARTS.find((value) => value === params.get('part')) ?? (reason ? partOf(reason) : 'differs');
  const narrowed = ['from', 'to', 'platform', 'shop'].some((name) => params.get(name));
  const data = answer.data;
  // Shops by the names under which the platforms' files know them.
  const shops = [...new Set((data?.by_platform ?? []).flatMap((row) => (row.shop ? [row.shop] : [])))].map((name) => ({ value: name, label: shopName(name) }));
  const several = !chosenShop && (shops.length > 1 || params.get('shop'));
  const filters: Filter[] = several ? [...base, { kind: 'select', name: 'shop', label: t('orders.shop'), options: shops }] : base;
  return (
    <>
      <PageHead title={t('nav.settlement')} note={t('settlement.note')} actions={<AsOf at={data?.as_of} busy={answer.isFetching} />} />
      <div className="stack">
        <div className="filter-row">
          <Filters
            filters={filters}
            params={params}
            onChange={change}
            onClear={narrowed ? () => change({ from: undefined, to: undefined, platform: undefined, shop: undefined }) : undefined}
          />
          {data ? <span className="muted small">{t(params.get('from') || params.get('to') ? 'settlement.window' : 'settlement.lastYear', { n: daysOf(data), from: data.from, to: dayBefore(data.to) })}</span> : null}
        </div>
        <p className="muted small settlement-days">{t('settlement.byPlaced')}</p>
        <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
        {!data ? (
          answer.isPending ? (
            <Skeleton active />
          ) : null
        ) : data.total.orders === 0 && !narrowed ? (
          <Card>
            <EmptyTeach
              title={t('settlement.empty')}
              text={t('settlement.emptyText')}
              actions={
                <Link to="/imports/new">
                  <Button type="primary">{t('imports.new')}</Button>
                </Link>
              }
            />
          </Card>
        ) : (
          <>
            <Figures data={data} />
            {data.orders_other_currency > 0 ? <p className="muted small">{t('settlement.otherCurrency', { n: formatNumber(data.orders_other_currency) })}</p> : null}
            {data.orders_without_amount > 0 ? <p className="muted small">{t('settlement.withoutAmount', { n: formatNumber(data.orders_without_amount) })}</p> : null}
            <div className="two settlement-two">
              <SettlementTable data={data} query={query} />
              <Reasons data={data} active={reason} onChoose={(reason) => (reason ? find({ reason, part: partOf(reason) }) : change({ reason, part: undefined }))} onUntold={() => find({ part: 'untold', reason: undefined })} />
            </div>
            {/* Below the bar that stays at the top. */}
            <div ref={list} className="under-topbar">
              <Differences query={query} reasons={data.reasons} reason={reason} total={data.total} part={part} onPart={(value) => change({ part: value, reason: undefined })} />
            </div>
          </>
        )}
      </div>
    </>
  );
}
