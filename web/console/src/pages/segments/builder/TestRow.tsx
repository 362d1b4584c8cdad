/** A condition as a sentence: what — how — which words; below it the rows that it is about. */
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Registry, typeOf, wordsOf } from '../model/registry';
import { coreOf, freshRows, rowsIn, rowsInValue, subjectOf, subjectOfCond, valueFor } from '../model/subjects';
import { at, type Cond, fnOf, type Literal, type Rows, type Value } from '../model/tree';
import { askedAs, type How, howsOf, readTest, takesList, takesNothing, type Test, writeTest } from '../model/test';
import { useBuilder } from './context';
import { type Kind, LiteralInput, LiteralList } from './LiteralInput';
import { RowsPart } from './RowsPart';
import { SubjectSelect } from './SubjectSelect';
import { ValuePart, WholeValue } from './ValuePart';

interface Props {
  cond: Cond;
  path: string;
  table: string | null;
  onChange: (cond: Cond) => void;
}

/** The first way of asking that suits a value, with nothing filled in. */
function freshTest(value: Value, registry: Registry, table: string | null): Test {
  const type = typeOf(value, registry, table);
  if (type === 'bool') return { value, how: 'eq', words: [true] };
  const how = howsOf(type)[0] ?? 'eq';
  return { value, how, words: takesList(how) ? [] : [null] };
}

const existsOf = (subject: string, rows: Rows): Cond => {
  const exists: Cond = { op: 'exists', ...rows };
  return subject.startsWith('none:') ? { op: 'not', arg: exists } : exists;
};

/** The same rows or value asked about otherwise; words are kept where types agree. */
function resubject(cond: Cond, subject: string, registry: Registry, table: string | null): Cond {
  const rows = rowsIn(cond);
  if (/^(exists|none):/.test(subject)) {
    const of = subject.slice(subject.indexOf(':') + 1);
    return existsOf(subject, rows?.table === of ? rows : { ...freshRows(of, registry), ...(rows?.window ? { window: rows.window } : {}) });
  }
  const before = readTest(cond);
  const value = valueFor(subject, before?.value ?? null, registry, rows);
  if (!before) return writeTest(freshTest(value, registry, table));
  const was = typeOf(before.value, registry, table);
  const is = typeOf(value, registry, table);
  const alike = was === is && (is !== 'text' || wordsOf(before.value, registry, table)?.vocabulary === wordsOf(value, registry, table)?.vocabulary);
  return writeTest(alike && !before.other ? { ...before, value } : freshTest(value, registry, table));
}

export function useKind(value: Value, table: string | null): Kind {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const fn = fnOf(value)?.[0] ?? null;
  const core = coreOf(value);
  const unit = fn ? fn : 'agg' in core && (core.agg === 'count' || core.agg === 'distinct') ? (core.agg === 'distinct' && core.of === 'order_id' ? 'orders' : core.agg === 'count' ? core.table : '') : '';
  return {
    type: typeOf(value, registry, table),
    fn,
    words: wordsOf(value, registry, table),
    unit: unit ? t(`builder.unit.${unit}`, { defaultValue: '' }) : '',
  };
}

/** How it is asked; a comparison with another value is one more way, for values that can be compared. */
function HowSelect({ test, kind, label, onChange }: { test: Test; kind: Kind; label: string; onChange: (test: Test) => void }) {
  const { t } = useTranslation();
  const offered = howsOf(kind.type);
  const hows = offered.includes(test.how) ? offered : [test.how, ...offered];
  const name = (how: How) => t(`builder.how.${kind.type}_${how}`, { defaultValue: t(`builder.how.${how}`) });
  const comparable = (['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as How[]).filter((how) => hows.includes(how));
  const options = [
    { label: t('builder.withValue'), title: 'value', options: hows.map((how) => ({ value: how as string, label: name(how) })) },
    { label: t('builder.withOther'), title: 'other', options: comparable.map((how) => ({ value: `other:${how}`, label: t('builder.thanOther', { how: name(how) }) })) },
  ];
  return (
    <Select<string>
      className="how"
      aria-label={label}
      value={test.other ? `other:${test.how}` : test.how}
      options={options}
      onChange={(chosen) => {
        if (!chosen.startsWith('other:')) return onChange(askedAs({ value: test.value, how: test.how, words: test.words }, chosen as How));
        return onChange({ value: test.value, how: chosen.slice(6) as How, words: [], other: test.other ?? test.value });
      }}
      popupMatchSelectWidth={false}
      listHeight={360}
    />
  );
}

function Answer({ test, kind, onChange }: { test: Test; kind: Kind; onChange: (words: Literal[]) => void }) {
  const { t } = useTranslation();
  const { how, words } = test;
  if (takesNothing(how)) return null;
  if (takesList(how)) return <LiteralList kind={kind} label={t('builder.words')} value={words} wanting onChange={onChange} />;
  if (how === 'between') {
    // A band of whole numbers is read with its last number in it, as people say it; the tree keeps the first beyond.
    const whole = kind.type === 'int';
    const last = whole && typeof words[1] === 'number' ? words[1] - 1 : (words[1] ?? null);
    return (
      <span className="band">
        <LiteralInput kind={kind} label={t('builder.from')} value={words[0] ?? null} wanting onChange={(from) => onChange([from, words[1] ?? null])} />
        <span className="muted">{t(whole ? 'builder.toIncluded' : kind.type === 'fen' || kind.type === 'dec' ? 'builder.toBelow' : 'builder.toBefore')}</span>
        <LiteralInput kind={kind} label={t('builder.to')} value={last} wanting onChange={(to) => onChange([words[0] ?? null, whole && typeof to === 'number' ? to + 1 : to])} />
      </span>
    );
  }
  return <LiteralInput kind={kind} label={t('builder.words')} value={words[0] ?? null} wanting onChange={(word) => onChange([word])} />;
}

/** Where the value of a test stands in the tree. */
function valuePath(cond: Cond, path: string): string {
  if (cond.op === 'not') return valuePath(cond.arg, at(path, 'arg'));
  return at(path, 'left' in cond ? 'left' : 'value');
}

export function TestRow({ cond, path, table, onChange }: Props) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const test = readTest(cond);
  const subject = subjectOfCond(cond) ?? '';
  const choose = <SubjectSelect label={t('builder.subjectOf')} table={table} rows={table === null} value={subject} onChange={(next) => onChange(resubject(cond, next, registry, table))} />;
  if (!test) {
    const rows = rowsIn(cond);
    return (
      <>
        <div className="cond-line">{choose}</div>
        {rows ? <RowsPart rows={rows} path={cond.op === 'not' ? at(path, 'arg') : path} onChange={(next) => onChange(existsOf(subject, next))} /> : null}
      </>
    );
  }
  return <WithTest cond={cond} test={test} path={path} table={table} choose={choose} onChange={onChange} />;
}

/** Facts whose words need saying. */
const EXPLAINED = ['stage', 'rfm_r', 'rfm_f', 'rfm_m'];

function WithTest({ cond, test, path, table, choose, onChange }: Props & { test: Test; choose: React.ReactNode }) {
  const { t } = useTranslation();
  const kind = useKind(test.value, table);
  const put = (change: Partial<Test>) => onChange(writeTest({ ...test, ...change }));
  const detail = rowsInValue(test.value) !== null || ['ratio', 'add', 'sub'].includes(subjectOf(coreOf(test.value)));
  return (
    <>
      <div className="cond-line">
        {choose}
        <HowSelect test={test} kind={kind} label={t('builder.howOf')} onChange={(next) => onChange(writeTest(next))} />
        {test.other ? null : <Answer test={test} kind={kind} onChange={(words) => put({ words })} />}
      </div>
      {'fact' in test.value && EXPLAINED.includes(test.value.fact) ? <p className="muted small fact-note">{t(`builder.factNote.${test.value.fact}`)}</p> : null}
      {detail ? <ValuePart value={test.value} path={valuePath(cond, path)} table={table} onChange={(value) => put({ value })} /> : null}
      {test.other ? (
        <div className="other-value">
          <span className="muted small">{t('builder.comparedWith')}</span>
          <WholeValue label={t('builder.comparedWith')} value={test.other} path={at(path, 'right')} table={table} onChange={(other) => put({ other })} />
        </div>
      ) : null}
    </>
  );
}
