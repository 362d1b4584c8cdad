/** A lift with its interval, said in words where it is no more than chance. */
import type { PortraitLift } from '@api';
import { useTranslation } from 'react-i18next';
import { alike, even, times } from './lift';

interface Props {
  lift: PortraitLift | null | undefined;
  /** The segment's own conditions make the difference: it is no finding. */
  fixed?: boolean;
}

export function LiftCell({ lift, fixed = false }: Props) {
  const { t } = useTranslation();
  if (!lift) return <span className="portrait-lift muted">–</span>;
  if (alike(lift)) return <span className="portrait-lift small muted">{t('portrait.alike')}</span>;
  const ratio = lift.ratio === null || lift.ratio === undefined ? t('portrait.onlyHere') : t('portrait.times', { n: times(lift.ratio) });
  const high = lift.high === null || lift.high === undefined ? '∞' : times(lift.high);
  // Neither more nor less: what the conditions fix, and chance, are of differences.
  const none = even(lift);
  const tone = none || fixed || !lift.distinct ? 'muted' : (lift.ratio ?? 2) > 1 ? 'lift-more' : 'lift-less';
  return (
    <span className={`portrait-lift ${tone}`} title={t('portrait.interval', { low: times(lift.low), high })}>
      {none ? <span className="small muted">{t('portrait.alike')}</span> : <span className="amount strong">{ratio}</span>}
      <span className="lift-interval small muted">
        {times(lift.low)}–{high}
      </span>
      {none ? null : fixed ? <span className="small muted">{t('portrait.fixed')}</span> : lift.distinct ? null : <span className="small muted">{t('portrait.chance')}</span>}
    </span>
  );
}
