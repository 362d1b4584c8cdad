/** How many, who for example, and what the condition says in words; as of when. */
import type { ExpressionCheck, Member, SegmentCount } from '@api';
import { Alert, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatShare } from '../../../app/format';
import { Amount, AsOf, Card, Time } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { ProblemAlert } from '../../../ui/problem';
import { MemberLink, regionText } from '../../members/cells';
import { factOf } from '../model/registry';
import { useBuilder } from '../builder/context';
import { wherein } from '../builder/wherein';

interface Props {
  /** The last count that came, also if it was of what stood there before. */
  count: SegmentCount | undefined;
  current: boolean;
  busy: boolean;
  waiting: boolean;
  said: ExpressionCheck | null;
  error: unknown;
  retry: () => void;
  /** Stands below the count, which stays in sight however many conditions there are. */
  action?: ReactNode;
}

export function CountFigure({ count, current, busy, waiting }: Pick<Props, 'count' | 'current' | 'busy' | 'waiting'>) {
  const { t } = useTranslation();
  return (
    <div className="live-figure" role="status" aria-live="polite">
      <span className={current ? 'live-count' : 'live-count live-stale'}>{count ? formatNumber(count.count) : '–'}</span>
      <span className="live-unit">{t('segments.people')}</span>
      {busy ? <Spin size="small" aria-label={t('common.updating')} /> : null}
      <span className="live-note muted small">
        {waiting ? t('segments.fillFirst') : count && current ? t('segments.ofAll', { share: formatShare(count.count, count.base), base: formatNumber(count.base) }) : busy ? t('segments.counting') : ''}
      </span>
    </div>
  );
}

export function LivePanel({ count, current, busy, waiting, said, error, retry, action }: Props) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  return (
    <Card className="live" title={t('segments.live')} extra={count && current ? <AsOf at={count.known_at} busy={busy} /> : null}>
      <ProblemAlert error={error} retry={retry} />
      <CountFigure count={count} current={current} busy={busy} waiting={waiting} />
      {action ? <div className="live-action">{action}</div> : null}
      {said && !said.ok && said.error ? (
        <Alert
          type="warning"
          showIcon
          className="gap-below"
          title={said.error.message}
          description={said.error.path ? t('builder.wrongAt', { where: wherein(said.error.path, t), path: said.error.path }) : null}
        />
      ) : null}
      {said?.ok && said.sentence ? (
        <>
          <h3 className="sub-title">{t('segments.inWords')}</h3>
          <p className="live-sentence">{said.sentence}</p>
        </>
      ) : null}
      {count && current ? (
        <>
          {count.current_facts.length > 0 ? (
            <p className="muted small">{t('segments.currentFacts', { facts: count.current_facts.map((name) => factOf(registry, name)?.label ?? name).join(t('members.listComma')) })}</p>
          ) : null}
        </>
      ) : null}
    </Card>
  );
}

/** Members for example, not the first by any order that means something. */
export function Sample({ members, whole }: { members: Member[]; whole: number }) {
  const { t } = useTranslation();
  const columns: Column<Member>[] = [
    { key: 'name', title: t('members.name'), render: (m) => <MemberLink member={m} /> },
    { key: 'phone', title: t('members.phone'), render: (m) => m.phone_masked ?? '–' },
    { key: 'region', title: t('members.region'), render: (m) => regionText(m) || '–' },
    { key: 'orders', title: t('members.orders'), align: 'right', render: (m) => formatNumber(m.orders_count) },
    { key: 'net', title: t('members.netPaid'), align: 'right', render: (m) => <Amount value={m.net_paid} strong /> },
    { key: 'last', title: t('members.lastOrder'), render: (m) => <Time at={m.last_order_at} day /> },
  ];
  if (members.length === 0) return null;
  return (
    <Card flush title={t('segments.sample', { n: formatNumber(members.length), whole: formatNumber(whole) })}>
      <DataTable label={t('segments.sampleShort')} columns={columns} rows={members} rowKey={(m) => m.id} dense />
      <p className="muted small pad">{t('segments.sampleNote')}</p>
    </Card>
  );
}
