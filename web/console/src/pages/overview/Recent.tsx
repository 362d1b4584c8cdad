/** The head figures of the last thirty days, leading to the dashboard. */
import '../../styles/insight.css';
import type { DashboardReport } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { dayBefore, today } from '../../app/format';
import { useSession, useZone } from '../../app/session';
import { Card } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { spanBefore, spanOf } from '../insight/frame/spans';
import { Unbroken } from '../insight/frame/Unbroken';
import { HeadFigures } from '../insight/HeadFigures';

const DOOR = '/insight?window=30d';

export function Recent() {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const zone = useZone();
  const span = spanOf('30d', today(zone), { from: null, to: null });
  const days = (s: { from?: string; to: string }) => t('insight.fromTo', { from: s.from, to: dayBefore(s.to) });
  const before = spanBefore(span, 'previous');
  const ask = (query: { from?: string; to: string } | null) => ({
    queryKey: ['report', merchant.id, 'dashboard', JSON.stringify(query)],
    queryFn: () => api.get<DashboardReport>('/reports/dashboard', { ...query }),
    enabled: query !== null,
  });
  const now = useQuery(ask(span));
  const then = useQuery(ask(before));
  const door = <Link to={now.data?.orders.count === 0 ? '/insight?window=all' : DOOR}>{t('insight.seeDashboard')}</Link>;
  return (
    <Card title={t('insight.recent')} extra={door}>
      <ProblemAlert error={now.error} retry={() => void now.refetch()} />
      {now.isPending && !now.error ? <Skeleton active paragraph={{ rows: 2 }} /> : null}
      {now.data ? now.data.orders.count === 0 ? <p className="muted">{t('insight.recentEmpty')}</p> : (
        <>
          <HeadFigures data={now.data} before={then.data} brief={DOOR} />
          {before && then.data && then.data.orders.count > 0 ? (
            <p className="muted small fine">
              <Unbroken text={`${days(span)} · ${t('insight.against', { span: days(before) })} · ${t('insight.todayOpen')}`} />
            </p>
          ) : null}
        </>
      ) : null}
    </Card>
  );
}
