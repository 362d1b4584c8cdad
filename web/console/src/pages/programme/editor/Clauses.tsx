/** What narrows a rule: a time, tiers, categories; and the group of rules of which the best alone counts. */
import CloseOutlined from '@ant-design/icons/CloseOutlined';
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { AutoComplete, Button, Dropdown, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Words } from '../../segments/builder/Words';
import { type EarnRule, earnOf, put, tierLabel, tiersOf } from '../model/rules';
import { Say, useEditor, useStatus } from './context';
import { Instant } from './inputs';

const CLAUSES = ['time', 'tiers', 'categories', 'group'] as const;
type Clause = (typeof CLAUSES)[number];

const stands = (rule: EarnRule, clause: Clause): boolean => (clause === 'time' ? rule.from !== undefined || rule.to !== undefined : rule[clause] !== undefined && rule[clause] !== null);

const cleared = (rule: EarnRule, clause: Clause): EarnRule => (clause === 'time' ? put(put(rule, 'from', undefined), 'to', undefined) : put(rule, clause, undefined));

export function Clauses({ rule, path, set }: { rule: EarnRule; path: string; set: (rule: EarnRule) => void }) {
  const { t } = useTranslation();
  const { rules } = useEditor();
  // What is open stays open while it is emptied and filled anew; it is in the rules only while it says something.
  const [open, setOpen] = useState<Clause[]>(() => CLAUSES.filter((clause) => stands(rule, clause)));
  const tierStatus = useStatus(`${path}.tiers`);
  const groupStatus = useStatus(`${path}.group`);
  // A bonus for goods of no category would be one for all goods: its categories are always asked for.
  const shown = CLAUSES.filter((clause) => stands(rule, clause) || open.includes(clause) || (clause === 'categories' && rule.kind === 'category_bonus'));
  const hidden = CLAUSES.filter((clause) => !shown.includes(clause) && !(clause === 'tiers' && !rules.ladder));
  const groups = [...new Set(earnOf(rules).flatMap((one) => (one.group ? [one.group] : [])))];
  const list = (key: 'tiers' | 'categories') => (values: string[]) => set(put(rule, key, values.length > 0 ? values : undefined));
  const controls: Record<Clause, Record<string, ReactNode>> = {
    time: {
      from: <Instant label={t('programme.from')} path={`${path}.from`} value={rule.from} onChange={(value) => set(put(rule, 'from', value))} />,
      to: <Instant label={t('programme.to')} path={`${path}.to`} value={rule.to} onChange={(value) => set(put(rule, 'to', value))} />,
    },
    tiers: {
      tiers: (
        <Select
          mode="multiple"
          className="rule-many"
          aria-label={t('programme.clause.tiers')}
          placeholder={t('programme.clause.tiers')}
          {...tierStatus}
          value={rule.tiers ?? []}
          options={[...new Set([...tiersOf(rules).flatMap((tier) => (tier.id ? [tier.id] : [])), ...(rule.tiers ?? [])])].map((value) => ({ value, label: tierLabel(rules, value) }))}
          onChange={list('tiers')}
          popupMatchSelectWidth={false}
        />
      ),
    },
    categories: { categories: <Words label={t('programme.clause.categories')} vocabulary="category" values={null} value={rule.categories ?? []} onChange={list('categories')} /> },
    group: {
      group: (
        <AutoComplete
          className="rule-group"
          aria-label={t('programme.clause.group')}
          placeholder={t('programme.groupHint')}
          {...groupStatus}
          value={rule.group ?? ''}
          options={groups.map((value) => ({ value }))}
          onChange={(value: string) => set(put(rule, 'group', value || undefined))}
        />
      ),
    },
  };
  return (
    <>
      {shown.map((clause) => (
        <div key={clause} className="clause">
          <Say text={t(`programme.claused.${clause}`)} slots={controls[clause]} />
          {clause === 'categories' && rule.kind === 'category_bonus' ? null : (
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined aria-hidden="true" />}
              aria-label={t('programme.dropClause', { what: t(`programme.clause.${clause}`) })}
              onClick={() => {
                setOpen(open.filter((one) => one !== clause));
                set(cleared(rule, clause));
              }}
            />
          )}
        </div>
      ))}
      {hidden.length > 0 ? (
        <Dropdown trigger={['click']} menu={{ items: hidden.map((clause) => ({ key: clause, label: t(`programme.clause.${clause}`) })), onClick: ({ key }) => setOpen([...open, key as Clause]) }}>
          <Button type="link" size="small" className="clause-add" icon={<PlusOutlined aria-hidden="true" />}>
            {t('programme.narrow')}
          </Button>
        </Dropdown>
      ) : null}
    </>
  );
}
