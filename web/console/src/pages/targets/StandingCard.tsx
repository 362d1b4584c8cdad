/** What there is beside what is wished: a bar each, with the interval on it and a mark at the wish. */
import type { PortraitStanding, PortraitWishStanding } from '@api';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { ChartCard } from '../../ui/chart/ChartCard';
import type { Column } from '../../ui/DataTable';
import { percent } from '../portrait/lift';
import { points } from './points';

const keyOf = (w: PortraitWishStanding) => `${w.attribute} ${w.values.join(' ')}`;

/** The gap in words: in points, and in people. */
function Gap({ wish }: { wish: PortraitWishStanding }) {
  const { t } = useTranslation();
  if (wish.gap == null) return <span className="muted">{t('targets.unknown')}</span>;
  const chance = wish.distinct ? '' : ` · ${t('portrait.chance')}`;
  if (!wish.short) {
    return (
      <>
        <span className="good-text strong">{t('targets.reached')}</span>
        <span className="small muted">{wish.gap < 0 ? t('targets.over', { n: points(wish.gap), people: formatNumber(-wish.people) }) : ''}</span>
      </>
    );
  }
  return (
    <>
      <span className="strong">{t('targets.under', { n: points(wish.gap), people: formatNumber(wish.people) })}</span>
      <span className="small muted">
        {wish.to_join == null ? t('targets.never') : t('targets.toJoin', { n: formatNumber(wish.to_join) })}
        {chance}
      </span>
    </>
  );
}

function Row({ wish }: { wish: PortraitWishStanding }) {
  const { t } = useTranslation();
  const at = (share: number) => `${Math.min(100, Math.max(0, share * 100))}%`;
  const label = t('targets.rowLabel', { value: wish.label, now: percent(wish.share, wish.count), wished: percent(wish.wished) });
  return (
    <li className={wish.short ? 'target-row target-short' : 'target-row'}>
      <span className="portrait-name">
        <span>{wish.label}</span>
        <span className="muted small">{wish.attribute_label}</span>
      </span>
      <span>
        <span className="small">
          <strong>{percent(wish.share, wish.count)}</strong>
          <span className="muted">
            {' '}
            {t('targets.wishedOf', { share: percent(wish.wished) })} · {t('targets.baseOf', { share: percent(wish.base_share) })}
          </span>
        </span>
        <div className="target-track" role="img" aria-label={label} title={wish.low == null || wish.high == null ? label : t('targets.interval', { low: percent(wish.low), high: percent(wish.high) })}>
          <div className="target-fill" style={{ width: at(wish.share ?? 0) }} />
          {wish.low == null || wish.high == null ? null : <span className="target-range" style={{ left: at(wish.low), width: at(wish.high - wish.low) }} />}
          <span className="target-mark" style={{ left: at(wish.wished) }} />
        </div>
      </span>
      <span className="target-figures">
        <Gap wish={wish} />
      </span>
    </li>
  );
}

export function StandingCard({ told, name }: { told: PortraitStanding; name: string }) {
  const { t } = useTranslation();
  const number = (key: string, title: string, of: (w: PortraitWishStanding) => number | null | undefined): Column<PortraitWishStanding> => ({
    key,
    title,
    align: 'right',
    render: (w) => (of(w) == null ? '–' : formatNumber(of(w))),
    sheet: (w) => of(w) ?? '',
  });
  const share = (key: string, title: string, of: (w: PortraitWishStanding) => number | null | undefined): Column<PortraitWishStanding> => ({
    key,
    title,
    align: 'right',
    render: (w) => percent(of(w)),
    sheet: (w) => of(w) ?? '',
  });
  const columns: Column<PortraitWishStanding>[] = [
    { key: 'label', title: t('portrait.value'), render: (w) => w.label, sheet: (w) => w.label },
    { key: 'attribute', title: t('targets.attribute'), render: (w) => w.attribute_label, sheet: (w) => w.attribute_label },
    share('wished', t('targets.wished'), (w) => w.wished),
    share('share', t('targets.now'), (w) => w.share),
    share('low', t('portrait.low'), (w) => w.low),
    share('high', t('portrait.high'), (w) => w.high),
    share('base', t('targets.base'), (w) => w.base_share),
    number('count', t('targets.count'), (w) => w.count),
    number('known', t('targets.known'), (w) => w.known),
    number('people', t('targets.people'), (w) => w.people),
    number('join', t('targets.join'), (w) => w.to_join),
    { key: 'distinct', title: t('portrait.distinct'), render: (w) => t(w.distinct ? 'portrait.yes' : 'portrait.no'), sheet: (w) => t(w.distinct ? 'portrait.yes' : 'portrait.no') },
  ];
  return (
    <ChartCard title={t('targets.standing')} note={t('targets.standingNote')} columns={columns} rows={told.wishes} rowKey={keyOf} file={`${name}-${t('targets.standing')}`}>
      <ul className="target-rows" aria-label={t('targets.standing')}>
        {told.wishes.map((wish) => (
          <Row key={keyOf(wish)} wish={wish} />
        ))}
      </ul>
    </ChartCard>
  );
}
