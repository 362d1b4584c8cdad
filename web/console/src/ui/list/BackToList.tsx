/** The way back from a record to its list as the reader left it: with the words searched for, the filters and the page. */
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { useSession } from '../../app/session';

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

export function BackToList({ to, children }: { to: string; children: string }) {
  const owner = useOwner();
  return (
    <Link to={`${to}${left.get(`${owner} ${to}`) ?? ''}`} className="back-link">
      ← {children}
    </Link>
  );
}
