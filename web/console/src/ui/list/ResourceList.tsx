/**
 * The list that every page of records is: filters whose state is in the URL, saved views, columns and density of
 * one's own, export of exactly what the filter finds, pages by cursor, and an empty state that says what to do.
 *
 * The address is the whole state, so that a link shows the same list to a colleague and the back button works.
 */
import type { Page } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { type Key, type ReactNode, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { dayStart, nextDay } from '../../app/format';
import { readStored, useNarrow, writeStored } from '../../app/prefs';
import { useSession, useZone } from '../../app/session';
import { EmptyTeach } from '../bits';
import type { ServerExport } from '../export/ExportDialog';
import { ServerExportButton } from '../export/ServerExportButton';
import { type Column, DataTable } from '../DataTable';
import { ProblemAlert } from '../problem';
import { useOwner, useRemembered } from './BackToList';
import { ExportButton } from './ExportButton';
import { type Filter, Filters } from './Filters';
import { inForce } from './inForce';
import { Pager } from './Pager';
import { SavedViews } from './SavedViews';
import { goneOn, pageNumber, wayTo } from './trail';
import { ViewSettings } from './ViewSettings';

/** What was ticked: rows, on whichever pages, or everything that the filter finds. */
export interface Choice<T> {
  rows: T[];
  all: boolean;
  /** The filter, as the list's path takes it. */
  query: Record<string, string | undefined>;
}

export interface ListProps<T> {
  /** Names the list for saved views and remembered columns. */
  page: string;
  label: string;
  path: string;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  filters?: Filter[];
  /** Parameters that do not come from the address. */
  fixed?: Record<string, string | undefined>;
  empty: ReactNode;
  /** What may be found in another list by the word that found nothing here. */
  elsewhere?: (query: string) => ReactNode;
  /** What it means that nothing is found by these filters, where that says more than their names. */
  nothing?: (query: Record<string, string | undefined>) => { title: string; text?: string; action?: ReactNode } | null;
  /** How many rows these filters find, where another answer knows it already. */
  total?: (query: Record<string, string | undefined>) => number | null | undefined;
  actions?: (row: T) => ReactNode;
  bulk?: (choice: Choice<T>, clear: () => void) => ReactNode;
  /** The bulk actions can also be done to everything that the filter finds, on pages that nobody has opened too. */
  bulkAll?: boolean;
  /** Exports what is on screen, read page by page; for lists that the server does not export. */
  exportName?: string;
  exportBy?: ServerExport;
  /** Read again every so many milliseconds. */
  refresh?: number;
  plain?: boolean;
  /** Why an answer may miss something, in words; `null` where it misses nothing. */
  gap?: (page: Page<T>) => string | null;
}

interface Look {
  columns: string[] | null;
  dense: boolean;
}

export function toQuery(
  filters: Filter[],
  params: URLSearchParams,
  fixed: Record<string, string | undefined>,
  zone: string,
): Record<string, string | undefined> {
  const query: Record<string, string | undefined> = { ...fixed };
  for (const filter of filters) {
    if (filter.kind === 'dates') {
      const from = params.get(filter.name);
      const to = params.get(filter.until);
      const asked = (day: string) => (filter.civil ? day : dayStart(day, zone));
      if (from) query[filter.name] = asked(from);
      if (to) query[filter.until] = asked(nextDay(to));
    } else {
      const value = params.get(filter.name);
      if (value) query[filter.name] = value;
    }
  }
  return query;
}

/** Looks that one page takes at most before it asks whether to go on. */
const LOOKS = 20;

/**
 * A rare match may lie far behind: the server then answers with nothing yet and where to go on. The search goes on by
 * itself for a while, so that "nothing found" is said only when everything was looked at.
 */
async function findPage<T>(path: string, query: Record<string, string | undefined>, cursor: string, signal: AbortSignal): Promise<Page<T>> {
  let page = await api.get<Page<T>>(path, { ...query, cursor }, signal);
  for (let looks = 1; page.items.length === 0 && page.next_cursor && looks < LOOKS; looks += 1) {
    page = await api.get<Page<T>>(path, { ...query, cursor: page.next_cursor }, signal);
  }
  return page;
}

export function ResourceList<T>(props: ListProps<T>) {
  const { page, label, path, columns, rowKey, filters = [], fixed = {}, empty, elsewhere, actions, bulk } = props;
  const { t } = useTranslation();
  const zone = useZone();
  const { merchant } = useSession();
  const [params, setParams] = useSearchParams();
  useRemembered();
  const storeKey = `shuke.list.${page}`;
  const [look, setLook] = useState<Look>(() => readStored<Look>(storeKey) ?? { columns: null, dense: false });
  const [selected, setSelected] = useState<Map<Key, T>>(new Map());
  const [everything, setEverything] = useState(false);

  const query = toQuery(filters, params, fixed, zone);
  // On a phone a row is a card: fifty of them are a long way to the next page.
  const usual = useNarrow() ? '20' : '50';
  const limit = params.get('limit') ?? usual;
  const cursor = params.get('cursor') ?? '';
  const filterText = JSON.stringify(query);
  const list = `${useOwner()} ${page} ${path} ${filterText} ${limit}`;

  const answer = useQuery<Page<T>>({
    queryKey: ['list', path, merchant.id, filterText, limit, cursor],
    queryFn: ({ signal }) => findPage<T>(path, { ...query, limit }, cursor, signal),
    placeholderData: keepPreviousData,
    ...(props.refresh ? { refetchInterval: props.refresh } : {}),
  });

  useEffect(() => unselect(), [filterText, limit]);
  useEffect(() => writeStored(storeKey, look), [storeKey, look]);

  const shown = useMemo(() => {
    const wanted = look.columns;
    if (!wanted) return columns.filter((c) => !c.hidden);
    const kept = columns.filter((c) => wanted.includes(c.key));
    return kept.length > 0 ? kept : columns;
  }, [columns, look.columns]);

  // A column in which no row of the page has anything is left out, unless somebody chose it.
  const told = useMemo(() => {
    const page = answer.data?.items ?? [];
    const kept = look.columns || page.length === 0 ? shown : shown.filter((c) => !c.blank || !page.every(c.blank));
    return kept.length > 0 ? kept : shown;
  }, [shown, look.columns, answer.data]);

  const unselect = () => {
    setSelected(new Map());
    setEverything(false);
  };
  const select = (keys: Set<Key>) => {
    const known = new Map(selected);
    for (const row of answer.data?.items ?? []) known.set(rowKey(row), row);
    setSelected(new Map([...known].filter(([key]) => keys.has(key))));
    setEverything(false);
  };
  const change = (values: Record<string, string | undefined>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('cursor');
        for (const [name, value] of Object.entries(values)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const goto = (to: string) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (to) next.set('cursor', to);
      else next.delete('cursor');
      return next;
    });

  const goOn = () => {
    const next = answer.data?.next_cursor ?? '';
    goneOn(list, cursor, next);
    goto(next);
  };

  const rows = answer.data?.items ?? [];
  const gap = answer.data ? (props.gap?.(answer.data) ?? null) : null;
  const filtered = filters.some((f) => params.get(f.name) || (f.kind === 'dates' && params.get(f.until)));
  const held = inForce(filters, params);
  const searched = filters.some((f) => (f.kind === 'search' || f.kind === 'own') && params.get(f.name));
  const nothing = rows.length === 0 ? (props.nothing?.(query) ?? null) : null;
  const many = cursor !== '' || Boolean(answer.data?.next_cursor);
  const wholePage = rows.length > 0 && rows.every((row) => selected.has(rowKey(row)));
  const fresh = rows.filter((row) => selected.has(rowKey(row))).map((row) => [rowKey(row), row] as const);
  const clearAll = () =>
    change(Object.fromEntries(filters.flatMap((f) => (f.kind === 'dates' ? [f.name, f.until] : [f.name])).map((n) => [n, undefined])));

  return (
    <section className="list" aria-busy={answer.isFetching}>
      {props.plain || (rows.length === 0 && !filtered && !cursor && answer.isSuccess) ? null : (
        <div className="list-bar">
          <Filters filters={filters} params={params} onChange={change} onClear={filtered ? clearAll : undefined} />
          <div className="list-tools">
            <SavedViews
              page={page}
              query={params}
              columns={shown.map((c) => c.key)}
              onApply={(view) => {
                setParams(new URLSearchParams(view.query));
                if (view.columns.length > 0) setLook((l) => ({ ...l, columns: view.columns }));
              }}
            />
            <ViewSettings
              columns={columns}
              shown={shown}
              dense={look.dense}
              onColumns={(keys) => setLook((l) => ({ ...l, columns: keys }))}
              onDense={(dense) => setLook((l) => ({ ...l, dense }))}
            />
            {props.exportBy ? (
              <ServerExportButton what={props.exportBy} query={query} />
            ) : props.exportName ? (
              <ExportButton path={path} query={query} columns={shown} chosen={look.columns !== null} name={props.exportName} />
            ) : null}
          </div>
        </div>
      )}
      {bulk && selected.size > 0 ? (
        <div className="bulk-bar" role="status">
          <span>{everything ? t('list.selectedAll') : t('list.selected', { count: selected.size })}</span>
          {props.bulkAll && many && wholePage && !everything ? (
            <Button type="link" size="small" onClick={() => setEverything(true)}>
              {t(filtered ? 'list.selectMatching' : 'list.selectEverything')}
            </Button>
          ) : null}
          {bulk({ rows: [...new Map([...selected, ...fresh]).values()], all: everything, query }, unselect)}
          <Button type="text" size="small" onClick={unselect}>
            {t('list.unselect')}
          </Button>
        </div>
      ) : null}
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active paragraph={{ rows: 8 }} className="pad" />
      ) : rows.length === 0 && answer.data?.next_cursor ? (
        <EmptyTeach
          title={t('list.goOn')}
          text={t('list.goOnText')}
          actions={<Button onClick={goOn}>{t('list.goOnDo')}</Button>}
        />
      ) : rows.length === 0 && !answer.error ? (
        filtered || cursor ? (
          <EmptyTeach
            title={nothing?.title ?? (held.length > 0 ? t('list.nothingWith', { what: held.map(({ label, value }) => t('list.held', { label, value })).join(t('list.and')) }) : t('list.nothingFound'))}
            text={gap ?? nothing?.text ?? (held.length > 0 ? (held.length > 1 || searched ? t('list.nothingFoundAdvice') : undefined) : t('list.nothingFoundOtherwise'))}
            actions={
              <>
                {nothing?.action}
                {query.query ? elsewhere?.(query.query) : null}
                <Button onClick={clearAll}>{t(held.length > 0 ? 'list.clear' : 'list.clearSearch')}</Button>
              </>
            }
          />
        ) : (
          empty
        )
      ) : rows.length > 0 ? (
        <>
          {gap ? (
            <p className="muted small" role="status">
              {gap}
            </p>
          ) : null}
          <DataTable
            label={label}
            columns={told}
            rows={rows}
            rowKey={rowKey}
            dense={look.dense}
            {...(actions ? { actions } : {})}
            {...(bulk ? { selected: new Set(selected.keys()), onSelect: select } : {})}
          />
          <Pager
            count={rows.length}
            total={props.total?.(query)}
            pageNumber={pageNumber(list, cursor)}
            limit={limit}
            hasPrevious={cursor !== ''}
            hasNext={Boolean(answer.data?.next_cursor)}
            busy={answer.isPlaceholderData}
            onLimit={(value) => change({ limit: value === usual ? undefined : value })}
            onPrevious={() => goto(wayTo(list, cursor)?.at(-1) ?? '')}
            onNext={goOn}
          />
        </>
      ) : null}
    </section>
  );
}
