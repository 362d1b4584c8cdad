/** What a pack holds, or a growth task gives: points, growth value, uses of benefits and rewards. */
import type { PackInput, PackUses } from '@api';
import { Button, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { useBenefits, useRewards } from '../use';
import { Field } from './parts';

export type Gift = Required<Pick<PackInput, 'points' | 'growth' | 'uses' | 'rewards'>>;

function UsesFields({ uses, onChange }: { uses: PackUses[]; onChange: (uses: PackUses[]) => void }) {
  const { t } = useTranslation();
  const all = (useBenefits().data ?? []).filter((b) => b.state !== 'archived' || uses.some((u) => u.benefit === b.id));
  const put = (at: number, change: Partial<PackUses>) => onChange(uses.map((one, i) => (i === at ? { ...one, ...change } : one)));
  const free = all.filter((b) => !uses.some((u) => u.benefit === b.id));
  const next = free[0];
  return (
    <>
      {uses.map((one, i) => (
        <fieldset key={one.benefit} className="pack-uses">
          <legend className="visually-hidden">{all.find((b) => b.id === one.benefit)?.name ?? t('benefits.one')}</legend>
          <Select className="full" aria-label={t('benefits.one')} value={one.benefit} options={all.filter((b) => b.id === one.benefit || free.includes(b)).map((b) => ({ value: b.id, label: b.name }))} onChange={(benefit: string) => put(i, { benefit })} />
          <InputNumber aria-label={t('benefits.uses')} min={1} max={100} precision={0} prefix="×" value={one.uses} onChange={(n) => put(i, { uses: n ?? 1 })} />
          <InputNumber aria-label={t('packs.lastDays')} min={1} max={3650} precision={0} suffix={t('packs.daysUnit')} value={one.days} onChange={(n) => put(i, { days: n ?? 1 })} />
          <Button size="small" onClick={() => onChange(uses.filter((_, j) => j !== i))}>
            {t('common.delete')}
          </Button>
        </fieldset>
      ))}
      {next ? (
        <Button className="gap-below" onClick={() => onChange([...uses, { benefit: next.id, uses: 1, days: 30 }])}>
          {t('packs.addUses')}
        </Button>
      ) : all.length === 0 ? (
        <p className="muted small">{t('packs.noBenefits')}</p>
      ) : null}
    </>
  );
}

export function GiftFields({ gift, note, onChange }: { gift: Gift; note: string; onChange: (change: Partial<Gift>) => void }) {
  const { t } = useTranslation();
  const rewards = useRewards();
  return (
    <>
      <div className="form-row">
        <Field label={t('packs.points')}>{(at) => <InputNumber id={at} className="full" min={0} precision={0} value={gift.points} onChange={(n) => onChange({ points: n ?? 0 })} />}</Field>
        <Field label={t('packs.growth')}>{(at) => <InputNumber id={at} className="full" min={0} precision={0} value={gift.growth} onChange={(n) => onChange({ growth: n ?? 0 })} />}</Field>
      </div>
      <div className="field-label">{t('packs.uses')}</div>
      <UsesFields uses={gift.uses} onChange={(uses) => onChange({ uses })} />
      <Field label={t('packs.rewards')} note={note}>
        {(at) => (
          <Select
            id={at}
            className="full"
            mode="multiple"
            placeholder={t('packs.rewardsHint')}
            value={gift.rewards}
            options={(rewards.data ?? []).filter((r) => r.state !== 'archived' || gift.rewards.includes(r.id)).map((r) => ({ value: r.id, label: r.stock == null ? r.name : t('packs.rewardLeft', { name: r.name, n: formatNumber(r.stock) }) }))}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(chosen: string[]) => onChange({ rewards: chosen })}
          />
        )}
      </Field>
    </>
  );
}
