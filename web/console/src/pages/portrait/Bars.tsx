/** The bars of an attribute: the group's share above the other's, with the lift beside them. Each opens as a segment. */
import type { PortraitBar } from '@api';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { LiftCell } from './LiftCell';
import { percent } from './lift';

export interface Named {
  key: string;
  label: string;
  bar: PortraitBar;
}

interface Props {
  bars: Named[];
  label: string;
  /** Names of the two groups. */
  names: [string, string];
  /** What the address of the builder is given. */
  exprOf: (bar: PortraitBar) => unknown;
  /** The segment's own conditions fix the bar. */
  fixed?: (bar: PortraitBar) => boolean;
}

export function Bars({ bars, label, names, exprOf, fixed }: Props) {
  const { t } = useTranslation();
  const most = Math.max(0.0001, ...bars.flatMap(({ bar }) => [bar.group.share ?? 0, bar.against.share ?? 0]));
  const width = (share: number | null | undefined) => ({ width: `${Math.min(100, ((share ?? 0) * 100) / most)}%` });
  return (
    <ul className="portrait-bars" aria-label={label}>
      {bars.map(({ key, label: name, bar }) => (
        <li key={key}>
          <span className="portrait-name">
            <Link to="/segments/new" state={{ expr: exprOf(bar), name }} title={t('portrait.open', { n: formatNumber(bar.group.count) })}>
              {name}
            </Link>
            <span className="muted small">{t('portrait.people', { n: formatNumber(bar.group.count) })}</span>
          </span>
          <span className="portrait-tracks">
            <span className="portrait-track" title={`${names[0]} ${percent(bar.group.share, bar.group.count)}`}>
              <span className="portrait-rail">
                <span className="portrait-fill" style={width(bar.group.share)} />
              </span>
              <span className="portrait-value">{percent(bar.group.share, bar.group.count)}</span>
            </span>
            <span className="portrait-track" title={`${names[1]} ${percent(bar.against.share, bar.against.count)}`}>
              <span className="portrait-rail">
                <span className="portrait-fill portrait-other" style={width(bar.against.share)} />
              </span>
              <span className="portrait-value muted">{percent(bar.against.share, bar.against.count)}</span>
            </span>
          </span>
          <LiftCell lift={bar.lift} fixed={fixed?.(bar)} />
        </li>
      ))}
    </ul>
  );
}

export function Legend({ names }: { names: [string, string] }) {
  return (
    <p className="portrait-legend small" aria-hidden="true">
      <span className="portrait-dot" /> {names[0]} <span className="portrait-dot portrait-other" /> {names[1]}
    </p>
  );
}
