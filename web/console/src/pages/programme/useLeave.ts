/** Asks before what was written and not saved is left; goes to where it was saved once it is. */
import { App } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker, useNavigate } from 'react-router';

export function useLeave(unsaved: boolean, saved: string | null): void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && saved === null && currentLocation.pathname !== nextLocation.pathname);
  // After the blocker has learnt that nothing is unsaved any more.
  useEffect(() => {
    if (saved) void navigate(saved, { replace: true });
  }, [saved, navigate]);
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    modal.confirm({
      title: t('programme.leave'),
      content: t('programme.leaveText'),
      okText: t('segments.leaveDo'),
      cancelText: t('segments.leaveNot'),
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
  }, [blocker.state]);
}
