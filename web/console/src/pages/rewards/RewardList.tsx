/** The catalogue: rewards with picture, price by tier, stock and limits; and who redeemed what, with its delivery. */
import '../../styles/benefits.css';
import type { Reward } from '@api';
import { Button, InputNumber, Modal, Skeleton, Switch } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { Amount, Card, EmptyTeach, Mark, PageHead } from '../../ui/bits';
import { type Column, DataTable } from '../../ui/DataTable';
import { type Filter, Filters } from '../../ui/list/Filters';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { Deeds } from '../benefits/Deeds';
import { WRITE_BENEFITS } from '../benefits/scopes';
import { REWARD_TOUCHES, useRewards } from '../benefits/use';
import { State, STATES, useQuotaWords, useSpanWords, useTierWord, useWhoWords } from '../benefits/words';
import { READ_POINTS } from '../programme/contract';
import { useProgrammes } from '../programme/use';
import { Picture } from './Picture';
import { Redemptions } from './Redemptions';
import { RewardForm } from './RewardForm';

/** More pieces, fewer, or no end to them. */
function StockDialog({ reward, onClose }: { reward: Reward; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [change, setChange] = useState<number | null>(null);
  const [endless, setEndless] = useState(false);
  const act = useAct((client) => client.post(`/rewards/${reward.id}/stock`, endless ? { unlimited: true } : { change }), { quiet: true, done: t('common.saved'), touches: REWARD_TOUCHES, onDone: onClose });
  const left = (reward.stock ?? 0) + (change ?? 0);
  return (
    <Modal open title={t('rewards.stockTitle', { name: reward.name })} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !endless && (!change || left < 0), loading: act.isPending }} onOk={() => act.mutate()} onCancel={onClose}>
      <ProblemAlert error={act.error} />
      <p>{reward.stock == null ? t('rewards.stockEndless') : t('rewards.stockNow', { n: formatNumber(reward.stock) })}</p>
      <label className="field-label" htmlFor={id}>
        {t('rewards.stockChange')}
      </label>
      <InputNumber id={id} className="form-short" precision={0} disabled={endless} value={change} onChange={setChange} />
      <p className="muted small form-note">{endless ? t('rewards.stockWillEndless') : t(left < 0 ? 'rewards.stockTooFew' : 'rewards.stockThen', { n: formatNumber(Math.max(0, left)) })}</p>
      <label className="row-gap">
        <Switch checked={endless} aria-label={t('rewards.noEnd')} onChange={setEndless} /> {t('rewards.noEnd')}
      </label>
    </Modal>
  );
}

function useColumns(): Column<Reward>[] {
  const { t } = useTranslation();
  const [who, quota, span, tier] = [useWhoWords(), useQuotaWords(), useSpanWords(), useTierWord()];
  return [
    {
      key: 'name',
      title: t('rewards.one'),
      render: (r) => (
        <span className="reward-cell">
          <Picture reward={r} />
          <span className="cell-two">
            <span className="strong">{r.name}</span>
            <span className="muted small">
              {t(`rewards.kind.${r.kind}`)}
              {r.cost ? (
                <>
                  {' · '}
                  {t('rewards.costEach')} <Amount value={r.cost} />
                </>
              ) : null}
            </span>
          </span>
        </span>
      ),
    },
    {
      key: 'points',
      title: t('rewards.points'),
      render: (r) => (
        <span className="cell-two">
          <span className="amount strong">{t('rewards.nPoints', { n: formatNumber(r.points) })}</span>
          {(r.tier_points ?? []).map((one) => (
            <span key={one.tier} className="muted small">
              {tier(r.programme, one.tier)} {formatNumber(one.points)}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'stock',
      title: t('rewards.stockShort'),
      align: 'right',
      render: (r) => (r.stock == null ? <span className="muted">{t('rewards.noEnd')}</span> : r.stock === 0 ? <Mark tone="bad">{t('rewards.soldOut')}</Mark> : formatNumber(r.stock)),
    },
    { key: 'taken', title: t('rewards.redeemed'), align: 'right', render: (r) => (r.taken > 0 ? <Link to={`/rewards?tab=redemptions&reward=${r.id}`}>{formatNumber(r.taken)}</Link> : '0') },
    {
      key: 'who',
      title: t('rewards.whoMay'),
      render: (r) => (
        <span className="cell-two">
          <span>{who(r.who)}</span>
          <span className="muted small">{[quota(r.limit, t('rewards.noLimit')), span(r.from, r.until)].filter(Boolean).join(' · ')}</span>
        </span>
      ),
    },
    { key: 'state', title: t('benefits.stateTitle'), render: (r) => <State state={r.state} /> },
  ];
}

function Catalogue() {
  const { t } = useTranslation();
  const may = useCan(WRITE_BENEFITS);
  const maySee = useCan(READ_POINTS);
  const answer = useRewards();
  const programmes = useProgrammes(maySee);
  const columns = useColumns();
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<Reward | 'new' | null>(null);
  const [stocking, setStocking] = useState<Reward | null>(null);
  const state = params.get('state');
  const all = answer.data ?? [];
  const rows = all.filter((r) => (state ? state === 'all' || r.state === state : r.state !== 'archived'));
  const filters: Filter[] = [{ kind: 'select', name: 'state', label: t('benefits.stateTitle'), options: [...STATES, 'all'].map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`benefits.state.${value}`) })) }];
  const noProgramme = programmes.data !== undefined && !programmes.data.some((p) => p.state !== 'archived');
  const begin = !may ? null : noProgramme ? (
    <Link to="/programmes/new">
      <Button type="primary">{t('benefits.makeProgramme')}</Button>
    </Link>
  ) : (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('rewards.new')}
    </Button>
  );
  const show = (value: string | undefined) => setParams(value ? { state: value } : {}, { replace: true });
  return (
    <>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active className="pad" />
      ) : answer.error ? null : all.length === 0 ? (
        <EmptyTeach title={t('rewards.empty')} text={t(noProgramme ? 'rewards.emptyNoProgramme' : 'rewards.emptyText')} actions={begin} />
      ) : (
        <section className="list">
          <div className="list-bar">
            <Filters filters={filters} params={params} onChange={(values) => show(values.state)} onClear={state ? () => show(undefined) : undefined} />
            <div className="list-tools">{begin}</div>
          </div>
          {rows.length > 0 ? (
            <DataTable
              label={t('nav.rewards')}
              columns={columns}
              rows={rows}
              rowKey={(r) => r.id}
              {...(may
                ? {
                    actions: (r: Reward) => (
                      <Deeds name={r.name} state={r.state} path={`/rewards/${r.id}`} touches={REWARD_TOUCHES} text={t('rewards.archiveText')} onEdit={() => setEditing(r)}>
                        <Button size="small" onClick={() => setStocking(r)}>
                          {t('rewards.stockDo')}
                        </Button>
                      </Deeds>
                    ),
                  }
                : {})}
            />
          ) : (
            <EmptyTeach title={t('list.nothingFound')} text={t('list.nothingFoundAdvice')} actions={<Button onClick={() => show('all')}>{t('common.all')}</Button>} />
          )}
        </section>
      )}
      {editing ? <RewardForm reward={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
      {stocking ? <StockDialog reward={stocking} onClose={() => setStocking(null)} /> : null}
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const tabs = [
    { key: 'rewards', label: t('nav.rewards'), content: () => <Catalogue /> },
    { key: 'redemptions', label: t('rewards.tab.redemptions'), content: () => <Redemptions empty={<EmptyTeach title={t('rewards.noRedemptions')} text={t('rewards.noRedemptionsText')} />} /> },
  ];
  return (
    <>
      <PageHead title={t('nav.rewards')} note={t('rewards.note')} />
      <Card flush className="tabs-card">
        <TabBar label={t('nav.rewards')} active={params.get('tab') ?? 'rewards'} onChange={(tab) => setParams(tab === 'rewards' ? {} : { tab }, { replace: true })} tabs={tabs} />
      </Card>
    </>
  );
}
