/**
 * Questions in SQL: the statement, what there is to ask beside it, the answer below. What is wrong is shown with its
 * place in the statement; leaving the page or pressing Stop ends the question on the server.
 */
import { Problem, type SqlAnswer, type SqlTables } from '@api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Space } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { draftKey } from '../../app/drafts';
import { usePrefs } from '../../app/prefs';
import { useSession } from '../../app/session';
import { Card, downloadBlob, PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import '../../styles/sql.css';
import { Answer } from './Answer';
import { Examples } from './Examples';
import { placeOf, offsetOf } from './place';
import { Tables } from './Tables';

/** Rows that are shown; a file has all. */
const SHOWN = 500;

export function Component() {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const kept = draftKey('sql', merchant.id);
  const [draft, setDraft] = useState(() => ({ of: kept, text: sessionStorage.getItem(kept) ?? '' }));
  // Another merchant's statement is not this one's.
  if (draft.of !== kept) setDraft({ of: kept, text: sessionStorage.getItem(kept) ?? '' });
  const statement = draft.text;
  const setStatement = (text: string) => setDraft({ of: kept, text });
  const field = useRef<TextAreaRef>(null);
  const under = useRef<AbortController | null>(null);
  useEffect(() => sessionStorage.setItem(draft.of, draft.text), [draft]);
  useEffect(() => () => under.current?.abort(), []);

  const tables = useQuery<SqlTables>({
    queryKey: ['sql-tables', merchant.id, language],
    queryFn: ({ signal }) => api.get<SqlTables>('/sql/tables', undefined, signal),
  });
  const absent = tables.data ? !tables.data.installed : false;
  const begin = () => {
    under.current?.abort();
    under.current = new AbortController();
    return under.current.signal;
  };
  const run = useMutation({
    mutationFn: (text: string) => api.post<SqlAnswer>('/sql', { statement: text, limit: SHOWN }, { signal: begin() }),
    retry: false,
  });
  const file = useMutation({
    mutationFn: (text: string) => api.download('/sql', undefined, { statement: text, format: 'csv' }, begin()),
    onSuccess: (blob) => downloadBlob(blob, 'sql.csv'),
    retry: false,
  });
  const busy = run.isPending || file.isPending;
  const start = (act: typeof run | typeof file) => {
    if (statement.trim() === '' || busy || absent) return;
    // A file is fetched beside the answer that is shown.
    if (act === run || run.isError) run.reset();
    file.reset();
    act.mutate(statement);
  };
  const error = run.error ?? file.error;
  const stopped = error instanceof DOMException && error.name === 'AbortError';
  const place = error instanceof Problem ? placeOf(error) : null;
  const area = () => field.current?.resizableTextArea?.textArea;
  const goThere = () => {
    if (!place) return;
    const from = offsetOf(statement, place);
    area()?.focus();
    area()?.setSelectionRange(from, Math.min(statement.length, from + 1));
  };
  const insert = (text: string) => {
    const at = area()?.selectionStart ?? statement.length;
    const till = area()?.selectionEnd ?? at;
    setStatement(statement.slice(0, at) + text + statement.slice(till));
    area()?.focus();
  };
  return (
    <>
      <PageHead title={t('nav.sql')} note={t('sql.note')} />
      <div className="sql-grid">
        <div className="stack">
          {absent ? <Alert
              type="warning"
              showIcon
              title={t('sql.absent')}
              description={
                <>
                  <p className="sql-ask">{t('sql.absentAsk')}</p>
                  <details>
                    <summary>{t('sql.absentHow')}</summary>
                    <p>{t('sql.absentText')}</p>
                  </details>
                </>
              }
            /> : null}
          <Card>
            <label htmlFor="sql-statement" className="field-label">
              {t('sql.statement')}
            </label>
            <Input.TextArea
              id="sql-statement"
              ref={field}
              className="mono sql-statement"
              value={statement}
              placeholder={t('sql.placeholder')}
              autoSize={{ minRows: 7, maxRows: 22 }}
              spellCheck={false}
              maxLength={100_000}
              aria-invalid={place ? true : undefined}
              aria-describedby="sql-keys"
              onChange={(e) => setStatement(e.target.value)}
              onKeyDown={(e) => {
                if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
                  e.preventDefault();
                  start(run);
                }
              }}
            />
            <div className="sql-acts">
              <Space wrap>
                {busy ? (
                  <Button danger onClick={() => under.current?.abort()}>
                    {t('sql.stop')}
                  </Button>
                ) : (
                  <Button type="primary" disabled={statement.trim() === '' || absent} title={absent ? t('sql.absent') : undefined} onClick={() => start(run)}>
                    {t('sql.run')}
                  </Button>
                )}
                <Button disabled={statement.trim() === '' || run.isPending || absent} title={absent ? t('sql.absent') : undefined} loading={file.isPending} onClick={() => start(file)}>
                  {t('sql.download')}
                </Button>
              </Space>
              <span className="muted small" id="sql-keys">
                {t('sql.keys')} · {t('sql.rowsAtMost', { n: SHOWN })}
              </span>
            </div>
            <div aria-live="polite">
              {busy ? <p className="muted">{file.isPending ? t('sql.downloading') : t('sql.running')}</p> : null}
              {stopped ? <p className="muted">{t('sql.stopped')}</p> : null}
              {error && !stopped ? (
                <div className="sql-error">
                  <ProblemAlert error={error} />
                  {place ? (
                    <Button size="small" onClick={goThere}>
                      {t('sql.place', { line: place.line, column: place.column })} · {t('sql.goThere')}
                    </Button>
                  ) : null}
                </div>
              ) : null}
            </div>
          </Card>
          {run.data ? <Answer answer={run.data} shown={SHOWN} /> : null}
          {!run.data && !busy && statement.trim() === '' ? <Examples onChoose={setStatement} absent={absent} /> : null}
        </div>
        <Tables tables={tables.data?.tables} error={tables.error} retry={() => void tables.refetch()} onInsert={insert} />
      </div>
    </>
  );
}
