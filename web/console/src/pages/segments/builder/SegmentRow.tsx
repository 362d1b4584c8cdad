/** Being in another segment, or not. */
import type { Page, Segment } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { useSession } from '../../../app/session';
import type { Cond } from '../model/tree';
import { useBuilder } from './context';

/** Every segment that can be referred to, page by page: a shop has some hundreds at most. */
export function useSegmentNames(enabled = true) {
  const { merchant } = useSession();
  return useQuery<Segment[]>({
    queryKey: ['segment-names', merchant.id],
    queryFn: async ({ signal }) => {
      const all: Segment[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page<Segment> = await api.get<Page<Segment>>('/segments', { cursor, limit: 200, state: 'all' }, signal);
        all.push(...page.items);
        cursor = page.next_cursor || null;
      }
      return all;
    },
    staleTime: 60_000,
    enabled,
  });
}

export function SegmentRow({ cond, onChange }: { cond: Cond; onChange: (cond: Cond) => void }) {
  const { t } = useTranslation();
  const { self } = useBuilder();
  const names = useSegmentNames();
  const inner = (cond.op === 'not' ? cond.arg : cond) as Extract<Cond, { op: 'in_segment' }>;
  const how = cond.op === 'not' ? 'out' : 'in';
  const put = (which: string, id: string | null) => onChange(which === 'out' ? { op: 'not', arg: { op: 'in_segment', id } } : { op: 'in_segment', id });
  return (
    <div className="cond-line">
      <Select
        className="how"
        aria-label={t('builder.howOf')}
        value={how}
        options={['in', 'out'].map((value) => ({ value, label: t(`builder.segment.${value}`) }))}
        onChange={(value) => put(value, inner.id)}
        popupMatchSelectWidth={false}
      />
      <Select
        className="subject"
        aria-label={t('builder.segment.which')}
        placeholder={t('builder.segment.which')}
        value={inner.id ?? undefined}
        {...(inner.id ? {} : { status: 'warning' as const })}
        loading={names.isPending}
        options={(names.data ?? []).filter((s) => s.id !== self && (s.state !== 'archived' || s.id === inner.id)).map((s) => ({ value: s.id, label: s.name }))}
        onChange={(id: string) => put(how, id)}
        showSearch={{ optionFilterProp: 'label' }}
        notFoundContent={<span className="muted">{t('builder.segment.none')}</span>}
        popupMatchSelectWidth={false}
      />
    </div>
  );
}
