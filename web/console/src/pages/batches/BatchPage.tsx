/**
 * One batch: the funnel with everybody behind each number, the file for its destination, what came back, and what it
 * brought against those held out.
 */
import '../../styles/insight.css';
import '../../styles/segments.css';
import type { Batch } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Progress, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatNumber, minorDigits } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan, useSession } from '../../app/session';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Amount, AsOf, Card, Facts, PageHead, ShortId, Time, useWord } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { useSegmentNames } from '../segments/builder/SegmentRow';
import { BatchState } from './BatchList';
import { BatchMembers } from './BatchMembers';
import { Funnel } from './Funnel';
import { HandOver } from './HandOver';
import { LiftHeadline, LiftReport } from './LiftReport';
import { worstOf } from './model';
import { ResultsTab } from './ResultsTab';

/** A price of a part of a fen, without noughts at its end. */
const trimmed = (n: number) => n.toFixed(6).replace(/\.?0+$/, '');

function About({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const who = useWhoName();
  const names = useSegmentNames();
  const may = useCan('segments:read');
  const named = (id: string) => (may ? <Link to={`/segments/${id}`}>{names.data?.find((s) => s.id === id)?.name ?? id}</Link> : id);
  return (
    <div className="pad">
      <Facts
        columns={2}
        rows={[
          [t('batches.segment'), batch.segment ? named(batch.segment) : batch.text ? <code key="t">{batch.text}</code> : t('batches.listed', { n: formatNumber(batch.listed) })],
          [t('batches.exclude'), batch.exclude.length > 0 ? <span key="x" className="marks">{batch.exclude.map((id) => <span key={id}>{named(id)}</span>)}</span> : t('batches.excludeNone')],
          [t('batches.destinationTitle'), t(`batches.destination.${batch.destination}`, { defaultValue: batch.destination })],
          [t('batches.purposeTitle'), `${t(`words.purpose.${batch.purpose}`, { defaultValue: batch.purpose })} · ${t(`words.channel.${batch.channel}`, { defaultValue: batch.channel })}`],
          [t('batches.holdout'), batch.holdout_percent > 0 ? t('batches.holdoutAbout', { n: batch.holdout_percent }) : '–'],
          [t('batches.fatigueShort'), batch.fatigue ? t('batches.fatigueOf', { days: batch.fatigue.days, max: batch.fatigue.max ?? 1 }) : t('batches.fatigueNone')],
          [t('batches.apart'), t(batch.ignore_holdouts ? 'batches.apartNot' : 'batches.apartYes')],
          ...(batch.destination === 'sms' ? ([[t('batches.signatureTitle'), batch.signature ?? '–']] as [string, string][]) : []),
          [t('batches.link'), batch.target_url ?? '–'],
          [t('batches.coupon'), batch.coupon_link ?? '–'],
          [t('batches.codesTitle'), batch.with_codes ? t('batches.codesOf', { used: formatNumber(batch.codes_used), all: formatNumber(batch.codes) }) : '–'],
          [t('batches.window'), t('builder.window.days', { n: batch.window_days })],
          [t('batches.costFixed'), <Amount key="f" value={batch.cost_fixed} />],
          [t('batches.costEachShort'), `${trimmed(batch.cost_per_thousand.amount / 1000 / 10 ** minorDigits(batch.cost_per_thousand.currency))} ${batch.cost_per_thousand.currency}`],
          [t('batches.createdAt'), <span key="c"><Time at={batch.created_at} /> · {who(batch.created_by)}</span>],
          [t('batches.frozenAt'), <Time key="z" at={batch.frozen_at} />],
          [t('batches.handedAt'), <Time key="h" at={batch.handed_at} />],
          [t('batches.knownAt'), <Time key="k" at={batch.known_at} seconds />],
          [t('batches.number'), <ShortId key="i" id={batch.id} />],
        ]}
      />
    </div>
  );
}

/** Who the batch was made of: the segment by its name, or what stood in its place. */
function Whom({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const may = useCan('segments:read');
  const names = useSegmentNames(may && Boolean(batch.segment));
  if (!batch.segment) return <>{batch.text ? t('batches.conditions') : t('batches.listed', { n: formatNumber(batch.listed) })}</>;
  if (!may) return <>{t('batches.segment')}</>;
  return <Link to={`/segments/${batch.segment}`} className="said-link">{names.data?.find((s) => s.id === batch.segment)?.name ?? t('batches.segment')}</Link>;
}

/** Nobody is left: why, who they are, and nothing to download. */
function Nobody({ batch, onSee }: { batch: Batch; onSee: (verdict: string) => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const word = useWord();
  const worst = worstOf(batch.funnel);
  const asked = worst && ['no_consent', 'refused'].includes(worst.reason) ? t('batches.asked', { purpose: word('purpose', batch.purpose), channel: word('channel', batch.channel) }) : '';
  return (
    <Alert
      type="warning"
      showIcon
      title={t('batches.nobody')}
      description={
        worst ? (
          <>
            <p>
              {t('batches.mostly', { n: formatNumber(worst.n), reason: t(`batches.reason.${worst.reason}`, { defaultValue: worst.reason }) })}
              {language === 'zh' ? '' : ' '}
              {asked}
            </p>
            <Button onClick={() => onSee(worst.reason)}>{t('batches.seeThem')}</Button>
          </>
        ) : (
          t('batches.nobodyMatched')
        )
      }
    />
  );
}

function Running({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const progress = batch.progress;
  if (!progress || !['queued', 'running'].includes(progress.state)) {
    return progress?.error ? <Alert type="error" showIcon className="gap-below" title={t('batches.failed')} description={progress.error} /> : null;
  }
  const percent = progress.total ? Math.floor((progress.done * 100) / progress.total) : 0;
  return (
    <div aria-live="polite">
      <p className="muted">{t(batch.state === 'draft' ? 'batches.freezing' : 'batches.sending', { n: formatNumber(progress.done) })}</p>
      {progress.total ? <Progress percent={percent} status="active" aria-label={t('batches.freezing', { n: formatNumber(progress.done) })} /> : null}
    </div>
  );
}

function OneBatch() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { merchant } = useSession();
  const { modal } = App.useApp();
  const [params, setParams] = useSearchParams();
  const may = useCan('batches:write');
  const answer = useQuery<Batch>({
    queryKey: ['batch', merchant.id, id],
    queryFn: () => api.get<Batch>(`/batches/${encodeURIComponent(id)}`),
    refetchInterval: (query) => (['queued', 'running'].includes(query.state.data?.progress?.state ?? '') ? 1_000 : 15_000),
  });
  const close = useAct<void, Batch>((client) => client.post<Batch>(`/batches/${id}/close`), { touches: [['batch'], ['list']], done: t('batches.closed') });
  const back = (
    <Link to="/batches" className="back-link">
      ← {t('nav.batches')}
    </Link>
  );
  const batch = answer.data;
  if (!batch) {
    return (
      <>
        <PageHead title={t('batches.one')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const nobody = batch.state === 'frozen' && batch.exports === 0 && batch.funnel.handed_over === 0;
  const verdict = params.get('verdict');
  const tab = params.get('tab') ?? 'report';
  const open = (next: string, of?: string | null) => setParams({ ...(next === 'report' ? {} : { tab: next }), ...(of ? { verdict: of } : {}) }, { replace: true });
  const askClose = () =>
    void modal.confirm({
      title: t('batches.close'),
      content: t(batch.state === 'handed_over' ? 'batches.closeText' : 'batches.closeUnsent'),
      okText: t('batches.close'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => close.mutateAsync().catch(() => undefined),
    });
  return (
    <>
      <PageHead
        title={batch.name || t('batches.one')}
        back={back}
        note={
          <>
            <BatchState state={batch.state} /> <Whom batch={batch} /> · {t(`batches.destination.${batch.destination}`, { defaultValue: batch.destination })}
          </>
        }
        actions={
          <>
            {batch.exports > 0 ? <HandOver batch={batch} /> : null}
            {may && batch.state !== 'closed' ? <Button onClick={askClose}>{t('batches.close')}</Button> : null}
          </>
        }
      />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      <div className="stack">
        {batch.state === 'frozen' && batch.exports === 0 && !nobody ? (
          <Alert
            type="info"
            showIcon
            title={t('batches.nextFile', { n: formatNumber(batch.funnel.handed_over) })}
            action={<HandOver batch={batch} />}
          />
        ) : null}
        {nobody ? <Nobody batch={batch} onSee={(of) => open('members', of)} /> : null}
        <LiftHeadline batch={batch} />
        <Card title={t('batches.funnel')} extra={<AsOf at={batch.known_at} />}>
          <Running batch={batch} />
          {batch.exports > 1 ? <Alert type="warning" showIcon className="gap-below" title={t('batches.repeated', { n: batch.exports })} /> : null}
          {batch.state === 'draft' ? null : <Funnel funnel={batch.funnel} destination={batch.destination} chosen={tab === 'members' ? verdict : null} onOpen={(of) => open('members', of)} />}
        </Card>
        <Card flush className="tabs-card">
          <TabBar
            label={batch.name}
            active={tab}
            onChange={(next) => open(next)}
            tabs={[
              { key: 'report', label: t('batches.tab.report'), content: () => <LiftReport batch={batch} /> },
              { key: 'members', label: t('batches.tab.members'), content: () => <BatchMembers id={batch.id} funnel={batch.funnel} /> },
              { key: 'results', label: t('batches.tab.results'), content: () => <ResultsTab batch={batch} /> },
              { key: 'about', label: t('batches.tab.about'), content: () => <About batch={batch} /> },
            ]}
          />
        </Card>
      </div>
    </>
  );
}

export function Component() {
  const { id } = useParams();
  return <OneBatch key={id} />;
}
