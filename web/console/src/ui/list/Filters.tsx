/** The filter bar: in a row on wide screens, behind one button in a drawer on narrow ones. */
import CloseOutlined from '@ant-design/icons/CloseOutlined';
import FilterOutlined from '@ant-design/icons/FilterOutlined';
import { Badge, Button, Drawer, Input, Select, Skeleton } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../../app/prefs';
import { inForce } from './inForce';

const DateRange = lazy(() => import('./DateRange'));

export type Filter =
  /** `hint` says what can be typed, where the words are too many for the box itself. */
  | { kind: 'search'; name: string; label: string; hint?: string }
  /** `long`: the words of a choice are many. */
  | { kind: 'select'; name: string; label: string; options: { value: string; label: string }[]; long?: boolean }
  /** Any number of choices, all of which must hold; commas join them in the address. */
  | { kind: 'many'; name: string; label: string; options: { label: string; options: { value: string; label: string }[] }[] }
  /** A box of the page's own that holds one value; it stands beside the search, also on a phone. */
  | { kind: 'own'; name: string; label: string; box: (value: string | null, put: (value: string | undefined) => void) => ReactNode }
  /** Civil days in the address. The server gets the instants of the shop's days, or with `civil` the days: `[from, to)`. */
  | { kind: 'dates'; name: string; until: string; label: string; civil?: boolean };

interface Props {
  filters: Filter[];
  params: URLSearchParams;
  onChange: (values: Record<string, string | undefined>) => void;
  onClear?: (() => void) | undefined;
}

function SearchBox({ filter, params, onChange }: { filter: Filter & { kind: 'search' } } & Pick<Props, 'params' | 'onChange'>) {
  const value = params.get(filter.name) ?? '';
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const id = useId();
  const box = (
    <Input.Search
      className="filter-search"
      value={text}
      allowClear
      placeholder={filter.label}
      aria-label={filter.label}
      {...(filter.hint ? { 'aria-describedby': id } : {})}
      onChange={(e) => {
        setText(e.target.value);
        if (e.target.value === '' && value !== '') onChange({ [filter.name]: undefined });
      }}
      onSearch={(typed) => onChange({ [filter.name]: typed.trim() || undefined })}
    />
  );
  if (!filter.hint) return box;
  return (
    <div className="search-hinted">
      {box}
      <span id={id} className="muted small">
        {filter.hint}
      </span>
    </div>
  );
}

/** Choices that nobody reads through. */
const MANY = 15;

function One({ filter, params, onChange }: { filter: Filter } & Pick<Props, 'params' | 'onChange'>) {
  switch (filter.kind) {
    case 'search':
      return <SearchBox filter={filter} params={params} onChange={onChange} />;
    case 'select':
      return (
        <Select
          className={filter.long ? 'filter-select filter-long' : 'filter-select'}
          allowClear
          placeholder={filter.label}
          aria-label={filter.label}
          value={params.get(filter.name) ?? undefined}
          options={filter.options}
          // Where the choices are many, typing finds one.
          {...(filter.options.length > MANY ? { showSearch: { optionFilterProp: 'label' } } : {})}
          onChange={(value: string | undefined) => onChange({ [filter.name]: value })}
          popupMatchSelectWidth={false}
        />
      );
    case 'own':
      return filter.box(params.get(filter.name), (value) => onChange({ [filter.name]: value }));
    case 'many':
      return (
        <Select
          mode="multiple"
          className="filter-many"
          allowClear
          placeholder={filter.label}
          aria-label={filter.label}
          value={params.get(filter.name)?.split(',') ?? []}
          options={filter.options}
          showSearch={{ optionFilterProp: 'label' }}
          maxTagCount="responsive"
          onChange={(values: string[]) => onChange({ [filter.name]: values.join(',') || undefined })}
          popupMatchSelectWidth={false}
        />
      );
    case 'dates':
      return (
        <Suspense fallback={<Skeleton.Input className="filter-dates" />}>
          <DateRange
            label={filter.label}
            from={params.get(filter.name)}
            to={params.get(filter.until)}
            onChange={(from, to) => onChange({ [filter.name]: from, [filter.until]: to })}
          />
        </Suspense>
      );
  }
}

export function Filters({ filters, params, onChange, onClear }: Props) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  if (filters.length === 0) return <span />;

  const first = (f: Filter) => f.kind === 'search' || f.kind === 'own';
  const search = filters.filter(first);
  const others = filters.filter((f) => !first(f));
  const held = inForce(others, params);
  // What was only searched for is no filter.
  const clear = t(held.length > 0 || filters.some((f) => f.kind === 'own' && params.get(f.name)) ? 'list.clear' : 'list.clearSearch');

  if (!narrow) {
    return (
      <div className="filters" role="search">
        {filters.map((filter) => (
          <One key={filter.name} filter={filter} params={params} onChange={onChange} />
        ))}
        {onClear ? (
          <Button type="link" className="filter-clear" onClick={onClear}>
            {clear}
          </Button>
        ) : null}
      </div>
    );
  }
  return (
    <div className={search.length > 0 ? 'filters filters-search' : 'filters'} role="search">
      {search.map((filter) => (
        <One key={filter.name} filter={filter} params={params} onChange={onChange} />
      ))}
      {others.length > 0 ? (
        <Badge count={held.length} size="small">
          <Button icon={<FilterOutlined />} onClick={() => setOpen(true)}>
            {t('list.filter')}
          </Button>
        </Badge>
      ) : null}
      {held.length > 0 ? (
        <ul className="filter-chips" aria-label={t('list.inForce')}>
          {held.map(({ names, label, value }) => (
            <li key={names[0]}>
              <button type="button" className="filter-chip" onClick={() => onChange(Object.fromEntries(names.map((name) => [name, undefined])))}>
                <span className="filter-chip-text">{t('list.held', { label, value })}</span>
                <CloseOutlined aria-hidden="true" />
                <span className="visually-hidden">{t('list.drop')}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <Drawer
        open={open}
        placement="bottom"
        size="auto"
        title={t('list.filter')}
        onClose={() => setOpen(false)}
        footer={
          <div className="drawer-footer">
            <Button disabled={!onClear} onClick={onClear}>
              {t('list.clear')}
            </Button>
            <Button type="primary" onClick={() => setOpen(false)}>
              {t('list.show')}
            </Button>
          </div>
        }
      >
        <div className="filter-stack">
          {others.map((filter) => (
            <div key={filter.name}>
              <div className="field-label">{filter.label}</div>
              <One filter={filter} params={params} onChange={onChange} />
            </div>
          ))}
        </div>
      </Drawer>
    </div>
  );
}
