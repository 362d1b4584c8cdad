/** The tables with their columns and what they mean; a name that is pressed goes into the statement. */
import type { SqlTable } from '@api';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

interface Props {
  tables: SqlTable[] | undefined;
  error: unknown;
  retry: () => void;
  onInsert: (text: string) => void;
}

export function Tables({ tables, error, retry, onInsert }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t('sql.tables')} className="sql-tables">
      <ProblemAlert error={error} retry={retry} />
      {!tables && !error ? <Skeleton active /> : null}
      {(tables ?? []).map((table) => (
        <details key={table.name} className="sql-table">
          <summary>
            <span className="mono strong">{table.name}</span> <span className="muted small">{table.label}</span>
          </summary>
          <ul>
            {table.columns.map((column) => (
              <li key={column.name}>
                <button type="button" className="link-button mono" aria-label={t('sql.insert', { name: column.name })} onClick={() => onInsert(column.name)}>
                  {column.name}
                </button>
                <span className="muted small">
                  {column.label} · {t(`sql.type.${column.type}`, { defaultValue: column.type })}
                  {column.masked ? ` · ${t('sql.masked')}` : ''}
                </span>
                {column.values.length > 0 ? <span className="muted small">{t('sql.values', { values: column.values.join(', ') })}</span> : null}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </Card>
  );
}
