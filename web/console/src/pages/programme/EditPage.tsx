/** New rules for a programme that is there: begun with those in force, or with an older version (`?from=`). */
import '../../styles/segments.css';
import '../../styles/programme.css';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { useNarrow } from '../../app/prefs';
import { PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import type { Programme, Version } from './contract';
import { Editor } from './editor/Editor';
import { PublishDialog } from './editor/PublishDialog';
import { useDraft } from './editor/useDraft';
import { TrialDrawer } from './trial/TrialDrawer';
import { useCheck, useProgramme, useVersions } from './use';
import { useLeave } from './useLeave';

function Write({ programme, begun, older }: { programme: Programme; begun: Version; older: boolean }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const draft = useDraft(begun.rules);
  const check = useCheck(draft.rules);
  const [publishing, setPublishing] = useState(false);
  const [trying, setTrying] = useState(false);
  const [saved, setSaved] = useState<string | null>(null);
  useLeave(draft.changed, saved);
  // Older rules are new ones as they are: that is how a change is rolled back.
  const sound = check.said?.ok && draft.wrong === null;
  const button = (
    <>
      <Button disabled={!sound} onClick={() => setTrying(true)}>
        {t('trial.open')}
      </Button>
      <Button type="primary" disabled={(!draft.changed && !older) || !sound} onClick={() => setPublishing(true)}>
        {t('programme.publish')}
      </Button>
    </>
  );
  return (
    <>
      <PageHead
        title={t('programme.editOf', { name: programme.name })}
        back={
          <Link to={`/programmes/${programme.id}`} className="back-link">
            ← {programme.name}
          </Link>
        }
        note={older ? t('programme.editOlder', { n: begun.no }) : t('programme.editNote')}
        actions={narrow ? null : button}
      />
      <Editor draft={draft} check={check} running={programme.current?.rules ?? null} name={programme.name} />
      {narrow ? <div className="live-bar programme-save">{button}</div> : null}
      {trying ? <TrialDrawer programme={programme} rules={draft.rules} onClose={() => setTrying(false)} /> : null}
      {publishing ? (
        <PublishDialog
          programme={programme}
          rules={draft.rules}
          note={older ? t('programme.rollbackNote', { n: begun.no }) : ''}
          onClose={() => setPublishing(false)}
          onSaved={() => setSaved(`/programmes/${programme.id}?tab=versions`)}
        />
      ) : null}
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  const from = Number(params.get('from')) || null;
  const programme = useProgramme(id);
  const versions = useVersions(id, from !== null);
  const version = from === null ? (programme.data?.current ?? programme.data?.next) : versions.data?.find((one) => one.no === from);
  // What is being written is begun once: answers that come later do not change it under the hand.
  const [begun, setBegun] = useState<{ key: string; programme: Programme; version: Version } | null>(null);
  const key = `${id} ${from ?? ''}`;
  if (programme.data && version && begun?.key !== key) setBegun({ key, programme: programme.data, version });
  const error = programme.error ?? versions.error;
  if (begun?.key !== key) {
    return (
      <>
        <PageHead title={t('programme.edit')} />
        {error ? <ProblemAlert error={error} retry={() => void (programme.error ? programme.refetch() : versions.refetch())} /> : versions.data || (from === null && programme.data) ? <p>{t('programme.noVersion')}</p> : <Skeleton active />}
      </>
    );
  }
  return <Write key={key} programme={begun.programme} begun={begun.version} older={from !== null && from !== begun.programme.current?.no} />;
}
