/** The whole expression as text: read by the server while it is written; what it says is what the builder then shows. */
import type { ExpressionCheck } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { useSession } from '../../../app/session';
import { ProblemAlert } from '../../../ui/problem';
import { useRested } from '../live/useLive';
import { asGroup, type Cond } from '../model/tree';
import { useBuilder } from './context';
import { wherein } from './wherein';

interface Props {
  text: string;
  onText: (text: string) => void;
  /** The text was read: this is its tree. */
  onRead: (expr: Cond, text: string) => void;
  onState: (good: boolean | null) => void;
}

/** Where the text is wrong: by line and column in the server's sentence, else by the word that it quotes. */
function placeOf(message: string, text: string): { from: number; to: number } | null {
  const found = /(?:line|\u7b2c)\s*(\d+)\s*(?:,|\u884c|\uff0c)*\s*(?:column|\u7b2c)?\s*(\d+)/.exec(message);
  if (!found) {
    const word = /[\u201c"`]([^\u201d"`]+)[\u201d"`]/.exec(message)?.[1];
    const from = word ? text.indexOf(word) : -1;
    return word && from >= 0 ? { from, to: from + word.length } : null;
  }
  const lines = text.split('\n');
  const line = Number(found[1]);
  const from = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0) + Number(found[2]) - 1;
  return { from, to: Math.min(text.length, from + 1) };
}

export function TextMode({ text, onText, onRead, onState }: Props) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { registry, self } = useBuilder();
  const rested = useRested(text);
  const read = useRef(onRead);
  read.current = onRead;
  const tell = useRef(onState);
  tell.current = onState;
  const area = useRef<HTMLDivElement>(null);
  const answer = useQuery<ExpressionCheck>({
    queryKey: ['segment-check-text', merchant.id, self, rested],
    queryFn: ({ signal }) => api.post<ExpressionCheck>('/segments/check', { text: rested, ...(self ? { id: self } : {}) }, { signal }),
    enabled: rested.trim() !== '',
    staleTime: 60_000,
  });
  const now = rested === text ? answer.data : undefined;
  useEffect(() => {
    tell.current(now ? now.ok : answer.error || rested.trim() === '' ? false : null);
    if (now?.ok) read.current(now.expr as Cond, rested);
  }, [now, rested, answer.error]);
  const wrong = now && !now.ok ? now.error : null;
  const place = wrong ? placeOf(wrong.message, text) : null;
  const goTo = () => {
    const box = area.current?.querySelector('textarea');
    if (!box || !place) return;
    box.focus();
    box.setSelectionRange(place.from, place.to);
  };
  return (
    <div ref={area} className="text-mode">
      <p className="muted">{t('builder.textNote')}</p>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      <Input.TextArea
        className="mono"
        aria-label={t('builder.text')}
        autoSize={{ minRows: 8, maxRows: 30 }}
        spellCheck={false}
        value={text}
        {...(wrong ? { status: 'error' as const } : {})}
        onChange={(e) => onText(e.target.value)}
      />
      {wrong ? (
        <div className="text-wrong" role="alert">
          <p className="bad-text">{wrong.message}</p>
          {wrong.path ? <p className="muted small">{t('builder.wrongAt', { where: wherein(wrong.path, t), path: wrong.path })}</p> : null}
          {place ? (
            <button type="button" className="link-button" onClick={goTo}>
              {t('builder.goThere')}
            </button>
          ) : null}
        </div>
      ) : now?.ok ? (
        <p className="good-text small" role="status">
          {t('builder.textGood', { n: asGroup(now.expr as Cond).args.length, facts: registry.facts.length })}
        </p>
      ) : null}
    </div>
  );
}
