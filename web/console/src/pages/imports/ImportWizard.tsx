/**
 * Import in four steps: files, recognised format and mapping, preview with every bad row, run.
 *
 * The server holds the import from the first step on, so that closing the page loses nothing: the address leads back
 * to the step that the import has reached.
 */
import type { ImportDetail } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Skeleton, Steps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { api } from '../../app/api';
import { useNarrow } from '../../app/prefs';
import { useSession } from '../../app/session';
import { PageHead, StateMark, Time } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { settled } from './model';
import { StepFiles } from './StepFiles';
import { StepMapping } from './StepMapping';
import { StepPreview } from './StepPreview';
import { StepRun } from './StepRun';

const NAMES = ['files', 'mapping', 'preview', 'run'] as const;

export function Component() {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const { merchant } = useSession();
  const [chosen, setChosen] = useState<{ id: string; step: number } | null>(null);
  const key = ['import', merchant.id, id];
  const answer = useQuery<ImportDetail>({
    queryKey: key,
    queryFn: () => api.get<ImportDetail>(`/imports/${id ?? ''}`),
    enabled: id !== undefined,
    refetchInterval: (query) => (['running', 'undoing'].includes(query.state.data?.state ?? '') ? 1_000 : false),
    staleTime: 0,
  });
  const detail = id ? answer.data : undefined;
  const reached = !detail ? 0 : settled(detail) ? 1 : 3;
  const step = detail && settled(detail) && chosen?.id === detail.id ? chosen.step : reached;
  // What is done has no current step: all four have their tick.
  const over = detail?.state === 'done';
  const titleOf = ({ files, title }: ImportDetail) => {
    const [first] = files;
    if (!first) return title ?? '';
    return files.length > 1 ? t('imports.firstOf', { file: first.name, n: files.length }) : first.name;
  };
  const go = (to: number) => detail && setChosen({ id: detail.id, step: to });

  return (
    <>
      <PageHead
        title={detail ? titleOf(detail) || t('imports.one') : t('imports.new')}
        back={
          <Link to="/imports" className="back-link">
            ← {t('nav.imports')}
          </Link>
        }
        note={
          detail ? (
            <>
              <StateMark state={detail.state} area="importState" /> <Time at={detail.created_at} />
            </>
          ) : null
        }
      />
      <div className="card wizard-steps">
        {narrow ? (
          <p className="wizard-step" aria-live="polite">
            <span className="muted">{t('imports.stepOf', { n: step + 1 })}</span> <strong>{t(`imports.step.${NAMES[step] ?? 'files'}`)}</strong>
          </p>
        ) : (
          <Steps size="small" current={over ? NAMES.length : step} items={NAMES.map((name) => ({ title: t(`imports.step.${name}`) }))} />
        )}
      </div>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {id && answer.isPending ? <Skeleton active /> : null}
      {id ? null : <StepFiles onStaged={(staged) => void navigate(`/imports/${staged.id}`)} />}
      {detail && step === 1 ? <StepMapping detail={detail} queryKey={key} onNext={() => go(2)} /> : null}
      {detail && step === 2 ? <StepPreview detail={detail} queryKey={key} onBack={() => go(1)} /> : null}
      {detail && step === 3 ? <StepRun detail={detail} queryKey={key} /> : null}
    </>
  );
}
