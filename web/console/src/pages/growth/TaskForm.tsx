/** A growth task, written: what is to be done, by whom, when, how often, for what; who has done it already is told before it is saved. */
import '../../styles/benefits.css';
import type { GrowthGoal, GrowthPast, GrowthRepeat, GrowthTask, GrowthTaskInput } from '@api';
import { Input, InputNumber, Radio, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, plainMoney } from '../../app/format';
import { useMerchant } from '../../app/session';
import { useAct } from '../../ui/act';
import { FormDrawer } from '../../ui/FormDrawer';
import { ProblemAlert } from '../../ui/problem';
import { type Gift, GiftFields } from '../benefits/form/GiftFields';
import { amountOf, Field, SpanFields, WhoFields } from '../benefits/form/parts';
import { GROWTH_TOUCHES } from '../benefits/use';
import { useSpanWords, useWhoWords } from '../benefits/words';
import { usePackWords } from '../packs/words';
import { type Told, useAlready } from './already';
import { type GoalDraft, GoalFields } from './GoalFields';
import { useGrowthWords } from './words';

interface Draft extends Gift {
  name: string;
  says: string;
  who: NonNullable<GrowthTaskInput['who']>;
  from: string | null;
  until: string | null;
  goal: GoalDraft;
  repeat: GrowthRepeat;
  past: GrowthPast;
  pieces: number | null;
}

const draftOf = (task: GrowthTask | null): Draft => ({
  name: task?.name ?? '',
  says: task?.says ?? '',
  who: task?.who ?? {},
  from: task?.from ?? null,
  until: task?.until ?? null,
  goal: {
    kind: task?.goal.kind ?? 'orders',
    times: task?.goal.times || 1,
    amount: task?.goal.amount ? plainMoney(task.goal.amount) : '',
    fields: task?.goal.fields ?? [],
    categories: task?.goal.categories ?? [],
    shops: task?.goal.shops ?? [],
    act: task?.goal.act ?? 'share',
    skus: task?.goal.skus ?? [],
  },
  repeat: task?.repeat ?? 'once',
  past: task?.past ?? 'ignore',
  points: task?.points ?? 0,
  growth: task?.growth ?? 0,
  uses: task?.uses ?? [],
  rewards: task?.rewards ?? [],
  pieces: task?.pieces ?? null,
});

/** Only what its sort asks for; nothing where that is not all there. */
function goalOf(goal: GoalDraft, currency: string): GrowthGoal | null {
  switch (goal.kind) {
    case 'profile':
      return goal.fields.length > 0 ? { kind: goal.kind, fields: goal.fields } : null;
    case 'spend': {
      const amount = amountOf(goal.amount, currency);
      return amount && amount.amount > 0 ? { kind: goal.kind, amount, categories: goal.categories, shops: goal.shops } : null;
    }
    case 'orders':
      return goal.times > 0 ? { kind: goal.kind, times: goal.times, categories: goal.categories, shops: goal.shops } : null;
    case 'acts':
      return goal.times > 0 && goal.act ? { kind: goal.kind, times: goal.times, act: goal.act, skus: goal.skus } : null;
    default:
      return goal.times > 0 ? { kind: goal.kind, times: goal.times } : null;
  }
}

/** Who has done it already, as far as that is counted. */
function Already({ told, past, pieces }: { told: Told | null; past: GrowthPast; pieces: number | null }) {
  const { t } = useTranslation();
  if (!told) return <p className="muted small growth-already">{t('growth.already.counting')}</p>;
  if (told.error) return <ProblemAlert error={told.error} />;
  const figures = { n: formatNumber(told.done), looked: formatNumber(told.looked), members: formatNumber(told.members) };
  return (
    <p className="growth-already" role="status">
      {told.whole ? t(past === 'count' ? 'growth.already.count' : 'growth.already.ignore', figures) : t('growth.already.some', figures)}
      {past === 'count' && pieces !== null && told.done > pieces ? ` ${t('growth.already.more', { pieces: formatNumber(pieces) })}` : ''}
    </p>
  );
}

/** Amounts are in the merchant's currency: the form waits until that is known. */
export function TaskForm({ task, onClose }: { task: GrowthTask | null; onClose: () => void }) {
  const currency = useMerchant().data?.currency;
  return currency ? <Form task={task} currency={currency} onClose={onClose} /> : null;
}

function Form({ task, currency, onClose }: { task: GrowthTask | null; currency: string; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const words = useGrowthWords();
  const reward = usePackWords();
  const [who, span] = [useWhoWords(), useSpanWords()];
  const [draft, setDraft] = useState<Draft>(() => draftOf(task));
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const profile = draft.goal.kind === 'profile';
  const past: GrowthPast = profile ? 'count' : draft.past;
  const goal = goalOf(draft.goal, currency);
  const empty = draft.points === 0 && draft.growth === 0 && draft.uses.length === 0 && draft.rewards.length === 0;
  const programmeWanted = !draft.who.programme && (draft.points > 0 || draft.growth > 0 || draft.goal.kind === 'points');
  const input = (): GrowthTaskInput | null =>
    goal && !empty && !programmeWanted
      ? { ...draft, goal, past, name: draft.name.trim() || t('growth.one'), says: draft.says.trim(), repeat: profile ? 'once' : draft.repeat, ...(task ? { version: task.version } : {}) }
      : null;
  // Of a task that is there already the walk after saving tells.
  const asked = task ? null : input();
  const told = useAlready(asked && { ...asked, name: t('growth.one'), says: '' });
  const save = useAct((client) => (task ? client.put(`/growth-tasks/${task.id}`, input()) : client.post('/growth-tasks', input())), {
    quiet: true,
    followed: true,
    done: t(task ? 'common.saved' : 'growth.made'),
    touches: GROWTH_TOUCHES,
    onDone: onClose,
  });
  const wanting = draft.name.trim() === '' || input() === null;
  return (
    <FormDrawer title={t(task ? 'growth.editTitle' : 'growth.newTitle', { name: task?.name ?? '' })} wanting={wanting} save={save} onClose={onClose}>
      <p className="form-says">
        {!goal || empty
          ? t('growth.saysEmpty')
          : t('growth.says', { who: who(draft.who), goal: words.goal(goal), repeat: words.repeat(profile ? 'once' : draft.repeat), reward: reward.content(draft) })}
        {goal && !empty && span(draft.from, draft.until) ? ` ${t('growth.saysSpan', { span: span(draft.from, draft.until) })}` : ''}
        {goal && !empty && draft.pieces !== null ? ` ${t('growth.saysPieces', { n: formatNumber(draft.pieces) })}` : ''}
      </p>
      <Field label={t('common.name')}>{(at) => <Input id={at} maxLength={60} placeholder={t('growth.nameHint')} value={draft.name} onChange={(e) => put({ name: e.target.value })} />}</Field>
      <Field label={t('growth.saysLabel')} note={t('growth.saysNote')}>
        {(at) => <Input id={at} maxLength={200} placeholder={t('growth.saysHint')} value={draft.says} onChange={(e) => put({ says: e.target.value })} />}
      </Field>
      <h3 className="sub-title">{t('growth.goal')}</h3>
      <GoalFields goal={draft.goal} fixed={task !== null} currency={currency} onChange={(change) => put({ goal: { ...draft.goal, ...change } })} />
      {profile ? null : (
        <Field label={t('growth.repeat')}>
          {(at) => <Select id={at} className="full" disabled={task !== null} value={draft.repeat} options={(['once', 'month', 'year'] as const).map((value) => ({ value, label: t(`growth.repeatOf.${value}`) }))} onChange={(repeat) => put({ repeat })} />}
        </Field>
      )}
      <SpanFields from={draft.from} until={draft.until} onChange={put} />
      <h3 className="sub-title">{t('growth.whoMay')}</h3>
      <WhoFields who={draft.who} onChange={(next) => put({ who: next })} />
      {programmeWanted ? <p className="warn-text small">{t('growth.programmeWanted')}</p> : null}
      <h3 className="sub-title">{t('growth.reward')}</h3>
      <GiftFields gift={draft} note={t('growth.rewardsNote')} onChange={put} />
      <Field label={t('growth.pieces')} note={t('growth.piecesNote')}>
        {(at) => <InputNumber id={at} className="form-short" min={1} max={100_000_000} precision={0} placeholder={t('growth.noEnd')} value={draft.pieces} onChange={(pieces) => put({ pieces })} />}
      </Field>
      <h3 className="sub-title" id={`${id}-past`}>
        {t('growth.past')}
      </h3>
      {profile ? (
        <p className="muted small">{t('growth.pastProfile')}</p>
      ) : (
        <Radio.Group className="form-choices" disabled={task !== null} aria-labelledby={`${id}-past`} value={draft.past} onChange={(e) => put({ past: e.target.value as GrowthPast })} options={(['ignore', 'count'] as const).map((value) => ({ value, label: t(`growth.pastOf.${value}`) }))} />
      )}
      {task ? <p className="muted small">{t('growth.changeNote')}</p> : input() ? <Already told={told} past={past} pieces={draft.pieces} /> : null}
    </FormDrawer>
  );
}
