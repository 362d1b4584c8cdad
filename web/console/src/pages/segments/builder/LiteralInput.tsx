/** One literal, or a list of them, in the box that its type wants: yuan, whole numbers, days, words, yes and no. */
import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useZone } from '../../../app/session';
import type { Fn, Literal } from '../model/tree';
import { literalOf, textOf } from '../model/literals';
import type { Type, Word } from '../model/registry';
import { clockOf, instantOf } from '../model/zone';
import { Words } from './Words';

export interface Kind {
  type: Type | null;
  /** The function at the head: months, weekdays and hours are chosen, not typed. */
  fn: Fn | null;
  words: { vocabulary: string; values: Word[] | null } | null;
  /** What stands behind a number: days, years of age, orders. */
  unit: string;
}

function Typed({ kind, label, value, wanting, onChange }: { kind: Kind; label: string; value: Literal; wanting: boolean; onChange: (value: Literal) => void }) {
  const [text, setText] = useState(textOf(kind.type, value));
  useEffect(() => {
    // What is typed stays as typed while it means the same: `1.` on the way to `1.5` is not taken away.
    setText((now) => (literalOf(kind.type, now) === value ? now : textOf(kind.type, value)));
  }, [value, kind.type]);
  const bad = text.trim() !== '' && literalOf(kind.type, text) === null;
  const number = kind.type !== 'text';
  return (
    <Input
      className={number ? 'literal literal-number' : 'literal'}
      aria-label={label}
      value={text}
      inputMode={number ? 'decimal' : 'text'}
      {...(bad ? { status: 'error' as const } : wanting && value === null ? { status: 'warning' as const } : {})}
      {...(kind.type === 'fen' ? { prefix: '¥' } : {})}
      {...(kind.unit && kind.type !== 'fen' ? { suffix: kind.unit } : {})}
      onChange={(e) => {
        setText(e.target.value);
        onChange(literalOf(kind.type, e.target.value));
      }}
    />
  );
}

/** Months, days of the week and hours by their names. */
function useChoices(fn: Fn | null) {
  const { t } = useTranslation();
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  if (fn === 'weekday_of') return range(1, 7).map((n) => ({ value: n, label: t(`builder.weekday.${n}`) }));
  if (fn === 'month_of') return range(1, 12).map((n) => ({ value: n, label: t('builder.month', { n }) }));
  if (fn === 'hour_of') return range(0, 23).map((n) => ({ value: n, label: t('builder.hour', { n }) }));
  return null;
}

interface OneProps {
  kind: Kind;
  label: string;
  value: Literal;
  wanting: boolean;
  onChange: (value: Literal) => void;
}

export function LiteralInput({ kind, label, value, wanting, onChange }: OneProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const choices = useChoices(kind.fn);
  const status = wanting && value === null ? { status: 'warning' as const } : {};
  if (choices) {
    return <Select<number> className="literal" aria-label={label} {...status} value={value as number} options={choices} onChange={onChange} popupMatchSelectWidth={false} />;
  }
  switch (kind.type) {
    case 'bool':
      return (
        <Select<string>
          className="literal"
          aria-label={label}
          {...status}
          value={value === null ? (null as unknown as string) : String(value)}
          options={[
            { value: 'true', label: t('common.yes') },
            { value: 'false', label: t('common.no') },
          ]}
          onChange={(chosen) => onChange(chosen === 'true')}
        />
      );
    case 'date':
      return (
        <DatePicker className="literal" aria-label={label} {...status} value={typeof value === 'string' ? dayjs(value) : null} onChange={(day) => onChange(day ? day.format('YYYY-MM-DD') : null)} />
      );
    case 'instant':
      return (
        <DatePicker
          className="literal literal-instant"
          aria-label={label}
          showTime
          {...status}
          value={typeof value === 'string' ? dayjs(clockOf(value, zone)) : null}
          onChange={(time) => onChange(time ? instantOf(time.format('YYYY-MM-DDTHH:mm:ss'), zone) : null)}
        />
      );
    case 'text':
      return kind.words ? (
        <Words
          label={label}
          vocabulary={kind.words.vocabulary}
          values={kind.words.values}
          value={typeof value === 'string' && value !== '' ? [value] : []}
          single
          wanting={wanting && !value}
          onChange={(words) => onChange(words[0] ?? null)}
        />
      ) : (
        <Typed kind={kind} label={label} value={value} wanting={wanting} onChange={onChange} />
      );
    default:
      return <Typed kind={kind} label={label} value={value} wanting={wanting} onChange={onChange} />;
  }
}

export function LiteralList({ kind, label, value, wanting, onChange }: { kind: Kind; label: string; value: Literal[]; wanting: boolean; onChange: (value: Literal[]) => void }) {
  const { t } = useTranslation();
  const choices = useChoices(kind.fn);
  if (kind.type === 'text') {
    return (
      <Words
        label={label}
        vocabulary={kind.words?.vocabulary ?? ''}
        values={kind.words?.values ?? null}
        value={value.filter((w): w is string => typeof w === 'string')}
        wanting={wanting && value.length === 0}
        onChange={onChange}
      />
    );
  }
  return (
    <Select<(string | number)[]>
      mode={choices ? 'multiple' : 'tags'}
      className="words"
      aria-label={label}
      {...(wanting && value.length === 0 ? { status: 'warning' as const } : {})}
      placeholder={t(choices ? 'builder.choose' : kind.type === 'date' ? 'builder.typeDays' : 'builder.typeNumbers')}
      tokenSeparators={[',', '\uff0c', ' ']}
      value={value.map((one) => (choices ? Number(one) : textOf(kind.type, one)))}
      options={choices ?? []}
      {...(choices ? {} : { open: false })}
      onChange={(typed) =>
        onChange(
          typed
            .map((one) => (choices ? Number(one) : kind.type === 'date' ? (/^\d{4}-\d{2}-\d{2}$/.test(String(one)) ? String(one) : null) : literalOf(kind.type, String(one))))
            .filter((one) => one !== null),
        )
      }
      popupMatchSelectWidth={false}
    />
  );
}
