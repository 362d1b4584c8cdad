/** What the shoppers' own page may do: which pages of the shop may ask, what proves that an order is somebody's, and an end to all links. */
import { useQuery } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

interface ShopperPage {
  origins: string[];
  proofs: string[];
}

const PROOFS = ['phone_last4', 'receiver_name', 'paid'];

export function ShopperCard() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const { merchant } = useSession();
  const key = ['shopper-page', merchant.id];
  const answer = useQuery<ShopperPage>({ queryKey: key, queryFn: ({ signal }) => api.get<ShopperPage>('/shopper-page', {}, signal) });
  const save = useAct<ShopperPage, ShopperPage>((client, given) => client.put<ShopperPage>('/shopper-page', given), { done: t('common.saved'), touches: [key] });
  const end = useAct<void>((client) => client.post('/shopper-page/end-links', {}), { done: t('settings.shopper.ended') });
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data) return <Skeleton active />;
  const confirm = () =>
    modal.confirm({
      title: t('settings.shopper.end'),
      content: t('settings.shopper.endText'),
      okText: t('settings.shopper.end'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true },
      onOk: () => end.mutateAsync().catch(() => undefined),
    });
  return (
    <Card title={t('settings.shopper.title')} extra={<Button danger onClick={confirm}>{t('settings.shopper.end')}</Button>}>
      <p className="muted">{t('settings.shopper.note')}</p>
      <Form<ShopperPage> name="shopper" layout="vertical" requiredMark={false} className="form-pairs" initialValues={answer.data} onFinish={(given) => save.mutate(given)}>
        <Form.Item name="proofs" label={t('settings.shopper.proofs')} extra={t('settings.shopper.proofsNote')}>
          <Checkbox.Group options={PROOFS.map((value) => ({ value, label: t(`settings.shopper.proof.${value}`) }))} />
        </Form.Item>
        <Form.Item name="origins" label={t('settings.shopper.origins')} extra={t('settings.shopper.originsNote')}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',']} />
        </Form.Item>
        <div className="form-end">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
