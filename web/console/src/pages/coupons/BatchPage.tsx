/** One batch: what its coupons do, how many are left and where the rest stand, the money given and at stake, its codes, who has one. */
import '../../styles/benefits.css';
import '../../styles/coupons.css';
import type { CouponBatchTally, CouponTemplateVersion } from '@api';
import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { formatMoney, formatNumber, formatShare } from '../../app/format';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card, CopyButton, EmptyTeach, Facts, PageHead, Time } from '../../ui/bits';
import { Tile } from '../../ui/figures';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { State } from '../benefits/words';
import { LeftCell } from './BatchesTab';
import { CodesCard } from './CodesCard';
import { Coupons } from './Coupons';
import { Exceptions } from './Exceptions';
import { BatchForm } from './form/BatchForm';
import { GrantDialog } from './GrantDialog';
import { StockDialog } from './StockDialog';
import { USE_COUPONS, WRITE_COUPONS } from './scopes';
import { COUPON_TOUCHES, useBatch, useCouponWords, useVersions } from './use';

type Said = CouponTemplateVersion['definition'];

function Figures({ tally }: { tally: CouponBatchTally }) {
  const { t } = useTranslation();
  const { batch: b, states, uses, saved, exceptions, stake } = tally;
  const count = (...of: string[]) => of.reduce((sum, state) => sum + (states[state] ?? 0), 0);
  const [open, used] = [count('available', 'restored'), count('used')];
  return (
    <div className="tiles tiles-small">
      <Tile label={t('coupons.left')} value={<LeftCell batch={b} />} note={b.pieces == null ? undefined : t('coupons.ofPieces', { n: formatNumber(b.pieces) })} />
      <Tile label={t('coupons.taken')} value={formatNumber(b.taken)} note={t('coupons.takenNote', { open: formatNumber(open), locked: formatNumber(count('locked')) })} />
      <Tile label={t('coupons.state.used')} value={formatNumber(used)} note={b.taken > 0 ? t('coupons.usedShare', { share: formatShare(used, b.taken) }) : undefined} />
      <Tile label={t('coupons.state.expired')} value={formatNumber(count('expired'))} note={t('coupons.goneNote', { n: formatNumber(count('revoked', 'closed')) })} />
      <Tile label={t('coupons.saved')} value={formatMoney(saved)} note={t('coupons.savedNote', { n: formatNumber(uses) })} />
      <Tile label={t('coupons.spent')} value={formatMoney(b.spent)} note={b.budget ? t('coupons.ofBudget', { budget: formatMoney(b.budget) }) : t('coupons.spentNote')} />
      <Tile label={t('coupons.stake')} value={formatMoney(stake)} note={t('coupons.stakeNote', { n: formatNumber(exceptions) })} />
    </div>
  );
}

function About({ tally, said }: { tally: CouponBatchTally; said: Said | undefined }) {
  const { t } = useTranslation();
  const words = useCouponWords();
  const b = tally.batch;
  return (
    <Card>
      {said ? <p className="form-says">{words.template(said)}</p> : null}
      {said?.description ? <p className="break">{said.description}</p> : null}
      <Facts
        columns={2}
        rows={[
          [t('coupons.template'), t('coupons.inVersion', { name: b.template_name, n: b.template_version })],
          [t('coupons.howHad'), b.codes ? t('coupons.hadBy.codes') : b.word ? t('coupons.hadBy.word', { word: b.word }) : t('coupons.hadBy.claim')],
          [t('coupons.perMember'), b.per_member ? t('coupons.each', { n: formatNumber(b.per_member) }) : t('coupons.eachEndless')],
          [t('coupons.claimTimes'), words.claim(b) ?? t('coupons.anyTime')],
          [t('coupons.madeAt'), <Time at={b.created_at} />],
          [
            t('coupons.forPrograms'),
            <span className="row-gap tight">
              <span className="mono break">{b.id}</span> <CopyButton text={b.id} />
            </span>,
          ],
        ]}
      />
    </Card>
  );
}

/** Paused, set going again, put away; changed, its stock, coupons given out of it. */
function Deeds({ tally, onEdit, onStock, onGrant }: { tally: CouponBatchTally; onEdit: () => void; onStock: () => void; onGrant: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [mayWrite, mayUse] = [useCan(WRITE_COUPONS), useCan(USE_COUPONS)];
  const b = tally.batch;
  const set = useAct<string>((client, to) => client.post(`/coupons/batches/${b.id}/${to}`, {}), { done: t('common.saved'), touches: COUPON_TOUCHES });
  if (b.state === 'archived') return null;
  const paused = b.state === 'paused';
  const archive = () =>
    modal.confirm({ title: t('benefits.archiveTitle', { name: b.name }), content: t('coupons.archiveBatch'), okText: t('benefits.archive'), cancelText: t('common.cancel'), onOk: () => set.mutateAsync('archive').catch(() => undefined) });
  return (
    <>
      {mayUse && !b.codes && !paused ? (
        <Button type="primary" disabled={b.left === 0} onClick={onGrant}>
          {t('coupons.grant')}
        </Button>
      ) : null}
      {mayWrite ? (
        <>
          <Button onClick={onEdit}>{t('benefits.edit')}</Button>
          {b.pieces == null || b.codes ? null : <Button onClick={onStock}>{t('coupons.stockDo')}</Button>}
          <Button loading={set.isPending} onClick={() => set.mutate(paused ? 'resume' : 'pause')}>
            {t(paused ? 'benefits.resume' : 'benefits.pause')}
          </Button>
          <Button danger onClick={archive}>
            {t('benefits.archive')}
          </Button>
        </>
      ) : null}
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const answer = useBatch(id);
  const [params, setParams] = useSearchParams();
  const [asked, setAsked] = useState<'edit' | 'stock' | 'grant' | null>(null);
  const tally = answer.data;
  // The template as it was when the batch was made.
  const said = useVersions(tally?.batch.template).data?.find((version) => version.no === tally?.batch.template_version)?.definition;
  const close = () => setAsked(null);
  const back = (
    <Link to="/coupons" className="back-link">
      ← {t('nav.coupons')}
    </Link>
  );
  if (!tally) {
    return (
      <>
        <PageHead title={t('nav.coupons')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const batch = tally.batch;
  const tabs = [
    { key: 'coupons', label: t('coupons.whoHas'), content: () => <Coupons batch={batch.id} empty={<EmptyTeach title={t('coupons.nobodyYet')} text={t(batch.codes ? 'coupons.nobodyCodes' : 'coupons.nobodyYetText')} />} /> },
    { key: 'exceptions', label: t('coupons.tab.exceptions'), content: () => <Exceptions batch={batch.id} empty={<EmptyTeach title={t('coupons.noExceptions')} text={t('coupons.noExceptionsText')} />} /> },
  ];
  return (
    <>
      <PageHead title={batch.name} back={back} note={<State state={batch.state} />} actions={<Deeds tally={tally} onEdit={() => setAsked('edit')} onStock={() => setAsked('stock')} onGrant={() => setAsked('grant')} />} />
      <div className="stack">
        <Figures tally={tally} />
        <About tally={tally} said={said} />
        <CodesCard batch={batch} />
        {/* One list at a time: each keeps its place in the address. */}
        <Card flush className="tabs-card">
          <TabBar label={batch.name} active={params.get('tab') ?? 'coupons'} onChange={(tab) => setParams(tab === 'coupons' ? {} : { tab }, { replace: true })} tabs={tabs} />
        </Card>
      </div>
      {asked === 'edit' ? <BatchForm batch={batch} onClose={close} /> : null}
      {asked === 'stock' ? <StockDialog batch={batch} drawn={Boolean(said?.random)} onClose={close} /> : null}
      {asked === 'grant' ? <GrantDialog batch={batch} onClose={close} /> : null}
    </>
  );
}
