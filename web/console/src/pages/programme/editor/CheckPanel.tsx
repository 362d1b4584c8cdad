/** What the server says of the rules while they are written: right or wrong and where, and each rule as a sentence. */
import { Alert, Skeleton, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import type { Checked, Sentence } from '../contract';
import { plain } from '../model/place';
import { whereWords } from './words';

export function Sentences({ of }: { of: Sentence[] }) {
  return (
    <ul className="bullets sentences">
      {of.map((sentence, i) => (
        <li key={i}>{sentence.text}</li>
      ))}
    </ul>
  );
}

interface Props {
  said: Checked | null;
  shown: Checked | undefined;
  busy: boolean;
  error: unknown;
  retry: () => void;
}

export function CheckPanel({ said, shown, busy, error, retry }: Props) {
  const { t } = useTranslation();
  const fault = said && !said.ok ? said.error : null;
  const sentences = shown?.sentences ?? [];
  return (
    <Card title={t('programme.inWords')} extra={busy ? <Spin size="small" aria-label={t('common.updating')} /> : null}>
      <ProblemAlert error={error} retry={retry} />
      <div role="status" aria-live="polite">
        {fault ? (
          <Alert type="warning" showIcon className="gap-below" title={plain(fault.message)} description={fault.path ? t('programme.wrongAt', { where: whereWords(fault.path, t) || fault.path }) : null} />
        ) : said?.ok ? (
          <p className="good-text small">{t('programme.good')}</p>
        ) : null}
      </div>
      {!shown && !error ? <Skeleton active /> : null}
      {sentences.length > 0 ? (
        <div className={said?.ok ? '' : 'stale'}>
          <Sentences of={sentences} />
        </div>
      ) : null}
    </Card>
  );
}
