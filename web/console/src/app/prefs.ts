/**
 * What this browser remembers of a person: language, dark or light, last merchant and shop, list columns.
 * Kept in local storage and read by hooks; a browser that refuses storage still works, it only forgets.
 */
import { useSyncExternalStore } from 'react';
import type { Language } from '../i18n';

export interface Prefs {
  language: Language;
  theme: 'auto' | 'light' | 'dark';
  merchant: string | null;
  shop: string | null;
}

const KEY = 'shuke.prefs';
const listeners = new Set<() => void>();

function firstLanguage(): Language {
  return navigator.languages.some((l) => l.toLowerCase().startsWith('zh')) || !navigator.language.startsWith('en')
    ? 'zh'
    : 'en';
}

export function readStored<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(key);
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or refused: the choice then lasts until the page is closed.
  }
}

let current: Prefs = {
  language: firstLanguage(),
  theme: 'auto',
  merchant: null,
  shop: null,
  ...readStored<Partial<Prefs>>(KEY),
};

export const prefs = {
  get: (): Prefs => current,
  set(change: Partial<Prefs>): void {
    current = { ...current, ...change };
    writeStored(KEY, current);
    listeners.forEach((tell) => tell());
  },
};

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

export function usePrefs(): Prefs {
  return useSyncExternalStore(subscribe, prefs.get);
}

/** Whether a media query holds, now and whenever that changes. */
function useMedia(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (tell) => {
      query.addEventListener('change', tell);
      return () => query.removeEventListener('change', tell);
    },
    () => query.matches,
  );
}

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');
const stillQuery = window.matchMedia('(prefers-reduced-motion: reduce)');
const narrowQuery = window.matchMedia('(max-width: 767px)');

export function useDark(): boolean {
  const { theme } = usePrefs();
  const system = useMedia(darkQuery);
  return theme === 'auto' ? system : theme === 'dark';
}

/** The person asked the system for less movement. */
export function useStill(): boolean {
  return useMedia(stillQuery);
}

/** Below this width lists become cards, the side menu a drawer. */
export function useNarrow(): boolean {
  return useMedia(narrowQuery);
}
