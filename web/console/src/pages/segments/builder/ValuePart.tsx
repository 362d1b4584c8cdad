/** What belongs to a value besides its name: the rows that it is reckoned over, or the two values it is put together of. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { coreOf, subjectOf, valueFor, withCore } from '../model/subjects';
import { type Agg, at, fnOf, type Rows, type Value } from '../model/tree';
import { useBuilder } from './context';
import { RowsPart } from './RowsPart';
import { SubjectSelect } from './SubjectSelect';

/** The pointer of the innermost value. */
function corePath(value: Value, path: string): string {
  const fn = fnOf(value);
  return fn ? corePath(fn[1], at(path, fn[0])) : path;
}

const withRows = (agg: Agg, rows: Rows): Agg => ({ agg: agg.agg, ...(agg.of ? { of: agg.of } : {}), ...rows });

interface Props {
  value: Value;
  path: string;
  table: string | null;
  onChange: (value: Value) => void;
}

export function ValuePart({ value, path, table, onChange }: Props) {
  const { t } = useTranslation();
  const core = coreOf(value);
  const here = corePath(value, path);
  if ('agg' in core) return <RowsPart rows={core} path={here} onChange={(rows) => onChange(withCore(value, withRows(core, rows)))} />;
  const key = 'ratio' in core ? 'ratio' : 'sub' in core ? 'sub' : 'add' in core ? 'add' : null;
  if (key === null) return null;
  const args = (core as unknown as Record<string, Value[]>)[key] ?? [];
  const put = (next: Value[]) => onChange(withCore(value, { [key]: next } as unknown as Value));
  return (
    <div className="arith">
      {args.map((arg, index) => (
        <div key={index} className="arith-arg">
          <span className="arith-name">{t(`builder.argument.${key}`, { n: index + 1, letter: String.fromCharCode(65 + index) })}</span>
          <WholeValue label={t('builder.subjectOf')} value={arg} path={at(here, key, index)} table={table} onChange={(next) => put(args.map((old, i) => (i === index ? next : old)))} />
          {key === 'add' && args.length > 2 ? (
            <Button size="small" type="text" onClick={() => put(args.filter((_, i) => i !== index))}>
              {t('common.delete')}
            </Button>
          ) : null}
        </div>
      ))}
      {key === 'add' ? (
        <Button size="small" type="dashed" onClick={() => put([...args, args.at(-1) as Value])}>
          {t('builder.addTerm')}
        </Button>
      ) : null}
    </div>
  );
}

/** A value with its name to choose. */
export function WholeValue({ label, ...props }: Props & { label: string }) {
  const { registry } = useBuilder();
  const { value, table, onChange } = props;
  return (
    <div className="whole-value">
      <SubjectSelect label={label} table={table} value={subjectOf(value)} onChange={(subject) => onChange(valueFor(subject, value, registry))} />
      <ValuePart {...props} />
    </div>
  );
}
