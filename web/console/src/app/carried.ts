/**
 * What an insight page was asked goes with the reader to the next one by the menu's links: days, comparison, refunds
 * and currency. The address stays the one place that holds them; here lies only what the last such page's address
 * said, for as long as the same person looks at the same merchant in this tab.
 */
import { useLocation } from 'react-router';
import { useSession } from './session';

const CARRIED = ['window', 'from', 'to', 'compare', 'returns', 'currency'] as const;
const kept = new Map<string, string>();

const insight = (path: string) => path === '/insight' || path.startsWith('/insight/');

/** Of an address's query only what the next page understands as well; empty where nothing was chosen. */
export function carried(query: string): string {
  const params = new URLSearchParams(query);
  return new URLSearchParams(CARRIED.flatMap((name) => (params.get(name) ? [[name, params.get(name) ?? '']] : []))).toString();
}

function useOwner(): string {
  const { session, merchant } = useSession();
  return `${session.staff.id} ${merchant.id}`;
}

/** Remembers what the page that is open was asked. */
export function useCarry(): (query: string) => void {
  const owner = useOwner();
  return (query) => void kept.set(owner, query);
}

/** The address of a page of the menu, with what the insight page before it was asked where both are such pages. */
export function useCarriedTo(): (to: string) => string {
  const owner = useOwner();
  const { pathname, search } = useLocation();
  const query = insight(pathname) ? carried(search) : kept.get(owner);
  return (to) => (insight(to) && query ? `${to}?${query}` : to);
}
