/**
 * All members: one box that finds by phone, last four digits, platform id, name, initials or tag; filters; tags for
 * those ticked or for everybody found; export of exactly what the filter finds.
 */
import TagsOutlined from '@ant-design/icons/TagsOutlined';
import type { Member } from '@api';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useOverview } from '../../app/shell/Nav';
import { Amount, EmptyTeach, PageHead, ShortId, Time, useSourceName, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import type { Filter } from '../../ui/list/Filters';
import { inForce } from '../../ui/list/inForce';
import { type Choice, ResourceList } from '../../ui/list/ResourceList';
import { usePlatformOptions, useProvinceOptions } from '../options';
import { onlyFilter } from '../orders/total';
import { TagChips } from '../tags/TagChip';
import { useTagGroups, useTags } from '../tags/useTags';
import { BulkTags } from './BulkTags';
import { besidePhone, KeyText, MatchText, MemberLink, regionText } from './cells';

/** Filters whose finding nobody has a sentence of its own. */
const NOBODY = ['platform', 'province', 'has_phone', 'gender'];

/** Keys that a row shows at first. */
const KEYS = 2;

function Keys({ member }: { member: Member }) {
  const { t } = useTranslation();
  const keys = besidePhone(member);
  if (keys.length === 0) return <span className="muted">–</span>;
  return (
    <span className="key-list">
      {keys.slice(0, KEYS).map((k, i) => (
        <KeyText key={i} item={k} />
      ))}
      {keys.length > KEYS ? (
        <Link to={`/members/${member.id}?tab=identity`} className="small">
          {t('members.moreKeys', { n: keys.length - KEYS })}
        </Link>
      ) : null}
    </span>
  );
}

function useColumns(): Column<Member>[] {
  const { t } = useTranslation();
  const word = useWord();
  const sourceName = useSourceName();
  return [
    {
      key: 'name',
      title: t('members.name'),
      render: (m, shown) => (
        <span className="cell-two">
          <MemberLink member={m} />
          <MatchText member={m} besides={shown} />
        </span>
      ),
    },
    { key: 'phone', title: t('members.phone'), render: (m) => <span className="nowrap">{m.phone_masked ?? '–'}</span>, blank: (m) => !m.phone_masked },
    {
      key: 'keys',
      title: t('members.keys'),
      render: (m) => <Keys member={m} />,
      blank: (m) => besidePhone(m).length === 0,
    },
    { key: 'tags', title: t('nav.tags'), render: (m) => <TagChips tags={m.assigned_tags ?? []} />, blank: (m) => (m.assigned_tags ?? []).length === 0 },
    { key: 'region', title: t('members.region'), render: (m) => regionText(m) || '–', blank: (m) => !regionText(m) },
    { key: 'orders', title: t('members.orders'), hint: t('members.ordersEverNote'), align: 'right', render: (m) => formatNumber(m.orders_count) },
    { key: 'net_paid', title: t('members.netPaid'), align: 'right', render: (m) => <Amount value={m.net_paid} strong /> },
    { key: 'last_order', title: t('members.lastOrder'), hint: t('members.lastOrderNote'), render: (m) => <Time at={m.last_order_at} day />, blank: (m) => !m.last_order_at },
    { key: 'joined', title: t('members.joined'), hidden: true, render: (m) => <Time at={m.joined_at ?? m.first_seen_at} day /> },
    { key: 'email', title: t('members.email'), hidden: true, render: (m) => m.email_masked ?? '–' },
    { key: 'gender', title: t('members.gender'), hidden: true, render: (m) => word('gender', m.gender) },
    { key: 'source', title: t('members.source'), hidden: true, render: (m) => sourceName(m.join_source) ?? '–' },
    { key: 'id', title: t('members.id'), hidden: true, render: (m) => <ShortId id={m.id} /> },
  ];
}

function useFilters(): Filter[] {
  const { t } = useTranslation();
  const word = useWord();
  const platforms = usePlatformOptions();
  const provinces = useProvinceOptions();
  const tags = useTagGroups(useTags('all').data?.items ?? []);
  return [
    { kind: 'search', name: 'query', label: t('members.search'), hint: t('members.searchHint') },
    { kind: 'many', name: 'tag', label: t('nav.tags'), options: tags },
    { kind: 'select', name: 'platform', label: t('members.platform'), options: platforms },
    { kind: 'select', name: 'province', label: t('members.province'), options: provinces },
    {
      kind: 'select',
      name: 'has_phone',
      label: t('members.hasPhone'),
      options: [
        { value: 'true', label: t('members.withPhone') },
        { value: 'false', label: t('members.withoutPhone') },
      ],
    },
    {
      kind: 'select',
      name: 'gender',
      label: t('members.gender'),
      options: ['female', 'male', 'other'].map((value) => ({ value, label: word('gender', value) })),
    },
  ];
}

/** Words that found nobody together may each find somebody: one of them was heard or typed wrong. */
function OneWord({ query }: { query: string }) {
  const { t } = useTranslation();
  const words = query.trim().split(/\s+/);
  if (words.length < 2 || words.length > 3) return null;
  return words.map((word) => (
    <Link key={word} to={`/members?query=${encodeURIComponent(word)}`}>
      <Button>{t('members.searchOnly', { word })}</Button>
    </Link>
  ));
}

export function Component() {
  const { t } = useTranslation();
  const may = useCan('members:write');
  const [tagging, setTagging] = useState<{ choice: Choice<Member>; clear: () => void } | null>(null);
  const columns = useColumns();
  const filters = useFilters();
  const [params] = useSearchParams();
  const searched = params.get('query');
  const all = useOverview().data?.members.total;
  const tagged = useTags('all').data?.items;
  // What it says of the members that one filter alone finds none.
  const nobodyWith = (query: Record<string, string | undefined>) => {
    if (onlyFilter(query, 'has_phone') === 'false') return all ? { title: t('members.allWithPhone') } : null;
    for (const { names, value } of inForce(filters, new URLSearchParams(Object.entries(query).flatMap(([k, v]) => (v ? [[k, v]] : []))))) {
      const name = names[0] ?? '';
      if (onlyFilter(query, name) && NOBODY.includes(name)) return { title: t(`members.nobody.${name}`, { what: value }) };
    }
    return null;
  };
  return (
    <>
      <PageHead title={t('nav.members')} note={t(searched ? 'members.hitsNote' : 'members.listNote')} />
      <ResourceList<Member>
        page="members"
        label={t('nav.members')}
        path="/members"
        columns={columns}
        rowKey={(m) => m.id}
        exportBy={{ path: '/members/export', subject: 'members', clear: true }}
        filters={filters}
        total={(query) => (Object.values(query).every((value) => !value) ? all : (tagged?.find((tag) => tag.id === onlyFilter(query, 'tag'))?.members ?? null))}
        gap={({ index }) => (index ? t(index.total ? 'members.indexing' : 'members.indexingSoon', { done: formatNumber(index.done), total: formatNumber(index.total) }) : null)}
        {...(may
          ? {
              bulkAll: true,
              bulk: (choice: Choice<Member>, clear: () => void) => (
                <Button size="small" type="primary" icon={<TagsOutlined aria-hidden="true" />} onClick={() => setTagging({ choice, clear })}>
                  {t('tags.bulk')}
                </Button>
              ),
            }
          : {})}
        nothing={(query) => nobodyWith(query)}
        elsewhere={(query) =>
          <>
            {/\d{6}/.test(query) ? (
              <Link to={`/orders?query=${encodeURIComponent(query)}`}>
                <Button type="primary">{t('members.searchOrders')}</Button>
              </Link>
            ) : null}
            <OneWord query={query} />
          </>
        }
        empty={
          <EmptyTeach
            title={t('members.empty')}
            text={t('members.emptyText')}
            actions={
              <Link to="/imports/new">
                <Button type="primary">{t('imports.new')}</Button>
              </Link>
            }
          />
        }
      />
      {tagging ? (
        <BulkTags
          choice={tagging.choice}
          onClose={() => setTagging(null)}
          onDone={() => {
            tagging.clear();
            setTagging(null);
          }}
        />
      ) : null}
    </>
  );
}
