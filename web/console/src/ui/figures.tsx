/** Figures on cards: a number with its label, how it moved against the period before, a whole cut in two. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatShare } from '../app/format';

interface TileProps {
  label: string;
  /** What the label means, where another figure could be taken for it. */
  hint?: string | undefined;
  value: ReactNode;
  /** The exact figure, where the shown one is rounded. */
  exact?: string;
  note?: ReactNode;
  to?: string;
  onOpen?: () => void;
}

export function Tile({ label, hint, value, exact, note, to, onOpen }: TileProps) {
  const body = (
    <>
      <span className="tile-label" title={hint}>
        {label}
      </span>
      <span className="tile-value" title={exact}>
        {value}
      </span>
      {note ? <span className="tile-note">{note}</span> : null}
    </>
  );
  if (to) {
    return (
      <Link to={to} className="tile tile-link">
        {body}
      </Link>
    );
  }
  return onOpen ? (
    <button type="button" className="tile tile-link tile-button" onClick={onOpen}>
      {body}
    </button>
  ) : (
    <div className="tile">{body}</div>
  );
}

interface DeltaProps {
  now: number | null;
  before: number | null | undefined;
  points?: boolean;
  /** What more of it is: good news, bad news, or neither. */
  tone?: 'good' | 'bad' | 'plain';
}

/** How a figure moved. `points` compares two shares (0 to 1) in percentage points instead of in percent of the older. */
export function Delta({ now, before, points, tone = 'good' }: DeltaProps) {
  const { t } = useTranslation();
  if (now === null || before === null || before === undefined || (before === 0 && !points)) return null;
  const change = points ? (now - before) * 100 : ((now - before) / Math.abs(before)) * 100;
  const tenths = Math.round(Math.abs(change) * 10);
  const size = tenths >= 10_000 ? String(Math.round(tenths / 10)) : `${Math.floor(tenths / 10)}.${tenths % 10}`;
  const text = points ? t('insight.points', { n: size }) : `${size}%`;
  if (tenths === 0) return <span className="delta muted">{t('insight.same')}</span>;
  const colour = tone === 'plain' ? 'muted' : change > 0 === (tone === 'good') ? 'good-text' : 'bad-text';
  return (
    <span className={`delta ${colour}`}>
      <span aria-hidden="true">{change > 0 ? '▲' : '▼'}</span>
      <span className="visually-hidden">{t(change > 0 ? 'insight.up' : 'insight.down')}</span> {text}
    </span>
  );
}

interface SplitPart {
  label: string;
  /** What the part amounts to, in the measure that the bar is of. */
  size: number;
  text: ReactNode;
  to?: string;
}

/** A whole of two parts: a bar, with the words that say the same. */
export function Split({ title, first, second }: { title: string; first: SplitPart; second: SplitPart }) {
  const whole = first.size + second.size;
  const share = whole > 0 ? Math.round((first.size * 1000) / whole) / 10 : 0;
  const item = (className: string, part: SplitPart) => (
    <div className="split-item">
      <span className={`split-dot ${className}`} aria-hidden="true" />
      <span className="grow">{part.to ? <Link to={part.to}>{part.label}</Link> : part.label}</span>
      <span className="amount strong">{part.text}</span>
      <span className="muted split-share">{formatShare(part.size, whole)}</span>
    </div>
  );
  return (
    <div className="split">
      <h3>{title}</h3>
      <div className="split-bar" aria-hidden="true">
        <div style={{ width: `${Math.max(0, Math.min(100, share))}%` }} />
      </div>
      {item('split-named', first)}
      {item('split-unnamed', second)}
    </div>
  );
}
