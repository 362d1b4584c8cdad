/** How a figure moved against the days before, and what it was then: a percentage alone cannot be checked. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dayBefore } from '../../../app/format';
import { Delta } from '../../../ui/figures';
import { beforeWord } from './spans';

type Days = { from?: string | null; to: string };

/** What the days compared with are called: "the 30 days before". */
export function useBeforeName(): (span: Days, before: Days) => string {
  const { t } = useTranslation();
  return (span, before) => {
    const word = beforeWord(span, before);
    return t(`insight.former.${word.key}`, 'n' in word ? { n: word.n } : {});
  };
}

interface Props<T extends Days> {
  data: T;
  before: T | undefined;
  /** The figure, for reckoning the change. */
  of: (data: T) => number | null;
  /** As people read it. */
  say: (data: T) => ReactNode;
  points?: boolean;
  tone?: 'good' | 'bad' | 'plain';
}

export function Change<T extends Days>({ data, before, of, say, points = false, tone = 'good' }: Props<T>) {
  const { t } = useTranslation();
  const name = useBeforeName();
  if (!before) return null;
  const days = before.from ? t('insight.fromTo', { from: before.from, to: dayBefore(before.to) }) : undefined;
  return (
    <>
      <Delta now={of(data)} before={of(before)} points={points} tone={tone} />{' '}
      {/* Whole on one line: the figure alone on the next is not read as what it is. */}
      <span className="former" title={days}>
        {t('insight.formerIs', { span: name(data, before) })}
        <span className="amount">{say(before)}</span>
      </span>
    </>
  );
}
