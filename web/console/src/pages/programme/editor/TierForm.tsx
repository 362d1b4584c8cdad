/** One tier: its name, who enters, who keeps it, what reaching it brings. */
import { Button, Input, Segmented } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf, nameTier, put, setTier, type Tier, tiersOf } from '../model/rules';
import { Conditions } from './Conditions';
import { FaultLine, Say, useEditor, useStatus } from './context';
import { Whole } from './inputs';

interface Props {
  tier: Tier;
  index: number;
  count: number;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

export function TierForm({ tier, index, count, onMove, onRemove }: Props) {
  const { t } = useTranslation();
  const { rules, put: write, running } = useEditor();
  const id = useId();
  const path = `ladder.tiers[${index}]`;
  const status = useStatus(`${path}.${tier.name === undefined ? 'id' : 'name'}`, labelOf(tier) === '');
  const held = tiersOf(running ?? {}).some((one) => one.id === tier.id);
  const set = (next: Tier) => write(setTier(rules, index, next));
  const own = tier.keep != null;
  return (
    <section className="tier-form" aria-label={t('programme.tierOf', { name: labelOf(tier) })}>
      <div className="tier-head">
        <label htmlFor={id}>{t('programme.tierName')}</label>
        <Input id={id} className="tier-name" value={labelOf(tier)} maxLength={40} {...status} onChange={(e) => write(nameTier(rules, index, e.target.value, held))} />
        <span className="grow" />
        <Button size="small" disabled={index === 0} onClick={() => onMove(-1)}>
          {t('programme.lower')}
        </Button>
        <Button size="small" disabled={index === count - 1} onClick={() => onMove(1)}>
          {t('programme.higher')}
        </Button>
        <Button size="small" danger disabled={count < 2} onClick={onRemove}>
          {t('programme.dropTier')}
        </Button>
      </div>
      {index === 0 ? (
        <p className="muted">{t('programme.everybodyNote')}</p>
      ) : (
        <>
          <h4>{t('programme.entry')}</h4>
          <Conditions label={t('programme.entry')} path={`${path}.entry`} value={tier.entry} onChange={(entry) => set({ ...tier, entry })} />
          <h4>{t('programme.keep')}</h4>
          <Segmented<'same' | 'own'>
            aria-label={t('programme.keep')}
            value={own ? 'own' : 'same'}
            options={[
              { value: 'same', label: t('programme.keepSame') },
              { value: 'own', label: t('programme.keepOwn') },
            ]}
            onChange={(next) => set(put(tier, 'keep', next === 'own' ? structuredClone(tier.entry ?? { any: [{ metric: 'net_spend', min: 50_000 }] }) : undefined))}
          />
          {own ? <Conditions label={t('programme.keep')} path={`${path}.keep`} value={tier.keep} onChange={(keep) => set({ ...tier, keep })} /> : null}
        </>
      )}
      <Say
        text={t('programme.reward')}
        slots={{ points: <Whole label={t('programme.rewardPoints')} path={`${path}.reward_points`} value={tier.reward_points} free placeholder="0" onChange={(n) => set(put(tier, 'reward_points', n))} /> }}
      />
      <FaultLine at={path} />
    </section>
  );
}
