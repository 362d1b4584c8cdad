/** The frame of every report: what it says, the choices, when it was reckoned, its figures, what they rest on. */
import '../../../styles/insight.css';
import type { Overview, ReportHead } from '@api';
import { Button, Skeleton } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMerchant } from '../../../app/session';
import { useOverview } from '../../../app/shell/Nav';
import { AsOf, Card, EmptyTeach, PageHead } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { CoverageLine } from './CoverageLine';
import { Stale } from './members';
import { PeriodBar } from './PeriodBar';
import type { Asked } from './useReport';

interface Props<T> {
  asked: Asked<T>;
  compare?: boolean;
  /** Only this report's choices, beside the common ones. */
  tools?: ReactNode;
  /** The figures are of members: without one that bought there is nothing to show. */
  ofMembers?: boolean;
  /** Not only purchases count, but who never bought as well. */
  evenWithout?: (data: T) => boolean;
  children: (data: T, before: T | undefined) => ReactNode;
}

function Empty({ overview, onAll, named, ofMembers }: { overview: Overview | undefined; onAll: (() => void) | null; named: number; ofMembers: boolean }) {
  const { t } = useTranslation();
  if (overview?.orders.total === 0) {
    return (
      <EmptyTeach
        title={t('insight.emptyShop')}
        text={t('insight.emptyShopText')}
        actions={
          <Link to="/imports/new">
            <Button type="primary">{t('overview.importFirst')}</Button>
          </Link>
        }
      />
    );
  }
  if (ofMembers && named === 0 && overview && overview.orders.identified === 0) {
    return (
      <EmptyTeach
        title={t('insight.noneNamed')}
        text={t('insight.noneNamedText')}
        actions={
          <>
            <Link to="/imports/new">
              <Button type="primary">{t('insight.importMembers')}</Button>
            </Link>
            <Link to="/orders?identified=false">
              <Button>{t('insight.seeThem')}</Button>
            </Link>
          </>
        }
      />
    );
  }
  return (
    <EmptyTeach
      title={t('insight.emptySpan')}
      text={t('insight.emptySpanText')}
      actions={
        onAll ? (
          <Button type="primary" onClick={onAll}>
            {t('insight.showAll')}
          </Button>
        ) : null
      }
    />
  );
}

/** Longer than any report takes whose columns are there. */
const PATIENCE = 3_000;

/** Who waits long is told for what. */
function Waiting() {
  const { t } = useTranslation();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <p className="muted" role="status">
        {long ? t('insight.waiting') : ''}
      </p>
      <Skeleton active paragraph={{ rows: 10 }} />
    </>
  );
}

export function InsightPage<T extends ReportHead & { known: { at: string } }>({ asked, compare = true, tools, ofMembers = false, evenWithout, children }: Props<T>) {
  const { t } = useTranslation();
  const overview = useOverview().data;
  const own = useMerchant().data?.currency;
  const { report, period, data, before } = asked;
  const coverage = data?.coverage;
  const orders = (of: T) => of.coverage.orders_identified + (ofMembers ? 0 : of.coverage.orders_unidentified);
  const nothingBefore = before !== undefined && orders(before) === 0 && !evenWithout?.(before);
  const named = coverage?.orders_identified ?? 0;
  const some = named > 0 || (!ofMembers && (coverage?.orders_unidentified ?? 0) > 0);
  const shown = data && (some || evenWithout?.(data));
  const others = (overview as { other_money?: { currency: string }[] } | undefined)?.other_money ?? [];
  const currencies = own ? [own, ...others.map((m) => m.currency).filter((c) => c !== own)] : [];
  return (
    <div aria-busy={asked.busy}>
      <PageHead
        title={t(`nav.${report}`)}
        note={
          <>
            {t(`insight.about.${report}`)} <AsOf at={data?.known.at} busy={asked.busy} />
          </>
        }
      />
      <PeriodBar period={period} compare={compare} nothingBefore={nothingBefore ? (before.coverage.orders_unidentified > 0 ? 'againstNobody' : 'againstNothing') : null} currencies={currencies}>
        {tools}
      </PeriodBar>
      <ProblemAlert error={asked.error} retry={asked.retry} />
      {asked.pending && !asked.error ? <Waiting /> : null}
      {data ? (
        shown ? (
          <Stale.Provider value={asked.stale}>
            <div className={asked.stale ? 'stack stale' : 'stack'}>
              {/* The dashboard also counts who is known without having bought. */}
              {children(data, nothingBefore && report !== 'dashboard' ? undefined : before)}
              <CoverageLine head={data} known={report === 'dashboard'} />
            </div>
          </Stale.Provider>
        ) : (
          <Card>
            <Empty overview={overview} named={named} ofMembers={ofMembers} onAll={period.window === 'all' ? null : () => period.set({ window: 'all', from: undefined, to: undefined })} />
          </Card>
        )
      ) : null}
    </div>
  );
}
