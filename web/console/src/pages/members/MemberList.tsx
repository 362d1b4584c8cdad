/** All members: search by phone, last four digits, account, e-mail, name or own id. */
import type { Member } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { plainMoney } from '../../app/format';
import { Amount, EmptyTeach, PageHead, ShortId, Time, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { usePlatformOptions } from '../options';
import { KeyText, MemberLink, memberName, regionText } from './cells';

export function Component() {
  const { t } = useTranslation();
  const word = useWord();
  const platforms = usePlatformOptions();
  const columns: Column<Member>[] = [
    { key: 'name', title: t('members.name'), render: (m) => <MemberLink member={m} />, sheet: memberName },
    { key: 'phone', title: t('members.phone'), render: (m) => m.phone_masked ?? '–', sheet: (m) => m.phone_masked },
    {
      key: 'keys',
      title: t('members.keys'),
      render: (m) => (
        <span className="key-list">
          {m.keys.slice(0, 2).map((k, i) => (
            <KeyText key={i} item={k} />
          ))}
          {m.keys.length > 2 ? <span className="muted small">{t('members.moreKeys', { n: m.keys.length - 2 })}</span> : null}
        </span>
      ),
      sheet: (m) => m.keys.map((k) => `${k.kind}:${k.value_masked}`).join(' '),
    },
    { key: 'region', title: t('members.region'), render: (m) => regionText(m) || '–', sheet: regionText },
    { key: 'orders', title: t('members.orders'), align: 'right', render: (m) => m.orders_count, sheet: (m) => m.orders_count },
    {
      key: 'net_paid',
      title: t('members.netPaid'),
      align: 'right',
      render: (m) => <Amount value={m.net_paid} strong />,
      sheet: (m) => plainMoney(m.net_paid),
    },
    { key: 'last_order', title: t('members.lastOrder'), render: (m) => <Time at={m.last_order_at} day />, sheet: (m) => m.last_order_at },
    { key: 'joined', title: t('members.joined'), render: (m) => <Time at={m.joined_at ?? m.first_seen_at} day />, sheet: (m) => m.joined_at },
    { key: 'email', title: t('members.email'), hidden: true, render: (m) => m.email_masked ?? '–', sheet: (m) => m.email_masked },
    { key: 'gender', title: t('members.gender'), hidden: true, render: (m) => word('gender', m.gender), sheet: (m) => m.gender },
    { key: 'source', title: t('members.source'), hidden: true, render: (m) => m.join_source ?? '–', sheet: (m) => m.join_source },
    { key: 'id', title: t('members.id'), hidden: true, render: (m) => <ShortId id={m.id} />, sheet: (m) => m.id },
  ];
  return (
    <>
      <PageHead title={t('nav.members')} note={t('members.listNote')} />
      <ResourceList<Member>
        page="members"
        label={t('nav.members')}
        path="/members"
        columns={columns}
        rowKey={(m) => m.id}
        exportBy={{ path: '/members/export', subject: 'members', clear: true }}
        filters={[
          { kind: 'search', name: 'query', label: t('members.search') },
          { kind: 'select', name: 'platform', label: t('members.platform'), options: platforms },
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
        ]}
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
    </>
  );
}
