/** One condition of whatever sort, in its frame. A sort without a form of its own is negated around one that has it. */
import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { readTest } from '../model/test';
import { at, type Cond, isGroup } from '../model/tree';
import { Frame } from './Frame';
import { Group } from './Group';
import { SegmentRow } from './SegmentRow';
import { SequenceRow } from './SequenceRow';
import { TagsRow } from './TagsRow';
import { TestRow } from './TestRow';
import { TopRow } from './TopRow';

interface Props {
  cond: Cond;
  path: string;
  table: string | null;
  onChange: (cond: Cond) => void;
  onRemove: () => void;
  onDuplicate?: (() => void) | undefined;
}

/** `not` where it has a word of its own: has none of the tags, is not in the segment, has no such rows. */
const worded = (cond: Cond): boolean =>
  cond.op === 'not' && (readTest(cond) !== null || ['exists', 'has_any', 'has_all', 'in_segment'].includes(cond.arg.op));

function bodyOf(cond: Cond, path: string, table: string | null, onChange: (cond: Cond) => void): ReactNode {
  const inner = cond.op === 'not' ? cond.arg : cond;
  if (cond.op === 'not' && !worded(cond)) return <Negated cond={cond.arg} path={path} table={table} onChange={onChange} />;
  switch (inner.op) {
    case 'all':
      return <Everyone />;
    case 'has_any':
    case 'has_all':
      return <TagsRow cond={cond} onChange={onChange} />;
    case 'in_segment':
      return <SegmentRow cond={cond} onChange={onChange} />;
    case 'sequence':
      return <SequenceRow cond={inner} path={path} onChange={onChange} />;
    case 'top':
      return <TopRow cond={inner} path={path} onChange={onChange} />;
    default:
      return <TestRow cond={cond} path={path} table={table} onChange={onChange} />;
  }
}

function Everyone() {
  const { t } = useTranslation();
  return <div className="cond-line">{t('builder.everyone')}</div>;
}

/** Whoever does not fulfil what stands inside. */
function Negated({ cond, path, table, onChange }: { cond: Cond; path: string; table: string | null; onChange: (cond: Cond) => void }) {
  const { t } = useTranslation();
  const inner = at(path, 'arg');
  const put = (next: Cond) => onChange({ op: 'not', arg: next });
  return (
    <>
      <div className="cond-line">
        <Select
          className="how"
          aria-label={t('builder.negated')}
          value="not"
          options={[
            { value: 'not', label: t('builder.negated') },
            { value: 'is', label: t('builder.notNegated') },
          ]}
          onChange={(value) => value === 'is' && onChange(cond)}
          popupMatchSelectWidth={false}
        />
      </div>
      {isGroup(cond) ? <Group group={cond} path={inner} table={table} nested onChange={put} /> : bodyOf(cond, inner, table, put)}
    </>
  );
}

export function CondRow({ cond, path, table, onChange, onRemove, onDuplicate }: Props) {
  return (
    <Frame cond={cond} path={path} table={table} onChange={onChange} onRemove={onRemove} onDuplicate={onDuplicate}>
      {bodyOf(cond, path, table, onChange)}
    </Frame>
  );
}
