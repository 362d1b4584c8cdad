/** The merchant's own rules and the shops. A change is checked by the server and kept in the audit log. */
import type { Merchant, MerchantSettings, Shop } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Modal, Select, Skeleton, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePrefs } from '../../app/prefs';
import { sessionKey, useMerchant } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card, EmptyTeach, PageHead, useWord } from '../../ui/bits';
import type { Column } from '../../ui/DataTable';
import { ResourceList } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { usePlatformOptions } from '../options';
import { ShopperCard } from './ShopperCard';
import { zoneName } from './zones';

const ZONES = ['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Tokyo', 'Europe/London', 'Europe/Berlin', 'America/New_York', 'America/Los_Angeles', 'UTC'];

interface MerchantForm extends MerchantSettings {
  name: string;
  zone: string;
}

function MerchantCard({ merchant }: { merchant: Merchant }) {
  const { t } = useTranslation();
  const save = useAct<MerchantForm, Merchant>(
    (client, { name, zone, ...settings }) => client.patch<Merchant>('/merchants/current', { name: name.trim(), zone, settings }),
    { done: t('common.saved'), touches: [['merchant'], [...sessionKey]] },
  );
  const { language } = usePrefs();
  const zones = ZONES.includes(merchant.zone) ? ZONES : [merchant.zone, ...ZONES];
  return (
    <Card title={t('settings.merchant')}>
      <Form<MerchantForm>
        layout="vertical"
        requiredMark={false}
        className="form-pairs"
        initialValues={{ name: merchant.name, zone: merchant.zone, ...merchant.settings }}
        onFinish={(given) => save.mutate(given)}
      >
        <Form.Item name="name" label={t('entry.merchantName')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="zone" label={t('settings.zone')} extra={t('settings.zoneNote')}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={zones.map((value) => ({ value, label: zoneName(value, language, t) }))} />
        </Form.Item>
        <Form.Item name="settlement_delay_days" label={t('settings.settlement')} extra={t('settings.settlementNote')}>
          <InputNumber min={0} max={90} precision={0} suffix={t('settings.days')} className="full" />
        </Form.Item>
        <Form.Item name="merge_on_contact" label={t('settings.mergeOnContact')} extra={t('settings.mergeOnContactNote')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="count_platform_discount" label={t('settings.platformDiscount')} extra={t('settings.platformDiscountNote')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="pay_time_policy" label={t('settings.payTime')} extra={t('settings.payTimeNote')}>
          <Select
            options={[...new Set(['created_at', 'unknown', merchant.settings?.pay_time_policy].filter(Boolean) as string[])].map((value) => ({
              value,
              label: t(`settings.payTimeChoice.${value}`, { defaultValue: value }),
            }))}
          />
        </Form.Item>
        <div className="form-end">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
          <span className="muted small">{t('settings.recompute')}</span>
        </div>
      </Form>
    </Card>
  );
}

interface ShopForm {
  name: string;
  platform: string;
  legal_entity?: string;
  number?: string;
}

function Shops() {
  const { t } = useTranslation();
  const word = useWord();
  const client = useQueryClient();
  const platforms = usePlatformOptions();
  const [editing, setEditing] = useState<Shop | 'new' | null>(null);
  const save = useAct<ShopForm, Shop>(
    (c, given) => {
      const body = { name: given.name.trim(), platform: given.platform, ...(given.legal_entity?.trim() ? { legal_entity: given.legal_entity.trim() } : {}) };
      const number = given.number?.trim();
      if (editing && editing !== 'new') return c.patch<Shop>(`/shops/${editing.id}`, body);
      return c.post<Shop>('/shops', { ...body, ...(number ? { external: { source: given.platform, id: number } } : {}) });
    },
    {
      done: t('common.saved'),
      touches: [['list', '/shops']],
      onDone: () => {
        setEditing(null);
        void client.invalidateQueries({ queryKey: sessionKey });
      },
    },
  );
  const columns: Column<Shop>[] = [
    { key: 'name', title: t('common.name'), render: (s) => s.name },
    { key: 'platform', title: t('orders.platform'), render: (s) => word('platform', s.platform) },
    { key: 'entity', title: t('settings.entity'), render: (s) => s.legal_entity ?? '–' },
    { key: 'external', title: t('settings.external'), render: (s) => (s.external ? <span className="mono break">{`${word('platform', s.external.source)} · ${s.external.id}`}</span> : '–') },
  ];
  const add = (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('settings.addShop')}
    </Button>
  );
  const shop = editing === 'new' ? null : editing;
  return (
    <Card title={t('settings.shops')} extra={add} flush>
      <p className="muted card-note">{t('settings.shopsNote')}</p>
      <ResourceList<Shop>
        plain
        page="shops"
        label={t('settings.shops')}
        path="/shops"
        columns={columns}
        rowKey={(s) => s.id}
        empty={<EmptyTeach title={t('settings.noShops')} text={t('settings.noShopsText')} />}
        actions={(s) => (
          <Button size="small" onClick={() => setEditing(s)}>
            {t('common.edit')}
          </Button>
        )}
      />
      <Modal open={editing !== null} title={shop ? t('settings.editShop') : t('settings.addShop')} footer={null} onCancel={() => setEditing(null)} destroyOnHidden>
        <Form<ShopForm>
          name="shop"
          layout="vertical"
          requiredMark={false}
          initialValues={{ name: shop?.name ?? '', platform: shop?.platform ?? 'taobao', legal_entity: shop?.legal_entity ?? '' }}
          onFinish={(given) => save.mutate(given)}
        >
          <Form.Item name="name" label={t('common.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="platform" label={t('orders.platform')}>
            <Select options={platforms} disabled={shop !== null} />
          </Form.Item>
          <Form.Item name="legal_entity" label={t('settings.entity')} extra={t('settings.entityNote')}>
            <Input maxLength={120} />
          </Form.Item>
          {shop ? null : (
            <Form.Item name="number" label={t('settings.external')} extra={t('settings.externalNote')}>
              <Input maxLength={100} />
            </Form.Item>
          )}
          <div className="drawer-footer">
            <Button onClick={() => setEditing(null)}>{t('common.cancel')}</Button>
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </div>
        </Form>
      </Modal>
    </Card>
  );
}

export function Component() {
  const { t } = useTranslation();
  const merchant = useMerchant();
  return (
    <>
      <PageHead title={t('nav.settings')} />
      <div className="stack">
        {merchant.data ? <MerchantCard key={merchant.data.id} merchant={merchant.data} /> : merchant.error ? <ProblemAlert error={merchant.error} retry={() => void merchant.refetch()} /> : <Skeleton active />}
        <Shops />
        <ShopperCard />
      </div>
    </>
  );
}
