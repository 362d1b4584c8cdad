/** Choosing words: from the few that there are, or by typing with completion; a word that is not offered can be typed. */
import type { Page } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { formatNumber } from '../../../app/format';
import { useSession } from '../../../app/session';
import type { Word } from '../model/registry';

interface Props {
  label: string;
  vocabulary: string;
  /** The few words, where the product knows them. */
  values: Word[] | null;
  value: string[];
  single?: boolean;
  wanting?: boolean;
  onChange: (words: string[]) => void;
}

interface Found extends Word {
  count?: number | null;
}

/** Typing is not answered letter by letter. */
function useSlow(text: string): string {
  const [slow, setSlow] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(text), 200);
    return () => clearTimeout(timer);
  }, [text]);
  return slow;
}

export function Words({ label, vocabulary, values, value, single, wanting, onChange }: Props) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const asked = useSlow(typed);
  const few = values && values.length > 0;
  const found = useQuery<Pick<Page<Found>, 'items'>>({
    queryKey: ['segment-words', merchant.id, vocabulary, asked],
    queryFn: ({ signal }) => api.get('/segments/words', { vocabulary, contains: asked, limit: 50 }, signal),
    enabled: open && !few,
    placeholderData: keepPreviousData,
  });
  // What a chosen word is called is asked for once where the word alone says little: goods have titles.
  const named = useQuery<Pick<Page<Found>, 'items'>>({
    queryKey: ['segment-words', merchant.id, vocabulary, value[0] ?? ''],
    queryFn: ({ signal }) => api.get('/segments/words', { vocabulary, contains: value[0] ?? '', limit: 50 }, signal),
    enabled: !few && value.length > 0 && ['sku', 'tag', 'shop'].includes(vocabulary),
    staleTime: 300_000,
  });
  const options = useMemo(() => {
    const all: Found[] = few ? values : [...(found.data?.items ?? []), ...(named.data?.items.filter((w) => value.includes(w.value)) ?? [])];
    const seen = new Set<string>();
    const told = new Set<string>();
    return all
      // Of a few words two of one name are one to the reader (files and shop spell it differently): the first is offered.
      .filter((word) => !few || value.includes(word.value) || (!told.has(word.label) && told.add(word.label)))
      .filter((word) => word.value && !seen.has(word.value) && seen.add(word.value))
      .map((word) => ({
        value: word.value,
        label: word.label || word.value,
        count: word.count,
        text: `${word.label} ${word.value}`,
      }));
  }, [few, values, found.data, named.data, value]);
  return (
    <Select
      mode={few ? 'multiple' : 'tags'}
      className="words"
      aria-label={label}
      placeholder={t(few ? 'builder.choose' : 'builder.typeOrChoose')}
      value={value}
      {...(wanting ? { status: 'warning' as const } : {})}
      options={options}
      onChange={(words: string[]) => {
        setTyped('');
        onChange(single ? words.slice(-1) : words);
      }}
      onOpenChange={setOpen}
      loading={found.isFetching}
      // The server has looked already; here only what was chosen from the few is narrowed.
      showSearch={{ searchValue: typed, onSearch: setTyped, ...(few ? { optionFilterProp: 'text' } : { filterOption: (_: string, option) => (option ? option.text.toLowerCase().includes(typed.trim().toLowerCase()) : true) }) }}
      optionRender={(option) => (
        <span className="word-option">
          <span>{option.label}</span>
          {String(option.label) === String(option.value) || few ? null : <span className="muted small"> {option.value}</span>}
          {option.data.count ? <span className="muted small"> · {formatNumber(option.data.count)}</span> : null}
        </span>
      )}
      notFoundContent={<span className="muted">{t(found.isFetching ? 'common.loading' : 'builder.noWord')}</span>}
      popupMatchSelectWidth={false}
      maxTagCount={8}
    />
  );
}
