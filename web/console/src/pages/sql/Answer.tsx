/** The rows of an answer, in a frame of their own that scrolls: there are as many columns as were asked for. */
import type { SqlAnswer } from '@api';
import { Alert } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { AsOf, Card } from '../../ui/bits';

const numbers = new Set(['int', 'float', 'dec']);

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** What may not fit its cell is told whole where the pointer rests. */
function long(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 60 ? value : undefined;
}

export function Answer({ answer, shown: most }: { answer: SqlAnswer; shown: number }) {
  const { t } = useTranslation();
  const { columns, rows } = answer;
  // An answer of hundreds of rows is drawn once, not at every key that is pressed above it.
  const body = useMemo(
    () => (
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map((value, c) => (
              <td key={c} className={numbers.has(columns[c]?.type ?? '') ? 'right amount' : undefined} title={long(value)}>
                {shown(value)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    ),
    [rows, columns],
  );
  return (
    <Card
      title={t('sql.result')}
      extra={
        <span className="muted small">
          {t('sql.took', { rows: formatNumber(rows.length), ms: formatNumber(Math.round(answer.took_ms)) })} · <AsOf at={answer.known_at} />
        </span>
      }
    >
      {answer.cut ? <Alert type="warning" showIcon className="gap-below" title={t('sql.cut', { n: formatNumber(Math.min(most, rows.length)) })} /> : null}
      {rows.length === 0 ? (
        <p className="muted">{t('sql.none')}</p>
      ) : (
        <div className="table-scroll table-wide sql-rows" role="region" aria-label={t('sql.result')} tabIndex={0}>
          <table className="table dense">
            <thead>
              <tr>
                {columns.map((column, c) => (
                  <th key={c} scope="col" className={numbers.has(column.type) ? 'right' : undefined}>
                    {column.name}
                  </th>
                ))}
              </tr>
            </thead>
            {body}
          </table>
        </div>
      )}
    </Card>
  );
}
