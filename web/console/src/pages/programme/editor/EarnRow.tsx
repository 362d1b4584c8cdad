/** One rule of earning: what it gives as a sentence, and below it what narrows it. */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { addBand, type Band, type EarnRule, put, removeRule, renameRule, replaced, setRule, without } from '../model/rules';
import { Clauses } from './Clauses';
import { FaultLine, Say, useEditor, useStatus } from './context';
import { Whole, Yuan } from './inputs';

interface GivesProps {
  rule: EarnRule;
  path: string;
  set: (rule: EarnRule) => void;
}

/** ¥1 → 1 point, of a rule or of a band of it. */
function rateSlots<T extends { points?: number; per_fen?: number }>(of: T, path: string, set: (next: T) => void, words: { per: string; points: string }) {
  const write = (key: 'points' | 'per_fen') => (n: number | undefined) => set(put(of, key, n as T[typeof key] | undefined));
  return {
    per: <Yuan label={words.per} path={`${path}.per_fen`} value={of.per_fen} onChange={write('per_fen')} />,
    points: <Whole label={words.points} path={`${path}.points`} value={of.points} onChange={write('points')} />,
  };
}

function Bands({ rule, path, set }: GivesProps) {
  const { t } = useTranslation();
  const bands = rule.bands ?? [];
  const words = { per: t('programme.perAmount'), points: t('programme.points') };
  const write = (next: Band[]) => set({ ...rule, bands: next });
  return (
    <>
      <Say
        text={t('programme.say.stepped')}
        slots={{
          mode: (
            <Select
              aria-label={t('programme.steppedMode')}
              value={rule.mode ?? 'marginal'}
              options={['marginal', 'whole'].map((value) => ({ value, label: t(`programme.stepped.${value}`) }))}
              onChange={(mode: string) => set({ ...rule, mode })}
              popupMatchSelectWidth={false}
            />
          ),
        }}
      />
      <ol className="bands" aria-label={t('programme.bands')}>
        {bands.map((band, i) => {
          const at = `${path}.bands[${i}]`;
          return (
            <li key={i}>
              <Say
                text={t('programme.say.band')}
                slots={{
                  from: <Yuan label={t('programme.bandFrom')} path={`${at}.from_fen`} value={band.from_fen} onChange={(n) => write(replaced(bands, i, put(band, 'from_fen', n)))} />,
                  ...rateSlots(band, at, (next) => write(replaced(bands, i, next)), words),
                }}
              />
              <Button type="text" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t('programme.dropBand')} disabled={bands.length < 2} onClick={() => write(without(bands, i))} />
            </li>
          );
        })}
      </ol>
      <Button size="small" icon={<PlusOutlined aria-hidden="true" />} onClick={() => set(addBand(rule))}>
        {t('programme.addBand')}
      </Button>
    </>
  );
}

function Factor({ rule, path, set }: GivesProps) {
  const { t } = useTranslation();
  const status = useStatus(`${path}.factor`, !rule.factor);
  return (
    <Say
      text={t('programme.say.multiplier')}
      slots={{
        when: (
          <Select
            aria-label={t('programme.multiplierWhen')}
            value={rule.birthday ?? 'always'}
            options={['always', 'day', 'month'].map((value) => ({ value, label: t(`programme.birthdayWhen.${value}`) }))}
            onChange={(next: string) => set(put(rule, 'birthday', next === 'always' ? undefined : next))}
            popupMatchSelectWidth={false}
          />
        ),
        factor: (
          <Input
            className="rule-number"
            aria-label={t('programme.factor')}
            inputMode="decimal"
            {...status}
            // A factor is kept as it was typed, so that no digit of it is lost.
            value={rule.factor ?? ''}
            onChange={(e) => set(put(rule, 'factor', e.target.value.trim() || undefined))}
            suffix={t('programme.times')}
          />
        ),
      }}
    />
  );
}

function Gives({ rule, path, set }: GivesProps) {
  const { t } = useTranslation();
  const points = <Whole label={t('programme.points')} path={`${path}.points`} value={rule.points} onChange={(n) => set(put(rule, 'points', n))} />;
  switch (rule.kind) {
    case 'per_amount':
      return <Say text={t('programme.say.per_amount')} slots={rateSlots(rule, path, set, { per: t('programme.perAmount'), points: t('programme.points') })} />;
    case 'stepped':
      return <Bands rule={rule} path={path} set={set} />;
    case 'category_bonus':
      return <Say text={t('programme.say.category_bonus')} slots={{ points }} />;
    case 'first_order':
      return <Say text={t('programme.say.first_order')} slots={{ points }} />;
    case 'multiplier':
      return <Factor rule={rule} path={path} set={set} />;
    default:
      return <p className="muted">{t('programme.unknownKind', { kind: rule.kind ?? '' })}</p>;
  }
}

export function EarnRow({ rule, index }: { rule: EarnRule; index: number }) {
  const { t } = useTranslation();
  const { rules, put: write } = useEditor();
  const path = `earn[${index}]`;
  const status = useStatus(`${path}.id`, !rule.id);
  const set = (next: EarnRule) => write(setRule(rules, index, next));
  return (
    <li className="rule-row">
      <div className="rule-head">
        <Input variant="underlined" className="rule-name" aria-label={t('programme.ruleName')} value={rule.id ?? ''} maxLength={60} {...status} onChange={(e) => write(renameRule(rules, index, e.target.value))} />
        <span className="muted small">{t(`programme.earnKind.${rule.kind ?? ''}`, { defaultValue: rule.kind ?? '' })}</span>
        <Button type="text" size="small" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t('programme.dropRule', { name: rule.id ?? '' })} onClick={() => write(removeRule(rules, index))} />
      </div>
      <Gives rule={rule} path={path} set={set} />
      <Clauses rule={rule} path={path} set={set} />
      <FaultLine at={path} />
    </li>
  );
}
