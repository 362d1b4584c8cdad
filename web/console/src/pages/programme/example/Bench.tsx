/** Steps on the left, the state after each on the right; the server reckons anew whenever the hand rests. */
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Problem } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Spin } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { usePrefs } from '../../../app/prefs';
import { useSession } from '../../../app/session';
import { EmptyTeach } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { useRested } from '../../segments/live/useLive';
import type { Tried } from '../contract';
import { bodyOf, type ExampleMember, isWhole, nextStep, sorted, type Step } from '../model/example';
import { plain, stepsOf } from '../model/place';
import { type Rules, tierLabel } from '../model/rules';
import { StateAfter } from './StateAfter';
import { StepForm } from './StepForm';

/** The step that a refusal is of, by its place `steps[3].do.points`. */
function stepAt(error: unknown): number | null {
  if (!(error instanceof Problem) || !error.body.field) return null;
  const [steps, n] = stepsOf(error.body.field);
  return steps === 'steps' && n !== undefined && Number.isInteger(Number(n)) ? Number(n) : null;
}

interface Props {
  rules: Rules;
  start: string;
  begun: Step[];
  of: ExampleMember;
}

export function Bench({ rules, start, begun, of }: Props) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const [steps, setSteps] = useState(begun);
  const [member, setMember] = useState(of);
  const whole = isWhole(steps);
  const text = JSON.stringify(bodyOf(rules, member, steps));
  const rested = useRested(text);
  const settled = rested === text;
  const answer = useQuery<Tried>({
    queryKey: ['programme-try', merchant.id, language, rested],
    queryFn: ({ signal }) => api.post<Tried>('/programmes/try', JSON.parse(rested) as unknown, { signal }),
    enabled: whole && settled,
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  const current = whole && settled && !answer.isPlaceholderData && !answer.error;
  const shown = answer.error ? [] : (answer.data?.steps ?? []);
  const wrong = settled ? stepAt(answer.error) : null;
  const put = (step: Step) => setSteps(sorted(steps.map((one) => (one.key === step.key ? step : one))));
  return (
    <>
      <div className="row-gap">
        <label className="row-gap tight">
          <span>{t('members.birthday')}</span>
          <DatePicker
            size="small"
            aria-label={t('members.birthday')}
            value={member.birthday ? dayjs(member.birthday) : null}
            onChange={(day) => {
              const { birthday: _, ...rest } = member;
              setMember(day ? { ...rest, birthday: day.format('YYYY-MM-DD') } : rest);
            }}
          />
        </label>
        <span role="status" aria-live="polite" className="muted small">
          {!whole && steps.length > 0 ? t('programme.tryFill') : whole && (!settled || answer.isFetching) ? <Spin size="small" aria-label={t('common.updating')} /> : null}
        </span>
      </div>
      {answer.error && settled && wrong === null ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : null}
      {steps.length === 0 ? (
        <EmptyTeach title={t('programme.tryEmpty')} text={t('programme.tryEmptyText')} />
      ) : (
        <ol className="trial" aria-label={t('programme.tab.try')}>
          {steps.map((step, i) => (
            <li key={step.key} className="trial-row">
              <StepForm
                step={step}
                index={i}
                steps={steps}
                rules={rules}
                fault={wrong === i && answer.error instanceof Problem ? plain(answer.error.body.detail) : null}
                onChange={put}
                onRemove={() => setSteps(steps.filter((one) => one.key !== step.key))}
              />
              <div className={current ? 'trial-after' : 'trial-after stale'}>{shown[i] ? <StateAfter now={shown[i]} before={shown[i - 1]} tierName={(id) => tierLabel(rules, id)} /> : <span className="muted">–</span>}</div>
            </li>
          ))}
        </ol>
      )}
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => setSteps(sorted([...steps, nextStep(steps, start)]))}>
        {t('programme.addStep')}
      </Button>
    </>
  );
}
