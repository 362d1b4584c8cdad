/** Ready sets of benefits: looked at, and taken for a programme whose ladder has tiers enough. */
import '../../styles/benefits.css';
import type { BenefitTemplate } from '@api';
import { Alert, Button, Drawer, Select, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { READ_POINTS } from '../programme/contract';
import { isFormable, labelOf, tiersOf } from '../programme/model/rules';
import { useProgrammes } from '../programme/use';
import { BENEFIT_TOUCHES, useBenefits, useBenefitTemplates } from './use';
import { useQuotaWords, useWhenWords } from './words';

/** A set as its tiers have it: each benefit once, from which tier on. */
function SetParts({ set, tiers }: { set: BenefitTemplate; tiers: string[] }) {
  const { t } = useTranslation();
  const [quota, when] = [useQuotaWords(), useWhenWords()];
  const place = (n: number) => tiers[n] ?? t('benefits.place', { n: n + 1 });
  return (
    <ul className="set-parts">
      {set.benefits.map((part) => (
        <li key={part.name}>
          <span className="strong">{part.name}</span>{' '}
          <span className="muted small">
            {part.to != null ? (part.to === part.tier ? t('benefits.onlyTier', { tier: place(part.tier) }) : t('benefits.tiersTo', { from: place(part.tier), to: place(part.to) })) : t('benefits.tierOn', { tier: place(part.tier) })}
            {part.quota ? ` · ${quota(part.quota)}` : ''}
            {part.when?.birthday && part.when.birthday !== 'any' ? ` · ${when(part.when)}` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function ReadySets({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const sets = useBenefitTemplates();
  const programmes = useProgrammes(useCan(READ_POINTS));
  const running = (programmes.data ?? []).filter((p) => p.state !== 'archived');
  const [chosen, setChosen] = useState<string | null>(null);
  const programme = running.find((p) => p.id === chosen) ?? running[0];
  const rules = programme?.current.rules;
  const tiers = rules && isFormable(rules) ? tiersOf(rules).map(labelOf) : [];
  // What can be taken stands first.
  const ordered = [...(sets.data ?? [])].sort((a, b) => Number(tiers.length < a.tiers) - Number(tiers.length < b.tiers));
  const had = (useBenefits().data ?? []).some((b) => b.who?.programme === programme?.id && b.state !== 'archived');
  const take = useAct<string>((client, key) => client.post(`/benefits/templates/${key}/take`, { programme: programme?.id }), { quiet: true, done: t('benefits.taken'), touches: BENEFIT_TOUCHES, onDone: onClose });
  return (
    <Drawer open size={640} title={t('benefits.takeSet')} onClose={onClose}>
      <ProblemAlert error={take.error ?? sets.error ?? programmes.error} />
      {sets.isPending || programmes.isPending ? (
        <Skeleton active />
      ) : !programme ? (
        <Alert type="info" showIcon title={t('benefits.noProgramme')} description={<Link to="/programmes/new">{t('benefits.makeProgramme')}</Link>} />
      ) : (
        <>
          <label className="field-label" htmlFor={id}>
            {t('benefits.forProgramme')}
          </label>
          <Select id={id} className="full" value={programme.id} options={running.map((p) => ({ value: p.id, label: p.name }))} onChange={setChosen} />
          <p className="muted small form-note">{tiers.length > 0 ? t('benefits.ladderIs', { tiers: tiers.join(' → ') }) : t('benefits.noLadder')}</p>
          {had ? <Alert type="warning" showIcon className="gap-below" title={t('benefits.hasSome')} /> : null}
          {ordered.map((set) => (
            <section key={set.key} className="ready-set">
              <h3>{set.name}</h3>
              <p className="muted">{set.description}</p>
              <details>
                <summary>{t('benefits.inSet', { n: set.benefits.length, count: set.benefits.length })}</summary>
                <SetParts set={set} tiers={tiers} />
              </details>
              {tiers.length < set.tiers ? <p className="muted small">{t('benefits.tooShort', { needs: set.tiers, has: tiers.length })}</p> : null}
              <Button type="primary" aria-label={t('benefits.takeNamed', { name: set.name })} disabled={tiers.length < set.tiers} loading={take.isPending && take.variables === set.key} onClick={() => take.mutate(set.key)}>
                {t('benefits.take')}
              </Button>
            </section>
          ))}
        </>
      )}
    </Drawer>
  );
}
