/** One promotion: what it does, the draft beside it, its versions, and what can be done with it. */
import '../../styles/programme.css';
import '../../styles/promotions.css';
import type { Promotion, PromotionVersion } from '@api';
import DownOutlined from '@ant-design/icons/DownOutlined';
import { App, Button, Dropdown, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { formatTime } from '../../app/format';
import { useCan, useZone } from '../../app/session';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Card, PageHead, Time } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { PromotionState } from './cells';
import { PromotionForm } from './PromotionForm';
import { PublishDialog } from './PublishDialog';
import { PRICE_CARTS, WRITE_PROMOTIONS } from './scopes';
import { PROMOTION_TOUCHES, usePromotion, usePromotionVersions, useSentence } from './use';

function Row({ promotion, version, may, onRestore }: { promotion: Promotion; version: PromotionVersion; may: boolean; onRestore: (no: number) => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const who = useWhoName();
  const zone = useZone();
  const sentence = useSentence();
  const withdraw = useAct((client) => client.post(`/promotions/${promotion.id}/versions/${version.no}/withdraw`), { done: t('promotions.withdrawn'), touches: PROMOTION_TOUCHES });
  const ask = () =>
    void modal.confirm({
      title: t('promotions.withdrawTitle', { n: version.no }),
      content: t('promotions.withdrawText'),
      okText: t('promotions.withdraw'),
      cancelText: t('common.cancel'),
      onOk: () => withdraw.mutateAsync().catch(() => undefined),
    });
  return (
    <li className={version.state === 'current' ? 'version version-on' : 'version'}>
      <div className="version-head">
        <h3>{t('promotions.versionNo', { n: version.no })}</h3>
        <PromotionState state={version.state} />
        <span className="grow">
          {t('promotions.begins', { at: formatTime(version.from, zone) })}
        </span>
        {may ? (
          <span className="row-gap tight">
            {version.state === 'scheduled' ? (
              <Button size="small" danger loading={withdraw.isPending} onClick={ask}>
                {t('promotions.withdraw')}
              </Button>
            ) : null}
            {version.state === 'past' || version.state === 'withdrawn' ? (
              <Button size="small" onClick={() => onRestore(version.no)}>
                {t('promotions.restore')}
              </Button>
            ) : null}
          </span>
        ) : null}
      </div>
      <p className="break">{sentence(version.sentence)}</p>
      {version.note ? <p>{version.note}</p> : null}
      <p className="muted small">
        {who(version.by)} · <Time at={version.at} />
      </p>
    </li>
  );
}

function Versions({ promotion, may }: { promotion: Promotion; may: boolean }) {
  const { t } = useTranslation();
  const answer = usePromotionVersions(promotion.id);
  const [older, setOlder] = useState<number | null>(null);
  const versions = [...(answer.data ?? [])].sort((a, b) => b.no - a.no);
  return (
    <Card title={t('promotions.versions')}>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? <Skeleton active /> : null}
      {answer.data?.length === 0 ? <p className="muted">{t('promotions.noVersion')}</p> : null}
      <ol className="versions" aria-label={t('promotions.versions')}>
        {versions.map((version) => (
          <Row key={version.no} promotion={promotion} version={version} may={may} onRestore={setOlder} />
        ))}
      </ol>
      {older === null ? null : <PublishDialog promotion={promotion} older={older} onClose={() => setOlder(null)} />}
    </Card>
  );
}

/** What is done more seldom: halted, begun again, put away. */
function More({ promotion }: { promotion: Promotion }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const act = useAct<'pause' | 'resume' | 'archive'>((client, what) => client.post(`/promotions/${promotion.id}/${what}`), { done: t('common.saved'), touches: PROMOTION_TOUCHES });
  const confirm = (what: 'pause' | 'archive') =>
    void modal.confirm({
      title: t(`promotions.${what}Title`, { name: promotion.name }),
      content: t(`promotions.${what}Text`),
      okText: t(`promotions.${what}`),
      okButtonProps: { danger: what === 'archive' },
      cancelText: t('common.cancel'),
      onOk: () => act.mutateAsync(what).catch(() => undefined),
    });
  const paused = promotion.state === 'paused';
  const items = [paused ? { key: 'resume', label: t('promotions.resume') } : { key: 'pause', label: t('promotions.pause') }, { key: 'archive', label: t('promotions.archive'), danger: true }];
  const does: Record<string, () => void> = { pause: () => confirm('pause'), resume: () => act.mutate('resume'), archive: () => confirm('archive') };
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => does[key]?.() }}>
      <Button loading={act.isPending}>
        {t('common.more')} <DownOutlined className="tiny" aria-hidden="true" />
      </Button>
    </Dropdown>
  );
}

function One() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const sentence = useSentence();
  const zone = useZone();
  const answer = usePromotion(id);
  const canWrite = useCan(WRITE_PROMOTIONS);
  const mayPrice = useCan(PRICE_CARTS);
  const [editing, setEditing] = useState(false);
  const [publishing, setPublishing] = useState(false);
  const promotion = answer.data;
  const back = (
    <Link to="/promotions" className="back-link">
      ← {t('nav.promotions')}
    </Link>
  );
  if (!promotion) {
    return (
      <>
        <PageHead title={t('promotions.one')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const may = canWrite && promotion.state !== 'archived';
  const { current, next, draft } = promotion;
  return (
    <>
      <PageHead
        title={promotion.name}
        back={back}
        note={<PromotionState state={promotion.state} />}
        actions={
          <>
            {mayPrice ? (
              <Link to={`/promotions/try?with=${promotion.id}`}>
                <Button>{t('promotions.try')}</Button>
              </Link>
            ) : null}
            {may ? <Button onClick={() => setEditing(true)}>{t('promotions.edit')}</Button> : null}
            {may && draft ? (
              <Button type="primary" onClick={() => setPublishing(true)}>
                {t('promotions.publish')}
              </Button>
            ) : null}
            {may ? <More promotion={promotion} /> : null}
          </>
        }
      />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      <div className="stack promo-page">
        {current ? (
          <Card title={t('promotions.inForce')}>
            <p className="promo-says break">{sentence(current.sentence)}</p>
          </Card>
        ) : null}
        {next ? (
          <Card title={t('promotions.coming')}>
            <p className="promo-says break">{sentence(next.sentence)}</p>
            <p className="muted small">{t('promotions.begins', { at: formatTime(next.from, zone) })}</p>
          </Card>
        ) : null}
        {draft ? (
          <Card title={t('promotions.draft')}>
            <p className="promo-says break">{sentence(draft.sentence)}</p>
            <p className="muted small">{t('promotions.draftNote')}</p>
          </Card>
        ) : null}
        <Versions promotion={promotion} may={may} />
        <p className="muted small">
          {t('promotions.cause')} <span className="mono break">{promotion.id}</span>
        </p>
      </div>
      {editing ? <PromotionForm promotion={promotion} onClose={() => setEditing(false)} /> : null}
      {publishing ? <PublishDialog promotion={promotion} onClose={() => setPublishing(false)} /> : null}
    </>
  );
}

export function Component() {
  const { id } = useParams();
  return <One key={id} />;
}
