/** Lets through who is signed in; sends others to the sign-in page, or to the first start where nobody exists yet. */
import type { Setup } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ProblemAlert } from '../ui/problem';
import { api } from './api';
import { SessionProvider, useSessionQuery } from './session';

export function Gate() {
  const { t } = useTranslation();
  const location = useLocation();
  const session = useSessionQuery();
  const setup = useQuery<Setup>({
    queryKey: ['setup'],
    queryFn: () => api.get<Setup>('/setup'),
    enabled: session.data === null,
  });

  const error = session.error ?? setup.error;
  if (error) {
    return (
      <main className="center-page">
        <ProblemAlert error={error} retry={() => void (session.error ? session.refetch() : setup.refetch())} />
      </main>
    );
  }
  if (session.isPending || (session.data === null && setup.isPending)) {
    return (
      <main className="center-page" aria-label={t('common.loading')}>
        <Spin size="large" />
      </main>
    );
  }
  if (!session.data) {
    const target = location.pathname + location.search;
    return setup.data?.needs_setup ? (
      <Navigate to="/setup" replace />
    ) : (
      <Navigate to={target === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(target)}`} replace />
    );
  }
  return (
    <SessionProvider session={session.data}>
      <Outlet />
    </SessionProvider>
  );
}
