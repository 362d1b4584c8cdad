/** A pack, written: by which occasion it is given, to whom, and what is in it. */
import '../../styles/benefits.css';
import type { BenefitPack, PackInput, PackOccasion } from '@api';
import { Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { GiftFields } from '../benefits/form/GiftFields';
import { Field, SpanFields, WhoFields } from '../benefits/form/parts';
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

export function PackForm({ pack, onClose }: { pack: BenefitPack | null; onClose: () => void }) {
  const { t } = useTranslation();
  const words = usePackWords();
  const who = useWhoWords();
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
      <GiftFields gift={draft} note={t('packs.rewardsNote')} onChange={put} />
      <h3 className="sub-title">{t('packs.runs')}</h3>
      <SpanFields from={draft.from} until={draft.until} onChange={put} />
      <p className="muted small form-note">{t('packs.runsNote')}</p>
    </FormDrawer>
  );
}
