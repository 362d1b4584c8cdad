/** The members of a trial: who loses, who moves, who is in a cell of the matrix; on screen page by page, and whole as a file. */
import type { Page } from '@api';
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
import { type Asked, type TrialInput, type TriedMember, WHICH, type Which } from './contract';

interface Props {
  programme: string;
  asked: TrialInput;
  list: Asked;
  names: Map<string, string>;
  /** Over how many months the earning is; none where it was not tried. */
  months: number | null;
  onList: (list: Asked) => void;
}

const FORMATS = ['csv', 'xlsx', 'parquet'] as const;

export function TriedMembers({ programme, asked, list, names, months, onList }: Props) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const zone = useZone();
  const [busy, setBusy] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const body = { ...asked, ...list };
  const found = useInfiniteQuery({
    queryKey: ['trial-members', merchant.id, programme, JSON.stringify(body)],
    queryFn: ({ pageParam, signal }) => api.post<Page<TriedMember>>(`/programmes/${programme}/trials/members`, body, { query: { limit: 20, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (last: Page<TriedMember>) => last.next_cursor || undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const rows = (found.data?.pages ?? []).flatMap((page) => page.items);
  const tier = (id: string | null) => (id === null ? t('trial.noLadder') : (names.get(id) ?? id));
  const move = (pair: TriedMember['held']) => (pair.before === pair.after ? tier(pair.after) : `${tier(pair.before)} → ${tier(pair.after)}`);
  const cell = list.tier_before !== undefined || list.tier_after !== undefined;
  const columns: Column<TriedMember>[] = [
    {
      key: 'member',
      title: t('members.one'),
      render: (m) => (
        <Link to={`/members/${m.member}?tab=points`} target="_blank" title={m.member} className="mono nowrap">
          <span className="visually-hidden">{t('members.open')} </span>…{m.member.slice(-6)}
        </Link>
      ),
    },
    { key: 'held', title: t('trial.byOf.held'), render: (m) => move(m.held) },
    { key: 'judged', title: t('trial.byOf.judged'), render: (m) => move(m.judged) },
    ...(months ? [{ key: 'earning', title: t('trial.earnedMonths', { n: months }), align: 'right' as const, render: (m: TriedMember) => (m.earning ? `${formatNumber(m.earning.before)} → ${formatNumber(m.earning.after)}` : '–') }] : []),
    { key: 'points', title: t('trial.pointsChange'), align: 'right', render: (m) => <span className={m.points < 0 ? 'amount bad-text' : 'amount'}>{m.points > 0 ? `+${formatNumber(m.points)}` : formatNumber(m.points)}</span> },
    { key: 'value', title: t('trial.inYuan'), align: 'right', render: (m) => <span className="amount">{formatMoney(m.value)}</span> },
  ];
  const save = async (format: (typeof FORMATS)[number]) => {
    setBusy(format);
    setFault(null);
    try {
      downloadBlob(await api.download(`/programmes/${programme}/trials/file`, undefined, { ...body, format }), `trial-${list.which}-${today(zone)}.${format}`);
    } catch (problem) {
      setFault(problem);
    }
    setBusy(null);
  };
  return (
    <section>
      <h3 className="sub-title">{t('trial.members')}</h3>
      <div className="row-gap">
        <Select<Which>
          className="trial-which"
          aria-label={t('trial.which')}
          value={list.which}
          options={WHICH.map((value) => ({ value, label: t(`trial.whichOf.${value}`) }))}
          onChange={(which) => onList({ which })}
          popupMatchSelectWidth={false}
        />
        {cell ? (
          <Button size="small" onClick={() => onList({ which: 'losing' })}>
            {t('trial.onlyCell', { by: t(`trial.byOf.${list.by ?? 'held'}`), move: `${tier(list.tier_before ?? null)} → ${tier(list.tier_after ?? null)}` })} ×
          </Button>
        ) : null}
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
