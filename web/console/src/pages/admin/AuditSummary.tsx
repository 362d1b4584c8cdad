/** What the log says of an act, with members and things by name where ids stand. */
import type { AuditEntry } from '@api';
import { useTranslation } from 'react-i18next';
import { WithNames } from '../names';
import { said } from './said';

export function AuditSummary({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const text = said(entry, t);
  return text ? <WithNames text={text} /> : <span className="muted">–</span>;
}
