/** The one client of this page, bound to the chosen language and merchant. */
import { Client } from '@api';
import { QueryClient } from '@tanstack/react-query';
import { Problem } from '@api';
import { prefs } from './prefs';

const signedOutListeners = new Set<() => void>();

export function onSignedOut(tell: () => void): () => void {
  signedOutListeners.add(tell);
  return () => signedOutListeners.delete(tell);
}

export const api = new Client({
  language: () => (prefs.get().language === 'zh' ? 'zh-CN' : 'en'),
  merchant: () => prefs.get().merchant,
  signedOut: () => signedOutListeners.forEach((tell) => tell()),
});

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // A refusal is an answer; only a lost connection or a failing server is worth another try.
      retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
    },
  },
});
