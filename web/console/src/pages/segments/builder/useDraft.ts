/** What is being built: the tree with its past, and the text while it is written as text. */
import { useCallback, useMemo, useState } from 'react';
import { begin, change, redo, undo } from '../model/history';
import { asGroup, asked, type Cond, gapIn, type Group, same } from '../model/tree';

export interface Draft {
  group: Group;
  /** What the server is asked. */
  expr: Cond;
  /** Where something is missing, or `null`. */
  gap: string | null;
  mode: 'form' | 'text';
  text: string;
  /** Nothing waits to be filled in, and what was written as text could be read. */
  whole: boolean;
  /** Whether what was written as text could be read; `null` while it is being read. */
  good: boolean | null;
  changed: boolean;
  canUndo: boolean;
  canRedo: boolean;
  put: (group: Group) => void;
  undo: () => void;
  redo: () => void;
  setMode: (mode: 'form' | 'text', text: string) => void;
  setText: (text: string) => void;
  setGood: (good: boolean | null) => void;
  read: (expr: Cond, text: string) => void;
}

/** Where two trees first differ: changes there within a moment are one step of undoing. */
function placeOf(before: unknown, after: unknown, path = ''): string {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return path;
  if (Array.isArray(before) && Array.isArray(after) && before.length !== after.length) return '';
  const keys = Object.keys(after);
  if (keys.length !== Object.keys(before).length) return '';
  const differs = keys.find((key) => !same((before as Record<string, unknown>)[key], (after as Record<string, unknown>)[key]));
  return differs === undefined ? path : placeOf((before as Record<string, unknown>)[differs], (after as Record<string, unknown>)[differs], `${path}/${differs}`);
}

export function useDraft(initial: Cond | null): Draft {
  const [start] = useState<Group>(() => (initial === null || initial.op === 'all' ? { op: 'and', args: [] } : asGroup(initial)));
  const [history, setHistory] = useState(() => begin(start));
  const [mode, setMode] = useState<'form' | 'text'>('form');
  const [text, setText] = useState('');
  const [good, setGood] = useState<boolean | null>(true);
  const group = history.now;
  const put = useCallback((next: Group) => setHistory((h) => (same(h.now, next) ? h : change(h, next, placeOf(h.now, next), Date.now()))), []);
  const expr = useMemo(() => asked(group), [group]);
  const gap = useMemo(() => (group.args.length === 0 ? null : gapIn(expr)), [group, expr]);
  return {
    group,
    expr,
    gap,
    mode,
    text,
    whole: gap === null && (mode === 'form' || good === true),
    good,
    changed: !same(group, start),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    put,
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    setMode: (next, now) => {
      if (next === 'text') setText(now);
      setGood(true);
      setMode(next);
    },
    setText,
    setGood: useCallback(setGood, []),
    read: useCallback((read: Cond) => put(read.op === 'all' ? { op: 'and', args: [] } : asGroup(read)), [put]),
  };
}
