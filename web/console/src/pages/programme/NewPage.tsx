/** A new programme: from a ready ladder or from nothing, then written like any other, with its name and shops. */
import '../../styles/segments.css';
import '../../styles/programme.css';
import { Button, Input, Select, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useNarrow } from '../../app/prefs';
import { useAct } from '../../ui/act';
import { Card, PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { useShopOptions } from '../options';
import type { Programme } from './contract';
import { Editor } from './editor/Editor';
import { Instant } from './editor/inputs';
import { Stairs } from './editor/Ladder';
import { useDraft } from './editor/useDraft';
import { isFormable, type Rules, tiersOf } from './model/rules';
import { PROGRAMME_TOUCHES, useCheck, useTemplates } from './use';
import { useLeave } from './useLeave';

/** The least that is a programme: a point a yuan. */
const EMPTY: Rules = { earn: [{ id: 'base', kind: 'per_amount', points: 1, per_fen: 100 }] };

const back = (text: string) => (
  <Link to="/programmes" className="back-link">
    ← {text}
  </Link>
);

function Choose() {
  const { t } = useTranslation();
  const answer = useTemplates();
  return (
    <>
      <PageHead title={t('programme.new')} back={back(t('nav.programmes'))} note={t('programme.chooseNote')} />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? <Skeleton active /> : null}
      <ul className="templates">
        {(answer.data ?? []).map((template) => (
          <li key={template.key} className="card template">
            <h2>{template.name}</h2>
            <p className="muted">{template.description}</p>
            {isFormable(template.rules) && tiersOf(template.rules).length > 0 ? <Stairs tiers={tiersOf(template.rules)} /> : null}
            <details>
              <summary>{t('programme.inWords')}</summary>
              <ul className="bullets sentences">
                {template.sentences.map((sentence, i) => (
                  <li key={i}>{sentence.text}</li>
                ))}
              </ul>
            </details>
            <Link to={`/programmes/new?template=${encodeURIComponent(template.key)}`} className="template-take">
              <Button type="primary" aria-label={t('programme.takeNamed', { name: template.name })}>
                {t('programme.take')}
              </Button>
            </Link>
          </li>
        ))}
        {answer.isPending ? null : (
          <li className="card template">
            <h2>{t('programme.fromEmpty')}</h2>
            <p className="muted">{t('programme.fromEmptyText')}</p>
            <Link to="/programmes/new?template=empty" className="template-take">
              <Button>{t('programme.beginEmpty')}</Button>
            </Link>
          </li>
        )}
      </ul>
    </>
  );
}

interface About {
  name: string;
  shops: string[];
  begins: string | undefined;
}

function AboutCard({ about, put }: { about: About; put: (change: Partial<About>) => void }) {
  const { t } = useTranslation();
  const shops = useShopOptions();
  const id = useId();
  return (
    <Card title={t('programme.about')}>
      <label className="field-label" htmlFor={`${id}-name`}>
        {t('common.name')}
      </label>
      <Input id={`${id}-name`} className="gap-below" maxLength={60} placeholder={t('programme.nameHint')} value={about.name} onChange={(e) => put({ name: e.target.value })} />
      {shops.length > 1 ? (
        <>
          <div className="field-label">{t('programme.shops')}</div>
          <Select mode="multiple" className="full gap-below" aria-label={t('programme.shops')} placeholder={t('programme.allShops')} value={about.shops} options={shops} onChange={(chosen: string[]) => put({ shops: chosen })} />
        </>
      ) : null}
      <div className="field-label">{t('programme.beginsAt')}</div>
      <Instant label={t('programme.beginsAt')} placeholder={t('programme.beginsNow')} path="begins_at" value={about.begins} onChange={(begins) => put({ begins })} />
      <p className="muted small fine">{t('programme.beginsNote')}</p>
    </Card>
  );
}

function Write({ start, name }: { start: Rules; name: string }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const draft = useDraft(start);
  const check = useCheck(draft.rules);
  const [about, setAbout] = useState<About>({ name, shops: [], begins: undefined });
  const [saved, setSaved] = useState<string | null>(null);
  const save = useAct<void, Programme>(
    (client) =>
      client.post<Programme>('/programmes', {
        name: about.name.trim(),
        ...(about.shops.length > 0 ? { shops: about.shops } : {}),
        rules: draft.rules,
        ...(about.begins ? { begins_at: about.begins } : {}),
      }),
    { quiet: true, done: t('programme.created'), touches: PROGRAMME_TOUCHES, onDone: (made) => setSaved(`/programmes/${made.id}`) },
  );
  useLeave(draft.changed, saved);
  const button = (
    <Button type="primary" disabled={about.name.trim() === '' || !check.said?.ok || draft.wrong !== null} loading={save.isPending} onClick={() => save.mutate()}>
      {t('programme.create')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('programme.new')} back={back(t('nav.programmes'))} note={t('programme.editNote')} actions={narrow ? null : button} />
      <ProblemAlert error={save.error} />
      <Editor draft={draft} check={check} running={null} name={about.name.trim()}>
        <AboutCard about={about} put={(change) => setAbout((before) => ({ ...before, ...change }))} />
      </Editor>
      {narrow ? <div className="live-bar programme-save">{button}</div> : null}
    </>
  );
}

export function Component() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const wanted = params.get('template');
  const answer = useTemplates(Boolean(wanted) && wanted !== 'empty');
  if (!wanted) return <Choose />;
  if (wanted === 'empty') return <Write key="empty" start={EMPTY} name="" />;
  const template = answer.data?.find((one) => one.key === wanted);
  if (template) return <Write key={wanted} start={template.rules} name={template.name} />;
  if (answer.data) return <Choose />;
  return (
    <>
      <PageHead title={t('programme.new')} back={back(t('nav.programmes'))} />
      {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
    </>
  );
}
