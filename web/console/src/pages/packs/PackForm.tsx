/** A pack, written: by which occasion it is given, to whom, and what is in it. */
import '../../styles/benefits.css';
import type { BenefitPack, PackInput, PackOccasion, PackUses } from '@api';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { useAct } from '../../ui/act';
import { Field, SpanFields, WhoFields } from '../benefits/form/parts';
import { useBenefits, useRewards } from '../benefits/use';
import { useWhoWords } from '../benefits/words';
import { usePackWords } from './words';
import { FormDrawer } from '../../ui/FormDrawer';

export const OCCASIONS: readonly PackOccasion[] = ['newcomer', 'comeback', 'upgrade', 'anniversary', 'birthday'];

type Draft = Required<Pick<PackInput, 'name' | 'occasion' | 'days' | 'who' | 'points' | 'growth' | 'uses' | 'rewards'>> & { from: string | null; until: string | null };

const draftOf = (p: BenefitPack | null): Draft => ({
  name: p?.name ?? '',
  occasion: p?.occasion ?? 'newcomer',
  days: p?.days ?? 0,
  who: p?.who ?? {},
  points: p?.points ?? 0,
  growth: p?.growth ?? 0,
  uses: p?.uses ?? [],
  rewards: p?.rewards ?? [],
  from: p?.from ?? null,
  until: p?.until ?? null,
});

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

export function PackForm({ pack, onClose }: { pack: BenefitPack | null; onClose: () => void }) {
  const { t } = useTranslation();
  const words = usePackWords();
  const who = useWhoWords();
  const rewards = useRewards();
  const [draft, setDraft] = useState<Draft>(() => draftOf(pack));
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const body = (): PackInput => ({ ...draft, name: draft.name.trim(), days: draft.occasion === 'comeback' ? draft.days : 0, ...(pack ? { version: pack.version } : {}) });
  const save = useAct((client) => (pack ? client.put(`/benefits/packs/${pack.id}`, body()) : client.post('/benefits/packs', body())), {
    quiet: true,
    done: t(pack ? 'common.saved' : 'packs.made'),
    touches: [['packs']],
    onDone: onClose,
  });
  const empty = draft.points === 0 && draft.growth === 0 && draft.uses.length === 0 && draft.rewards.length === 0;
  const programmeWanted = !draft.who.programme && (draft.points > 0 || draft.growth > 0 || draft.occasion === 'upgrade');
  const wanting = draft.name.trim() === '' || empty || programmeWanted || (draft.occasion === 'comeback' && !draft.days);
  return (
    <FormDrawer title={t(pack ? 'packs.editTitle' : 'packs.newTitle', { name: pack?.name ?? '' })} wanting={wanting} save={save} onClose={onClose}>
      <p className="form-says">
        {empty ? t('packs.saysEmpty') : t('packs.says', { who: who(draft.who), occasion: words.occasion(draft), content: words.content(draft) })}
      </p>
      <Field label={t('common.name')}>{(at) => <Input id={at} maxLength={60} placeholder={t('packs.nameHint')} value={draft.name} onChange={(e) => put({ name: e.target.value })} />}</Field>
      <Field label={t('packs.occasion')} note={t(`packs.occasionNote.${draft.occasion}`)}>
        {(at) => (
          <Select id={at} className="full" value={draft.occasion} options={OCCASIONS.map((value) => ({ value, label: t(`packs.occasionOf.${value}`) }))} onChange={(occasion) => put({ occasion, days: occasion === 'comeback' ? draft.days || 90 : 0 })} />
        )}
      </Field>
      {draft.occasion === 'comeback' ? <Field label={t('packs.pauseDays')}>{(at) => <InputNumber id={at} min={1} max={3650} precision={0} value={draft.days} onChange={(n) => put({ days: n ?? 0 })} />}</Field> : null}
      <h3 className="sub-title">{t('packs.toWhom')}</h3>
      <WhoFields who={draft.who} onChange={(next) => put({ who: next })} />
      {programmeWanted ? <p className="warn-text small">{t('packs.programmeWanted')}</p> : null}
      <h3 className="sub-title">{t('packs.content')}</h3>
      <div className="form-row">
        <Field label={t('packs.points')}>{(at) => <InputNumber id={at} className="full" min={0} precision={0} value={draft.points} onChange={(n) => put({ points: n ?? 0 })} />}</Field>
        <Field label={t('packs.growth')}>{(at) => <InputNumber id={at} className="full" min={0} precision={0} value={draft.growth} onChange={(n) => put({ growth: n ?? 0 })} />}</Field>
      </div>
      <div className="field-label">{t('packs.uses')}</div>
      <UsesFields uses={draft.uses} onChange={(uses) => put({ uses })} />
      <Field label={t('packs.rewards')} note={t('packs.rewardsNote')}>
        {(at) => (
          <Select
            id={at}
            className="full"
            mode="multiple"
            placeholder={t('packs.rewardsHint')}
            value={draft.rewards}
            options={(rewards.data ?? []).filter((r) => r.state !== 'archived' || draft.rewards.includes(r.id)).map((r) => ({ value: r.id, label: r.stock == null ? r.name : t('packs.rewardLeft', { name: r.name, n: formatNumber(r.stock) }) }))}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(chosen: string[]) => put({ rewards: chosen })}
          />
        )}
      </Field>
      <h3 className="sub-title">{t('packs.runs')}</h3>
      <SpanFields from={draft.from} until={draft.until} onChange={put} />
      <p className="muted small form-note">{t('packs.runsNote')}</p>
    </FormDrawer>
  );
}
