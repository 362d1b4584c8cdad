/** Small parts that every page uses: page heads, amounts, times, states, labels with values, empty states. */
import type { Money } from '@api';
import { Button, Modal, Input, Tooltip, App } from 'antd';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatMoney, formatTime } from '../app/format';
import { useZone } from '../app/session';

export function PageHead({ title, note, actions, back }: { title: ReactNode; note?: ReactNode; actions?: ReactNode; back?: ReactNode }) {
  useEffect(() => {
    if (typeof title === 'string') document.title = `${title} · 熟客 Shuke`;
  }, [title]);
  return (
    <header className="page-head">
      <div className="page-head-text">
        {back}
        <h1>{title}</h1>
        {note ? <p className="muted">{note}</p> : null}
      </div>
      {actions ? <div className="page-actions">{actions}</div> : null}
    </header>
  );
}

export function Amount({ value, strong }: { value: Money | null | undefined; strong?: boolean }) {
  return <span className={strong ? 'amount strong' : 'amount'}>{formatMoney(value)}</span>;
}

export function Time({ at, seconds, day }: { at: string | null | undefined; seconds?: boolean; day?: boolean }) {
  const zone = useZone();
  const { t } = useTranslation();
  if (!at) return <span className="muted">–</span>;
  // What a list without any date says comes before all else that is known: that is no day in 1970.
  if (Date.parse(at) === 0) return <span className="muted">{t('common.timeUnknown')}</span>;
  const text = day ? formatDate(at, zone) : formatTime(at, zone, seconds);
  return (
    <time dateTime={at} title={`${formatTime(at, zone, true)} ${zone}`} className="nowrap">
      {text}
    </time>
  );
}

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'plain' | 'info';

export function Mark({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`mark mark-${tone}`}>{children}</span>;
}

const tones: Record<string, Tone> = {
  created: 'plain',
  paid: 'info',
  shipped: 'info',
  completed: 'good',
  closed: 'plain',
  queued: 'plain',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
  dead: 'bad',
  staged: 'plain',
  previewed: 'info',
  stopped: 'warn',
  undoing: 'busy',
  succeeded: 'good',
  undone: 'plain',
  open: 'warn',
  repaired: 'good',
  discarded: 'plain',
  merged: 'good',
  kept_apart: 'plain',
  delivered: 'good',
  pending: 'plain',
  active: 'good',
  disabled: 'bad',
  overdue: 'bad',
};

/** A state word of the server in the reader's language; a word we do not know is shown as it came. */
export function StateMark({ state, area = 'state' }: { state: string | null | undefined; area?: string }) {
  const { t } = useTranslation();
  if (!state) return <span className="muted">–</span>;
  return <Mark tone={tones[state] ?? 'plain'}>{t(`words.${area}.${state}`, { defaultValue: state })}</Mark>;
}

/** A word from a closed list in the reader's language, else as it came. */
export function useWord() {
  const { t } = useTranslation();
  return (area: string, word: string | null | undefined): string =>
    word ? t(`words.${area}.${word.replaceAll('.', '_')}`, { defaultValue: word }) : '–';
}

/** Who said something, in words: a platform's member list, a campaign, a kind of document. */
export function useSourceName() {
  const { t } = useTranslation();
  const word = useWord();
  return (source: string | null | undefined): string | null => {
    if (!source) return null;
    const list = /^([a-z_]+):members$/.exec(source)?.[1];
    if (list) return list === 'plain' ? t('members.plainList') : t('members.listOf', { platform: word('platform', list) });
    return t(`words.consentSource.${source}`, { defaultValue: word('platform', source) });
  };
}

export function Facts({ rows, columns = 1 }: { rows: [ReactNode, ReactNode][]; columns?: 1 | 2 }) {
  return (
    <dl className={`facts facts-${columns}`}>
      {rows.map(([label, value], index) => (
        <div key={index}>
          <dt>{label}</dt>
          <dd>{value ?? <span className="muted">–</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Card({ title, extra, children, className, flush }: { title?: ReactNode; extra?: ReactNode; children: ReactNode; className?: string; flush?: boolean }) {
  return (
    <section className={`card ${flush ? 'card-flush' : ''} ${className ?? ''}`}>
      {title || extra ? (
        <div className="card-head">
          {title ? <h2>{title}</h2> : <span />}
          {extra}
        </div>
      ) : null}
      {children}
    </section>
  );
}

/** What to do first, where there is nothing yet. */
export function EmptyTeach({ title, text, actions }: { title: ReactNode; text?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty-teach">
      <svg width="72" height="56" viewBox="0 0 72 56" aria-hidden="true">
        <rect x="16" y="4" width="50" height="36" rx="6" className="empty-a" />
        <rect x="6" y="12" width="52" height="38" rx="6" className="empty-a" />
        <rect x="14" y="21" width="20" height="4" rx="2" className="empty-c" />
        <rect x="14" y="30" width="36" height="4" rx="2" className="empty-b" />
        <rect x="14" y="39" width="28" height="4" rx="2" className="empty-b" />
      </svg>
      <p className="empty-title">{title}</p>
      {text ? <p className="muted">{text}</p> : null}
      {actions ? <div className="empty-actions">{actions}</div> : null}
    </div>
  );
}

/** A name whose meaning is told when it is pointed at or reached by the keyboard. */
export function Hinted({ hint, className = '', children }: { hint: string; className?: string; children: ReactNode }) {
  return (
    <Tooltip title={hint}>
      <span className={`hinted ${className}`.trim()} tabIndex={0}>
        {children}
      </span>
    </Tooltip>
  );
}

/** The name of a field that has to be filled in, told before anybody submits. */
export function Needed({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      {children}
      <span className="muted">{t('common.needed')}</span>
    </>
  );
}

/** Asks for a reason before something is done that people will want explained later. */
export function ReasonModal({
  open,
  title,
  text,
  label,
  confirm,
  danger,
  pending,
  children,
  onConfirm,
  onClose,
}: {
  open: boolean;
  title: string;
  text?: ReactNode;
  label?: string;
  confirm: string;
  danger?: boolean;
  pending?: boolean;
  children?: ReactNode;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const id = useId();
  useEffect(() => {
    if (open) setReason('');
  }, [open]);
  return (
    <Modal
      open={open}
      title={title}
      okText={confirm}
      cancelText={t('common.cancel')}
      okButtonProps={{ danger: danger ?? false, disabled: reason.trim() === '', loading: pending ?? false }}
      onOk={() => onConfirm(reason.trim())}
      onCancel={onClose}
      destroyOnHidden
    >
      {text ? <p>{text}</p> : null}
      {children}
      <label htmlFor={id} className="field-label">
        <Needed>{label ?? t('common.reason')}</Needed>
      </label>
      <Input.TextArea id={id} aria-required value={reason} rows={3} maxLength={200} className="gap-below" onChange={(e) => setReason(e.target.value)} />
    </Modal>
  );
}

/** Copies by the clipboard where the browser offers it, else by a selection, as on plain http inside a shop's network. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (
    <Button
      onClick={() => {
        void copyText(text).then((done) => (done ? message.success(t('common.copied')) : message.warning(t('common.copyByHand'))));
      }}
    >
      {label ?? t('common.copy')}
    </Button>
  );
}

/** An id, short on screen, whole when asked for. */
export function ShortId({ id }: { id: string | null | undefined }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  if (!id) return <span className="muted">–</span>;
  const short = id.length > 14 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id;
  return (
    <Tooltip title={id}>
      <button
        type="button"
        className="link-button mono"
        onClick={() => {
          void copyText(id).then((done) => done && message.success(t('common.copied')));
        }}
      >
        {short}
        <span className="visually-hidden"> {t('common.copy')}</span>
      </button>
    </Tooltip>
  );
}

export function AsOf({ at, busy }: { at: string | null | undefined; busy?: boolean }) {
  const { t } = useTranslation();
  const zone = useZone();
  if (!at) return null;
  return (
    <span className="muted small" aria-live="polite">
      <span className="nowrap">{t('common.asOf', { at: formatTime(at, zone, true) })}</span>
      {busy ? ` · ${t('common.updating')}` : ''}
    </span>
  );
}

export function downloadBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
