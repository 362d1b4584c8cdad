/** One condition in its text form: written by the server, read by it again, and put in the place of what was. */
import type { ExpressionCheck } from '@api';
import { Input, Modal, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { ProblemAlert } from '../../../ui/problem';
import type { Cond } from '../model/tree';

interface Props {
  cond: Cond;
  onChange: (cond: Cond) => void;
  onClose: () => void;
}

export function NodeText({ cond, onChange, onClose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const control = new AbortController();
    api
      .post<ExpressionCheck>('/segments/check', { expr: cond }, { signal: control.signal })
      .then((answer) => {
        // What is not filled in yet has no text; it is then written from the beginning.
        setText(answer.ok ? (answer.text ?? '') : '');
      })
      .catch((error: unknown) => control.signal.aborted || setProblem(error));
    return () => control.abort();
  }, [cond]);
  const take = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await api.post<ExpressionCheck>('/segments/check', { text: text ?? '' });
      if (answer.ok) {
        onChange(answer.expr as Cond);
        onClose();
      } else setWrong(answer.error?.message ?? '');
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open title={t('builder.asText')} okText={t('builder.take')} cancelText={t('common.cancel')} okButtonProps={{ loading: busy, disabled: !text?.trim() }} onOk={() => void take()} onCancel={onClose} width={720}>
      <p className="muted">{t('builder.textNote')}</p>
      <ProblemAlert error={problem} />
      {text === null && !problem ? (
        <Skeleton active />
      ) : (
        <Input.TextArea
          className="mono"
          aria-label={t('builder.asText')}
          autoSize={{ minRows: 4, maxRows: 16 }}
          value={text ?? ''}
          {...(wrong ? { status: 'error' as const } : {})}
          onChange={(e) => {
            setText(e.target.value);
            setWrong(null);
          }}
        />
      )}
      {wrong ? (
        <p className="bad-text" role="alert">
          {wrong}
        </p>
      ) : null}
    </Modal>
  );
}
