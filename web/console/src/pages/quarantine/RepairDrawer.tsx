/**
 * One row that could not be read, with its cells as they stand in the file. The cells to blame come first; saving
 * reads the row again and loads it when it is right, else says what is still wrong.
 */
import type { ColumnMapping, ImportDetail, Page, QuarantineEntry } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Drawer, Input, Switch } from 'antd';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { useNarrow } from '../../app/prefs';
import { useCan, useSession } from '../../app/session';
import { useWho } from '../../app/who';
import { useAct } from '../../ui/act';
import { StateMark, Time } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { besideColumn, blamedColumn, readAs } from '../imports/blame';
import { TOUCHED } from './counts';
import { isStatus, StatusWords } from './StatusWords';

type Reason = QuarantineEntry['reasons'][number];

interface Props {
  entry: QuarantineEntry | null;
  onClose: () => void;
  /** Goes on with another row of the same import, without the way back through the list. */
  onNext: (entry: QuarantineEntry) => void;
}

/** Every column of the file: a cell left empty there is not kept, and may be the very one to fill in. */
function columnsOf(entry: QuarantineEntry | null, read: ColumnMapping[]): string[] {
  const known = entry?.columns ?? Object.keys(entry?.cells ?? {});
  const all = read.map((m) => m.column);
  return [...all, ...known.filter((name) => !all.includes(name))];
}

export function RepairDrawer({ entry: row, onClose, onNext }: Props) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { merchant } = useSession();
  const may = useCan('imports:write');
  const who = useWho();
  const id = useId();
  const top = useRef<HTMLParagraphElement>(null);
  const [changed, setChanged] = useState<Record<string, string>>({});
  const [after, setAfter] = useState<QuarantineEntry | null>(null);
  const [everything, setEverything] = useState(false);
  const loaded = useQuery<QuarantineEntry>({
    queryKey: ['quarantine-entry', merchant.id, row?.id],
    queryFn: () => api.get<QuarantineEntry>(`/quarantine/${row?.id ?? ''}`),
    enabled: row !== null && may,
  });
  const source = useQuery<ImportDetail>({
    queryKey: ['import', merchant.id, row?.import],
    queryFn: () => api.get<ImportDetail>(`/imports/${row?.import ?? ''}`),
    enabled: row !== null && may,
  });
  const again = useAct<void, QuarantineEntry>((client) => client.post<QuarantineEntry>(`/quarantine/${row?.id ?? ''}/reopen`), {
    done: t('quarantine.waitAgainDone'),
    touches: TOUCHED,
    onDone: setAfter,
  });
  const save = useAct<void, QuarantineEntry>(
    (client) => client.patch<QuarantineEntry>(`/quarantine/${row?.id ?? ''}`, { cells: changed }),
    {
      quiet: true,
      touches: TOUCHED,
      onDone: (answer) => {
        again.reset();
        setAfter(answer);
        top.current?.scrollIntoView({ block: 'end' });
        if (answer.state === 'repaired') setChanged({});
      },
    },
  );
  /** What to do, said where one is to do it; whoever may not repair is told the other ways as well. */
  const advice = (r: Reason) => (may ? t(`quarantine.here.${r.code.split(':')[0] ?? ''}`, { defaultValue: r.advice ?? '' }) : r.advice) || undefined;
  const done = after?.state === 'repaired';
  const next = useQuery<QuarantineEntry | null>({
    queryKey: ['quarantine-next', merchant.id, row?.id],
    queryFn: async () => {
      const page = await api.get<Page<QuarantineEntry>>('/quarantine', { state: 'open', import: row?.import, limit: 2 });
      return page.items.find((e) => e.id !== row?.id) ?? null;
    },
    enabled: done,
    gcTime: 0,
  });
  const entry = after ?? loaded.data ?? row;
  const open = entry?.state === 'open';
  const read = readAs(source.data, entry?.file);
  const names = columnsOf(entry, read);
  const reasonOf = new Map((entry?.reasons ?? []).map((r) => [blamedColumn(r, entry?.cells ?? {}, names, read), r]));
  const beside = new Set((entry?.reasons ?? []).map((r) => besideColumn(r, read)));
  const blamed = new Set([...reasonOf.keys(), ...beside].filter((name) => name !== null));
  // What one has just changed stays where it was, also when another cell is to blame now.
  const first = names.filter((name) => blamed.has(name) || (after !== null && name in changed));
  const rest = names.filter((name) => !first.includes(name) && (everything || name in changed || entry?.cells[name] || first.length === 0));
  const platform = source.data?.files.find((f) => f.name === entry?.file)?.platform;
  const cell = (name: string) => {
    const as = read.find((m) => m.column === name)?.field;
    const value = changed[name] ?? entry?.cells[name] ?? '';
    const reason = reasonOf.get(name);
    const field = `${id}-${name}`;
    return (
      <div key={name} className={(reason || beside.has(name)) && open ? 'cell-edit cell-bad' : 'cell-edit'}>
        <label htmlFor={field} className="field-label break">
          {name}
        </label>
        <Input.TextArea
          id={field}
          autoSize={{ minRows: 1, maxRows: 5 }}
          value={value}
          status={(reason || beside.has(name)) && open ? 'error' : ''}
          readOnly={!open || !may}
          aria-describedby={reason ? `${field}-why` : undefined}
          autoFocus={open && may && name === first[0]}
          onPressEnter={(e) => {
            if (e.shiftKey || !open || !may) return;
            e.preventDefault();
            save.mutate();
          }}
          onChange={(e) => setChanged((before) => ({ ...before, [name]: e.target.value }))}
        />
        {reason && open ? (
          <p id={`${field}-why`} className="small cell-why">
            <span className="bad-text">{reason.text ?? t(`reasons.${reason.code}`, { defaultValue: reason.code })}</span>
            {reason.advice ? <span className="muted"> {advice(reason)}</span> : null}
          </p>
        ) : null}
        {reason && open && may && platform && as && isStatus(as) ? (
          <StatusWords platform={platform} field={as} onChoose={(chosen) => setChanged((before) => ({ ...before, [name]: chosen }))} />
        ) : null}
      </div>
    );
  };
  return (
    <Drawer
      open={row !== null}
      onClose={onClose}
      size={narrow ? '100%' : 560}
      title={row ? t(row.state === 'open' ? 'quarantine.rowTitle' : 'imports.rowN', { n: row.row ?? row.record }) : ''}
      extra={entry ? <StateMark state={entry.state} area="quarantineState" /> : null}
      footer={
        open && may ? (
          <div className="drawer-footer">
            <Button onClick={onClose}>{t('common.close')}</Button>
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
              {t('quarantine.saveRow')}
            </Button>
          </div>
        ) : may && entry && !done && entry.resolved_how && entry.resolved_how !== 'erased' && (entry.columns ?? []).length > 0 && (entry.state === 'discarded' || entry.same_as) ? (
          <div className="drawer-footer">
            <Button onClick={onClose}>{t('common.close')}</Button>
            <Button loading={again.isPending} onClick={() => again.mutate()}>
              {t('quarantine.waitAgain')}
            </Button>
          </div>
        ) : done ? (
          <div className="drawer-footer">
            <Button onClick={onClose}>{t('common.close')}</Button>
            {next.data ? (
              <Button type="primary" onClick={() => next.data && onNext(next.data)}>
                {t('quarantine.next')}
              </Button>
            ) : null}
          </div>
        ) : null
      }
    >
      {entry ? (
        <>
          <p className="muted break" ref={top}>
            {entry.file}
          </p>
          <ProblemAlert error={save.error ?? loaded.error} />
          {entry.resolved_at && !done ? (
            <p className="muted">
              {t('quarantine.settledBy', { how: t(`quarantine.how.${entry.resolved_how ?? 'console'}`, { defaultValue: entry.resolved_how ?? '' }), who: who(entry.resolved_by) })}{' '}
              <Time at={entry.resolved_at} />
              {entry.resolved_import && entry.resolved_import !== entry.import ? (
                <>
                  {' '}
                  <Link to={`/imports/${entry.resolved_import}`}>{t('quarantine.seeImport')}</Link>
                </>
              ) : null}
            </p>
          ) : null}
          {done ? <Alert type="success" showIcon className="gap-below" title={t('quarantine.repaired')} description={next.data === null ? <>{t('quarantine.noneLeft')} <Link to={`/imports/${entry.import}`}>{t('quarantine.toImport')}</Link></> : t('quarantine.repairedText')} /> : null}
          {after?.state === 'open' && !again.isSuccess ? <Alert type="warning" showIcon className="gap-below" title={t('quarantine.stillBad')} /> : null}
          {entry.same_as ? <Alert type="info" showIcon className="gap-below" title={t('quarantine.same')} description={<Link to={`/quarantine?state=${entry.state}&row=${entry.same_as}`} onClick={onClose}>{t('quarantine.seeSame')}</Link>} /> : null}
          {!open && (entry.reasons.length > 0 || (entry.changed ?? []).length > 0) ? (
            <div className="gap-below">
              <h3>{t('quarantine.wasWrong')}</h3>
              <ul className="bullets">
                {entry.reasons.map((r, index) => (
                  <li key={index}>{r.text ?? t(`reasons.${r.code}`, { defaultValue: r.code })}</li>
                ))}
                {(entry.changed ?? []).map((c) => (
                  <li key={c.column} className="break">
                    {t('quarantine.changed', { column: c.column, from: c.from || t('quarantine.emptyCell'), to: c.to || t('quarantine.emptyCell') })}
                  </li>
                ))}
              </ul>
            </div>
          ) : null}
          {open
            ? entry.reasons
                .filter((r) => blamedColumn(r, entry.cells, names, read) === null)
                .map((r, index) => (
                  <Alert key={index} type="error" showIcon className="gap-below" title={r.text ?? t(`reasons.${r.code}`, { defaultValue: r.code })} description={advice(r)} />
                ))
            : null}
          {first.map(cell)}
          <div className="cells-head">
            <h3>{t('quarantine.otherCells')}</h3>
            <span className="row-gap">
              <span id={`${id}-all`} className="muted small">
                {t('quarantine.emptyCells')}
              </span>
              <Switch size="small" checked={everything} aria-labelledby={`${id}-all`} onChange={setEverything} />
            </span>
          </div>
          <p className="muted small">{t('quarantine.maskedNote')}</p>
          {rest.map(cell)}
        </>
      ) : null}
    </Drawer>
  );
}
