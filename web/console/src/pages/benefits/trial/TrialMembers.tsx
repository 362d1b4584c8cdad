/** The members of a trial of a benefit: on screen page by page, and whole as a file. */
import type { BenefitTrialMember, Page } from '@api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../../app/api';
import { formatMoney, formatNumber, today } from '../../../app/format';
import { useSession, useZone } from '../../../app/session';
import { downloadBlob } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { ProblemAlert } from '../../../ui/problem';
import type { Tried } from './TrialDrawer';

const WHICH = ['losing', 'refused', 'gaining'] as const;
type Which = (typeof WHICH)[number];
const FORMATS = ['csv', 'xlsx', 'parquet'] as const;

export function TrialMembers({ asked, months, currency }: { asked: Tried & { months: number }; months: number; currency: string }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const zone = useZone();
  const [which, setWhich] = useState<Which>('losing');
  const [busy, setBusy] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const body = { ...asked, which };
  const found = useInfiniteQuery({
    queryKey: ['benefit-trial-members', merchant.id, JSON.stringify(body)],
    queryFn: ({ pageParam, signal }) => api.post<Page<BenefitTrialMember>>('/benefits/trials/members', body, { query: { limit: 20, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (last: Page<BenefitTrialMember>) => last.next_cursor || undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const rows = (found.data?.pages ?? []).flatMap((page) => page.items);
  const what = (m: BenefitTrialMember) => (m.had && !m.has ? t('benefits.trial.losesIt', { why: t(`benefits.trial.why.${m.why}`) }) : !m.had && m.has ? t('benefits.trial.gainsIt') : t(m.has ? 'benefits.trial.keepsIt' : 'benefits.trial.neverHad'));
  const columns: Column<BenefitTrialMember>[] = [
    {
      key: 'member',
      title: t('members.one'),
      render: (m) => (
        <Link to={`/members/${m.member}?tab=benefits`} target="_blank" title={m.member} className="mono nowrap">
          <span className="visually-hidden">{t('members.open')} </span>…{m.member.slice(-6)}
        </Link>
      ),
    },
    { key: 'tier', title: t('benefits.tier'), render: (m) => m.tier ?? '–' },
    { key: 'what', title: t('benefits.trial.what'), render: what },
    { key: 'uses', title: t('benefits.trial.usedMonths', { n: months }), align: 'right', render: (m) => formatNumber(m.uses) },
    { key: 'refused', title: t('benefits.trial.refused'), align: 'right', render: (m) => <span className={m.refused > 0 ? 'bad-text' : undefined}>{formatNumber(m.refused)}</span> },
    { key: 'value', title: t('benefits.trial.value'), align: 'right', render: (m) => <span className="amount">{formatMoney({ amount: m.value, currency })}</span> },
  ];
  const save = async (format: (typeof FORMATS)[number]) => {
    setBusy(format);
    setFault(null);
    try {
      downloadBlob(await api.download('/benefits/trials/file', undefined, { ...body, format }), `benefit-trial-${which}-${today(zone)}.${format}`);
    } catch (problem) {
      setFault(problem);
    }
    setBusy(null);
  };
  return (
    <section>
      <h3 className="sub-title">{t('trial.members')}</h3>
      <div className="row-gap">
        <Select<Which> className="trial-which" aria-label={t('trial.which')} value={which} options={WHICH.map((value) => ({ value, label: t(`benefits.trial.whichOf.${value}`) }))} onChange={setWhich} popupMatchSelectWidth={false} />
        {FORMATS.map((format) => (
          <Button key={format} loading={busy === format} disabled={rows.length === 0} onClick={() => void save(format)}>
            {t('trial.file', { format: format.toUpperCase() })}
          </Button>
        ))}
      </div>
      <ProblemAlert error={found.error ?? fault} />
      {found.isPending ? <Skeleton active paragraph={{ rows: 3 }} /> : rows.length === 0 && !found.error ? <p className="muted">{t('trial.nobody')}</p> : null}
      {rows.length > 0 ? <DataTable label={t('trial.members')} columns={columns} rows={rows} rowKey={(m) => m.member} dense /> : null}
      {found.hasNextPage ? (
        <div className="more-rows">
          <Button type="text" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
