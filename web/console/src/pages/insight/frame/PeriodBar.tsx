/** The choices above every report: which days, compared with what, with refunds taken off or not. */
import { Button, Segmented, Select, Skeleton } from 'antd';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { dayBefore, formatNumber, today } from '../../../app/format';
import { useZone } from '../../../app/session';
import type { usePeriod } from './period';
import { COMPARES, daysOf, endsToday, WINDOWS } from './spans';
import { Unbroken } from './Unbroken';

const DateRange = lazy(() => import('../../../ui/list/DateRange'));

interface Props {
  period: ReturnType<typeof usePeriod>;
  /** The report can stand beside the one of another span. */
  compare: boolean;
  /** The span compared with has no orders, or none whose buyer is known: no change can be told. */
  nothingBefore: 'againstNothing' | 'againstNobody' | null;
  /** Money in other currencies was left out: the choice which one is counted. */
  currencies: string[];
  children?: ReactNode;
}

export function PeriodBar({ period, compare, nothingBefore, currencies, children }: Props) {
  const { t } = useTranslation();
  const { span, before } = period;
  const open = endsToday(span, today(useZone()));
  const days = (s: { from?: string; to: string }) =>
    s.from ? t('insight.fromToDays', { from: s.from, to: dayBefore(s.to), n: formatNumber(daysOf({ from: s.from, to: s.to })) }) : t('insight.untilDay', { to: dayBefore(s.to) });
  return (
    <div className="period">
      <div className="period-row">
        <Select
          className="period-window"
          aria-label={t('insight.window')}
          value={period.window}
          options={WINDOWS.map((value) => ({ value, label: t(`insight.windows.${value}`) }))}
          popupMatchSelectWidth={false}
          // All in sight: what stood below the edge, the own dates, was taken for not there.
          listHeight={448}
          // Own dates begin as the days shown, not as everything.
          onChange={(window) => period.set({ window, from: window === 'custom' ? span.from : undefined, to: window === 'custom' ? dayBefore(span.to) : undefined })}
        />
        {period.window === 'custom' ? (
          <Suspense fallback={<Skeleton.Input active />}>
            <DateRange label={t('insight.window')} from={period.custom.from} to={period.custom.to} onChange={(from, to) => period.set({ from, to })} />
          </Suspense>
        ) : null}
        {compare ? (
          <Select
            className="period-compare"
            aria-label={t('insight.compare')}
            value={period.span.from ? period.compare : 'none'}
            disabled={!period.span.from}
            options={COMPARES.map((value) => ({ value, label: t(`insight.compares.${value}`) }))}
            popupMatchSelectWidth={false}
            onChange={(value) => period.set({ compare: value })}
          />
        ) : null}
        <Segmented
          value={period.returns}
          aria-label={t('insight.returns')}
          options={[
            { value: 'net', label: t('insight.net') },
            { value: 'ignore', label: t('insight.gross') },
          ]}
          onChange={(value) => period.set({ returns: value === 'ignore' ? 'ignore' : undefined })}
        />
        {currencies.length > 1 ? (
          <Select
            aria-label={t('insight.currency')}
            value={period.currency ?? currencies[0]}
            options={currencies.map((value) => ({ value, label: value }))}
            onChange={(value) => period.set({ currency: value === currencies[0] ? undefined : value })}
          />
        ) : null}
        {children}
        {period.chosen ? (
          <Button type="link" onClick={period.reset}>
            {t('insight.reset')}
          </Button>
        ) : null}
      </div>
      <p className="muted small period-days">
        <Unbroken text={days(span)} />
        {compare && before ? <Unbroken text={` · ${t(`insight.${nothingBefore ?? 'against'}`, { span: days(before) })}`} /> : null}
        {compare && before && open && !nothingBefore ? ` · ${t('insight.todayOpen')}` : ''}
        {period.chosen ? ` · ${t('insight.sharedChoice')}` : ''}
      </p>
    </div>
  );
}
