/** What all parts of the editor share: the rules, how they are changed, and what the server finds wrong where. */
import { createContext, type ReactNode, useContext } from 'react';
import type { Fault } from '../contract';
import { isWithin, plain } from '../model/place';
import type { Rules } from '../model/rules';

export interface EditorState {
  rules: Rules;
  put: (rules: Rules) => void;
  fault: Fault | null;
  /** The rules that hold now, of which members hold tiers. */
  running: Rules | null;
}

export const EditorContext = createContext<EditorState | null>(null);

export function useEditor(): EditorState {
  const value = useContext(EditorContext);
  if (!value) throw new Error('useEditor outside of EditorContext');
  return value;
}

/** How the box at a place looks: wrong, or still to be filled in. */
export function useStatus(path: string, empty = false): { status?: 'error' | 'warning' } {
  const fault = useContext(EditorContext)?.fault;
  if (fault && path !== '' && isWithin(fault.path ?? '', path)) return { status: 'error' };
  return empty ? { status: 'warning' } : {};
}

/** What is wrong in a part, in the server's words. Parts of it that say so themselves are left out. */
export function FaultLine({ at, except = [] }: { at: string; except?: string[] }) {
  const { fault } = useEditor();
  const place = fault?.path ?? '';
  if (!fault || !isWithin(place, at) || except.some((inner) => isWithin(place, inner))) return null;
  return (
    <p className="bad-text small rule-fault" role="alert">
      {plain(fault.message)}
    </p>
  );
}

/** A sentence with controls in it: `[name]` in the text is where the control of that name stands. */
export function Say({ text, slots }: { text: string; slots: Record<string, ReactNode> }) {
  return (
    <span className="say">
      {text.split(/\[(\w+)\]/).map((part, n) => (n % 2 === 1 ? <span key={n} className="say-slot">{slots[part]}</span> : part.trim() ? <span key={n}>{part.trim()}</span> : null))}
    </span>
  );
}
