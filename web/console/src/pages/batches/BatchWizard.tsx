/**
 * Handing a segment over in four steps: where to, whom to spare, the funnel that says what then happens, and the batch
 * with its file. What is previewed is what is frozen: the preview's id goes along.
 */
import '../../styles/segments.css';
import { type Batch, type BatchPreview, DESTINATIONS } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Input, InputNumber, Select, Skeleton, Steps } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatNumber, formatTime } from '../../app/format';
import { useNarrow } from '../../app/prefs';
import { useSession, useZone } from '../../app/session';
import { useAct } from '../../ui/act';
import { AsOf, Card, PageHead, Time } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { fenOf } from '../segments/model/literals';
import { Funnel } from './Funnel';
import { bodyOf, codesOf, fresh, perThousand, type Plan, VARIABLES } from './model';
import { ENOUGH, percentFor } from './verdict';

const NAMES = ['where', 'whom', 'funnel', 'file'] as const;
type Put = (change: Partial<Plan>) => void;

/** The preview of the plan as it stands: asked in the first step already, so that nobody learns in the third that none can be reached. */
function usePreview(plan: Plan) {
  const { merchant } = useSession();
  const body = bodyOf(plan);
  return useQuery<BatchPreview>({
    queryKey: ['batch-preview', merchant.id, JSON.stringify(body)],
    queryFn: ({ signal }) => api.post<BatchPreview>('/batches/preview', body, { signal }),
    enabled: plan.segment !== null && plan.destination !== null,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

/** How many the chosen way reaches, before a holdout is kept back. What went wrong is told where the funnel stands. */
function Reach({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const preview = usePreview(plan);
  if (plan.segment === null || plan.destination === null || preview.error) return null;
  const funnel = preview.data?.funnel;
  if (!funnel) return <p className="muted reach" role="status">{t('batches.reachCounting')}</p>;
  const n = funnel.handed_over + (funnel.losses.held_out ?? 0);
  return (
    <p className={n === 0 && funnel.matched > 0 ? 'warn-text reach' : 'muted reach'} role="status">
      {t('batches.reach', { n: formatNumber(n), matched: formatNumber(funnel.matched) })}
    </p>
  );
}

function StepWhere({ plan, put }: { plan: Plan; put: Put }) {
  const { t } = useTranslation();
  const names = useSegmentNames();
  const id = useId();
  return (
    <Card title={t('batches.wizard.where')}>
      <label className="field-label" htmlFor={`${id}-segment`}>
        {t('batches.segment')}
      </label>
      <Select
        id={`${id}-segment`}
        className="full gap-below"
        placeholder={t('builder.segment.which')}
        loading={names.isPending}
        value={plan.segment ?? undefined}
        options={(names.data ?? []).filter((s) => s.state !== 'archived').map((s) => ({ value: s.id, label: s.size == null ? s.name : t('batches.sized', { name: s.name, n: formatNumber(s.size) }) }))}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(segment: string) => put({ segment })}
      />
      <ProblemAlert error={names.error} retry={() => void names.refetch()} />
      <div className="field-label" id={`${id}-to`}>
        {t('batches.destinationTitle')}
      </div>
      <ul className="ready" role="radiogroup" aria-labelledby={`${id}-to`}>
        {DESTINATIONS.map((word) => (
          <li key={word} role="presentation">
            <button type="button" role="radio" aria-checked={plan.destination === word} className={plan.destination === word ? 'ready-card choice-on' : 'ready-card'} onClick={() => put({ destination: word })}>
              <strong>{t(`batches.destination.${word}`)}</strong>
              <span className="muted small">{t(`batches.destinationNote.${word}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Reach plan={plan} />
    </Card>
  );
}

function StepWhom({ plan, put }: { plan: Plan; put: Put }) {
  const { t } = useTranslation();
  const names = useSegmentNames();
  const id = useId();
  const ads = plan.destination === 'ads';
  const field = (name: string, label: string, control: React.ReactNode, note?: string) => (
    <div className="wizard-field">
      <label className="field-label" htmlFor={`${id}-${name}`}>
        {label}
      </label>
      {control}
      {note ? <p className="muted small">{note}</p> : null}
    </div>
  );
  return (
    <div className="stack">
      <Card title={t('batches.wizard.whom')}>
        {field(
          'exclude',
          t('batches.exclude'),
          <Select
            id={`${id}-exclude`}
            mode="multiple"
            className="full"
            placeholder={t('batches.excludeNone')}
            value={plan.exclude}
            maxCount={20}
            options={(names.data ?? []).filter((s) => s.id !== plan.segment && s.state !== 'archived').map((s) => ({ value: s.id, label: s.name }))}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(exclude: string[]) => put({ exclude })}
          />,
          t('batches.excludeNote'),
        )}
        {field('holdout', t('batches.holdout'), <InputNumber id={`${id}-holdout`} min={0} max={50} precision={0} suffix="%" value={plan.holdout} onChange={(n) => put({ holdout: n ?? 0 })} />, t('batches.holdoutNote'))}
        <div className="wizard-field">
          <Checkbox checked={plan.limited} onChange={(e) => put({ limited: e.target.checked })}>
            {t('batches.fatigue')}
          </Checkbox>
          {plan.limited ? (
            <div className="row-gap">
              <span>{t('batches.fatigueIn')}</span>
              <InputNumber aria-label={t('batches.fatigueDays')} min={1} max={365} precision={0} value={plan.days} onChange={(n) => n && put({ days: n })} />
              <span>{t('batches.fatigueMid')}</span>
              <InputNumber aria-label={t('batches.fatigueMax')} min={1} max={100} precision={0} value={plan.max} onChange={(n) => n && put({ max: n })} />
              <span>{t('batches.fatigueEnd')}</span>
            </div>
          ) : null}
        </div>
        <div className="wizard-field">
          <Checkbox checked={plan.anyway} onChange={(e) => put({ anyway: e.target.checked })}>
            {t('batches.anyway')}
          </Checkbox>
          <p className="muted small">{t('batches.anywayNote')}</p>
        </div>
        {ads ? null : (
          <div className="wizard-field">
            <Checkbox checked={plan.service} onChange={(e) => put({ service: e.target.checked })}>
              {t('batches.service')}
            </Checkbox>
            <p className="muted small">{t('batches.serviceNote')}</p>
          </div>
        )}
      </Card>
      <Card title={t('batches.content')}>
        {ads
          ? null
          : field(
              'variables',
              t('batches.variables'),
              <Select id={`${id}-variables`} mode="multiple" className="full" value={plan.variables} options={VARIABLES.map((value) => ({ value, label: t(`batches.variable.${value}`) }))} onChange={(variables: string[]) => put({ variables })} />,
            )}
        {field('link', t('batches.link'), <Input id={`${id}-link`} value={plan.link} placeholder="https://" onChange={(e) => put({ link: e.target.value })} />, t('batches.linkNote'))}
        {field('coupon', t('batches.coupon'), <Input id={`${id}-coupon`} value={plan.coupon} onChange={(e) => put({ coupon: e.target.value })} />)}
        {plan.destination === 'sms' ? field('signature', t('batches.signature'), <Input id={`${id}-signature`} value={plan.signature} maxLength={20} onChange={(e) => put({ signature: e.target.value })} />, t('batches.signatureNote')) : null}
        {field('codes', t('batches.codes'), <Input.TextArea id={`${id}-codes`} rows={3} value={plan.codes} onChange={(e) => put({ codes: e.target.value })} />, t('batches.codesNote', { n: formatNumber(codesOf(plan).length) }))}
      </Card>
      <Card title={t('batches.measure')}>
        {field('window', t('batches.window'), <InputNumber id={`${id}-window`} min={1} max={365} precision={0} value={plan.window} onChange={(n) => n && put({ window: n })} />, t('batches.windowNote'))}
        {field('each', t('batches.costEach'), <Input id={`${id}-each`} className="literal" prefix="¥" inputMode="decimal" value={plan.costEach} {...(perThousand(plan.costEach) === null ? { status: 'error' as const } : {})} onChange={(e) => put({ costEach: e.target.value })} />)}
        {field('fixed', t('batches.costFixed'), <Input id={`${id}-fixed`} className="literal" prefix="¥" inputMode="decimal" value={plan.costFixed} {...(plan.costFixed.trim() && fenOf(plan.costFixed) === null ? { status: 'error' as const } : {})} onChange={(e) => put({ costFixed: e.target.value })} />)}
      </Card>
    </div>
  );
}

/** Those who are left out because another batch compares by them: whose they are, and until when. */
function HeldBy({ of }: { of: BatchPreview['held_by'] }) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <Alert
      type="info"
      showIcon
      className="gap-below"
      title={t('batches.heldByTitle', { n: formatNumber(of.reduce((sum, one) => sum + one.members, 0)) })}
      description={
        <>
          <ul className="plain-list">
            {of.map((one) => (
              <li key={one.batch}>
                {/* In a tab of its own: the plan here is kept nowhere. */}
                <Link to={`/batches/${one.batch}`} target="_blank" className="said-link">
                  {one.name}
                </Link>{' '}
                · {t('batches.heldByCount', { n: formatNumber(one.members) })} · {one.until ? <>{t('batches.heldByUntil')} <Time at={one.until} /></> : t('batches.heldByWaits')}
              </li>
            ))}
          </ul>
          <p className="muted small">{t('batches.heldByNote')}</p>
        </>
      }
    />
  );
}

/** A holdout that is too small to tell much: from which percent it would suffice. */
function ThinHoldout({ held, able, onBack }: { held: number; able: number; onBack: (percent: number) => void }) {
  const { t } = useTranslation();
  const percent = percentFor(able);
  return (
    <Alert
      type="warning"
      showIcon
      className="gap-below"
      title={t('batches.thinHoldout', { n: formatNumber(held), enough: formatNumber(ENOUGH) })}
      description={
        percent === null ? (
          t('batches.thinNever', { able: formatNumber(able) })
        ) : (
          <>
            <p>{t('batches.thinFrom', { percent, able: formatNumber(able) })}</p>
            <Button onClick={() => onBack(percent)}>{t('batches.thinBack', { percent })}</Button>
          </>
        )
      }
    />
  );
}

function StepFunnel({ plan, put, onFrozen, onBack }: { plan: Plan; put: Put; onFrozen: (batch: Batch) => void; onBack: () => void }) {
  const { t } = useTranslation();
  const zone = useZone();
  const id = useId();
  const names = useSegmentNames();
  const [reason, setReason] = useState<string | null>(null);
  const body = bodyOf(plan);
  const preview = usePreview(plan);
  const data = preview.data;
  const codes = codesOf(plan);
  const segment = names.data?.find((s) => s.id === plan.segment)?.name ?? '';
  const proposed = t('batches.proposedName', { segment, destination: t(`batches.destination.${plan.destination ?? 'sms'}`), day: data ? formatTime(data.asked_at, zone).slice(5, 16) : '' });
  const freeze = useAct<void, Batch>(
    (client) => client.post<Batch>('/batches', { ...body, name: plan.name.trim() || proposed, batch: preview.data?.batch, ...(codes.length > 0 ? { codes } : {}) }),
    { quiet: true, touches: [['list'], ['batch'], ['segment'], ['jobs']], onDone: onFrozen },
  );
  const held = data?.funnel.losses.held_out ?? 0;
  const worst = Object.entries(data?.funnel.losses ?? {}).sort((a, b) => b[1] - a[1])[0];
  const short = codes.length > 0 && data ? data.funnel.handed_over - codes.length : 0;
  return (
    <Card title={t('batches.wizard.funnel')} extra={<AsOf at={data?.known_at} busy={preview.isFetching} />}>
      <ProblemAlert error={preview.error} retry={() => void preview.refetch()} />
      {preview.isPending && !preview.error ? <Skeleton active paragraph={{ rows: 7 }} /> : null}
      {data ? (
        <>
          <Funnel funnel={data.funnel} destination={plan.destination} onExplain={setReason} chosen={reason} />
          {reason ? (
            <Alert type="info" showIcon className="gap-below" closable={{ onClose: () => setReason(null) }} title={t(`batches.reason.${reason}`, { defaultValue: reason })} description={t(`batches.reasonNote.${reason}`, { defaultValue: t('batches.reasonAfter') })} />
          ) : (
            <p className="muted small">{t('batches.explainHint')}</p>
          )}
          <HeldBy of={data.held_by} />
          {data.funnel.matched > 0 && data.funnel.handed_over === 0 ? (
            <Alert
              type="warning"
              showIcon
              className="gap-below"
              title={t('batches.nobody')}
              description={worst ? `${t('batches.mostly', { n: formatNumber(worst[1]), reason: t(`batches.reason.${worst[0]}`, { defaultValue: worst[0] }) })} ${t(`batches.reasonNote.${worst[0]}`, { defaultValue: '' })}` : null}
            />
          ) : held === 0 && data.funnel.handed_over > 0 ? (
            <Alert type="warning" showIcon className="gap-below" title={t('batches.noHoldout')} />
          ) : held > 0 && held < ENOUGH ? (
            <ThinHoldout
              held={held}
              able={held + data.funnel.handed_over}
              onBack={(holdout) => {
                put({ holdout });
                onBack();
              }}
            />
          ) : null}
          {short > 0 ? <Alert type="warning" showIcon className="gap-below" title={t('batches.codesShort', { n: formatNumber(short) })} /> : null}
          <label className="field-label" htmlFor={`${id}-name`}>
            {t('batches.name')}
          </label>
          <Input id={`${id}-name`} className="gap-below" value={plan.name} maxLength={80} placeholder={proposed} onChange={(e) => put({ name: e.target.value })} />
          <p className="muted">{t('batches.freezeNote')}</p>
          <ProblemAlert error={freeze.error} />
          <Button type="primary" loading={freeze.isPending} disabled={data.funnel.handed_over === 0 || preview.isFetching} onClick={() => freeze.mutate()}>
            {t('batches.freeze', { n: formatNumber(data.funnel.handed_over) })}
          </Button>
        </>
      ) : null}
    </Card>
  );
}

export function Component() {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [plan, setPlan] = useState<Plan>(() => fresh(params.get('segment')));
  const [step, setStep] = useState(0);
  const put: Put = (change) => setPlan((old) => ({ ...old, ...change }));
  const able = step === 0 ? plan.segment !== null && plan.destination !== null : perThousand(plan.costEach) !== null && (plan.costFixed.trim() === '' || fenOf(plan.costFixed) !== null);
  const go = (to: number) => {
    setStep(to);
    window.scrollTo(0, 0);
  };
  return (
    <>
      <PageHead
        title={t('batches.new')}
        note={t('batches.newNote')}
        back={
          <Link to="/batches" className="back-link">
            ← {t('nav.batches')}
          </Link>
        }
      />
      <div className="card wizard-steps">
        {narrow ? (
          <p className="wizard-step" aria-live="polite">
            <span className="muted">{t('imports.stepOf', { n: step + 1 })}</span> <strong>{t(`batches.wizard.${NAMES[step] ?? 'where'}`)}</strong>
          </p>
        ) : (
          <Steps size="small" current={step} onChange={(to) => (to < step || able ? go(Math.min(to, step + 1)) : undefined)} items={NAMES.map((name) => ({ title: t(`batches.wizard.${name}`) }))} />
        )}
      </div>
      {step === 0 ? <StepWhere plan={plan} put={put} /> : null}
      {step === 1 ? <StepWhom plan={plan} put={put} /> : null}
      {step === 2 ? <StepFunnel plan={plan} put={put} onFrozen={(batch) => void navigate(`/batches/${batch.id}`)} onBack={() => go(1)} /> : null}
      <div className="wizard-foot">
        {step > 0 ? <Button onClick={() => go(step - 1)}>{t('common.back')}</Button> : <span />}
        {step < 2 ? (
          <Button type="primary" disabled={!able} onClick={() => go(step + 1)}>
            {t(step === 0 ? 'batches.toWhom' : 'batches.toFunnel')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
