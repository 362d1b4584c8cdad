/** A lift with its interval, said in words where it is no more than chance. */
import type { PortraitLift } from '@api';
import { useTranslation } from 'react-i18next';
import { times } from './lift';

export function LiftCell({ lift }: { lift: PortraitLift | null | undefined }) {
  const { t } = useTranslation();
  if (!lift) return <span className="muted">–</span>;
  const ratio = lift.ratio === null || lift.ratio === undefined ? t('portrait.onlyHere') : t('portrait.times', { n: times(lift.ratio) });
  const high = lift.high === null || lift.high === undefined ? '∞' : times(lift.high);
  const tone = !lift.distinct ? 'muted' : (lift.ratio ?? 2) > 1 ? 'lift-more' : 'lift-less';
  return (
    <span className={`lift ${tone}`} title={t('portrait.interval', { low: times(lift.low), high })}>
      <span className="amount strong">{ratio}</span>
      <span className="lift-interval small muted">
        {times(lift.low)}–{high}
      </span>
      {lift.distinct ? null : <span className="small muted">{t('portrait.chance')}</span>}
    </span>
  );
}
