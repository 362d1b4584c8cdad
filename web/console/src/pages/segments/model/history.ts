/** Undo and redo: what was, what is, what was taken back. Changes to one place within a moment are one step. */
export interface History<T> {
  past: T[];
  now: T;
  future: T[];
  /** Where the last change was made and when, to tell typing from the next change. */
  last: { place: string; at: number } | null;
}

const DEPTH = 200;
const MOMENT = 1_200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], last: null });

export function change<T>(history: History<T>, now: T, place: string, time: number): History<T> {
  const joined = history.last !== null && place !== '' && history.last.place === place && time - history.last.at < MOMENT;
  return {
    past: joined ? history.past : [...history.past, history.now].slice(-DEPTH),
    now,
    future: [],
    last: { place, at: time },
  };
}

export function undo<T>(history: History<T>): History<T> {
  const now = history.past.at(-1);
  if (now === undefined) return history;
  return { past: history.past.slice(0, -1), now, future: [history.now, ...history.future], last: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [now, ...future] = history.future;
  if (now === undefined) return history;
  return { past: [...history.past, history.now], now, future, last: null };
}
