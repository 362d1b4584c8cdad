/**
 * Who is signed in, for which merchant and shop.
 *
 * The session lives in a cookie that script cannot read; the page asks the server who it is. Changing the merchant
 * empties every cached answer, so that nothing of one merchant is ever shown under another's name.
 */
import type { Merchant, MerchantAccess, Scope, Session } from '@api';
import { Problem } from '@api';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { api, onSignedOut, queryClient } from './api';
import { forgetDrafts } from './drafts';
import { prefs, usePrefs } from './prefs';

interface SessionContext {
  session: Session;
  merchant: MerchantAccess;
  shop: string | null;
  can: (scope: Scope) => boolean;
}

const Context = createContext<SessionContext | null>(null);

export const sessionKey = ['session'] as const;

/** `null` means: asked, and nobody is signed in. */
export function useSessionQuery() {
  return useQuery<Session | null>({
    queryKey: sessionKey,
    queryFn: async () => {
      try {
        return await api.get<Session>('/sessions/current');
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 300_000,
  });
}

export function enterSession(session: Session): void {
  chooseMerchant(session, prefs.get().merchant);
  queryClient.setQueryData(sessionKey, session);
}

export function leaveSession(): void {
  forgetDrafts();
  queryClient.setQueryData(sessionKey, null);
  queryClient.removeQueries({ predicate: (q) => q.queryKey[0] !== sessionKey[0] });
}

function chooseMerchant(session: Session, wanted: string | null): MerchantAccess | undefined {
  const merchant = session.merchants.find((m) => m.id === wanted) ?? session.merchants[0];
  if (merchant && merchant.id !== prefs.get().merchant) prefs.set({ merchant: merchant.id, shop: null });
  return merchant;
}

export function switchMerchant(id: string, shop: string | null): void {
  const changed = prefs.get().merchant !== id;
  prefs.set({ merchant: id, shop });
  if (changed) queryClient.removeQueries({ predicate: (q) => q.queryKey[0] !== sessionKey[0] });
}

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  const { merchant: wanted, shop } = usePrefs();
  const merchant = session.merchants.find((m) => m.id === wanted) ?? session.merchants[0];

  useEffect(() => {
    chooseMerchant(session, wanted);
  }, [session, wanted]);
  useEffect(() => onSignedOut(leaveSession), []);

  const value = useMemo<SessionContext | null>(() => {
    if (!merchant) return null;
    const known = merchant.shops?.some((s) => s.id === shop) ?? false;
    return { session, merchant, shop: known ? shop : null, can: (scope) => merchant.permissions.includes(scope) };
  }, [session, merchant, shop]);

  if (!value || !merchant || merchant.id !== wanted) return null;
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSession(): SessionContext {
  const value = useContext(Context);
  if (!value) throw new Error('useSession outside of SessionProvider');
  return value;
}

export function useCan(scope: Scope): boolean {
  return useSession().can(scope);
}

export function useMerchant() {
  const { merchant } = useSession();
  return useQuery<Merchant>({
    queryKey: ['merchant', merchant.id],
    queryFn: () => api.get<Merchant>('/merchants/current'),
    staleTime: 300_000,
  });
}

/** The zone in which the shop's days are reckoned. */
export function useZone(): string {
  return useMerchant().data?.zone ?? 'Asia/Shanghai';
}
