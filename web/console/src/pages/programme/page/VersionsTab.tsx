/** The versions of the rules: which holds, which held when, which is to come; each in words, each to be taken again or to judge older orders. */
import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useWhoName } from '../../../app/who';
import { useCan } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { Time } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { ProgrammeState } from '../cells';
import { type Programme, type Version, WRITE_PROGRAMMES } from '../contract';
import { Sentences } from '../editor/CheckPanel';
import { AskDialog } from '../rerun/AskDialog';
import { Reruns } from '../rerun/Reruns';
import { PROGRAMME_TOUCHES, useVersions } from '../use';

function Row({ programme, version, asked, onRerun }: { programme: Programme; version: Version; asked: boolean; onRerun: (no: number) => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const who = useWhoName();
  const may = useCan(WRITE_PROGRAMMES) && programme.state !== 'archived';
  const withdraw = useAct((client) => client.post(`/programmes/${programme.id}/versions/${version.no}/withdraw`), { done: t('programme.withdrawn'), touches: PROGRAMME_TOUCHES });
  const state = version.state ?? '';
  const ask = () =>
    void modal.confirm({
      title: t('programme.withdrawTitle', { n: version.no }),
      content: t('programme.withdrawText'),
      okText: t('programme.withdraw'),
      cancelText: t('common.cancel'),
      onOk: () => withdraw.mutateAsync().catch(() => undefined),
    });
  return (
    <li className={state === 'current' ? 'version version-on' : 'version'}>
      <div className="version-head">
        <h3>{t('programme.versionNo', { n: version.no })}</h3>
        <ProgrammeState state={state === 'scheduled' ? 'scheduledVersion' : state} />
        <span className="grow">
          {t('programme.since')} <Time at={version.from} />
        </span>
        {may ? (
          <span className="row-gap tight">
            {state === 'scheduled' ? (
              <Button size="small" danger loading={withdraw.isPending} onClick={ask}>
                {t('programme.withdraw')}
              </Button>
            ) : null}
            {state === 'current' || state === 'past' ? (
              <Button size="small" onClick={() => onRerun(version.no)}>
                {t('rerun.open')}
              </Button>
            ) : null}
            {state === 'current' ? null : (
              <Link to={`/programmes/${programme.id}/edit?from=${version.no}`}>
                <Button size="small">{t(state === 'past' ? 'programme.rollback' : 'programme.takeVersion')}</Button>
              </Link>
            )}
          </span>
        ) : null}
      </div>
      {version.note ? <p>{version.note}</p> : null}
      <p className="muted small">
        {who(version.by)} · <Time at={version.at} />
      </p>
      <details open={asked || state === 'scheduled'}>
        <summary>{t('programme.inWords')}</summary>
        <Sentences of={version.sentences} />
      </details>
    </li>
  );
}

export function VersionsTab({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const answer = useVersions(programme.id);
  const asked = Number(params.get('no'));
  const [rerun, setRerun] = useState<number | null>(null);
  const versions = [...(answer.data ?? [])].sort((a, b) => b.no - a.no);
  return (
    <div className="pad">
      <p className="muted">{t('programme.versionsNote')}</p>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? <Skeleton active /> : null}
      <ol className="versions" aria-label={t('programme.tab.versions')}>
        {versions.map((version) => (
          <Row key={version.no} programme={programme} version={version} asked={version.no === asked} onRerun={setRerun} />
        ))}
      </ol>
      <Reruns programme={programme} />
      {rerun === null ? null : <AskDialog programme={programme} versions={versions} no={rerun} onClose={() => setRerun(null)} />}
    </div>
  );
}
