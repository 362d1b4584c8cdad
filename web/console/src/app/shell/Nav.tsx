/** The side menu, grouped by what people come to do; what a role may not do is not offered. */
import AccountBookOutlined from '@ant-design/icons/AccountBookOutlined';
import ApiOutlined from '@ant-design/icons/ApiOutlined';
import AppstoreOutlined from '@ant-design/icons/AppstoreOutlined';
import AreaChartOutlined from '@ant-design/icons/AreaChartOutlined';
import AuditOutlined from '@ant-design/icons/AuditOutlined';
import BarChartOutlined from '@ant-design/icons/BarChartOutlined';
import CodeOutlined from '@ant-design/icons/CodeOutlined';
import ClockCircleOutlined from '@ant-design/icons/ClockCircleOutlined';
import CrownOutlined from '@ant-design/icons/CrownOutlined';
import DashboardOutlined from '@ant-design/icons/DashboardOutlined';
import ContactsOutlined from '@ant-design/icons/ContactsOutlined';
import DollarOutlined from '@ant-design/icons/DollarOutlined';
import EnvironmentOutlined from '@ant-design/icons/EnvironmentOutlined';
import FieldTimeOutlined from '@ant-design/icons/FieldTimeOutlined';
import FlagOutlined from '@ant-design/icons/FlagOutlined';
import GiftOutlined from '@ant-design/icons/GiftOutlined';
import HeatMapOutlined from '@ant-design/icons/HeatMapOutlined';
import IdcardOutlined from '@ant-design/icons/IdcardOutlined';
import ImportOutlined from '@ant-design/icons/ImportOutlined';
import KeyOutlined from '@ant-design/icons/KeyOutlined';
import MergeCellsOutlined from '@ant-design/icons/MergeCellsOutlined';
import PercentageOutlined from '@ant-design/icons/PercentageOutlined';
import ProfileOutlined from '@ant-design/icons/ProfileOutlined';
import RedEnvelopeOutlined from '@ant-design/icons/RedEnvelopeOutlined';
import SafetyOutlined from '@ant-design/icons/SafetyOutlined';
import SendOutlined from '@ant-design/icons/SendOutlined';
import SettingOutlined from '@ant-design/icons/SettingOutlined';
import ShopOutlined from '@ant-design/icons/ShopOutlined';
import ShoppingOutlined from '@ant-design/icons/ShoppingOutlined';
import StarOutlined from '@ant-design/icons/StarOutlined';
import SwapOutlined from '@ant-design/icons/SwapOutlined';
import TagsOutlined from '@ant-design/icons/TagsOutlined';
import TeamOutlined from '@ant-design/icons/TeamOutlined';
import ThunderboltOutlined from '@ant-design/icons/ThunderboltOutlined';
import ToolOutlined from '@ant-design/icons/ToolOutlined';
import UserOutlined from '@ant-design/icons/UserOutlined';
import type { Overview, Scope } from '@api';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { READ_BENEFITS } from '../../pages/benefits/scopes';
import { READ_COUPONS } from '../../pages/coupons/scopes';
import { READ_POINTS } from '../../pages/programme/contract';
import { READ_PROMOTIONS } from '../../pages/promotions/scopes';
import { api } from '../api';
import { useCarriedTo } from '../carried';
import { formatCount } from '../format';
import { usePrefs } from '../prefs';
import { useSession } from '../session';

interface Item {
  to: string;
  name: string;
  icon: ReactNode;
  scope?: Scope;
  /** Only this very address, not those below it. */
  end?: boolean;
  count?: (overview: Overview) => number;
}

const groups: { name: string; items: Item[] }[] = [
  {
    name: 'know',
    items: [
      { to: '/', name: 'overview', icon: <DashboardOutlined /> },
      { to: '/members', name: 'members', icon: <UserOutlined />, scope: 'members:read' },
      { to: '/segments', name: 'segments', icon: <ContactsOutlined />, scope: 'segments:read' },
      { to: '/tags', name: 'tags', icon: <TagsOutlined />, scope: 'members:read' },
      { to: '/reviews', name: 'reviews', icon: <MergeCellsOutlined />, scope: 'members:write', count: (o) => o.reviews_open },
      { to: '/orders', name: 'orders', icon: <ShoppingOutlined />, scope: 'orders:read' },
      { to: '/products', name: 'products', icon: <AppstoreOutlined />, scope: 'products:read' },
    ],
  },
  {
    name: 'reward',
    items: [
      { to: '/programmes', name: 'programmes', icon: <CrownOutlined />, scope: READ_POINTS },
      { to: '/cards', name: 'cards', icon: <IdcardOutlined />, scope: READ_POINTS },
      { to: '/promotions', name: 'promotions', icon: <PercentageOutlined />, scope: READ_PROMOTIONS },
      { to: '/benefits', name: 'benefits', icon: <StarOutlined />, scope: READ_BENEFITS },
      { to: '/growth-tasks', name: 'growth', icon: <FlagOutlined />, scope: READ_BENEFITS },
      { to: '/packs', name: 'packs', icon: <RedEnvelopeOutlined />, scope: READ_BENEFITS },
      { to: '/rewards', name: 'rewards', icon: <GiftOutlined />, scope: READ_BENEFITS },
      { to: '/coupons', name: 'coupons', icon: <PercentageOutlined />, scope: READ_COUPONS },
      { to: '/points/entries', name: 'entries', icon: <ProfileOutlined />, scope: READ_POINTS },
      { to: '/points/ending', name: 'ending', icon: <FieldTimeOutlined />, scope: READ_POINTS },
      { to: '/points/liability', name: 'liability', icon: <DollarOutlined />, scope: READ_POINTS },
    ],
  },
  {
    name: 'reach',
    items: [{ to: '/batches', name: 'batches', icon: <SendOutlined />, scope: 'batches:read' }],
  },
  {
    name: 'insight',
    items: [
      { to: '/insight', name: 'dashboard', icon: <AreaChartOutlined />, scope: 'orders:read', end: true },
      { to: '/insight/rfm', name: 'rfm', icon: <ThunderboltOutlined />, scope: 'orders:read' },
      { to: '/insight/lifecycle', name: 'lifecycle', icon: <SwapOutlined />, scope: 'orders:read' },
      { to: '/insight/cohort', name: 'cohort', icon: <HeatMapOutlined />, scope: 'orders:read' },
      { to: '/insight/interval', name: 'interval', icon: <BarChartOutlined />, scope: 'orders:read' },
      { to: '/insight/calendar', name: 'calendar', icon: <ClockCircleOutlined />, scope: 'orders:read' },
      { to: '/insight/goods', name: 'goods', icon: <ShopOutlined />, scope: 'orders:read' },
      { to: '/insight/region', name: 'region', icon: <EnvironmentOutlined />, scope: 'orders:read' },
      { to: '/settlement', name: 'settlement', icon: <AccountBookOutlined />, scope: 'orders:read' },
    ],
  },
  {
    name: 'data',
    items: [
      { to: '/imports', name: 'imports', icon: <ImportOutlined />, scope: 'imports:read' },
      { to: '/quarantine', name: 'quarantine', icon: <ToolOutlined />, scope: 'imports:read', count: (o) => o.quarantine_open },
      { to: '/sql', name: 'sql', icon: <CodeOutlined />, scope: 'sql:run' },
    ],
  },
  {
    name: 'manage',
    items: [
      { to: '/staff', name: 'staff', icon: <TeamOutlined />, scope: 'staff:manage' },
      { to: '/keys', name: 'keys', icon: <KeyOutlined />, scope: 'keys:manage' },
      { to: '/webhooks', name: 'webhooks', icon: <ApiOutlined />, scope: 'webhooks:manage' },
      { to: '/audit', name: 'audit', icon: <AuditOutlined />, scope: 'audit:read' },
      { to: '/privacy', name: 'privacy', icon: <SafetyOutlined />, scope: 'privacy:manage' },
      { to: '/settings', name: 'settings', icon: <SettingOutlined />, scope: 'settings:write' },
    ],
  },
];

export function useOverview() {
  const { merchant } = useSession();
  return useQuery<Overview>({
    queryKey: ['overview', merchant.id],
    queryFn: () => api.get<Overview>('/overview'),
    refetchInterval: 60_000,
  });
}

/** Scrolls the menu, and nothing else, as far as its current item needs to stand a row away from either edge. */
function reveal(nav: HTMLElement) {
  const current = nav.querySelector<HTMLElement>('[aria-current="page"]');
  let box = nav.parentElement;
  while (box && !['auto', 'scroll'].includes(getComputedStyle(box).overflowY)) box = box.parentElement;
  if (!current || !box || box === document.documentElement) return;
  const [item, frame] = [current.getBoundingClientRect(), box.getBoundingClientRect()];
  const room = item.height * 1.5;
  if (item.top < frame.top) box.scrollTop -= frame.top - item.top + room;
  else if (item.bottom > frame.bottom) box.scrollTop += item.bottom - frame.bottom + room;
}

export function Nav() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { language } = usePrefs();
  const overview = useOverview().data;
  const carriedTo = useCarriedTo();
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // The menu is longer than most screens: where one is must be in sight, also of who came by a link.
    if (nav.current) reveal(nav.current);
  }, [pathname]);
  return (
    <nav ref={nav} className="nav" aria-label={t('shell.menu')}>
      {groups.map((group) => {
        const items = group.items.filter((item) => !item.scope || can(item.scope));
        if (items.length === 0) return null;
        return (
          <div key={group.name} className="nav-group">
            <div className="nav-title" id={`nav-${group.name}`}>
              {t(`nav.group.${group.name}`)}
            </div>
            <ul aria-labelledby={`nav-${group.name}`}>
              {items.map((item) => {
                const count = overview && item.count ? item.count(overview) : 0;
                return (
                  <li key={item.to}>
                    <NavLink to={carriedTo(item.to)} end={item.end ?? item.to === '/'} className="nav-link">
                      <span aria-hidden="true">{item.icon}</span>
                      <span className="grow">{t(`nav.${item.name}`)}</span>
                      {count > 0 ? <span className="nav-count">{formatCount(count, language)}</span> : null}
                    </NavLink>
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
