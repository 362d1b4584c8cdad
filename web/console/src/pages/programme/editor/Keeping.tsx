/** When points may be spent, how long they live, and what a refund does when they are gone. */
import { Input, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/bits';
import { CUTS, foreignIn, put } from '../model/rules';
import { FaultLine, Say, useEditor, useStatus } from './context';
import { LengthBox, Whole } from './inputs';

function Activity() {
  const { t } = useTranslation();
  const { rules, put: write } = useEditor();
  const status = useStatus('activity');
  const cuts = rules.activity ? (rules.activity.cuts ?? CUTS) : null;
  return (
    <>
      <div className="rule-head">
        <Switch aria-label={t('programme.activity')} checked={cuts !== null} onChange={(on) => write(put(rules, 'activity', on ? { cuts: CUTS } : undefined))} />
        <strong>{t('programme.activity')}</strong>
      </div>
      {cuts ? (
        <Say
          text={t('programme.say.activity')}
          slots={{
            cuts: (
              <Select<string[]>
                mode="tags"
                className="rule-many"
                aria-label={t('programme.activityCuts')}
                {...status}
                tokenSeparators={[',', '\uff0c', ' ']}
                open={false}
                value={cuts.map(String)}
                onChange={(typed) =>
                  write({ ...rules, activity: { ...rules.activity, cuts: typed.filter((one) => /^\d{1,5}$/.test(one.trim())).map(Number).sort((a, b) => a - b) } })
                }
              />
            ),
          }}
        />
      ) : null}
      <FaultLine at="activity" />
    </>
  );
}

export function KeepingCard() {
  const { t } = useTranslation();
  const { rules, put: write, running } = useEditor();
  const zone = useStatus('zone');
  const foreign = foreignIn(rules);
  return (
    <Card title={t('programme.keeping')}>
      <div className="rule-lines">
        <Say
          text={t('programme.say.settlement')}
          slots={{
            days: <Whole label={t('programme.settlement')} path="settlement_days" value={rules.settlement_days} max={36_600} free placeholder="0" unit={t('programme.days')} onChange={(n) => write(put(rules, 'settlement_days', n))} />,
          }}
        />
        <FaultLine at="settlement_days" />
        <Say
          text={t('programme.say.expiry')}
          slots={{
            length: (
              <LengthBox
                label={t('programme.expiry')}
                path="lot_expiry"
                value={rules.lot_expiry}
                kinds={['days', 'months', 'year_end']}
                fallback={{ kind: 'days', n: 365 }}
                onChange={(length) => write({ ...rules, lot_expiry: length })}
              />
            ),
          }}
        />
        <FaultLine at="lot_expiry" />
        <Say
          text={t('programme.say.reversal')}
          slots={{
            days: (
              <Whole label={t('programme.reversal')} path="reversal_min_days" value={rules.reversal_min_days} max={36_600} free placeholder="30" unit={t('programme.days')} onChange={(n) => write(put(rules, 'reversal_min_days', n))} />
            ),
          }}
        />
        <FaultLine at="reversal_min_days" />
        <Say
          text={t('programme.say.shortfall')}
          slots={{
            how: (
              <Select
                aria-label={t('programme.shortfall')}
                value={rules.shortfall ?? 'negative'}
                options={['negative', 'waive'].map((value) => ({ value, label: t(`programme.shortfallHow.${value}`) }))}
                onChange={(shortfall: string) => write({ ...rules, shortfall })}
                popupMatchSelectWidth={false}
              />
            ),
          }}
        />
        <FaultLine at="shortfall" />
        <Activity />
        <Say
          text={t('programme.say.zone')}
          slots={{
            zone: <Input className="rule-zone" aria-label={t('programme.zone')} {...zone} value={rules.zone ?? ''} placeholder="Asia/Shanghai"
                // All versions of a programme reckon days in one zone.
                disabled={running !== null}
                onChange={(e) => write(put(rules, 'zone', e.target.value.trim() || undefined))} />,
          }}
        />
        <FaultLine at="zone" />
      </div>
      {foreign.length > 0 ? <p className="muted small">{t('programme.foreign', { what: foreign.join(', ') })}</p> : null}
    </Card>
  );
}
