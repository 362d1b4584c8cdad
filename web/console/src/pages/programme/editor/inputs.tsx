/** The boxes of the editor: whole numbers, yuan kept in fen by their digits, lengths of time, instants by the shop's clock. */
import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useZone } from '../../../app/session';
import { fenOf, yuanOf } from '../../segments/model/literals';
import { clockOf, instantOf } from '../../segments/model/zone';
import { type Length, type LengthKind, lengthOf, withLength } from '../model/rules';
import { useStatus } from './context';

interface NumberProps {
  label: string;
  path: string;
  value: number | null | undefined;
  min?: number;
  max?: number;
  unit?: string;
  /** May be left empty. */
  free?: boolean;
  placeholder?: string;
  onChange: (value: number | undefined) => void;
}

export function Whole({ label, path, value, min = 0, max = 1_000_000_000_000, unit, free, placeholder, onChange }: NumberProps) {
  const status = useStatus(path, !free && value == null);
  return (
    <InputNumber
      className="rule-number"
      aria-label={label}
      {...status}
      min={min}
      max={max}
      precision={0}
      controls={false}
      value={value ?? null}
      {...(placeholder ? { placeholder } : {})}
      {...(unit ? { suffix: unit } : {})}
      onChange={(n) => onChange(n ?? undefined)}
    />
  );
}

/** The fen of an amount that is none below nought; `null` for what is no amount. */
const amountIn = (text: string): number | null => {
  const fen = fenOf(text);
  return fen === null || fen < 0 ? null : fen;
};

export function Yuan({ label, path, value, free, onChange }: NumberProps) {
  const shown = value == null ? '' : yuanOf(value);
  const [text, setText] = useState(shown);
  useEffect(() => {
    // What is typed stays as typed while it means the same: `1.` on the way to `1.5` is not taken away.
    setText((now) => (amountIn(now) === (value ?? null) ? now : shown));
  }, [value, shown]);
  const bad = text.trim() !== '' && amountIn(text) === null;
  const status = useStatus(path, !free && value == null);
  return (
    <Input
      className="rule-yuan"
      aria-label={label}
      inputMode="decimal"
      prefix="¥"
      value={text}
      {...(bad ? { status: 'error' as const } : status)}
      onChange={(e) => {
        setText(e.target.value);
        onChange(amountIn(e.target.value) ?? undefined);
      }}
    />
  );
}

interface LengthProps {
  label: string;
  path: string;
  value: Length | undefined;
  kinds: readonly LengthKind[];
  fallback: { kind: LengthKind; n: number };
  onChange: (value: Length) => void;
}

/** How long: days, months, or to the end of a year; what is not said is shown as what then holds. */
export function LengthBox({ label, path, value, kinds, fallback, onChange }: LengthProps) {
  const { t } = useTranslation();
  const { kind, n } = lengthOf(value, fallback);
  const usual: Record<LengthKind, number> = { days: 365, months: 12, year_end: 1 };
  return (
    <span className="say">
      {kind === 'year_end' ? null : <Whole label={label} path={path} value={n} min={kind === 'months' ? 1 : 0} max={36_600} onChange={(next) => onChange(withLength(value, kind, next ?? null))} />}
      <Select<LengthKind>
        aria-label={`${label} · ${t('programme.unit')}`}
        value={kind}
        options={kinds.map((one) => ({ value: one, label: t(`programme.length.${one}`) }))}
        onChange={(next) => onChange(withLength(value, next, usual[next]))}
        popupMatchSelectWidth={false}
      />
      {kind === 'year_end' ? <Whole label={label} path={path} value={n} max={100} unit={t('programme.yearsLater')} onChange={(next) => onChange(withLength(value, kind, next ?? null))} /> : null}
    </span>
  );
}

interface InstantProps {
  label: string;
  path: string;
  placeholder?: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function Instant({ label, path, placeholder, value, onChange }: InstantProps) {
  const zone = useZone();
  const status = useStatus(path);
  return (
    <DatePicker
      className="rule-instant"
      aria-label={label}
      placeholder={placeholder ?? label}
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      {...status}
      value={value ? dayjs(clockOf(value, zone)) : null}
      onChange={(time) => onChange(time ? instantOf(time.format('YYYY-MM-DDTHH:mm:00'), zone) : undefined)}
    />
  );
}
