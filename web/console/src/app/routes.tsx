/** Addresses and the pages behind them. Every page is loaded when it is first opened. */
import { createBrowserRouter, Navigate } from 'react-router';
import { Gate } from './Gate';
import { PageFault } from './PageFault';
import { Shell } from './shell/Shell';

export const router = createBrowserRouter([
  {
    path: '/',
    ErrorBoundary: PageFault,
    children: [
      { path: 'setup', lazy: () => import('../pages/entry/Setup') },
      { path: 'sign-in', lazy: () => import('../pages/entry/SignIn') },
      { path: 'accept', lazy: () => import('../pages/entry/Accept') },
      {
        Component: Gate,
        children: [
          {
            Component: Shell,
            children: [
              {
                ErrorBoundary: PageFault,
                children: [
                  { index: true, lazy: () => import('../pages/overview/Overview') },
                  { path: 'members', lazy: () => import('../pages/members/MemberList') },
                  { path: 'members/:id', lazy: () => import('../pages/members/MemberPage') },
                  { path: 'segments', lazy: () => import('../pages/segments/SegmentList') },
                  { path: 'segments/new', lazy: () => import('../pages/segments/EditPage') },
                  { path: 'segments/targets/new', lazy: () => import('../pages/targets/TargetEdit') },
                  { path: 'segments/targets/:id', lazy: () => import('../pages/targets/TargetPage') },
                  { path: 'segments/targets/:id/edit', lazy: () => import('../pages/targets/TargetEdit') },
                  { path: 'segments/:id', lazy: () => import('../pages/segments/SegmentPage') },
                  { path: 'segments/:id/portrait', lazy: () => import('../pages/portrait/PortraitPage') },
                  { path: 'segments/:id/edit', lazy: () => import('../pages/segments/EditPage') },
                  { path: 'batches', lazy: () => import('../pages/batches/BatchList') },
                  { path: 'batches/new', lazy: () => import('../pages/batches/BatchWizard') },
                  { path: 'batches/:id', lazy: () => import('../pages/batches/BatchPage') },
                  { path: 'tags', lazy: () => import('../pages/tags/TagsPage') },
                  { path: 'reviews', lazy: () => import('../pages/reviews/ReviewList') },
                  { path: 'orders', lazy: () => import('../pages/orders/OrderList') },
                  { path: 'orders/:id', lazy: () => import('../pages/orders/OrderPage') },
                  { path: 'products', lazy: () => import('../pages/products/ProductList') },
                  { path: 'programmes', lazy: () => import('../pages/programme/ProgrammeList') },
                  { path: 'programmes/new', lazy: () => import('../pages/programme/NewPage') },
                  { path: 'programmes/:id', lazy: () => import('../pages/programme/ProgrammePage') },
                  { path: 'programmes/:id/edit', lazy: () => import('../pages/programme/EditPage') },
                  { path: 'cards', lazy: () => import('../pages/cards/CardList') },
                  { path: 'cards/:id', lazy: () => import('../pages/cards/CardPage') },
                  { path: 'points/entries', lazy: () => import('../pages/programme/ledger/LedgerPage') },
                  { path: 'points/liability', lazy: () => import('../pages/programme/ledger/LiabilityPage') },
                  { path: 'insight', lazy: () => import('../pages/insight/DashboardPage') },
                  { path: 'insight/rfm', lazy: () => import('../pages/insight/RfmPage') },
                  { path: 'insight/lifecycle', lazy: () => import('../pages/insight/LifecyclePage') },
                  { path: 'insight/cohort', lazy: () => import('../pages/insight/CohortPage') },
                  { path: 'insight/interval', lazy: () => import('../pages/insight/IntervalPage') },
                  { path: 'insight/calendar', lazy: () => import('../pages/insight/CalendarPage') },
                  { path: 'insight/goods', lazy: () => import('../pages/insight/GoodsPage') },
                  { path: 'insight/region', lazy: () => import('../pages/insight/RegionPage') },
                  { path: 'settlement', lazy: () => import('../pages/settlement/SettlementPage') },
                  { path: 'imports', lazy: () => import('../pages/imports/ImportList') },
                  { path: 'imports/new', lazy: () => import('../pages/imports/ImportWizard') },
                  { path: 'imports/:id', lazy: () => import('../pages/imports/ImportWizard') },
                  { path: 'quarantine', lazy: () => import('../pages/quarantine/QuarantineList') },
                  { path: 'sql', lazy: () => import('../pages/sql/SqlPage') },
                  { path: 'staff', lazy: () => import('../pages/admin/StaffPage') },
                  { path: 'keys', lazy: () => import('../pages/admin/KeysPage') },
                  { path: 'webhooks', lazy: () => import('../pages/admin/WebhooksPage') },
                  { path: 'audit', lazy: () => import('../pages/admin/AuditPage') },
                  { path: 'privacy', lazy: () => import('../pages/privacy/PrivacyPage') },
                  { path: 'settings', lazy: () => import('../pages/admin/SettingsPage') },
                  { path: 'account', lazy: () => import('../pages/entry/Account') },
                  { path: '*', lazy: () => import('../pages/NotFound') },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
  { path: '*', element: <Navigate to="/" replace /> },
]);
