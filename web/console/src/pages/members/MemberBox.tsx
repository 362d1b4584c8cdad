/** A box that finds a member as the list of members does (phone, last digits, name, account) and holds the one chosen. */
import type { Member, Page } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useSession } from '../../app/session';
import { useRested } from '../segments/live/useLive';
import { memberName, tellingPhone } from './cells';

const FOUND = 20;

/** One masked name is that of many: phone or mail tells them apart. */
const known = (member: Member): string => {
  const name = memberName(member);
  const more = tellingPhone(member) ?? member.email_masked ?? `…${member.id.slice(-6)}`;
  return more === name ? name : `${name} · ${more}`;
};

interface Props {
  label: string;
  value: string | null | undefined;
  className?: string;
  onChange: (id: string | undefined) => void;
}

export function MemberBox({ label, value, className, onChange }: Props) {
  const { t } = useTranslation();
  const { merchant, can } = useSession();
  const may = can('members:read');
  const [typed, setTyped] = useState('');
  const asked = useRested(typed.trim());
  const found = useQuery<Page<Member>>({
    queryKey: ['member-box', merchant.id, asked],
    queryFn: ({ signal }) => api.get<Page<Member>>('/members', { query: asked, limit: FOUND }, signal),
    enabled: may && asked !== '',
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery<Member>({
    queryKey: ['member', merchant.id, value],
    queryFn: () => api.get<Member>(`/members/${encodeURIComponent(value ?? '')}`),
    enabled: may && Boolean(value),
    staleTime: 60_000,
  });
  const options = asked === '' ? [] : (found.data?.items ?? []).map((m) => ({ value: m.id, label: known(m) }));
  if (value && !options.some((one) => one.value === value)) options.unshift({ value, label: chosen.data ? known(chosen.data) : `…${value.slice(-6)}` });
  const waiting = found.isFetching || asked !== typed.trim();
  return (
    <Select<string>
      className={className ?? 'full'}
      allowClear
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      options={options}
      loading={waiting && typed !== ''}
      // The server has looked already.
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      onChange={(id: string | undefined) => {
        setTyped('');
        onChange(id);
      }}
      notFoundContent={<span className="muted">{typed.trim() === '' ? t('members.searchHint') : t(waiting ? 'common.loading' : found.error ? 'common.problem.refused' : 'list.nothingFound')}</span>}
      popupMatchSelectWidth={false}
    />
  );
}
