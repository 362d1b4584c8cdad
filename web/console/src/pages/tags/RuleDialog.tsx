/** The rule of a tag: the segment whose members have it, how far it is applied, and how the tag changed of late. */
import type { Page, Segment, Tag, TagDay, TagRule } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Modal, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useCan, useSession } from '../../app/session';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Mark, Time } from '../../ui/bits';
import { DataTable } from '../../ui/DataTable';
import { ProblemAlert } from '../../ui/problem';
import { TAG_TOUCHES } from './useTags';

const TOUCHES = [...TAG_TOUCHES, ['jobs'], ['list'], ['member']];

export function RuleState({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Mark tone={state === 'applied' ? 'good' : state === 'applying' ? 'warn' : 'plain'}>{t(`tags.ruleState.${state}`, { defaultValue: state })}</Mark>;
}

function Now({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const who = useWhoName();
  const rule = useQuery<TagRule>({ queryKey: ['tag-rules', merchant.id, tag.id], queryFn: () => api.get<TagRule>(`/tags/${tag.id}/rule`), refetchOnMount: 'always' });
  if (!rule.data) return <ProblemAlert error={rule.error} />;
  const { segment, state, members, applied_at, set_by, set_at } = rule.data;
  return (
    <dl className="facts">
      <div><dt>{t('tags.ruleSegment')}</dt>
      <dd>
        <Link to={`/segments/${segment.id}`}>{segment.name}</Link> <RuleState state={state} />
      </dd></div>
      <div><dt>{t('tags.ruleMembers')}</dt>
      <dd>{t('tags.nMembers', { n: formatNumber(members ?? 0) })}</dd></div>
      <div><dt>{t('tags.ruleApplied')}</dt>
      <dd>{applied_at ? <Time at={applied_at} /> : t('tags.ruleNever')}</dd></div>
      <div><dt>{t('tags.ruleSetBy')}</dt>
      <dd>
        {who(set_by)} <Time at={set_at} day />
      </dd></div>
    </dl>
  );
}

function Days({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const [from, to] = [dayjs().subtract(29, 'day').format('YYYY-MM-DD'), dayjs().add(1, 'day').format('YYYY-MM-DD')];
  const days = useQuery<Page<TagDay>>({
    queryKey: ['tags', merchant.id, tag.id, 'days', from, to],
    queryFn: () => api.get<Page<TagDay>>(`/tags/${tag.id}/days`, { from, to }),
    // A rule goes on giving while the dialog is closed.
    refetchOnMount: 'always',
  });
  const changed = (days.isFetching ? [] : (days.data?.items ?? [])).filter((d) => d.given || d.taken).reverse();
  return (
    <>
      <h3 className="gap-above">{t('tags.days')}</h3>
      <ProblemAlert error={days.error} />
      {days.data && !days.isFetching && changed.length === 0 ? <p className="muted">{t('tags.daysNone')}</p> : null}
      {changed.length > 0 ? (
        <DataTable
          label={t('tags.days')}
          rows={changed}
          rowKey={(d) => d.day}
          dense
          columns={[
            { key: 'day', title: t('tags.day'), render: (d) => d.day },
            { key: 'given', title: t('tags.dayGiven'), align: 'right', render: (d) => formatNumber(d.given) },
            { key: 'taken', title: t('tags.dayTaken'), align: 'right', render: (d) => formatNumber(d.taken) },
          ]}
        />
      ) : null}
    </>
  );
}

export function RuleDialog({ tag, rule, onClose }: { tag: Tag; rule: TagRule | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const may = useCan('members:write');
  const [chosen, setChosen] = useState<string | undefined>(rule?.segment.id);
  const segments = useQuery<Segment[]>({
    queryKey: ['segments', merchant.id, 'to-rule'],
    queryFn: async () => {
      const all: Segment[] = [];
      for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined; ) {
        const page: Page<Segment> = await api.get<Page<Segment>>('/segments', { state: 'active', limit: 200, ...(cursor ? { cursor } : {}) });
        all.push(...page.items.filter((s) => s.kind !== 'static'));
        cursor = page.next_cursor;
      }
      return all;
    },
    enabled: may && !tag.archived_at,
  });
  const save = useAct<string>((client, segment) => client.put(`/tags/${tag.id}/rule`, { segment }), {
    quiet: true,
    done: t('tags.ruleSaved'),
    touches: TOUCHES,
    onDone: onClose,
  });
  const drop = useAct((client) => client.delete(`/tags/${tag.id}/rule`), { quiet: true, done: t('tags.ruleRemoved'), touches: TOUCHES, onDone: onClose });
  const none = segments.data?.length === 0;
  return (
    <Modal open title={`${t('tags.rule')} · ${tag.name}`} footer={null} onCancel={onClose} destroyOnHidden>
      <ProblemAlert error={save.error ?? drop.error ?? segments.error} />
      <p className="muted">{t('tags.ruleText', { name: tag.name })}</p>
      {rule ? <Now tag={tag} /> : null}
      {may && !tag.archived_at ? (
        <>
          {none ? (
            <p>{t('tags.ruleNoSegments')}</p>
          ) : (
            <Select
              className="rule-pick"
              aria-label={t('tags.ruleSegment')}
              placeholder={t('tags.rulePick')}
              showSearch={{ optionFilterProp: 'label' }}
              loading={segments.isPending}
              value={chosen}
              onChange={setChosen}
              options={(segments.data ?? []).map((s) => ({ value: s.id, label: `${s.name} · ${t('tags.nMembers', { n: formatNumber(s.size ?? 0) })}` }))}
            />
          )}
          <div className="drawer-footer">
            {rule ? (
              <Button danger loading={drop.isPending} onClick={() => drop.mutate()}>
                {t('tags.ruleRemove')}
              </Button>
            ) : (
              <Button onClick={onClose}>{t('common.cancel')}</Button>
            )}
            <Button type="primary" disabled={!chosen || chosen === rule?.segment.id} loading={save.isPending} onClick={() => chosen && save.mutate(chosen)}>
              {t('common.save')}
            </Button>
          </div>
        </>
      ) : null}
      <Days tag={tag} />
    </Modal>
  );
}
