/** The boxes of the form: amounts that stand as minor units, shares that stand as rates, lists of words, instants by the shop's clock. */
import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { formatMoney, minorOf, plainMoney } from '../../app/format';
import { useZone } from '../../app/session';
import { Field } from '../benefits/form/parts';
import { clockOf, instantOf } from '../segments/model/zone';
import { percentOf, rateOf } from './rules';

/** A box whose text is the reader's until it is something, and then what it stands for. */
function useTyped<T>(value: T | undefined, shown: (value: T) => string, read: (text: string) => T | null, put: (value: T | undefined) => void) {
  const [text, setText] = useState(value === undefined ? '' : shown(value));
  // What comes from outside, as another kind or an older version, stands in the box; what is being typed stays as it is.
  useEffect(() => {
    const typed = text.trim() === '' ? undefined : (read(text) ?? undefined);
    if (typed !== value) setText(value === undefined ? '' : shown(value));
  }, [value]);
  const bad = text.trim() !== '' && read(text) === null;
  const type = (next: string) => {
    setText(next);
    put(next.trim() === '' ? undefined : (read(next) ?? undefined));
  };
  return { text, bad, type };
}

interface MoneyProps {
  label: string;
  value: number | undefined;
  currency: string;
  /** Without a label above: the label is read out only. */
  bare?: boolean;
  note?: string;
  onChange: (value: number | undefined) => void;
}

export function MoneyBox({ label, value, currency, bare, note, onChange }: MoneyProps) {
  const { text, bad, type } = useTyped<number>(value, (amount) => plainMoney({ amount, currency }), (typed) => minorOf(typed, currency), onChange);
  const box = (id?: string) => (
    <Input {...(id ? { id } : { 'aria-label': label, placeholder: label })} inputMode="decimal" prefix={formatMoney({ amount: 0, currency }).replace(/[\d.,]/g, '')} value={text} {...(bad ? { status: 'error' as const } : {})} onChange={(e) => type(e.target.value)} />
  );
  return bare ? (
    box()
  ) : (
    <Field label={label} note={note}>
      {box}
    </Field>
  );
}

export function RateBox({ label, value, bare, note, onChange }: { label: string; value: string | undefined; bare?: boolean; note?: string; onChange: (value: string | undefined) => void }) {
  const { text, bad, type } = useTyped<string>(value, percentOf, rateOf, onChange);
  const box = (id?: string) => (
    <Input {...(id ? { id } : { 'aria-label': label, placeholder: label })} inputMode="decimal" suffix="%" value={text} {...(bad ? { status: 'error' as const } : {})} onChange={(e) => type(e.target.value)} />
  );
  return bare ? (
    box()
  ) : (
    <Field label={label} note={note}>
      {box}
    </Field>
  );
}

export function WholeBox({ label, value, min = 0, bare, note, placeholder, onChange }: { label: string; value: number | undefined; min?: number; bare?: boolean; note?: string; placeholder?: string; onChange: (value: number | undefined) => void }) {
  const box = (id?: string) => (
    <InputNumber className="full" {...(id ? { id } : { 'aria-label': label })} {...(placeholder ? { placeholder } : {})} min={min} max={1_000_000_000} precision={0} value={value ?? null} onChange={(n) => onChange(n ?? undefined)} />
  );
  return bare ? (
    box()
  ) : (
    <Field label={label} note={note}>
      {box}
    </Field>
  );
}

/** Codes or words, one after the other. */
export function WordsBox({ label, value, hint, note, onChange }: { label: string; value: string[] | undefined; hint?: string; note?: string; onChange: (value: string[]) => void }) {
  return (
    <Field label={label} note={note}>
      {(id) => (
        <Select id={id} className="full" mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '\n']} {...(hint ? { placeholder: hint } : {})} value={value ?? []} onChange={(words: string[]) => onChange(words.map((word) => word.trim()).filter(Boolean))} />
      )}
    </Field>
  );
}

export function InstantBox({ label, value, placeholder, onChange }: { label: string; value: string | undefined; placeholder: string; onChange: (value: string | undefined) => void }) {
  const zone = useZone();
  return (
    <Field label={label}>
      {(id) => (
        <DatePicker
          id={id}
          className="full"
          placeholder={placeholder}
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          value={value ? dayjs(clockOf(value, zone)) : null}
          onChange={(time) => onChange(time ? instantOf(time.format('YYYY-MM-DDTHH:mm:00'), zone) : undefined)}
        />
      )}
    </Field>
  );
}
