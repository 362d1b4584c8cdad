/** The frame of every page: a skip link, the top bar, the side menu (a drawer on narrow screens) and the page itself. */
import MenuOutlined from '@ant-design/icons/MenuOutlined';
import { Button, Drawer, Skeleton } from 'antd';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation, useNavigation, useNavigationType } from 'react-router';
import { useNarrow } from '../prefs';
import { useSession } from '../session';
import { LanguageSwitch } from './LanguageSwitch';
import { MerchantSwitch } from './MerchantSwitch';
import { Nav } from './Nav';
import { TaskCentre } from './TaskCentre';
import { ThemeSwitch } from './ThemeSwitch';
import { UserMenu } from './UserMenu';

export function Shell() {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { merchant } = useSession();
  const [menu, setMenu] = useState(false);
  const { pathname, search, key } = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const cause = useNavigationType();
  const loading = useNavigation().state === 'loading';

  // Also when the link leads to the page one is on: what was tapped must be seen to happen.
  useEffect(() => setMenu(false), [key]);
  useEffect(() => {
    // A reader of the screen hears the new page, not the menu again; the first page keeps the browser's own focus.
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    // A page begins at its top; who goes back finds the place they left.
    if (cause !== 'POP') window.scrollTo(0, 0);
  }, [pathname]);

  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <header className="topbar">
        {narrow ? (
          <Button type="text" icon={<MenuOutlined />} aria-label={t('shell.openMenu')} onClick={() => setMenu(true)} />
        ) : null}
        <Link to="/" className="brand" title={t('shell.home')}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          {narrow ? null : <span>熟客</span>}
        </Link>
        <MerchantSwitch />
        <span className="grow" />
        <TaskCentre />
        {narrow ? null : (
          <>
            <LanguageSwitch />
            <ThemeSwitch />
          </>
        )}
        <UserMenu />
      </header>
      {merchant.sandbox ? <div className="sandbox-note">{t('shell.sandbox')}</div> : null}
      <div className="body">
        {narrow ? (
          <Drawer
            open={menu}
            placement="left"
            size={272}
            title="熟客 Shuke"
            onClose={() => setMenu(false)}
            styles={{ body: { padding: 8 } }}
          >
            <Nav />
            <div className="drawer-prefs">
              <LanguageSwitch />
              <ThemeSwitch />
            </div>
          </Drawer>
        ) : (
          <aside className="side">
            <Nav />
          </aside>
        )}
        <main id="main" ref={main} tabIndex={-1} className={loading ? 'main loading' : 'main'} data-at={pathname + search}>
          <Suspense fallback={<Skeleton active />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}
