/** The rules while they are written: with what they were before, and as text while they are written as text. */
import { useCallback, useState } from 'react';
import { begin, change, redo, undo } from '../../segments/model/history';
import { differsAt, same } from '../model/place';
import { isFormable, type Rules } from '../model/rules';

export interface Draft {
  rules: Rules;
  changed: boolean;
  canUndo: boolean;
  canRedo: boolean;
  mode: 'form' | 'text';
  text: string;
  /** Why the text is no JSON object; `null` where it is one. */
  wrong: string | null;
  /** The form can show them. */
  formable: boolean;
  put: (rules: Rules) => void;
  undo: () => void;
  redo: () => void;
  setMode: (mode: 'form' | 'text') => void;
  setText: (text: string) => void;
}

const written = (rules: Rules): string => JSON.stringify(rules, null, 2);

export function useDraft(initial: Rules): Draft {
  const [start] = useState(initial);
  const [history, setHistory] = useState(() => begin(start));
  const [mode, setMode] = useState<'form' | 'text'>(isFormable(start) ? 'form' : 'text');
  const [text, setText] = useState(() => written(start));
  const [wrong, setWrong] = useState<string | null>(null);
  const rules = history.now;
  const put = useCallback((next: Rules) => setHistory((h) => (same(h.now, next) ? h : change(h, next, differsAt(h.now, next), Date.now()))), []);
  return {
    rules,
    changed: !same(rules, start),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    mode,
    text,
    wrong,
    formable: isFormable(rules),
    put,
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    setMode: (next) => {
      if (next === 'text') setText(written(rules));
      setWrong(null);
      setMode(next);
    },
    setText: (next) => {
      setText(next);
      try {
        const read: unknown = JSON.parse(next);
        const object = typeof read === 'object' && read !== null && !Array.isArray(read);
        setWrong(object ? null : '{ … }');
        if (object) put(read as Rules);
      } catch (error) {
        setWrong(error instanceof Error ? error.message : String(error));
      }
    },
  };
}
