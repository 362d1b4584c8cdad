/** One programme: who is in it and what is owed, its rules in words, its versions, and an example member to try it on. */
import '../../styles/insight.css';
import '../../styles/segments.css';
import '../../styles/programme.css';
import { Alert, Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { formatNumber } from '../../app/format';
import { useCan } from '../../app/session';
import { Card, EmptyTeach, PageHead, Time } from '../../ui/bits';
import { Tile } from '../../ui/figures';
import { ProblemAlert } from '../../ui/problem';
import { TabBar } from '../../ui/TabBar';
import { ProgrammeState, useShopsText } from './cells';
import { type Programme, WRITE_PROGRAMMES } from './contract';
import { Sentences } from './editor/CheckPanel';
import { Stairs } from './editor/Ladder';
import { MemberCard } from './editor/MemberCard';
import { isFormable, tiersOf } from './model/rules';
import { MoreActions } from './page/MoreActions';
import { TryTab } from './example/TryTab';
import { VersionsTab } from './page/VersionsTab';
import { useProgramme } from './use';

function Figures({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const { points } = programme;
  const of = `programme=${programme.id}`;
  const size = (n: number | undefined) => formatNumber(Math.abs(n ?? 0));
  return (
    <div className="tiles tiles-head">
      <Tile label={t('programme.members')} value={formatNumber(programme.members)} note={t('programme.membersNote')} />
      <Tile label={t('programme.owed')} value={formatNumber(points.available ?? 0)} note={t('programme.owedNote', { pending: size(points.pending), frozen: size(points.frozen) })} to={`/points/liability?${of}`} />
      <Tile label={t('programme.given')} value={size(points.issued)} note={t('programme.givenNote', { n: size(points.reversed) })} to={`/points/entries?${of}&account=issued`} />
      <Tile label={t('programme.used')} value={size(points.redeemed)} note={t('programme.usedNote', { n: size(points.expired) })} to={`/points/entries?${of}&account=redeemed`} />
    </div>
  );
}

function RulesTab({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const version = programme.current ?? programme.next;
  if (!version) return <EmptyTeach title={t('programme.noVersion')} />;
  const tiers = isFormable(version.rules) ? tiersOf(version.rules) : [];
  return (
    <div className="pad two">
      <div className="stack">
        {tiers.length > 0 ? (
          <section>
            <h3 className="sub-title">{t('programme.ladder')}</h3>
            <Stairs tiers={tiers} />
          </section>
        ) : null}
        <section>
          <h3 className="sub-title">{t('programme.inWords')}</h3>
          <Sentences of={version.sentences} />
        </section>
        <p className="muted small">
          {t('programme.versionNo', { n: version.no })} · {t('programme.since')} <Time at={version.from} />
          {version.note ? ` · ${version.note}` : ''}
        </p>
      </div>
      {isFormable(version.rules) ? <MemberCard rules={version.rules} name={programme.name} /> : null}
    </div>
  );
}

function One() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const [params, setParams] = useSearchParams();
  const may = useCan(WRITE_PROGRAMMES);
  const shops = useShopsText();
  const answer = useProgramme(id);
  const programme = answer.data;
  const back = (
    <Link to="/programmes" className="back-link">
      ← {t('nav.programmes')}
    </Link>
  );
  if (!programme) {
    return (
      <>
        <PageHead title={t('programme.one')} back={back} />
        {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const archived = programme.state === 'archived';
  return (
    <>
      <PageHead
        title={programme.name}
        back={back}
        note={
          <>
            <ProgrammeState state={programme.state} /> {shops(programme)}
          </>
        }
        actions={
          <>
            <Link to={`/points/entries?programme=${programme.id}`}>
              <Button>{t('nav.entries')}</Button>
            </Link>
            {may && !archived ? (
              <Link to={`/programmes/${programme.id}/edit`}>
                <Button type="primary">{t('programme.edit')}</Button>
              </Link>
            ) : null}
            {may ? <MoreActions programme={programme} /> : null}
          </>
        }
      />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      <div className="stack">
        {programme.state === 'paused' ? <Alert type="warning" showIcon title={t('programme.pausedNote')} /> : null}
        {programme.job ? <Alert type="info" showIcon title={t('programme.filling')} /> : null}
        {programme.next ? (
          <Alert
            type="info"
            showIcon
            title={
              <>
                {t('programme.nextNote', { n: programme.next.no })} <Time at={programme.next.from} />
              </>
            }
            action={
              <Button size="small" onClick={() => setParams({ tab: 'versions' }, { replace: true })}>
                {t('programme.look')}
              </Button>
            }
          />
        ) : null}
        <Figures programme={programme} />
        <Card flush className="tabs-card">
          <TabBar
            label={programme.name}
            active={params.get('tab') ?? 'rules'}
            onChange={(tab) => setParams(tab === 'rules' ? {} : { tab }, { replace: true })}
            tabs={[
              { key: 'rules', label: t('programme.tab.rules'), content: () => <RulesTab programme={programme} /> },
              { key: 'versions', label: t('programme.tab.versions'), content: () => <VersionsTab programme={programme} /> },
              { key: 'try', label: t('programme.tab.try'), content: () => <TryTab programme={programme} /> },
            ]}
          />
        </Card>
      </div>
    </>
  );
}

export function Component() {
  const { id } = useParams();
  return <One key={id} />;
}
