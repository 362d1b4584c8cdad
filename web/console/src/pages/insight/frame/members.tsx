/**
 * The members behind a number. The address says whose (`of`, and `at` where the day of reckoning is not the page's),
 * so that the back button closes the list and a link shows it to a colleague.
 */
import TagsOutlined from '@ant-design/icons/TagsOutlined';
import type { Member, Page, ReportMember } from '@api';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '../../../app/api';
import { formatNumber } from '../../../app/format';
import { useCan, useSession } from '../../../app/session';
import { Amount, EmptyTeach, Time } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { ProblemAlert } from '../../../ui/problem';
import { BulkTags } from '../../members/BulkTags';
import { MemberLink, regionText } from '../../members/cells';
import type { ReportName, ReportQuery } from './useReport';

/** Set where the figures shown are no longer those of the choice in the address: none may open other members. */
export const Stale = createContext(false);

/** Whether the reader may open the members behind a number: who bought how much is told by the list as by the report. */
export function useCanOpen(): boolean {
  const { can } = useSession();
  return can('members:read') && can('orders:read');
}

/** Opens the list: `of` is the number's name in this report. */
export function useOpenMembers(): (of: string, more?: { at?: string; from?: string; to?: string }) => void {
  const [, setParams] = useSearchParams();
  const stale = useContext(Stale);
  return (of, more = {}) => {
    if (stale) return;
    setParams((old) => {
      const next = new URLSearchParams(old);
      for (const name of ['of', 'at', 'ofFrom', 'ofTo']) next.delete(name);
      next.set('of', of);
      if (more.at) next.set('at', more.at);
      if (more.from) next.set('ofFrom', more.from);
      if (more.to) next.set('ofTo', more.to);
      return next;
    });
  };
}

/** A number of members that opens them; zero is only a number. */
export function Count({ n, of, at, from, to, label }: { n: number; of: string; at?: string; from?: string; to?: string; label: string }) {
  const { t } = useTranslation();
  const open = useOpenMembers();
  const can = useCanOpen();
  const stale = useContext(Stale);
  if (n === 0 || !can || stale) return <span className="amount">{formatNumber(n)}</span>;
  return (
    <button type="button" className="link-button amount" aria-label={t('insight.openMembers', { name: label, n: formatNumber(n) })} onClick={() => open(of, { ...(at ? { at } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) })}>
      {formatNumber(n)}
    </button>
  );
}

const SIZE = 20;
/** As many as the server tells in one page. */
const BATCH = 200;

function List({ report, query }: { report: ReportName; query: ReportQuery }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const may = useCan('members:write');
  const [tagging, setTagging] = useState(false);
  const [trail, setTrail] = useState<string[]>(['']);
  const asked = JSON.stringify(query);
  useEffect(() => setTrail(['']), [asked]);
  const cursor = trail.at(-1) ?? '';
  const page = useQuery<Page<ReportMember>>({
    queryKey: ['report-members', merchant.id, report, asked, cursor],
    queryFn: ({ signal }) => api.get<Page<ReportMember>>(`/reports/${report}/members`, { ...query, limit: SIZE, cursor }, signal),
  });
  const ids = page.data?.items.map((m) => m.member) ?? [];
  const members = useQueries({
    queries: ids.map((id) => ({ queryKey: ['member', merchant.id, id], queryFn: () => api.get<Member>(`/members/${id}`) })),
  });
  if (page.error) return <ProblemAlert error={page.error} retry={() => void page.refetch()} />;
  if (page.isPending || members.some((m) => m.isPending)) return <Skeleton active paragraph={{ rows: 8 }} />;
  if (ids.length === 0) return <EmptyTeach title={t('insight.nobody')} text={t('insight.nobodyText')} />;
  const broken = members.find((m) => m.error)?.error;
  const rows = members.map((m) => m.data).filter((m): m is Member => m !== undefined);
  const columns: Column<Member>[] = [
    { key: 'name', title: t('members.name'), render: (m) => <MemberLink member={m} /> },
    { key: 'phone', title: t('members.phone'), render: (m) => m.phone_masked ?? '–' },
    { key: 'region', title: t('members.region'), render: (m) => regionText(m) || '–' },
    { key: 'orders', title: t('insight.ordersEver'), hint: t('insight.ordersEverHint'), align: 'right', render: (m) => m.orders_count },
    { key: 'net', title: t('insight.netEver'), align: 'right', render: (m) => <Amount value={m.net_paid} strong /> },
    { key: 'last', title: t('members.lastOrder'), hint: t('insight.lastOrderHint'), render: (m) => <Time at={m.last_order_at} day /> },
  ];
  const before = (trail.length - 1) * SIZE;
  async function* everybody() {
    for (let at: string | null = ''; at !== null; ) {
      const part: Page<ReportMember> = await api.get<Page<ReportMember>>(`/reports/${report}/members`, { ...query, limit: BATCH, cursor: at });
      if (part.items.length > 0) yield part.items.map((m) => m.member);
      at = part.next_cursor ?? null;
    }
  }
  return (
    <>
      {may ? (
        <div className="row-gap tight">
          <span className="muted small grow">{t('insight.membersNote')}</span>
          <Button size="small" icon={<TagsOutlined aria-hidden="true" />} onClick={() => setTagging(true)}>
            {t('tags.bulkBehind')}
          </Button>
        </div>
      ) : null}
      {tagging ? <BulkTags choice={{ behind: everybody }} onClose={() => setTagging(false)} onDone={() => setTagging(false)} /> : null}
      <ProblemAlert error={broken} />
      <p className="muted small fine gap-below">{t('insight.sorted')} {t('insight.everNote')}</p>
      <DataTable label={t('nav.members')} columns={columns} rows={rows} rowKey={(m) => m.id} dense />
      <div className="pager">
        <span className="muted small">{t('insight.rowsFromTo', { from: formatNumber(before + 1), to: formatNumber(before + ids.length) })}</span>
        <span className="pager-tools">
          <Button size="small" disabled={trail.length < 2} onClick={() => setTrail(trail.slice(0, -1))}>
            {t('list.previous')}
          </Button>
          <Button size="small" disabled={!page.data?.next_cursor} onClick={() => setTrail([...trail, page.data?.next_cursor ?? ''])}>
            {t('list.next')}
          </Button>
        </span>
      </div>
    </>
  );
}

interface DrawerProps {
  report: ReportName;
  query: ReportQuery;
  /** What the number is called; `null` where the report has no such number. */
  nameOf: (of: string) => string | null;
  /** How many members the number counts, where the report tells it. */
  countOf?: (of: string) => number | undefined;
  /** A choice among the parts of the number, standing above the list. */
  parts?: (of: string, choose: (of: string) => void) => ReactNode;
}

export function MembersDrawer({ report, query, nameOf, countOf, parts }: DrawerProps) {
  const { t } = useTranslation();
  const can = useCanOpen();
  const open = useOpenMembers();
  const [params, setParams] = useSearchParams();
  const of = params.get('of');
  const name = of === null ? null : nameOf(of);
  const at = params.get('at');
  // Of other days than the report's the report tells no number.
  const count = of === null || at || params.get('ofTo') ? undefined : countOf?.(of);
  const close = () =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      for (const key of ['of', 'at', 'ofFrom', 'ofTo']) next.delete(key);
      return next;
    });
  const whose: ReportQuery = {
    ...query,
    ...(at ? { as_of: at, to: at, from: undefined } : {}),
    ...(params.get('ofTo') ? { from: params.get('ofFrom') ?? undefined, to: params.get('ofTo') ?? undefined } : {}),
    of: of ?? undefined,
  };
  return (
    <Drawer open={of !== null && name !== null && can} size={760} title={count === undefined ? t('insight.membersOf', { name: name ?? '' }) : t('insight.membersOfN', { name: name ?? '', n: formatNumber(count) })} onClose={close} destroyOnHidden>
      {of !== null ? parts?.(of, open) : null}
      {of !== null ? <List report={report} query={whose} /> : null}
    </Drawer>
  );
}
