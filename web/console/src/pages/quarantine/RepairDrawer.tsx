/**
 * One row that could not be read, with its cells as they stand in the file. The cells to blame come first; saving
 * reads the row again and loads it when it is right, else says what is still wrong.
 */
import type { QuarantineEntry } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Drawer, Input, Switch } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useNarrow } from '../../app/prefs';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { StateMark } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { blamedColumn } from '../imports/blame';

export function RepairDrawer({ entry: row, onClose }: { entry: QuarantineEntry | null; onClose: () => void }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { merchant } = useSession();
  const may = useCan('imports:write');
  const id = useId();
  const [changed, setChanged] = useState<Record<string, string>>({});
  const [after, setAfter] = useState<QuarantineEntry | null>(null);
  const [everything, setEverything] = useState(false);
  const loaded = useQuery<QuarantineEntry>({
    queryKey: ['quarantine-entry', merchant.id, row?.id],
    queryFn: () => api.get<QuarantineEntry>(`/quarantine/${row?.id ?? ''}`),
    enabled: row !== null && may,
  });
  const save = useAct<void, QuarantineEntry>(
    (client) => client.patch<QuarantineEntry>(`/quarantine/${row?.id ?? ''}`, { cells: changed }),
    {
      quiet: true,
      touches: [['list', '/quarantine'], ['overview'], ['import'], ['quarantine-entry']],
      onDone: (answer) => {
        setAfter(answer);
        if (answer.state === 'repaired') setChanged({});
      },
    },
  );
  const entry = after ?? loaded.data ?? row;
  const open = entry?.state === 'open';
  const names = entry?.columns ?? Object.keys(entry?.cells ?? {});
  const reasonOf = new Map((entry?.reasons ?? []).map((r) => [blamedColumn(r, entry?.cells ?? {}, names), r]));
  const blamed = new Set([...reasonOf.keys()].filter((name) => name !== null));
  const first = names.filter((name) => blamed.has(name));
  const rest = names.filter((name) => !blamed.has(name) && (everything || name in changed || entry?.cells[name] || first.length === 0));
  const cell = (name: string) => {
    const value = changed[name] ?? entry?.cells[name] ?? '';
    const reason = reasonOf.get(name);
    const field = `${id}-${name}`;
    return (
      <div key={name} className={reason && open ? 'cell-edit cell-bad' : 'cell-edit'}>
        <label htmlFor={field} className="field-label break">
          {name}
        </label>
        <Input.TextArea
          id={field}
          autoSize={{ minRows: 1, maxRows: 5 }}
          value={value}
          status={reason && open ? 'error' : ''}
          readOnly={!open || !may}
          aria-describedby={reason ? `${field}-why` : undefined}
          onChange={(e) => setChanged((before) => ({ ...before, [name]: e.target.value }))}
        />
        {reason && open ? (
          <p id={`${field}-why`} className="small cell-why">
            <span className="bad-text">{reason.text ?? t(`reasons.${reason.code}`, { defaultValue: reason.code })}</span>
            {reason.advice ? <span className="muted"> {reason.advice}</span> : null}
          </p>
        ) : null}
      </div>
    );
  };
  return (
    <Drawer
      open={row !== null}
      onClose={onClose}
      size={narrow ? '100%' : 560}
      title={row ? t('quarantine.rowTitle', { n: row.row ?? row.record }) : ''}
      extra={entry ? <StateMark state={entry.state} area="quarantineState" /> : null}
      footer={
        open && may ? (
          <div className="drawer-footer">
            <Button onClick={onClose}>{t('common.close')}</Button>
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
              {t('quarantine.saveRow')}
            </Button>
          </div>
        ) : null
      }
    >
      {entry ? (
        <>
          <p className="muted break">{entry.file}</p>
          <ProblemAlert error={save.error ?? loaded.error} />
          {after?.state === 'repaired' ? <Alert type="success" showIcon className="gap-below" title={t('quarantine.repaired')} description={t('quarantine.repairedText')} /> : null}
          {after?.state === 'open' ? <Alert type="warning" showIcon className="gap-below" title={t('quarantine.stillBad')} /> : null}
          {open
            ? entry.reasons
                .filter((r) => blamedColumn(r, entry.cells, names) === null)
                .map((r, index) => (
                  <Alert key={index} type="error" showIcon className="gap-below" title={r.text ?? t(`reasons.${r.code}`, { defaultValue: r.code })} description={r.advice ?? undefined} />
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
