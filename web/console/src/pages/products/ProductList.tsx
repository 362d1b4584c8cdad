/** The goods as the product file or the orders tell them. */
import type { Product } from '@api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useOverview } from '../../app/shell/Nav';
import { Amount, EmptyTeach, PageHead } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';

export function Component() {
  const { t } = useTranslation();
  const maySeeCost = useCan('products:cost');
  const orders = useOverview().data?.orders.total ?? 0;
  const category = (p: Product) => (p.category ?? []).join(' / ');
  const columns: Column<Product>[] = [
    { key: 'title', title: t('products.title'), render: (p) => <span className="cell-title">{p.title ?? p.sku ?? p.id}</span> },
    { key: 'sku', title: t('products.sku'), render: (p) => <span className="mono break">{p.sku ?? '–'}</span> },
    { key: 'category', title: t('products.category'), render: (p) => category(p) || '–' },
    { key: 'price', title: t('products.price'), align: 'right', render: (p) => <Amount value={p.price} /> },
    ...(maySeeCost
      ? [{ key: 'cost', title: t('products.cost'), align: 'right' as const, render: (p: Product) => <Amount value={p.cost} /> }]
      : []),
    { key: 'stock', title: t('products.stock'), align: 'right', render: (p) => formatNumber(p.stock) },
  ];
  return (
    <>
      <PageHead title={t('nav.products')} note={t('products.note')} />
      <ResourceList<Product>
        page="products"
        label={t('nav.products')}
        path="/products"
        columns={columns}
        rowKey={(p) => p.id}
        exportBy={maySeeCost ? { path: '/products/export', subject: 'products' } : undefined}
        filters={[
          { kind: 'search', name: 'query', label: t('products.search') },
        ]}
        empty={
          <EmptyTeach
            title={orders > 0 ? t('products.emptyOrders', { n: formatNumber(orders) }) : t('products.empty')}
            text={t(orders > 0 ? 'products.emptyOrdersText' : 'products.emptyText')}
            actions={
              <Link to="/imports/new">
                <Button type="primary">{t('imports.new')}</Button>
              </Link>
            }
          />
        }
      />
    </>
  );
}
