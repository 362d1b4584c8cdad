/**
 * Writing down a portrait that one wishes for: whose buyers, and what share of them is to have which values, beside the
 * shares of a group that serves as the pattern.
 */
import '../../styles/insight.css';
import '../../styles/segments.css';
import '../../styles/targets.css';
import type { PortraitTarget, SegmentPortrait } from '@api';
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Input, InputNumber, Segmented, Select, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { usePrefs } from '../../app/prefs';
import { useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card, PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { percent } from '../portrait/lift';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { Words } from '../segments/builder/Words';
import { bodyOf, type Choice, choicesOf, draftOf, fresh, freshWish, isWhole, shareOf, type SubjectKind, type TargetDraft, type WishDraft, wishesLike } from './draft';
import { TARGET_TOUCHES } from './useTarget';

type Put = (change: Partial<TargetDraft>) => void;

function Whose({ draft, put }: { draft: TargetDraft; put: Put }) {
  const { t } = useTranslation();
  const names = useSegmentNames();
  const id = useId();
  return (
    <Card title={t('targets.whose')}>
      <label className="field-label" htmlFor={`${id}-name`}>
        {t('common.name')}
      </label>
      <Input id={`${id}-name`} className="gap-below" value={draft.name} maxLength={80} placeholder={t('targets.namePlaceholder')} onChange={(e) => put({ name: e.target.value })} />
      <div className="target-subject">
        <Segmented<SubjectKind>
          aria-label={t('targets.whose')}
          value={draft.kind}
          options={(['skus', 'category', 'segment'] as const).map((value) => ({ value, label: t(`targets.kind.${value}`) }))}
          onChange={(kind) => put({ kind })}
        />
        {draft.kind === 'skus' ? <Words label={t('targets.kind.skus')} vocabulary="sku" values={null} value={draft.skus} onChange={(skus) => put({ skus })} /> : null}
        {draft.kind === 'category' ? (
          <Words label={t('targets.kind.category')} vocabulary="category" values={null} single value={draft.category ? [draft.category] : []} onChange={([category]) => put({ category: category ?? null })} />
        ) : null}
        {draft.kind === 'segment' ? (
          <Select
            className="target-segment"
            aria-label={t('targets.kind.segment')}
            placeholder={t('builder.segment.which')}
            value={draft.segment ?? undefined}
            loading={names.isPending}
            options={(names.data ?? []).filter((s) => s.state !== 'archived').map((s) => ({ value: s.id, label: s.name }))}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(segment: string) => put({ segment })}
          />
        ) : (
          <span className="target-days">
            <label htmlFor={`${id}-days`}>{t('targets.days')}</label>
            <InputNumber id={`${id}-days`} min={1} max={3650} precision={0} placeholder={t('portrait.allTime')} value={draft.days} onChange={(days) => put({ days })} suffix={t('targets.daysUnit')} />
          </span>
        )}
      </div>
      <p className="muted small">{t('targets.whoseNote')}</p>
    </Card>
  );
}

interface RowProps {
  wish: WishDraft;
  choices: Choice[];
  put: (wish: WishDraft) => void;
  drop: (() => void) | null;
}

function WishRow({ wish, choices, put, drop }: RowProps) {
  const { t } = useTranslation();
  const choice = choices.find((c) => c.key === wish.attribute);
  const now = shareOf(choice, wish.values);
  const label = (bar: { label: string; share: number | null }) => (bar.share === null ? bar.label : `${bar.label} · ${percent(bar.share)}`);
  return (
    <li className="wish">
      <Select
        aria-label={t('targets.attribute')}
        placeholder={t('targets.attribute')}
        value={wish.attribute ?? undefined}
        options={choices.map((c) => ({ value: c.key, label: c.label }))}
        onChange={(attribute: string) => put({ ...wish, attribute, values: [] })}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
      />
      <Select
        mode="multiple"
        className="wish-values"
        aria-label={t('portrait.value')}
        placeholder={t('portrait.value')}
        value={wish.values}
        disabled={!choice}
        options={(choice?.bars ?? []).map((bar) => ({ value: bar.value, label: label(bar), name: bar.label }))}
        optionLabelProp="name"
        {...(choice?.multiple ? { maxCount: 1 } : {})}
        onChange={(values: string[]) => put({ ...wish, values })}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
      />
      <InputNumber
        className="wish-share"
        aria-label={t('targets.wished')}
        placeholder={t('targets.wished')}
        min={0.01}
        max={100}
        precision={2}
        value={wish.percent}
        onChange={(n) => put({ ...wish, percent: n })}
        suffix="%"
      />
      <span className="muted small wish-now">{now === null ? '' : t('targets.patternHas', { share: percent(now) })}</span>
      <Button type="text" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t('targets.dropWish')} disabled={!drop} onClick={() => drop?.()} />
    </li>
  );
}

function Wishes({ draft, put }: { draft: TargetDraft; put: Put }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const names = useSegmentNames();
  const [pattern, setPattern] = useState('');
  const portrait = useQuery<SegmentPortrait>({
    queryKey: ['portrait', merchant.id, 'pattern', pattern, language],
    queryFn: ({ signal }) => api.post<SegmentPortrait>('/segments/portrait', { ...(pattern ? { segment: pattern } : { text: 'everyone' }), bars: 1000 }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const choices = choicesOf(portrait.data);
  const put1 = (wish: WishDraft) => put({ wishes: draft.wishes.map((w) => (w.key === wish.key ? wish : w)) });
  return (
    <Card title={t('targets.wishes')}>
      <div className="target-pattern">
        <Select
          aria-label={t('targets.pattern')}
          value={pattern}
          loading={portrait.isFetching}
          options={[{ value: '', label: t('targets.patternAll') }, ...(names.data ?? []).filter((s) => s.state !== 'archived').map((s) => ({ value: s.id, label: t('targets.patternOf', { name: s.name }) }))]}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={setPattern}
          popupMatchSelectWidth={false}
        />
        <Button disabled={choices.length === 0} onClick={() => put({ wishes: wishesLike(choices) })}>
          {t('targets.fill')}
        </Button>
      </div>
      <p className="muted small">{t('targets.wishesNote')}</p>
      <ProblemAlert error={portrait.error} retry={() => void portrait.refetch()} />
      {portrait.isPending ? (
        <Skeleton active />
      ) : (
        <ul className="wishes" aria-label={t('targets.wishes')}>
          {draft.wishes.map((wish) => (
            <WishRow key={wish.key} wish={wish} choices={choices} put={put1} drop={draft.wishes.length > 1 ? () => put({ wishes: draft.wishes.filter((w) => w.key !== wish.key) }) : null} />
          ))}
        </ul>
      )}
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => put({ wishes: [...draft.wishes, freshWish()] })}>
        {t('targets.addWish')}
      </Button>
    </Card>
  );
}

function Form({ target, start }: { target: PortraitTarget | null; start: TargetDraft }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(start);
  const put: Put = (change) => setDraft((before) => ({ ...before, ...change }));
  const save = useAct<void, PortraitTarget>(
    (client) => (target ? client.put<PortraitTarget>(`/portrait-targets/${target.id}`, { ...bodyOf(draft), version: target.version }) : client.post<PortraitTarget>('/portrait-targets', bodyOf(draft))),
    { quiet: true, done: t('targets.saved'), touches: TARGET_TOUCHES, onDone: (saved) => void navigate(`/segments/targets/${saved.id}`, { replace: true }) },
  );
  return (
    <>
      <PageHead
        title={target ? t('targets.editOf', { name: target.name }) : t('targets.new')}
        back={
          <Link to={target ? `/segments/targets/${target.id}` : '/segments?tab=targets'} className="back-link">
            ← {target?.name ?? t('targets.title')}
          </Link>
        }
        note={t('targets.note')}
        actions={
          <Button type="primary" disabled={!isWhole(draft)} loading={save.isPending} onClick={() => save.mutate()}>
            {t('targets.save')}
          </Button>
        }
      />
      <ProblemAlert error={save.error} />
      <div className="stack">
        <Whose draft={draft} put={put} />
        <Wishes draft={draft} put={put} />
      </div>
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { id } = useParams();
  const [params] = useSearchParams();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const target = useQuery<PortraitTarget>({
    queryKey: ['portrait-target', merchant.id, id, language],
    queryFn: () => api.get<PortraitTarget>(`/portrait-targets/${id ?? ''}`),
    enabled: Boolean(id),
    refetchOnWindowFocus: false,
  });
  if (!id) {
    const segment = params.get('segment');
    return <Form target={null} start={segment ? { ...fresh(), kind: 'segment', segment } : fresh()} />;
  }
  if (target.data) return <Form key={target.data.id} target={target.data} start={draftOf(target.data)} />;
  return (
    <>
      <PageHead title={t('targets.one')} />
      {target.error ? <ProblemAlert error={target.error} retry={() => void target.refetch()} /> : <Skeleton active />}
    </>
  );
}
