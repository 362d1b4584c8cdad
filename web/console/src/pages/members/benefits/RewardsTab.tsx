/** The catalogue as a member has it: their price, whether they may redeem now and why not, and what they redeemed. */
import '../../../styles/benefits.css';
import type { MemberReward, Redeemed } from '@api';
import { App, Button, Input, Modal, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../../app/format';
import { useCan } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { EmptyTeach, Mark } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { USE_BENEFITS, WRITE_BENEFITS } from '../../benefits/scopes';
import { REWARD_TOUCHES, useMemberRewards } from '../../benefits/use';
import { useWhy } from '../../benefits/words';
import { useDestination } from '../../rewards/Destination';
import { Picture } from '../../rewards/Picture';
import { Redemptions } from '../../rewards/Redemptions';

function RedeemDialog({ member, item, onClose }: { member: string; item: MemberReward; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const id = useId();
  const [order, setOrder] = useState('');
  const goods = item.reward.kind === 'goods';
  const needed = goods && item.reward.needs_address === true;
  const along = order.trim();
  const to = useDestination(member, { needed: needed && along === '', none: !needed || along !== '' });
  const asked = goods ? to.asked : {};
  const act = useAct<void, Redeemed>((client) => client.post<Redeemed>(`/members/${member}/rewards/${item.reward.id}/redeem`, { ...(along ? { order: along } : {}), ...asked }), {
    quiet: true,
    touches: [...REWARD_TOUCHES, ['delivery-address']],
    onDone: (answer) => {
      void message.success(t('rewards.redeemDone', { n: formatNumber(answer.available) }));
      onClose();
    },
  });
  return (
    <Modal open title={t('rewards.redeemTitle', { name: item.reward.name })} okText={t('rewards.redeem')} cancelText={t('common.cancel')} okButtonProps={{ disabled: asked === null, loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{t('rewards.redeemText', { n: formatNumber(item.points) })}</p>
      {goods ? (
        <>
          <label className="field-label" htmlFor={id}>
            {t('rewards.forOrder')}
          </label>
          <Input id={id} className="gap-below" maxLength={120} value={order} onChange={(e) => setOrder(e.target.value)} />
          {to.fields}
        </>
      ) : null}
    </Modal>
  );
}

export function RewardsTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const why = useWhy();
  const answer = useMemberRewards(id);
  const mayUse = useCan(USE_BENEFITS);
  const mayMake = useCan(WRITE_BENEFITS);
  const [taking, setTaking] = useState<MemberReward | null>(null);
  if (answer.isPending) return <Skeleton active className="pad" />;
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  return (
    <div className="tab-pad">
      {answer.data.length === 0 ? (
        <EmptyTeach
          title={t('rewards.empty')}
          text={t('rewards.emptyText')}
          actions={
            mayMake ? (
              <Link to="/rewards">
                <Button>{t('nav.rewards')}</Button>
              </Link>
            ) : null
          }
        />
      ) : (
        <ul className="entitlements" aria-label={t('rewards.mayRedeem')}>
          {answer.data.map((item) => (
            <li key={item.reward.id} className={item.may ? 'entitled entitled-may' : 'entitled'}>
              <div className="reward-cell">
                <Picture reward={item.reward} />
                <div className="grow">
                  <div className="entitled-head">
                    <span className="strong">{item.reward.name}</span>
                    <Mark tone={item.may ? 'good' : 'plain'}>{t(item.may ? 'rewards.may' : 'rewards.mayNot')}</Mark>
                  </div>
                  <p className="muted small">
                    {t('rewards.nPoints', { n: formatNumber(item.points) })}
                    {item.points < item.reward.points ? ` · ${t('rewards.insteadOf', { n: formatNumber(item.reward.points) })}` : ''}
                    {item.reward.stock == null ? '' : ` · ${t('rewards.leftN', { n: formatNumber(item.reward.stock) })}`}
                  </p>
                  {item.why ? <p>{why(item.why)}</p> : null}
                </div>
              </div>
              {item.may && mayUse ? (
                <Button size="small" aria-label={t('rewards.redeemTitle', { name: item.reward.name })} onClick={() => setTaking(item)}>
                  {t('rewards.redeem')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <h3 className="sub-title">{t('rewards.tab.redemptions')}</h3>
      <Redemptions member={id} empty={<p className="muted">{t('rewards.neverRedeemed')}</p>} />
      {taking ? <RedeemDialog member={id} item={taking} onClose={() => setTaking(null)} /> : null}
    </div>
  );
}
