/** One entry to the bottom: from where to where, why, of which order, under which version of the rules and what it says. */
import { Drawer, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../../app/format';
import { useNarrow } from '../../../app/prefs';
import { useCan } from '../../../app/session';
import { useWhoName } from '../../../app/who';
import { Facts, Mark, ShortId, Time } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { Named } from '../../names';
import type { Entry } from '../contract';
import { Sentences } from '../editor/CheckPanel';
import { orderOf } from '../model/cause';
import { useVersions } from '../use';
import { LotCell, useAccountName, useCauseName, VersionLink } from './words';

interface Props {
  programme: string;
  entry: Entry | null;
  member: string | null;
  onClose: () => void;
}

function Inside({ programme, entry, member }: { programme: string; entry: Entry; member: string | null }) {
  const { t } = useTranslation();
  const account = useAccountName();
  const cause = useCauseName();
  const who = useWhoName();
  const mayOrders = useCan('orders:read');
  const versions = useVersions(programme);
  const version = versions.data?.find((one) => one.no === entry.version);
  const order = orderOf(entry);
  return (
    <div className="stack">
      {entry.corrects ? (
        <p>
          <Mark tone="info">{t('points.corrects')}</Mark> <span className="muted small">{t('points.correctsNote')}</span>
        </p>
      ) : null}
      <Facts
        rows={[
          [t('points.move'), `${account(entry.from)} → ${account(entry.to)}`],
          [t('points.amount'), <span key="a" className="amount strong">{formatNumber(entry.amount)}</span>],
          [t('points.why'), cause(entry)],
          ...(entry.cause.reason ? ([[t('points.said'), entry.cause.reason]] as [string, string][]) : []),
          ...(entry.cause.by ? ([[t('points.askedBy'), who(entry.cause.by)]] as [string, string][]) : []),
          [t('points.causeId'), <span key="c" className="mono break">{entry.cause.id || '–'}</span>],
          ...(order ? ([[t('orders.one'), mayOrders ? <Named key="o" id={order} /> : <ShortId key="o" id={order} />]] as [string, React.ReactNode][]) : []),
          ...(member ? ([[t('members.one'), <Named key="m" id={member} />]] as [string, React.ReactNode][]) : []),
          [t('points.lot'), entry.lot ? <LotCell key="l" lot={entry.lot} /> : null],
          [t('points.happenedAt'), <Time key="h" at={entry.happened_at} seconds />],
          [t('points.bookedAt'), <Time key="b" at={entry.booked_at} seconds />],
          [t('points.ruleVersion'), <VersionLink key="v" programme={programme} no={entry.version} />],
        ]}
      />
      {entry.cause.id ? (
        <Link to={`/points/entries?programme=${programme}&cause=${encodeURIComponent(entry.cause.kind)}&cause_id=${encodeURIComponent(entry.cause.id)}${member ? `&member=${member}` : ''}`}>{t('points.sameCause')}</Link>
      ) : null}
      <section>
        <h3 className="sub-title">{t('points.rulesThen')}</h3>
        <ProblemAlert error={versions.error} retry={() => void versions.refetch()} />
        {versions.isPending ? <Skeleton active /> : version ? <Sentences of={version.sentences} /> : versions.error ? null : <p className="muted">{t(entry.version === 0 ? 'points.beforeBegin' : 'programme.noVersion')}</p>}
      </section>
    </div>
  );
}

export function EntryDrawer({ programme, entry, member, onClose }: Props) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  return (
    <Drawer open={entry !== null} title={t('points.entryOf')} size={narrow ? '100%' : 460} onClose={onClose} destroyOnHidden>
      {entry ? <Inside programme={programme} entry={entry} member={member} /> : null}
    </Drawer>
  );
}
