/** What a condition is about, chosen from everything there is; people's words first, the rest by table, all searchable. */
import { Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { factOf, tableOf } from '../model/registry';
import { memberSubjects, rowSubjects } from '../model/subjects';
import { headed, nameOf, useBuilder } from './context';

interface Props {
  label: string;
  /** The table whose rows are filtered; `null` for a condition on members. */
  table: string | null;
  /** Having rows, and having none, are offered too. */
  rows?: boolean;
  value: string;
  onChange: (subject: string) => void;
}

export function SubjectSelect({ label, table, rows = false, value, onChange }: Props) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const groups = useMemo(() => {
    const shown = table === null ? memberSubjects(registry, rows) : rowSubjects(registry, table);
    const titled = (name: string) =>
      headed(tableOf(registry, name)?.label ?? registry.facts.find((f) => f.group === name)?.group_label ?? t(`builder.group.${name}`, { defaultValue: name }));
    const option = (subject: string) => {
      const fact = subject.slice(subject.lastIndexOf('|') + 1);
      const empty = fact.startsWith('fact:') && factOf(registry, fact.slice(5))?.filled === false;
      const name = nameOf(subject, registry, table, t);
      return { value: subject, label: empty ? t('builder.unfilled', { name }) : name };
    };
    const made = shown.map((group) => ({ label: titled(group.name), title: group.name, options: group.subjects.map(option) }));
    // A subject stands once in the list; the common ones stand first.
    const seen = new Set<string>();
    const groups = made.map((group) => ({ ...group, options: group.options.filter((o) => !seen.has(o.value) && seen.add(o.value)) }));
    if (!seen.has(value)) groups.unshift({ label: t('builder.group.chosen'), title: 'chosen', options: [option(value)] });
    return groups.filter((group) => group.options.length > 0);
  }, [registry, rows, table, value, t]);
  return (
    <Select
      className="subject"
      aria-label={label}
      value={value}
      options={groups}
      onChange={onChange}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      listHeight={360}
    />
  );
}
