/** The boxes of the form: amounts that stand as minor units, shares that stand as rates, lists of words, instants by the shop's clock. */
import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { createContext, useContext, useEffect, useId, useState } from 'react';
import { formatMoney, minorOf, plainMoney } from '../../app/format';
import { useZone } from '../../app/session';
import { Field } from '../benefits/form/parts';
import { clockOf, instantOf } from '../segments/model/zone';
import { percentOf, rateOf } from './rules';

/** Which boxes hold what is nothing: it would be left out silently if the form were saved. */
const Wrong = createContext<(box: string, wrong: boolean) => void>(() => undefined);
export const WrongBoxes = Wrong.Provider;

/** Whether a form has such boxes, and what its `WrongBoxes` gets. */
export function useWrong(): [boolean, (box: string, wrong: boolean) => void] {
  const [boxes, setBoxes] = useState<string[]>([]);
  const [tell] = useState(() => (box: string, wrong: boolean) => setBoxes((before) => (before.includes(box) === wrong ? before : wrong ? [...before, box] : before.filter((other) => other !== box))));
  return [boxes.length > 0, tell];
}

/** A box whose text is the reader's until it is something, and then what it stands for. */
function useTyped<T>(value: T | undefined, shown: (value: T) => string, read: (text: string) => T | null, put: (value: T | undefined) => void) {
  const [text, setText] = useState(value === undefined ? '' : shown(value));
  // What comes from outside, as another kind or an older version, stands in the box; what is being typed stays as it is.
  useEffect(() => {
    const typed = text.trim() === '' ? undefined : (read(text) ?? undefined);
    if (typed !== value) setText(value === undefined ? '' : shown(value));
  }, [value]);
  const bad = text.trim() !== '' && read(text) === null;
  const tell = useContext(Wrong);
  const box = useId();
  useEffect(() => {
    tell(box, bad);
    return () => tell(box, false);
  }, [tell, box, bad]);
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
  note?: string;
  onChange: (value: number | undefined) => void;
}

export function MoneyBox({ label, value, currency, note, onChange }: MoneyProps) {
  const { text, bad, type } = useTyped<number>(value, (amount) => plainMoney({ amount, currency }), (typed) => minorOf(typed, currency), onChange);
  return (
    <Field label={label} note={note}>
      {(id) => <Input id={id} inputMode="decimal" prefix={formatMoney({ amount: 0, currency }).replace(/[\d.,]/g, '')} value={text} {...(bad ? { status: 'error' as const } : {})} onChange={(e) => type(e.target.value)} />}
    </Field>
  );
}

export function RateBox({ label, value, note, onChange }: { label: string; value: string | undefined; note?: string; onChange: (value: string | undefined) => void }) {
  const { text, bad, type } = useTyped<string>(value, percentOf, rateOf, onChange);
  return (
    <Field label={label} note={note}>
      {(id) => <Input id={id} inputMode="decimal" suffix="%" value={text} {...(bad ? { status: 'error' as const } : {})} onChange={(e) => type(e.target.value)} />}
    </Field>
  );
}

export function WholeBox({ label, value, min = 0, note, placeholder, onChange }: { label: string; value: number | undefined; min?: number; note?: string; placeholder?: string; onChange: (value: number | undefined) => void }) {
  return (
    <Field label={label} note={note}>
      {(id) => <InputNumber id={id} className="full" {...(placeholder ? { placeholder } : {})} min={min} max={1_000_000_000} precision={0} value={value ?? null} onChange={(n) => onChange(n ?? undefined)} />}
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
          needConfirm={false}
          format="YYYY-MM-DD HH:mm"
          value={value ? dayjs(clockOf(value, zone)) : null}
          onChange={(time) => onChange(time ? instantOf(time.format('YYYY-MM-DDTHH:mm:00'), zone) : undefined)}
        />
      )}
    </Field>
  );
}
