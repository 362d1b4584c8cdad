/**
 * One wished-for portrait: what there is beside what is wished, the members who would close the gap, and how it went
 * day by day.
 */
import '../../styles/insight.css';
import '../../styles/portrait.css';
import '../../styles/segments.css';
import '../../styles/targets.css';
import type { PortraitStanding, PortraitTarget } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { AsOf, Card, EmptyTeach, Mark, PageHead } from '../../ui/bits';
import { Tile } from '../../ui/figures';
import { ProblemAlert } from '../../ui/problem';
import { points } from './points';
import { Progress } from './Progress';
import { StandingCard } from './StandingCard';
import { TARGET_TOUCHES } from './useTarget';

function Figures({ told }: { told: PortraitStanding }) {
  const { t } = useTranslation();
  const met = told.wishes.filter((w) => !w.short).length;
  const most = told.levels.find((level) => level.members > 0);
  const any = told.levels[told.levels.length - 1];
  return (
    <div className="tiles tiles-head">
      <Tile label={t('targets.members')} value={formatNumber(told.members)} note={t('targets.ofBase', { n: formatNumber(told.base) })} />
      <Tile label={t('targets.met')} value={t('targets.metOf', { n: met, all: told.wishes.length })} />
      <Tile label={t('targets.shortfall')} value={t('targets.points', { n: points(told.shortfall) })} note={t('targets.shortfallNote')} />
      <Tile
        label={t('targets.closers')}
        value={formatNumber(any?.members ?? 0)}
        note={most && any && most.gaps > any.gaps ? t('targets.closersMost', { gaps: most.gaps, n: formatNumber(most.members) }) : undefined}
      />
    </div>
  );
}

function Closers({ target, told }: { target: PortraitTarget; told: PortraitStanding }) {
  const { t } = useTranslation();
  const may = useCan('segments:write');
  const mayHand = useCan('batches:write');
  return (
    <Card title={t('targets.closersTitle')}>
      <p className="muted">{t('targets.closersNote')}</p>
      {told.levels.length === 0 ? (
        <EmptyTeach title={t('targets.noGap')} text={t('targets.noGapText')} />
      ) : (
        <ul className="target-levels">
          {told.levels.map((level) => (
            <li key={level.gaps}>
              <span className="grow">{t(level.gaps === told.levels[0]?.gaps ? 'targets.levelAll' : 'targets.level', { n: level.gaps })}</span>
              <span className="amount strong">{t('portrait.people', { n: formatNumber(level.members) })}</span>
              <Link to="/segments/new" state={{ expr: level.expr, name: t('targets.levelName', { name: target.name, n: level.gaps }) }}>
                <Button size="small">{t(may ? 'targets.open' : 'targets.look')}</Button>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {mayHand && told.levels.length > 0 ? <p className="muted small">{t('targets.handOver')}</p> : null}
    </Card>
  );
}

function Archive({ target }: { target: PortraitTarget }) {
  const { t } = useTranslation();
  const archived = target.state === 'archived';
  const act = useAct((client) => client.post(`/portrait-targets/${target.id}/${archived ? 'restore' : 'archive'}`), {
    done: t(archived ? 'targets.restored' : 'targets.archived'),
    touches: TARGET_TOUCHES,
  });
  return (
    <Button loading={act.isPending} onClick={() => act.mutate()}>
      {t(archived ? 'targets.restore' : 'targets.archive')}
    </Button>
  );
}

function OneTarget() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { merchant } = useSession();
  const { language } = usePrefs();
  const may = useCan('segments:write');
  const path = `/portrait-targets/${encodeURIComponent(id)}`;
  const target = useQuery<PortraitTarget>({ queryKey: ['portrait-target', merchant.id, id, language], queryFn: () => api.get<PortraitTarget>(path) });
  const told = useQuery<PortraitStanding>({
    queryKey: ['portrait-standing', merchant.id, id, language],
    queryFn: ({ signal }) => api.post<PortraitStanding>(`${path}/measure`, {}, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const record = useAct<void, PortraitStanding>((client) => client.post<PortraitStanding>(`${path}/record`), { done: t('targets.recorded'), touches: TARGET_TOUCHES });
  const back = (
    <Link to="/segments?tab=targets" className="back-link">
      ← {t('targets.title')}
    </Link>
  );
  if (!target.data) {
    return (
      <>
        <PageHead title={t('targets.one')} back={back} />
        {target.error ? <ProblemAlert error={target.error} retry={() => void target.refetch()} /> : <Skeleton active />}
      </>
    );
  }
  const archived = target.data.state === 'archived';
  return (
    <>
      <PageHead
        title={target.data.name}
        back={back}
        note={
          <>
            {archived ? <Mark>{t('segments.state.archived')}</Mark> : null} {target.data.sentence ?? t('targets.noGroup')}
          </>
        }
        actions={
          <>
            {told.data ? <AsOf at={told.data.known_at} busy={told.isFetching} /> : null}
            {may && !archived ? (
              <>
                <Button loading={record.isPending} onClick={() => record.mutate()}>
                  {t('targets.record')}
                </Button>
                <Link to={`/segments/targets/${target.data.id}/edit`}>
                  <Button>{t('targets.edit')}</Button>
                </Link>
              </>
            ) : null}
            {may ? <Archive target={target.data} /> : null}
          </>
        }
      />
      <ProblemAlert error={told.error} retry={() => void told.refetch()} />
      {told.data ? (
        <div className="stack">
          <Figures told={told.data} />
          {told.data.members === 0 ? <Alert type="info" showIcon title={t('targets.nobody')} /> : null}
          <StandingCard told={told.data} name={target.data.name} />
          <Closers target={target.data} told={told.data} />
          <Progress target={target.data} />
          <p className="muted small">{t('targets.method')}</p>
        </div>
      ) : told.error ? null : (
        <Skeleton active />
      )}
    </>
  );
}

export function Component() {
  const { id } = useParams();
  return <OneTarget key={id} />;
}
