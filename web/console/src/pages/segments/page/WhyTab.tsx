/** Why one member is in, or is not: every condition with its outcome and the values it was judged by. */
import type { Member, Page, SegmentWhy, WhyNode } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '../../../app/api';
import { usePrefs } from '../../../app/prefs';
import { useSession } from '../../../app/session';
import { Mark } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { useRested } from '../live/useLive';
import { memberName } from '../../members/cells';

/** Finds members by whatever the list of members finds them by; an id can be pasted. Until something is typed, the segment's own. */
function MemberFinder({ segment, value, onChange }: { segment: string; value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const [typed, setTyped] = useState('');
  const rested = useRested(typed.trim());
  const found = useQuery<Page<Member>>({
    queryKey: ['members-find', merchant.id, rested],
    queryFn: ({ signal }) => api.get<Page<Member>>('/members', { query: rested, limit: 20 }, signal),
    enabled: rested.length > 0 && !rested.startsWith('mem_'),
  });
  const inside = useQuery<Page<Member>>({
    queryKey: ['segment', merchant.id, segment, 'members-first'],
    queryFn: ({ signal }) => api.get<Page<Member>>(`/segments/${segment}/members`, { limit: 20 }, signal),
  });
  const chosen = useQuery<Member>({
    queryKey: ['member', merchant.id, value],
    queryFn: () => api.get<Member>(`/members/${encodeURIComponent(value ?? '')}`),
    enabled: value !== null,
  });
  const options = [
    ...(rested.startsWith('mem_') ? [{ value: rested, label: rested }] : ((rested.length > 0 ? found.data : inside.data)?.items ?? []).map((m) => ({ value: m.id, label: [memberName(m), m.phone_masked].filter(Boolean).join(' · ') }))),
    ...(value && chosen.data ? [{ value, label: memberName(chosen.data) }] : []),
  ];
  return (
    <Select
      className="full why-find"
      aria-label={t('segments.whyFind')}
      placeholder={t('segments.whyFind')}
      value={value ?? undefined}
      allowClear
      options={options.filter((o, i) => options.findIndex((other) => other.value === o.value) === i)}
      loading={found.isFetching}
      showSearch={{ searchValue: typed, onSearch: setTyped, filterOption: false }}
      onChange={(id?: string) => onChange(id ?? null)}
      notFoundContent={<span className="muted">{found.isFetching ? t('common.loading') : rested.length > 0 ? t('segments.whyNobody') : t('segments.whyFind')}</span>}
    />
  );
}

const depth = (path: string) => path.split('/').filter((step) => step === 'args' || step === 'arg' || step === 'where' || step === 'of').length;

/** Whether a condition stands under an odd number of denials: what is not so is then what was wished. */
const denied = (path: string) => path.split('/').filter((step) => step === 'arg').length % 2 === 1;

export function Verdicts({ nodes }: { nodes: WhyNode[] }) {
  const { t } = useTranslation();
  return (
    <ol className="verdicts">
      {nodes.map((node) => (
        <li key={node.path} style={{ paddingLeft: `${Math.min(depth(node.path), 6) * 20}px` }}>
          <Mark tone={node.result !== true && node.result !== false ? 'warn' : node.result !== denied(node.path) ? 'good' : 'bad'}>{t(node.result === true ? 'segments.whyTrue' : node.result === false ? 'segments.whyFalse' : 'segments.whyMissing')}</Mark>
          <span className="verdict-text">
            <span>{node.text}</span>
            {(node.values ?? []).map((v, i) => (
              <span key={i} className="muted small block">
                {v.text} = <strong>{v.value === null || v.value === undefined ? t('segments.whyMissing') : typeof v.value === 'object' ? JSON.stringify(v.value) : String(v.value)}</strong>
              </span>
            ))}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function WhyTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const [params, setParams] = useSearchParams();
  const member = params.get('member');
  const answer = useQuery<SegmentWhy>({
    queryKey: ['segment', merchant.id, id, 'why', member, language],
    queryFn: ({ signal }) => api.get<SegmentWhy>(`/segments/${id}/why`, { member }, signal),
    enabled: member !== null,
  });
  return (
    <div className="pad stack">
      <div>
        <div className="field-label">{t('segments.whyTitle')}</div>
        <MemberFinder segment={id} value={member} onChange={(next) => setParams({ tab: 'why', ...(next ? { member: next } : {}) }, { replace: true })} />
      </div>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {member && answer.isPending ? <Skeleton active /> : null}
      {answer.data ? (
        <>
          <div className="row-gap tight">
            <strong role="status">{t(answer.data.matches === true ? 'segments.whyIn' : answer.data.matches === false ? 'segments.whyOut' : 'segments.whyUnknown')}</strong>
            <Link to={`/members/${member ?? ''}`}>
              <Button size="small">{t('members.open')}</Button>
            </Link>
          </div>
          <Verdicts nodes={answer.data.tree} />
        </>
      ) : null}
    </div>
  );
}
