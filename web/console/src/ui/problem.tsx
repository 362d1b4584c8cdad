/** A refusal, as people can use it: what was wrong, where, what to do, and the number to quote when asking for help. */
import { Problem } from '@api';
import { Alert, Button } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

/** The server marks names in English as code is marked; people read quotes. */
const quoted = (text: string): string => text.replace(/`([^`]*)`/g, '“$1”');

export function problemText(error: unknown, t: TFunction): { title: string; detail: string; id: string | null } {
  if (error instanceof Problem) {
    const { status, title, detail, code, request_id: id } = error.body;
    if (status === 0) return { title: t('common.problem.offline'), detail: t('common.problem.offlineAdvice'), id: null };
    // The server's `detail` is the sentence for people; its `title` only names the status.
    if (detail) return { title: quoted(detail), detail: '', id: id ?? null };
    if (status === 403) return { title: t('common.problem.forbidden'), detail: t('common.problem.forbiddenAdvice'), id: id ?? null };
    if (status >= 500) return { title: t('common.problem.server'), detail: t('common.problem.serverAdvice'), id: id ?? code };
    return { title: title || t('common.problem.refused'), detail: '', id: id ?? code };
  }
  return { title: t('common.problem.page'), detail: error instanceof Error ? error.message : String(error), id: null };
}

export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  if (!error) return null;
  const { title, detail, id } = problemText(error, t);
  return (
    <Alert
      type="error"
      showIcon
      className="gap-below"
      title={title}
      description={
        <>
          {detail ? <div>{detail}</div> : null}
          {id ? <div className="small muted">{t('common.problem.id', { id })}</div> : null}
        </>
      }
      action={
        retry ? (
          <Button size="small" onClick={retry}>
            {t('common.retry')}
          </Button>
        ) : undefined
      }
    />
  );
}
