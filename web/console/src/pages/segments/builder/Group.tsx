/** Conditions that hold together: all of them, or any of them; groups stand within groups. */
import CloseOutlined from '@ant-design/icons/CloseOutlined';
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { at, type Cond, type Group as GroupNode, isGroup } from '../model/tree';
import { AddMenu } from './AddMenu';
import { CondRow } from './CondRow';
import { useBuilder } from './context';

interface Props {
  group: GroupNode;
  path: string;
  table: string | null;
  nested?: boolean;
  /** The group is the builder's own around one condition: its member stands at this very pointer. */
  alone?: boolean;
  onChange: (cond: Cond) => void;
  onRemove?: () => void;
}

export function Group({ group, path, table, nested, alone, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const { parts, fault } = useBuilder();
  const put = (args: Cond[]) => {
    if (args.length === 0 && onRemove) onRemove();
    else onChange({ op: group.op, args });
  };
  const replace = (index: number, next: Cond) => put(group.args.map((old, i) => (i === index ? next : old)));
  const remove = (index: number) => put(group.args.filter((_, i) => i !== index));
  const copy = (index: number) => put(group.args.flatMap((old, i) => (i === index ? [old, structuredClone(old)] : [old])));
  const add = (cond: Cond) => put([...group.args, cond]);
  const part = nested && !alone ? parts.get(path) : undefined;
  return (
    <div className={nested ? 'group group-nested' : 'group'} role="group" aria-label={t(group.op === 'and' ? 'builder.allOf' : 'builder.anyOf')} data-path={nested ? path : undefined}>
      {group.args.length > 1 || nested ? (
        <div className="group-head">
          <Segmented<'and' | 'or'>
            size="small"
            value={group.op}
            aria-label={t('builder.joinedBy')}
            options={[
              { value: 'and', label: t('builder.allOf') },
              { value: 'or', label: t('builder.anyOf') },
            ]}
            onChange={(op) => onChange({ op, args: group.args })}
          />
          <span className="grow" />
          {part ? <span className="muted small">{t('builder.partCount', { n: formatNumber(part.count) })}</span> : null}
          {nested && onRemove ? <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('builder.removeGroup')} onClick={onRemove} /> : null}
        </div>
      ) : null}
      {fault && fault.path === path && nested ? (
        <p className="bad-text small" role="alert">
          {fault.message}
        </p>
      ) : null}
      {group.args.map((cond, index) => {
        const here = alone ? path : at(path, 'args', index);
        return (
          <div key={index} className="group-item">
            {index > 0 ? <span className="joint">{t(group.op === 'and' ? 'builder.and' : 'builder.or')}</span> : null}
            {isGroup(cond) ? (
              <Group group={cond} path={here} table={table} nested onChange={(next) => replace(index, next)} onRemove={() => remove(index)} />
            ) : (
              <CondRow cond={cond} path={here} table={table} onChange={(next) => replace(index, next)} onRemove={() => remove(index)} onDuplicate={() => copy(index)} />
            )}
          </div>
        );
      })}
      <AddMenu table={table} first={group.args.length === 0} onAdd={add} />
    </div>
  );
}
