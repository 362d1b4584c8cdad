/** What to ask first, where nothing is asked yet. */
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/bits';
import { examples } from './examples';

export function Examples({ onChoose, absent }: { onChoose: (statement: string) => void; absent: boolean }) {
  const { t } = useTranslation();
  return (
    <Card title={t('sql.examples')}>
      <p className="muted">{t(absent ? 'sql.examplesLater' : 'sql.examplesText')}</p>
      <ul className="sql-examples">
        {examples.map((example) => (
          <li key={example.key}>
            <button type="button" className="sql-example" disabled={absent} onClick={() => onChoose(example.statement)}>
              <span className="strong">{t(`sql.example.${example.key}.title`)}</span>
              <span className="muted small">{t(`sql.example.${example.key}.text`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
