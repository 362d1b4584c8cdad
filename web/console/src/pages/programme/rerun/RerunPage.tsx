/** One re-run: what it comes to, member by member and together, booked as it was shown or thrown away. */
import '../../../styles/insight.css';
import '../../../styles/programme.css';
import '../../../styles/segments.css';
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import { Alert, Button, Input, Modal, Progress, Skeleton, Space } from 'antd';
import { useEffect, useId, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { formatMoney, formatNumber } from '../../../app/format';
import { useCan } from '../../../app/session';
import { useWhoName } from '../../../app/who';
import { useAct } from '../../../ui/act';
import { downloadBlob, PageHead, Time } from '../../../ui/bits';
import { Tile } from '../../../ui/figures';
import { ProblemAlert } from '../../../ui/problem';
import { WRITE_PROGRAMMES } from '../contract';
import { PointValue, usePointValue } from '../ledger/PointValue';
import { useProgramme } from '../use';
import { Corrections } from './Corrections';
import { RerunState } from './Reruns';
import { isUnderWay, type Rerun, RERUN_TOUCHES, useJudgeText, useRerun } from './use';

const FORMATS = ['csv', 'xlsx'] as const;

/** Its task: how far it is, and what to do where it is not. */
function Task({ rerun }: { rerun: Rerun }) {
  const { t } = useTranslation();
  const state = rerun.progress?.state;
  const again = useAct((client) => client.post(`/jobs/${rerun.job}/${state === 'cancelled' ? 'resume' : 'retry'}`), { touches: RERUN_TOUCHES });
  if (!rerun.progress || !state) return null;
  if (state === 'cancelled' || state === 'failed' || state === 'dead') {
    return (
      <Alert
        type="warning"
        showIcon
        title={t(rerun.state === 'booking' ? 'rerun.bookingHalted' : 'rerun.lookingHalted', { n: formatNumber(rerun.booked) })}
        description={rerun.progress.error ?? undefined}
        action={
          <Button size="small" loading={again.isPending} onClick={() => again.mutate()}>
            {t('tasks.resume')}
          </Button>
        }
      />
    );
  }
  const { done, total } = rerun.progress;
  const text = t(rerun.state === 'booking' ? 'rerun.isBooking' : 'rerun.isLooking', { n: formatNumber(done) });
  return (
    <div aria-live="polite">
      <p className="muted">{text}</p>
      {total ? <Progress percent={Math.floor((done * 100) / total)} status="active" aria-label={text} /> : null}
    </div>
  );
}

function Figures({ rerun }: { rerun: Rerun }) {
  const { t } = useTranslation();
  const worth = (side: Rerun['more']) => (side.worth && side.points > 0 ? formatMoney(side.worth) : undefined);
  const of = (side: Rerun['more']) => [t('rerun.ofMembers', { n: formatNumber(side.members) }), worth(side)].filter(Boolean).join(' · ');
  return (
    <div className="tiles tiles-head">
      <Tile label={t('rerun.changed')} value={formatNumber(rerun.changed)} note={t('rerun.changedNote', { n: formatNumber(rerun.members) })} />
      <Tile label={t('rerun.corrections')} value={formatNumber(rerun.corrections)} note={t('rerun.correctionsNote', { n: formatNumber(rerun.orders) })} />
      <Tile label={t('rerun.more')} value={rerun.more.points > 0 ? `+${formatNumber(rerun.more.points)}` : '0'} note={of(rerun.more)} />
      <Tile label={t('rerun.less')} value={rerun.less.points > 0 ? `−${formatNumber(rerun.less.points)}` : '0'} note={of(rerun.less)} />
    </div>
  );
}

/** What somebody who books has to know beside the figures. */
function Remarks({ rerun }: { rerun: Rerun }) {
  const { t } = useTranslation();
  const all: [number, string][] = [
    [rerun.below_zero, t('rerun.belowZero', { n: formatNumber(rerun.below_zero) })],
    [rerun.following, t('rerun.following', { n: formatNumber(rerun.following) })],
    [rerun.tiers, t('rerun.tiers', { n: formatNumber(rerun.tiers) })],
    [rerun.left, t('rerun.left', { n: formatNumber(rerun.left) })],
    [rerun.unreckoned, t('rerun.unreckoned', { n: formatNumber(rerun.unreckoned) })],
  ];
  const told = all.filter(([n]) => n > 0);
  if (told.length === 0) return null;
  return (
    <ul className="plain-list muted">
      {told.map(([, text]) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function BookDialog({ rerun, onClose }: { rerun: Rerun; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [note, setNote] = useState('');
  const book = useAct((client) => client.post(`/reruns/${rerun.id}/book`, { note: note.trim() }), { quiet: true, touches: RERUN_TOUCHES, onDone: onClose });
  return (
    <Modal open title={t('rerun.bookTitle', { n: formatNumber(rerun.changed) })} okText={t('rerun.book')} cancelText={t('common.cancel')} okButtonProps={{ loading: book.isPending }} onOk={() => book.mutate()} onCancel={onClose}>
      <p>
        {t('rerun.bookText', {
          corrections: formatNumber(rerun.corrections),
          moreMembers: formatNumber(rerun.more.members),
          more: formatNumber(rerun.more.points),
          lessMembers: formatNumber(rerun.less.members),
          less: formatNumber(rerun.less.points),
        })}
      </p>
      <p>{t('rerun.bookStale')}</p>
      <p>{t('rerun.bookBack')}</p>
      {rerun.below_zero > 0 ? <Alert type="warning" showIcon className="gap-below" title={t('rerun.belowZero', { n: formatNumber(rerun.below_zero) })} /> : null}
      <ProblemAlert error={book.error} />
      <label className="field-label" htmlFor={id}>
        {t('rerun.why')}
      </label>
      <Input.TextArea id={id} rows={2} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />
    </Modal>
  );
}

function Tools({ rerun, value }: { rerun: Rerun; value: string | undefined }) {
  const { t } = useTranslation();
  const may = useCan(WRITE_PROGRAMMES);
  const [booking, setBooking] = useState(false);
  const save = useAct<(typeof FORMATS)[number]>(async (client, format) => {
    downloadBlob(await client.download(`/reruns/${rerun.id}/export`, { value, format }), `corrections-${rerun.from}-${rerun.to}.${format}`);
  });
  const discard = useAct((client) => client.post(`/reruns/${rerun.id}/discard`), { done: t('rerun.discarded'), touches: RERUN_TOUCHES });
  return (
    <Space wrap>
      {may && rerun.state === 'shown' && (rerun.changed > 0 || rerun.orders > 0) ? (
        <Button type="primary" onClick={() => setBooking(true)}>
          {t('rerun.bookAsk')}
        </Button>
      ) : null}
      {rerun.changed > 0 && rerun.state !== 'dropped' && rerun.state !== 'looking'
        ? FORMATS.map((format) => (
            <Button key={format} icon={<DownloadOutlined aria-hidden="true" />} loading={save.isPending && save.variables === format} onClick={() => save.mutate(format)}>
              {t('trial.file', { format: format.toUpperCase() })}
            </Button>
          ))
        : null}
      {may && (rerun.state === 'shown' || rerun.state === 'looking') ? (
        <Button loading={discard.isPending} onClick={() => discard.mutate()}>
          {t('rerun.discard')}
        </Button>
      ) : null}
      {booking ? <BookDialog rerun={rerun} onClose={() => setBooking(false)} /> : null}
    </Space>
  );
}

function Whole({ rerun }: { rerun: Rerun }) {
  const { t } = useTranslation();
  const who = useWhoName();
  const client = useQueryClient();
  const [value, state] = usePointValue(rerun.programme);
  const was = useRef(rerun.state);
  const { state: now } = rerun;
  useEffect(() => {
    // What is booked is seen at once wherever points are shown.
    if (was.current !== now && now === 'booked') for (const queryKey of RERUN_TOUCHES) void client.invalidateQueries({ queryKey });
    was.current = now;
  }, [client, now]);
  return (
    <div className="stack">
      <Task rerun={rerun} />
      {rerun.state === 'dropped' ? <Alert type="info" showIcon title={t('rerun.isDropped')} /> : null}
      {rerun.state === 'booked' ? (
        <Alert
          type={rerun.stale > 0 ? 'warning' : 'success'}
          showIcon
          title={t('rerun.isBooked', { n: formatNumber(rerun.booked) })}
          description={
            <>
              {rerun.stale > 0 ? <p>{t('rerun.isStale', { n: formatNumber(rerun.stale) })}</p> : null}
              <span className="muted small">
                {who(rerun.booked_by ?? '')} · <Time at={rerun.booked_at} />
                {rerun.note ? ` · ${rerun.note}` : ''}
              </span>
            </>
          }
        />
      ) : null}
      {rerun.state === 'shown' ? <Alert type="info" showIcon title={t(rerun.changed > 0 ? 'rerun.isShown' : rerun.orders > 0 ? 'rerun.same' : 'rerun.nothing')} /> : null}
      <div>
        <Tools rerun={rerun} value={value} />
      </div>
      <Figures rerun={rerun} />
      <Remarks rerun={rerun} />
      {rerun.changed > 0 && rerun.state !== 'dropped' ? (
        <>
          <PointValue value={value} onState={state} />
          {rerun.state === 'looking' ? null : <Corrections rerun={rerun} value={value} />}
        </>
      ) : null}
    </div>
  );
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const by = useJudgeText();
  // The value that the figures are told in is known by the programme's id alone.
  const known = useRerun(id, undefined);
  const [value] = usePointValue(known.data?.programme ?? '');
  const valued = useRerun(id, known.data ? value : undefined);
  const rerun = valued.data ?? known.data;
  const programme = useProgramme(rerun?.programme).data;
  const back = (
    <Link to={rerun ? `/programmes/${rerun.programme}?tab=versions` : '/programmes'} className="back-link">
      ← {programme?.name ?? t('nav.programmes')}
    </Link>
  );
  if (!rerun) {
    return (
      <>
        <PageHead title={t('rerun.title')} back={back} />
        {known.error ? <ProblemAlert error={known.error} retry={() => void known.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  return (
    <>
      <PageHead
        title={by(rerun)}
        back={back}
        note={
          <>
            <RerunState state={rerun.state} /> {t('rerun.paidIn', { from: rerun.from, to: rerun.to })}
          </>
        }
      />
      <ProblemAlert error={valued.error} retry={() => void valued.refetch()} />
      {isUnderWay(rerun) ? null : <span className="visually-hidden" role="status">{t(`rerun.state.${rerun.state}`)}</span>}
      <Whole rerun={rerun} />
    </>
  );
}

export function Component() {
  const { id = '' } = useParams();
  return <One key={id} id={id} />;
}
