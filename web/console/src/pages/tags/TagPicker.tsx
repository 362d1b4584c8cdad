/** Choosing tags by typing, grouped by category; a word that no tag has can be made one at once. */
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { TAG_COLORS, type Tag } from '@api';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { TagChip } from './TagChip';
import { TAG_TOUCHES, useTagGroups, useTags } from './useTags';

/** Tags made in passing take the colours in turn, so that neighbours can be told apart; grey is left for who wants it. */
const nextColor = (n: number) => TAG_COLORS[1 + (n % (TAG_COLORS.length - 1))];

/** A name as the server compares it: width, case and spaces aside. */
const folded = (name: string) => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

interface Props {
  id?: string;
  label: string;
  placeholder: string;
  value: string[];
  onChange: (ids: string[]) => void;
  /** Tags that are not offered: those the member has already, or those chosen for the opposite. */
  without?: string[];
  create?: boolean;
  archived?: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
}

export function TagPicker({ id, label, placeholder, value, onChange, without = [], create, archived, autoFocus, disabled }: Props) {
  const { t } = useTranslation();
  const may = useCan('members:write');
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const tags = useTags(archived ? 'all' : 'active');
  const items = (tags.data?.items ?? []).filter((tag) => !without.includes(tag.id));
  const groups = useTagGroups(items);
  const word = typed.trim();
  // Before the tags are known nobody can say that a word is new.
  const isNew = create && may && word !== '' && tags.isSuccess;
  const known = (tags.data?.items ?? []).some((tag) => folded(tag.name) === folded(word));
  // Enter takes the first that is found; a word that none has becomes a tag.
  const found = groups.some((group) => [group.label, ...group.options.map((o) => o.label)].some((label) => label.toLowerCase().includes(word.toLowerCase())));
  const add = useAct<string, Tag>((client, name) => client.post<Tag>('/tags', { name, color: nextColor((tags.data?.items ?? []).length) }), {
    touches: TAG_TOUCHES,
    onDone: (tag) => {
      setTyped('');
      setOpen(false);
      onChange([...value, tag.id]);
    },
  });
  return (
    <Select
      {...(id ? { id } : {})}
      mode="multiple"
      className="full"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      loading={tags.isPending}
      autoFocus={autoFocus ?? false}
      disabled={disabled ?? false}
      open={open}
      onOpenChange={setOpen}
      // What was chosen is seen, and so is the button below.
      onChange={(ids) => {
        setOpen(false);
        onChange(ids);
      }}
      onInputKeyDown={(e) => {
        // An Enter that ends a composition chooses letters, not a tag; one browser tells it by the key's number alone.
        const composing = e.nativeEvent.isComposing || e.keyCode === 229;
        if (e.key === 'Enter' && !composing && isNew && !known && !found && !add.isPending) {
          e.preventDefault();
          e.stopPropagation();
          add.mutate(word);
        }
      }}
      maxTagCount="responsive"
      options={groups}
      showSearch={{ searchValue: typed, onSearch: setTyped, optionFilterProp: 'label' }}
      optionRender={(option) => {
        const tag = items.find((one) => one.id === option.value);
        return tag ? <TagChip tag={tag} /> : option.label;
      }}
      notFoundContent={<span className="muted">{t(known ? 'tags.already' : items.length === 0 && !word ? 'tags.noneYet' : 'tags.notFound')}</span>}
      popupRender={(menu) => (
        <>
          {menu}
          {isNew && !known ? (
            <Button type="link" icon={<PlusOutlined aria-hidden="true" />} loading={add.isPending} onMouseDown={(e) => e.preventDefault()} onClick={() => add.mutate(word)}>
              {t('tags.createNamed', { name: word })}
            </Button>
          ) : null}
        </>
      )}
    />
  );
}
