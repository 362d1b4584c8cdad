/** The frame of one condition: how many match it by itself, what is wrong with it, and what can be done to it. */
import CloseOutlined from '@ant-design/icons/CloseOutlined';
import MoreOutlined from '@ant-design/icons/MoreOutlined';
import { Button, Dropdown, type MenuProps } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import type { Cond } from '../model/tree';
import { useBuilder } from './context';
import { NodeText } from './NodeText';

interface Props {
  cond: Cond;
  path: string;
  table: string | null;
  children: ReactNode;
  onChange: (cond: Cond) => void;
  onRemove: () => void;
  onDuplicate?: (() => void) | undefined;
}

/** Whether what the server says of a pointer is said of this node, and of none that stands in a frame of its own below. */
function concerns(cond: Cond, path: string, of: string): boolean {
  if (of !== path && !of.startsWith(`${path}/`)) return false;
  const below = of.slice(path.length).replace(/^(\/arg)+(?=\/|$)/, '');
  return !/\/(args\/\d+|where)(\/|$)/.test(below) && !(cond.op === 'top' && /^\/of(\/|$)/.test(below));
}

export function Frame({ cond, path, table, children, onChange, onRemove, onDuplicate }: Props) {
  const { t } = useTranslation();
  const { parts, fault, gap } = useBuilder();
  const [writing, setWriting] = useState(false);
  const part = parts.get(path);
  const wrong = fault && concerns(cond, path, fault.path) ? fault.message : null;
  const waits = !wrong && gap === path;
  const negated = cond.op === 'not';
  const items: MenuProps['items'] = [
    ...(onDuplicate ? [{ key: 'copy', label: t('builder.duplicate') }] : []),
    { key: 'or', label: t('builder.makeGroup') },
    { key: 'not', label: t(negated ? 'builder.unNegate' : 'builder.negate') },
    ...(table === null ? [{ key: 'text', label: t('builder.asText') }] : []),
  ];
  const act: Record<string, () => void> = {
    copy: () => onDuplicate?.(),
    or: () => onChange({ op: 'or', args: [cond] }),
    not: () => onChange(negated ? cond.arg : { op: 'not', arg: cond }),
    text: () => setWriting(true),
  };
  return (
    <div className={`cond ${table === null ? 'cond-member' : 'cond-row'} ${wrong ? 'cond-wrong' : ''} ${waits ? 'cond-waits' : ''}`} data-path={path}>
      <div className="cond-body">{children}</div>
      <div className="cond-tools">
        {waits ? (
          // Beside the tools, not below: a line that goes away moves what one is about to click.
          // A filter's line has no room for words: its edges say it, a reader hears it.
          <span className={table === null ? 'cond-count warn-text small' : 'visually-hidden'}>{t('builder.fillIn')}</span>
        ) : part ? (
          <span className="cond-count muted small" title={t('builder.partTook', { n: formatNumber(Math.max(1, Math.round(part.took_ms))) })}>
            {t('builder.partCount', { n: formatNumber(part.count) })}
          </span>
        ) : null}
        <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => act[key]?.() }}>
          <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('builder.moreFor')} />
        </Dropdown>
        <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('builder.remove')} onClick={onRemove} />
      </div>
      {wrong ? (
        <p className="cond-note bad-text small" role="alert">
          {wrong}
        </p>
      ) : null}
      {writing ? <NodeText cond={cond} onClose={() => setWriting(false)} onChange={onChange} /> : null}
    </div>
  );
}
