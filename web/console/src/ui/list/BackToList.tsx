/** The way back from a record to its list as the reader left it: with the words searched for, the filters and the page. */
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { useSession } from '../../app/session';
import { type Back, backOf } from './back';

const left = new Map<string, string>();

/** Whose lists are meant: another person's, or another merchant's, are others. */
export function useOwner(): string {
  const { session, merchant } = useSession();
  return `${session.staff.id} ${merchant.id}`;
}

/** Remembers what the list that is open was asked, for as long as the same person looks at the same merchant in this tab. */
export function useRemembered(): void {
  const owner = useOwner();
  const { pathname, search } = useLocation();
  useEffect(() => void left.set(`${owner} ${pathname}`, search), [owner, pathname, search]);
}

/** The state for a link to a record, so that its way back leads to the page that is open, as it is now. */
export function useBackHere(label: string): { back: Back } {
  const { pathname, search } = useLocation();
  return { back: { to: `${pathname}${search}`, label } };
}

export function BackToList({ to, children }: { to: string; children: string }) {
  const owner = useOwner();
  const back = backOf(useLocation().state);
  return (
    <Link to={back?.to ?? `${to}${left.get(`${owner} ${to}`) ?? ''}`} className="back-link">
      ← {back?.label ?? children}
    </Link>
  );
}
