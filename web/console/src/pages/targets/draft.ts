/** A wished-for portrait while it is written: percentages as people write them, values as a portrait's bars name them. */
import type { PortraitAttribute, PortraitSubject, PortraitTarget, SegmentPortrait } from '@api';

export type SubjectKind = 'skus' | 'category' | 'segment';

export interface WishDraft {
  key: number;
  attribute: string | null;
  values: string[];
  percent: number | null;
}

export interface TargetDraft {
  name: string;
  kind: SubjectKind;
  skus: string[];
  category: string | null;
  segment: string | null;
  days: number | null;
  wishes: WishDraft[];
}

/** What a share can be wished of: fifths of spending move with the shop, occasions with the calendar. */
const NEVER = ['spend', 'occasion'];

export interface Choice {
  key: string;
  label: string;
  multiple: boolean;
  bars: { value: string; label: string; share: number | null }[];
}

/** Attributes with their values and shares, tags of all categories together. */
export function choicesOf(portrait: SegmentPortrait | undefined): Choice[] {
  const all = new Map<string, Choice>();
  const bars = (attribute: PortraitAttribute) => attribute.bars.map((bar) => ({ value: bar.value, label: bar.label, share: bar.group.share ?? null }));
  for (const attribute of portrait?.attributes ?? []) {
    const key = attribute.key.split(':')[0] ?? attribute.key;
    if (NEVER.includes(key)) continue;
    const known = all.get(key);
    if (known) known.bars.push(...bars(attribute));
    else all.set(key, { key, label: attribute.label.split(' · ')[0] ?? attribute.label, multiple: attribute.multiple, bars: bars(attribute) });
  }
  return [...all.values()].filter((choice) => choice.bars.length > 0);
}

/** The share of the chosen values in the group that serves as the pattern; of several of one attribute together. */
export function shareOf(choice: Choice | undefined, values: string[]): number | null {
  if (!choice || values.length === 0) return null;
  const shares = values.map((value) => choice.bars.find((bar) => bar.value === value)?.share);
  return shares.every((share) => share === null || share === undefined) ? null : shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
}

let last = 0;
export const freshKey = (): number => ++last;
export const freshWish = (): WishDraft => ({ key: freshKey(), attribute: null, values: [], percent: null });
export const fresh = (): TargetDraft => ({ name: '', kind: 'skus', skus: [], category: null, segment: null, days: null, wishes: [freshWish()] });

/** What is there, as a draft. */
export function draftOf(target: PortraitTarget): TargetDraft {
  const { skus, category, segment, days } = target.subject;
  return {
    name: target.name,
    kind: segment ? 'segment' : category ? 'category' : 'skus',
    skus: skus ?? [],
    category: category ?? null,
    segment: segment ?? null,
    days: days ?? null,
    wishes: target.wishes.map((w) => ({ key: freshKey(), attribute: w.attribute, values: w.values, percent: Math.round(w.share * 10_000) / 100 })),
  };
}

/** Wishes as the pattern is: gender, the greatest age bands and provinces, in whole percent. */
export function wishesLike(choices: Choice[]): WishDraft[] {
  const FIRST: [string, number][] = [
    ['gender', 2],
    ['age', 3],
    ['province', 3],
  ];
  return FIRST.flatMap(([key, most]) => {
    const bars = (choices.find((c) => c.key === key)?.bars ?? []).filter((bar) => (bar.share ?? 0) >= 0.01);
    return [...bars]
      .sort((a, b) => (b.share ?? 0) - (a.share ?? 0))
      .slice(0, most)
      .map((bar) => ({ key: freshKey(), attribute: key, values: [bar.value], percent: Math.floor((bar.share ?? 0) * 100) }));
  });
}

/** Whether every part is there. */
export function isWhole(draft: TargetDraft): boolean {
  const subject = draft.kind === 'skus' ? draft.skus.length > 0 : draft.kind === 'category' ? Boolean(draft.category) : Boolean(draft.segment);
  const wish = (w: WishDraft) => w.attribute !== null && w.values.length > 0 && w.percent !== null && w.percent > 0;
  return draft.name.trim() !== '' && subject && draft.wishes.length > 0 && draft.wishes.every(wish);
}

/** What the server is sent. */
export function bodyOf(draft: TargetDraft): { name: string; subject: PortraitSubject; wishes: { attribute: string; values: string[]; share: number }[] } {
  const days = draft.days === null || draft.kind === 'segment' ? {} : { days: draft.days };
  const subject: PortraitSubject =
    draft.kind === 'skus' ? { skus: draft.skus, ...days } : draft.kind === 'category' ? { category: draft.category, ...days } : { segment: draft.segment };
  return {
    name: draft.name.trim(),
    subject,
    wishes: draft.wishes.map((w) => ({ attribute: w.attribute ?? '', values: w.values, share: Math.round((w.percent ?? 0) * 100) / 10_000 })),
  };
}
