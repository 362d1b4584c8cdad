/**
 * Rows that could not be read: repaired in place, discarded for a reason, or corrected in a sheet and loaded again.
 * Nothing leaves this list in silence.
 */
import DownOutlined from '@ant-design/icons/DownOutlined';
import type { ImportDetail, Page, QuarantineEntry } from '@api';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Dropdown, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useCan, useSession } from '../../app/session';
import { useWho } from '../../app/who';
import { useAct } from '../../ui/act';
import { EmptyTeach, Mark, PageHead, ReasonModal, StateMark, Time } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ShortFileName } from '../../ui/FileName';
import { type Choice, ResourceList } from '../../ui/list/ResourceList';
import { besideColumn, blamedColumn, readAs } from '../imports/blame';
import { downloadRejects } from '../imports/rejects';
import { allSettled, type Counts, countsOf, readTimes, readValue, STATES, TOUCHED } from './counts';
import { RepairDrawer } from './RepairDrawer';

const REASONS = [
  'bad_amount', 'bad_date', 'bad_encoding', 'bad_order_no', 'bad_phone', 'bad_quantity', 'duplicate_order_no_conflict',
  'impossible_date', 'missing_key', 'missing_order_no', 'missing_status', 'negative_amount', 'order_no_lost_precision',
  'refund_exceeds_paid', 'time_order', 'truncated_row', 'unknown_currency', 'unknown_status',
];

export function Component() {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { message } = App.useApp();
  const [params, setParams] = useSearchParams();
  // Those that wait come first; what is settled stands a click away.
  const state = params.get('state') ?? 'open';
  const may = useCan('imports:write');
  const who = useWho();
  const [editing, setEditing] = useState<QuarantineEntry | null>(null);
  const [discarding, setDiscarding] = useState<{ rows: QuarantineEntry[]; clear: () => void } | null>(null);
  const imports = useQuery<Page<ImportDetail>>({
    queryKey: ['imports-choice', merchant.id],
    queryFn: () => api.get<Page<ImportDetail>>('/imports', { limit: 100 }),
  });
  const discard = useAct<string>(
    async (client, reason) => {
      for (const row of discarding?.rows ?? []) await client.post(`/quarantine/${row.id}/discard`, { reason });
    },
    {
      done: t('quarantine.discardDone'),
      touches: TOUCHED,
      onDone: () => {
        discarding?.clear();
        setDiscarding(null);
      },
    },
  );
  const retry = useAct<{ rows: QuarantineEntry[]; clear: () => void }, number>(
    async (client, { rows }) => {
      let repaired = 0;
      for (const row of rows) {
        const answer = await client.patch<QuarantineEntry>(`/quarantine/${row.id}`, { cells: {} });
        if (answer.state === 'repaired') repaired += 1;
      }
      return repaired;
    },
    {
      touches: TOUCHED,
      onDone: (repaired, { rows, clear }) => {
        clear();
        void message.info(t('quarantine.retried', { repaired, all: rows.length }));
      },
    },
  );
  const chosenImport = params.get('import');
  const listed = imports.data?.items ?? [];
  // An import older than those listed is named as well, when a link leads to its rows.
  const other = useQuery<ImportDetail>({
    queryKey: ['import', merchant.id, chosenImport],
    queryFn: () => api.get<ImportDetail>(`/imports/${chosenImport ?? ''}`),
    enabled: chosenImport !== null && imports.isSuccess && !listed.some((d) => d.id === chosenImport),
  });
  const rejects = useAct<string, void>((_c, id) => downloadRejects(id));
  const called = (d: ImportDetail) => d.files.map((f) => f.name).join('、').slice(0, 60) || d.title || d.id;
  const one: ImportDetail | undefined = chosenImport ? (listed.find((d) => d.id === chosenImport) ?? other.data) : undefined;
  // The filter names the file already.
  const oneFile = one?.files.length === 1;
  // More imports than are listed: what all of them hold is not known here.
  const complete = imports.isSuccess && !imports.data.next_cursor;
  const counts: Counts | null = one ? countsOf([one]) : !chosenImport && complete ? countsOf(listed) : null;
  const waiting = listed.filter((d) => (d.waiting ?? 0) > 0);
  const only = chosenImport ?? (waiting.length === 1 ? waiting[0]?.id : undefined);
  // A link to one row opens it.
  const named = params.get('row');
  const linked = useQuery<QuarantineEntry>({
    queryKey: ['quarantine-entry', merchant.id, named],
    queryFn: () => api.get<QuarantineEntry>(`/quarantine/${named ?? ''}`),
    enabled: named !== null && may,
  });
  const shown = editing ?? (named !== null ? (linked.data ?? null) : null);
  const close = () => {
    setEditing(null);
    if (named === null) return;
    setParams((was) => {
      const next = new URLSearchParams(was);
      next.delete('row');
      return next;
    });
  };

  /** Why none of an import's rows waits by these filters: all were settled, or those that wait have other reasons. */
  const settledOf = (of: ImportDetail, n: Counts) => {
    if (!allSettled(n)) return n.open > 0 && params.get('reason') ? { title: t('quarantine.noneOfReason'), text: t('quarantine.othersWait', { n: formatNumber(n.open) }) } : null;
    return {
      title: t(n.discarded === 0 ? 'quarantine.allRepaired' : 'quarantine.allSettled'),
      text: t(n.discarded === 0 ? 'quarantine.allRepairedText' : 'quarantine.allSettledText', { repaired: formatNumber(n.repaired), discarded: formatNumber(n.discarded) }),
      action: (
        <Link to={`/imports/${of.id}`}>
          <Button type="primary">{t('quarantine.toImport')}</Button>
        </Link>
      ),
    };
  };
  const first = (e: QuarantineEntry) => e.reasons[0];
  const sourceOf = (e: QuarantineEntry) => (one?.id === e.import ? one : listed.find((i) => i.id === e.import));
  const blamed = (e: QuarantineEntry) => blamedColumn(first(e) ?? {}, e.cells, e.columns, readAs(sourceOf(e), e.file));
  // Of two times either may be the wrong one.
  const times = (e: QuarantineEntry) => readTimes(blamed(e), besideColumn(first(e) ?? {}, readAs(sourceOf(e), e.file)), e.cells);
  const settled = (e: QuarantineEntry) =>
    t('quarantine.settledBy', { how: t(`quarantine.how.${e.resolved_how ?? 'console'}`, { defaultValue: e.resolved_how ?? '' }), who: who(e.resolved_by) });
  /** What to do, where rows can be repaired right here. */
  const advice = (e: QuarantineEntry) => {
    const r = first(e);
    return may ? t(`quarantine.advice.${r?.code.split(':')[0] ?? ''}`, { defaultValue: r?.advice ?? '' }) : r?.advice;
  };
  const value = (e: QuarantineEntry) => readValue(first(e)?.code ?? '', blamed(e), e.cells);
  const columns: Column<QuarantineEntry>[] = [
    {
      key: 'where',
      title: t('quarantine.where'),
      render: (e) => (
        <button type="button" className="link-button left" onClick={() => setEditing(e)}>
          {t('imports.rowN', { n: e.row ?? e.record })}
          {e.order_no ? <span className="small block break">{t('quarantine.order', { no: e.order_no })}</span> : null}
          {oneFile ? null : (
            <span className="muted small block">
              <ShortFileName name={e.file} />
            </span>
          )}
        </button>
      ),
      sheet: (e) => [e.file, e.row ?? e.record, e.order_no ?? ''].join(' ').trim(),
    },
    { key: 'column', title: t('imports.column'), render: (e) => <span className="nowrap-wide">{blamed(e) ?? t('imports.wholeRow')}</span>, sheet: blamed },
    {
      key: 'reason',
      title: t('imports.reason'),
      render: (e) => (
        <span className="marks">
          {e.reasons.map((r, index) => (
            <Mark key={index} tone={e.state === 'open' ? 'bad' : 'plain'}>
              {t(`reasons.${r.code.split(':')[0] ?? ''}`, { defaultValue: r.text ?? r.code })}
            </Mark>
          ))}
        </span>
      ),
      sheet: (e) => e.reasons.map((r) => r.code).join(' '),
    },
    {
      key: 'text',
      title: t('quarantine.whatWrong'),
      render: (e) => (
        <span className="cell-two">
          <span>{first(e)?.text ?? '–'}</span>
          {value(e) ? <span className="small break">{t('quarantine.read', { value: value(e) })}</span> : null}
          {first(e)?.code.startsWith('time_order')
            ? times(e).map(([name, text]) => (
                <span key={name} className="small break">
                  {t('list.held', { label: name, value: text })}
                </span>
              ))
            : null}
          {e.state === 'open' ? <span className="muted small">{advice(e)}</span> : null}
          {(e.changed ?? []).map((c) => (
            <span key={c.column} className="small break">
              {t('quarantine.changed', { column: c.column, from: c.from || t('quarantine.emptyCell'), to: c.to || t('quarantine.emptyCell') })}
            </span>
          ))}
          {e.same_as ? (
            <Link to={`/quarantine?state=${e.state}&row=${e.same_as}`} className="small">
              {t('quarantine.seeSame')}
            </Link>
          ) : null}
        </span>
      ),
      sheet: (e) => [...e.reasons.map((r) => `${r.text ?? r.code} ${r.advice ?? ''}`), ...(e.changed ?? []).map((c) => `${c.column}: ${c.from} → ${c.to}`)].join(' '),
    },
    {
      key: 'state',
      title: t('orders.state'),
      render: (e) => (
        <span className="cell-two">
          <StateMark state={e.state} area="quarantineState" />
          {e.resolved_at ? (
            <span className="muted small">
              {settled(e)} <Time at={e.resolved_at} />
            </span>
          ) : null}
        </span>
      ),
      sheet: (e) => (e.resolved_at ? `${e.state} ${settled(e)} ${e.resolved_at}` : e.state),
    },
  ];
  return (
    <>
      <PageHead
        title={t('nav.quarantine')}
        note={t('quarantine.note')}
        actions={
          <>
            {only ? (
              <Button loading={rejects.isPending} onClick={() => rejects.mutate(only)}>
                {t('imports.rejects')}
              </Button>
            ) : waiting.length > 0 ? (
              <Dropdown trigger={['click']} menu={{ items: waiting.map((d) => ({ key: d.id, label: t('quarantine.sheetOf', { file: called(d), n: formatNumber(d.waiting) }) })), onClick: ({ key }) => rejects.mutate(key) }}>
                <Button loading={rejects.isPending}>
                  {t('imports.rejects')} <DownOutlined className="tiny" aria-hidden="true" />
                </Button>
              </Dropdown>
            ) : null}
            {may ? (
              <Link to="/imports/new">
                <Button>{t('quarantine.upload')}</Button>
              </Link>
            ) : null}
          </>
        }
      />
      <Segmented
        className="file-tabs"
        aria-label={t('orders.state')}
        value={state}
        options={STATES.map((value) => ({
          value,
          label: (
            <>
              <span>{value === 'all' ? t('quarantine.all') : t(`words.quarantineState.${value}`)}</span>
              {counts ? <span className="muted small"> {formatNumber(counts[value])}</span> : null}
            </>
          ),
        }))}
        onChange={(value) =>
          setParams((before) => {
            const next = new URLSearchParams(before);
            next.set('state', value);
            next.delete('cursor');
            return next;
          })
        }
      />
      <ResourceList<QuarantineEntry>
        page="quarantine"
        fixed={{ state: state === 'all' ? undefined : state }}
        label={t('nav.quarantine')}
        path="/quarantine"
        columns={columns}
        rowKey={(e) => e.id}
        exportName="quarantine"
        total={(query) => (query.reason ? null : counts?.[STATES.find((value) => value === state) ?? 'open'])}
        filters={[
          {
            kind: 'select',
            name: 'import',
            label: t('quarantine.import'),
            options: [...listed, ...(other.data ? [other.data] : [])].map((d) => ({ value: d.id, label: called(d) })),
            long: true,
          },
          { kind: 'select', name: 'reason', label: t('imports.reason'), options: REASONS.map((value) => ({ value, label: t(`reasons.${value}`) })) },
        ]}
        nothing={() => (one && counts && state === 'open' ? settledOf(one, counts) : null)}
        empty={state === 'open' ? <EmptyTeach title={t('quarantine.empty')} text={t('quarantine.emptyText')} /> : <EmptyTeach title={t('quarantine.noneSo')} />}
        actions={(e) =>
          e.state === 'open' && may ? (
            <span className="row-actions">
              <Button size="small" type="primary" ghost onClick={() => setEditing(e)}>
                {t('quarantine.repair')}
              </Button>
              <Button size="small" onClick={() => setDiscarding({ rows: [e], clear: () => undefined })}>
                {t('quarantine.discard')}
              </Button>
            </span>
          ) : (
            <Button size="small" onClick={() => setEditing(e)}>
              {t('quarantine.see')}
            </Button>
          )
        }
        {...(may
          ? {
              bulk: ({ rows }: Choice<QuarantineEntry>, clear: () => void) => {
                const open = rows.filter((r) => r.state === 'open');
                return (
                  <>
                    <Button size="small" disabled={open.length === 0} loading={retry.isPending} onClick={() => retry.mutate({ rows: open, clear })}>
                      {t('quarantine.retry')}
                    </Button>
                    <Button size="small" disabled={open.length === 0} onClick={() => setDiscarding({ rows: open, clear })}>
                      {t('quarantine.discard')}
                    </Button>
                  </>
                );
              },
            }
          : {})}
      />
      <RepairDrawer key={shown?.id ?? 'none'} entry={shown} onClose={close} onNext={setEditing} />
      <ReasonModal
        open={discarding !== null}
        title={t('quarantine.discardTitle', { n: discarding?.rows.length ?? 0 })}
        text={t('quarantine.discardText')}
        confirm={t('quarantine.discard')}
        danger
        pending={discard.isPending}
        onConfirm={(reason) => discard.mutate(reason)}
        onClose={() => setDiscarding(null)}
      />
    </>
  );
}
