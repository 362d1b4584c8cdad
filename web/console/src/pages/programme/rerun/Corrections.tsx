/** Member by member what a re-run comes to: points as they are and as they would be, and the orders behind it. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../../app/format';
import { useCan } from '../../../app/session';
import { EmptyTeach, Mark, type Tone } from '../../../ui/bits';
import type { Column } from '../../../ui/DataTable';
import { ResourceList } from '../../../ui/list/ResourceList';
import { Worth } from '../ledger/PointValue';
import { isUnderWay, type Corrected, type Rerun } from './use';

/** A member with more orders is told by the first; the file has them all. */
const SHOWN = 3;
const TONES: Record<string, Tone> = { shown: 'plain', booked: 'good', stale: 'warn' };

const signed = (n: number) => (n > 0 ? `+${formatNumber(n)}` : formatNumber(n));

function Orders({ of }: { of: Corrected }) {
  const { t } = useTranslation();
  const may = useCan('orders:read');
  const more = of.corrections.length - SHOWN;
  return (
    <span className="cell-two">
      {of.corrections.slice(0, SHOWN).map((c) => {
        const name = <span className="mono">…{c.order.slice(-6)}</span>;
        return (
          <span key={c.order} className="small nowrap">
            {may && c.order.startsWith('ord_') ? (
              <Link to={`/orders/${c.order}`} title={c.order} className="said-link">
                {t('orders.one')} {name}
              </Link>
            ) : (
              name
            )}{' '}
            {formatNumber(c.left)} → {formatNumber(c.leaves)}
            {c.judged ? null : <span className="muted"> · {t('rerun.follows')}</span>}
          </span>
        );
      })}
      {more > 0 ? <span className="muted small">{t('rerun.moreOrders', { n: formatNumber(more) })}</span> : null}
    </span>
  );
}

export function Corrections({ rerun, value }: { rerun: Rerun; value: string | undefined }) {
  const { t } = useTranslation();
  const columns: Column<Corrected>[] = [
    {
      key: 'member',
      title: t('members.one'),
      render: (m) => (
        <Link to={`/members/${m.member}?tab=points`} title={m.member} className="mono nowrap">
          <span className="visually-hidden">{t('members.open')} </span>…{m.member.slice(-6)}
        </Link>
      ),
    },
    { key: 'orders', title: t('rerun.orders'), render: (m) => <Orders of={m} /> },
    {
      key: 'difference',
      title: t('rerun.difference'),
      align: 'right',
      render: (m) => (
        <>
          <span className={m.would_have < m.points ? 'amount strong bad-text' : 'amount strong'}>{signed(m.would_have - m.points)}</span>
          <Worth of={m.worth} />
        </>
      ),
    },
    { key: 'points', title: t('rerun.points'), align: 'right', render: (m) => <span className="amount nowrap">{`${formatNumber(m.points)} → ${formatNumber(m.would_have)}`}</span> },
    { key: 'state', title: t('rerun.stateOf'), render: (m) => <Mark tone={TONES[m.state] ?? 'plain'}>{t(`rerun.memberState.${m.state}`, { defaultValue: m.state })}</Mark> },
  ];
  return (
    <ResourceList<Corrected>
      key={`${rerun.id} ${rerun.state}`}
      page="rerun-members"
      label={t('rerun.list')}
      path={`/reruns/${rerun.id}/members`}
      columns={columns}
      rowKey={(m) => m.member}
      fixed={{ value }}
      filters={[{ kind: 'select', name: 'state', label: t('rerun.stateOf'), options: Object.keys(TONES).map((word) => ({ value: word, label: t(`rerun.memberState.${word}`) })) }]}
      refresh={isUnderWay(rerun) ? 2_000 : undefined}
      empty={<EmptyTeach title={t('rerun.nothing')} text={t('rerun.nothingText')} />}
    />
  );
}
