/** Finds a member as the list of members does, and takes one of those found. */
import type { Member, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatMoney } from '../../app/format';
import { useSession } from '../../app/session';
import { ProblemAlert } from '../../ui/problem';
import { memberName, tellingPhone } from './cells';

export function PickMember({ value, except, onChange }: { value: string | null; except?: string; onChange: (id: string | null) => void }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const [search, setSearch] = useState('');
  const found = useQuery<Page<Member>>({
    queryKey: ['merge-search', merchant.id, search],
    queryFn: () => api.get<Page<Member>>('/members', { query: search, limit: 10 }),
    enabled: search !== '',
  });
  const candidates = (found.data?.items ?? []).filter((m) => m.id !== except);
  return (
    <>
      <Input.Search
        placeholder={t('members.search')}
        aria-label={t('members.search')}
        onSearch={(text) => {
          setSearch(text.trim());
          onChange(null);
        }}
        loading={found.isFetching}
      />
      <ProblemAlert error={found.error} />
      {found.data && candidates.length === 0 ? <p className="muted pad">{t('list.nothingFound')}</p> : null}
      <Radio.Group className="merge-list" value={value} onChange={(e) => onChange(e.target.value as string)}>
        {candidates.map((m) => (
          <Radio key={m.id} value={m.id}>
            {memberName(m)} · {tellingPhone(m) ?? m.email_masked ?? m.id.slice(-6)} · {formatMoney(m.net_paid)}
          </Radio>
        ))}
      </Radio.Group>
    </>
  );
}
