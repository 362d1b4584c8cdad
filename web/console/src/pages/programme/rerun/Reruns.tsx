/** The re-runs of a programme, beside its versions: which span by which version, and what became of it. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../../app/format';
import { Mark, Time, type Tone } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import type { Programme } from '../contract';
import { type Rerun, useJudgeText, useReruns } from './use';

const TONES: Record<string, Tone> = { looking: 'busy', shown: 'info', booking: 'busy', booked: 'good', dropped: 'plain' };

export function RerunState({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Mark tone={TONES[state] ?? 'plain'}>{t(`rerun.state.${state}`, { defaultValue: state })}</Mark>;
}

function Row({ rerun }: { rerun: Rerun }) {
  const { t } = useTranslation();
  const by = useJudgeText();
  return (
    <li className="rerun-row">
      <Link to={`/reruns/${rerun.id}`}>
        {by(rerun)} · {rerun.from} – {rerun.to}
      </Link>
      <RerunState state={rerun.state} />
      <span className="muted small grow">
        {rerun.state === 'looking' ? null : `${t('rerun.inShort', { n: formatNumber(rerun.changed), more: formatNumber(rerun.more.points), less: formatNumber(rerun.less.points) })} · `}
        <Time at={rerun.booked_at ?? rerun.made_at} />
      </span>
    </li>
  );
}

export function Reruns({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const answer = useReruns(programme.id);
  const all = answer.data ?? [];
  if (all.length === 0 && !answer.error) return null;
  return (
    <section className="reruns">
      <h3 className="sub-title">{t('rerun.title')}</h3>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      <ul className="rerun-list">
        {all.map((rerun) => (
          <Row key={rerun.id} rerun={rerun} />
        ))}
      </ul>
    </section>
  );
}
