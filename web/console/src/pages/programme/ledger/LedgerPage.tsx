/** The ledger of points: every entry of a programme, narrowed by member, account, cause and day; each opens to its cause. */
import '../../../styles/programme.css';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../../app/format';
import { EmptyTeach, Mark, Time } from '../../../ui/bits';
import type { Column } from '../../../ui/DataTable';
import type { Filter } from '../../../ui/list/Filters';
import { ResourceList } from '../../../ui/list/ResourceList';
import { MemberBox } from '../../members/MemberBox';
import { ACCOUNTS, type Entry, type Programme } from '../contract';
import { useLotName } from '../example/StateAfter';
import { EntryDrawer } from './EntryDrawer';
import { OfProgramme } from './Head';
import { CauseCell, ChangeCell, useAccountName, useCauseName, VersionLink } from './words';

/** What entries are posted for: what happened to the member, and what falls due by itself. */
const CAUSES = ['order_paid', 'final', 'order_closed', 'refund', 'spend', 'spend_reverse', 'hold', 'hold_capture', 'hold_release', 'hold_end', 'check_in', 'birthday', 'tier_reward', 'adjust', 'lot_end', 'absorb', 'depart'];

/** A page of entries would ask for fifty names; the end of the id tells members apart, and the link tells the rest. */
function MemberId({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Link to={`/members/${id}?tab=points`} title={id} className="mono nowrap">
      <span className="visually-hidden">{t('members.open')} </span>…{id.slice(-6)}
    </Link>
  );
}

function Entries({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const account = useAccountName();
  const cause = useCauseName();
  const lotName = useLotName();
  const [params] = useSearchParams();
  const [open, setOpen] = useState<Entry | null>(null);
  const columns: Column<Entry>[] = [
    {
      key: 'booked',
      title: t('points.bookedAt'),
      render: (e) => (
        <button type="button" className="link-button left" onClick={() => setOpen(e)}>
          <Time at={e.booked_at} seconds />
          <span className="visually-hidden"> {t('points.entryOf')}</span>
        </button>
      ),
      sheet: (e) => e.booked_at,
    },
    { key: 'member', title: t('members.one'), render: (e) => (e.member ? <MemberId id={e.member} /> : '–'), sheet: (e) => e.member },
    { key: 'why', title: t('points.why'), render: (e) => <CauseCell entry={e} />, sheet: (e) => cause(e) },
    { key: 'move', title: t('points.move'), render: (e) => `${account(e.from)} → ${account(e.to)}`, sheet: (e) => `${account(e.from)} → ${account(e.to)}` },
    { key: 'change', title: t('points.change'), align: 'right', render: (e) => <ChangeCell entry={e} />, sheet: (e) => e.change },
    { key: 'amount', title: t('points.amount'), align: 'right', hidden: true, render: (e) => formatNumber(e.amount), sheet: (e) => e.amount },
    { key: 'lot', title: t('points.lot'), hidden: true, render: (e) => (e.lot ? <span className="break">{lotName(e.lot)}</span> : '–'), sheet: (e) => e.lot },
    {
      key: 'version',
      title: t('points.ruleVersion'),
      render: (e) => (
        <span className="marks">
          <VersionLink programme={programme.id} no={e.version} />
          {e.corrects ? <Mark tone="info">{t('points.corrects')}</Mark> : null}
        </span>
      ),
      sheet: (e) => e.version,
    },
    { key: 'happened', title: t('points.happenedAt'), hidden: true, render: (e) => <Time at={e.happened_at} seconds />, sheet: (e) => e.happened_at },
    { key: 'cause_id', title: t('points.causeId'), hidden: true, render: (e) => <span className="mono break">{e.cause.id}</span>, sheet: (e) => e.cause.id },
  ];
  const filters: Filter[] = [
    { kind: 'own', name: 'member', label: t('points.byMember'), box: (value, put) => <MemberBox className="filter-member" label={t('points.byMember')} value={value} onChange={put} /> },
    { kind: 'select', name: 'account', label: t('points.accountTitle'), options: ACCOUNTS.map((value) => ({ value, label: account(value) })) },
    { kind: 'select', name: 'cause', label: t('points.why'), options: CAUSES.map((value) => ({ value, label: t(`points.cause.${value}`) })) },
    { kind: 'dates', name: 'booked_from', until: 'booked_to', label: t('points.bookedAt') },
  ];
  // Nobody types such an id; who came by it can let it go.
  const one = params.get('cause_id');
  if (one) filters.push({ kind: 'select', name: 'cause_id', label: t('points.causeId'), options: [{ value: one, label: one }] });
  return (
    <>
      <ResourceList<Entry>
        key={programme.id}
        page="points-entries"
        label={t('nav.entries')}
        path={`/programmes/${programme.id}/entries`}
        columns={columns}
        rowKey={(e) => `${e.member ?? ''} ${e.seq}`}
        filters={filters}
        exportName={t('nav.entries')}
        actions={(e) => (
          <Button size="small" onClick={() => setOpen(e)}>
            {t('points.openEntry')}
          </Button>
        )}
        empty={
          <EmptyTeach
            title={t('points.noEntries')}
            text={t('points.noEntriesText')}
            actions={
              <Link to={`/programmes/${programme.id}?tab=try`}>
                <Button>{t('programme.tab.try')}</Button>
              </Link>
            }
          />
        }
      />
      <EntryDrawer programme={programme.id} entry={open} member={open?.member ?? null} onClose={() => setOpen(null)} />
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  return (
    <OfProgramme title={t('nav.entries')} note={t('points.entriesNote')}>
      {(programme) => <Entries programme={programme} />}
    </OfProgramme>
  );
}
