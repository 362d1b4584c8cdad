/** An example member under rules of the programme: which version, which ready example, then steps and what they lead to. */
import { Button, Select, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { today } from '../../../app/format';
import { useZone } from '../../../app/session';
import { EmptyTeach } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { instantOf } from '../../segments/model/zone';
import type { Programme } from '../contract';
import { examplesOf } from '../model/example';
import { isFormable, type Rules } from '../model/rules';
import { useVersions } from '../use';
import { Bench } from './Bench';

export function TryTab({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const versions = useVersions(programme.id);
  const [chosen, setChosen] = useState<number | null>(null);
  if (versions.error) return <ProblemAlert error={versions.error} retry={() => void versions.refetch()} />;
  if (!versions.data) return <Skeleton active className="pad" />;
  const all = [...versions.data].sort((a, b) => b.no - a.no);
  const version = all.find((v) => v.no === chosen) ?? all.find((v) => v.state === 'current') ?? all[0];
  if (!version || !isFormable(version.rules)) return <EmptyTeach title={t('programme.notFormable')} />;
  return (
    <Trial key={version.no} rules={version.rules}>
      {all.length > 1 ? (
        <Select
          aria-label={t('programme.version')}
          value={version.no}
          options={all.map((v) => ({ value: v.no, label: `${t('programme.versionNo', { n: v.no })} · ${t(`programme.state.${v.state === 'scheduled' ? 'scheduledVersion' : v.state}`, { defaultValue: v.state ?? '' })}` }))}
          onChange={setChosen}
          popupMatchSelectWidth={false}
        />
      ) : null}
    </Trial>
  );
}

/** The ready examples of some rules, and the one that is being looked at. */
export function Trial({ rules, children }: { rules: Rules; children?: React.ReactNode }) {
  const { t } = useTranslation();
  const zone = useZone();
  const start = instantOf(`${today(zone)}T10:00:00`, zone);
  const examples = useMemo(() => examplesOf(rules, start), [rules, start]);
  const [key, setKey] = useState(examples[0]?.key ?? 'own');
  const example = examples.find((one) => one.key === key);
  return (
    <div className="pad">
      <p className="muted">{t('programme.tryNote')}</p>
      <div className="row-gap" role="group" aria-label={t('programme.examples')}>
        {children}
        {examples.map((one) => (
          <Button key={one.key} size="small" type={one.key === key ? 'primary' : 'default'} aria-pressed={one.key === key} onClick={() => setKey(one.key)}>
            {t(`programme.example.${one.key}`)}
          </Button>
        ))}
        <Button size="small" type={key === 'own' ? 'primary' : 'default'} aria-pressed={key === 'own'} onClick={() => setKey('own')}>
          {t('programme.example.own')}
        </Button>
      </div>
      <Bench key={key} rules={rules} start={start} begun={example?.steps ?? []} of={example?.member ?? {}} />
    </div>
  );
}
