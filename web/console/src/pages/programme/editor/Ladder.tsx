/** The ladder, drawn as steps: who stands on one sees what it asks; the chosen one is written below. */
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Alert, Button } from 'antd';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { Card, EmptyTeach } from '../../../ui/bits';
import { tierOf } from '../model/place';
import { addTier, freshId, labelOf, lostTiers, moveTier, put, removeTier, type Rules, type Tier, tiersOf } from '../model/rules';
import { FaultLine, useEditor } from './context';
import { LadderRules } from './LadderRules';
import { TierForm } from './TierForm';
import { conditionWords } from './words';

/** The steps alone, as the programme's page shows them too. */
export function Stairs({ tiers, chosen, wrong, onChoose }: { tiers: Tier[]; chosen?: number; wrong?: number | null; onChoose?: (index: number) => void }) {
  const { t } = useTranslation();
  return (
    <ol className="stairs" aria-label={t('programme.ladder')}>
      {tiers.map((tier, i) => {
        const body = (
          <>
            <span className="stair-name">{labelOf(tier) || '…'}</span>
            <span className="small">{i === 0 ? t('programme.everybody') : conditionWords(tier.entry, t) || t('programme.nobody')}</span>
            {tier.reward_points ? <span className="small muted">{t('programme.rewardShort', { n: formatNumber(tier.reward_points) })}</span> : null}
          </>
        );
        const className = `stair ${chosen === i ? 'stair-on' : ''} ${wrong === i ? 'stair-wrong' : ''}`;
        return (
          <li key={i} style={{ '--up': tiers.length - 1 - i, '--in': i } as CSSProperties}>
            {onChoose ? (
              <button type="button" className={className} aria-pressed={chosen === i} onClick={() => onChoose(i)}>
                {body}
              </button>
            ) : (
              <div className={className}>{body}</div>
            )}
          </li>
        );
      })}
    </ol>
  );
}

export function LadderCard() {
  const { t } = useTranslation();
  const { rules, put: write, fault, running } = useEditor();
  const [chosen, setChosen] = useState(0);
  const tiers = tiersOf(rules);
  const add = (before: Rules) => addTier(before, freshId(t('programme.newTier'), tiersOf(before).map((tier) => tier.id)));
  if (!rules.ladder) {
    return (
      <Card title={t('programme.ladder')}>
        <EmptyTeach
          title={t('programme.noLadder')}
          text={t('programme.noLadderText')}
          actions={
            <Button type="primary" onClick={() => write(add(addTier(rules, t('programme.firstTier'))))}>
              {t('programme.addLadder')}
            </Button>
          }
        />
      </Card>
    );
  }
  const at = Math.min(chosen, tiers.length - 1);
  const tier = tiers[at];
  const lost = lostTiers(running, rules);
  return (
    <Card
      title={t('programme.ladder')}
      extra={
        <Button size="small" onClick={() => write(put(rules, 'ladder', undefined))}>
          {t('programme.dropLadder')}
        </Button>
      }
    >
      <p className="muted">{t('programme.ladderNote')}</p>
      <Stairs tiers={tiers} chosen={at} wrong={fault?.path ? tierOf(fault.path) : null} onChoose={setChosen} />
      <Button
        size="small"
        icon={<PlusOutlined aria-hidden="true" />}
        onClick={() => {
          write(add(rules));
          setChosen(tiers.length);
        }}
      >
        {t('programme.addTier')}
      </Button>
      {lost.length > 0 ? <Alert type="warning" showIcon className="rule-note" title={t('programme.lostTiers', { tiers: lost.join(t('members.listComma')) })} /> : null}
      {tier ? (
        <TierForm
          key={at}
          tier={tier}
          index={at}
          count={tiers.length}
          onMove={(by) => {
            write(moveTier(rules, at, by));
            setChosen(at + by);
          }}
          onRemove={() => {
            write(removeTier(rules, at));
            setChosen(Math.max(0, at - 1));
          }}
        />
      ) : null}
      <LadderRules />
      <FaultLine at="ladder" except={tiers.map((_, i) => `ladder.tiers[${i}]`)} />
    </Card>
  );
}
