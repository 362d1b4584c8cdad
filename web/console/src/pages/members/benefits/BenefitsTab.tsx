/** What a member may have: each benefit with whether they may use it now and why not, what is left of it, and what they used. */
import '../../../styles/benefits.css';
import type { MemberBenefit } from '@api';
import { Button, Input, Modal, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatMoney, formatTime } from '../../../app/format';
import { useCan, useMerchant, useZone } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { EmptyTeach, Mark } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { amountOf, MoneyField } from '../../benefits/form/parts';
import { USE_BENEFITS, WRITE_BENEFITS } from '../../benefits/scopes';
import { BENEFIT_TOUCHES, useMemberBenefits } from '../../benefits/use';
import { UsesList } from '../../benefits/UsesList';
import { lastDay, useQuotaWords, useTermsWords, useWhy } from '../../benefits/words';

/** Uses it for the member now, for an order if there is one. */
function UseDialog({ member, item, onClose }: { member: string; item: MemberBenefit; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const currency = useMerchant().data?.currency ?? item.benefit.cost?.currency ?? 'CNY';
  const [order, setOrder] = useState('');
  const [other, setOther] = useState('');
  const cost = amountOf(other, currency);
  const act = useAct((client) => client.post(`/members/${member}/benefits/${item.benefit.id}/use`, { ...(order.trim() ? { order: order.trim() } : {}), ...(cost ? { cost } : {}) }), {
    quiet: true,
    done: t('benefits.used'),
    touches: BENEFIT_TOUCHES,
    onDone: onClose,
  });
  return (
    <Modal open title={t('benefits.useTitle', { name: item.benefit.name })} okText={t('benefits.use')} cancelText={t('common.cancel')} okButtonProps={{ disabled: cost === undefined, loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{item.verdict.by === 'system' ? t('benefits.useText') : t('benefits.useTextTask', { by: t(`benefits.byShort.${item.verdict.by}`), n: item.benefit.due_days ?? 0 })}</p>
      <label className="field-label" htmlFor={`${id}-order`}>
        {t('benefits.forOrder')}
      </label>
      <Input id={`${id}-order`} className="gap-below" maxLength={120} value={order} onChange={(e) => setOrder(e.target.value)} />
      <MoneyField label={t('benefits.otherCost', { cost: formatMoney(item.benefit.cost ?? { amount: 0, currency }) })} value={other} currency={currency} onChange={setOther} />
    </Modal>
  );
}

function One({ item, onUse }: { item: MemberBenefit; onUse: (() => void) | null }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [quota, terms, why] = [useQuotaWords(), useTermsWords(), useWhy()];
  const { benefit, verdict } = item;
  const worth = terms(verdict.terms, benefit.kind);
  const left = verdict.quota;
  return (
    <li className={verdict.may ? 'entitled entitled-may' : 'entitled'}>
      <div className="entitled-head">
        <Link to={`/benefits/${benefit.id}`} className="strong">
          {benefit.name}
        </Link>
        <Mark tone={verdict.may ? 'good' : 'plain'}>{t(verdict.may ? 'benefits.may' : 'benefits.mayNot')}</Mark>
      </div>
      {verdict.why ? <p>{why(verdict.why)}</p> : null}
      <p className="muted small">
        {[t(`benefits.kind.${benefit.kind}`), worth, left ? (verdict.may || left.used > 0 ? t('benefits.leftOf', { quota: quota({ uses: left.uses, per: left.per }), used: left.used, left: left.left }) : quota({ uses: left.uses, per: left.per })) : t('benefits.noQuota')].filter(Boolean).join(' · ')}
        {verdict.may && left?.until && left.used > 0 ? ` · ${t('benefits.againFrom', { day: formatTime(left.until, zone).slice(0, 10) })}` : ''}
      </p>
      {verdict.granted ? <p className="small">{t('benefits.grantedLeft', { n: verdict.granted.left, day: lastDay(verdict.granted.until, zone) })}</p> : null}
      {verdict.may && onUse ? (
        <Button size="small" aria-label={t('benefits.useTitle', { name: benefit.name })} onClick={onUse}>
          {t('benefits.use')}
        </Button>
      ) : null}
    </li>
  );
}

export function BenefitsTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const answer = useMemberBenefits(id);
  const mayUse = useCan(USE_BENEFITS);
  const mayMake = useCan(WRITE_BENEFITS);
  const [using, setUsing] = useState<MemberBenefit | null>(null);
  if (answer.isPending) return <Skeleton active className="pad" />;
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.data.length === 0) {
    return (
      <EmptyTeach
        title={t('benefits.empty')}
        text={t('benefits.emptyText')}
        actions={
          mayMake ? (
            <Link to="/benefits">
              <Button>{t('nav.benefits')}</Button>
            </Link>
          ) : null
        }
      />
    );
  }
  return (
    <div className="tab-pad">
      <div className="entitled-bar">
        <h3>{t('benefits.mayNow')}</h3>
        <Button size="small" loading={answer.isFetching} onClick={() => void answer.refetch()}>
          {t('benefits.askAgain')}
        </Button>
      </div>
      <ul className="entitlements" aria-label={t('benefits.mayNow')}>
        {answer.data.map((item) => (
          <One key={item.benefit.id} item={item} onUse={mayUse ? () => setUsing(item) : null} />
        ))}
      </ul>
      <h3 className="sub-title">{t('benefits.tab.uses')}</h3>
      <UsesList member={id} empty={<p className="muted">{t('benefits.neverUsed')}</p>} />
      {using ? <UseDialog member={id} item={using} onClose={() => setUsing(null)} /> : null}
    </div>
  );
}
