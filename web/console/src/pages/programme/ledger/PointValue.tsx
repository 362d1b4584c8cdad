/**
 * What a point buys: stated by whoever reads, for no programme says it. The address holds it, so that a colleague who is
 * sent the link sees the same money, and this browser remembers it for the programme.
 */
import type { Money } from '@api';
import { InputNumber } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { formatMoney } from '../../../app/format';
import { readStored, writeStored } from '../../../app/prefs';
import { Card } from '../../../ui/bits';

/** A decimal above nothing with at most six places, as the server takes it. */
const stated = (text: string | null): string | undefined => (text && /^\d{1,6}(\.\d{1,6})?$/.test(text) && Number(text) > 0 ? text : undefined);

export function usePointValue(programme: string): [string | undefined, (text: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const key = `shuke.pointValue.${programme}`;
  const value = stated(params.has('value') ? params.get('value') : readStored<string>(key));
  const state = (text: string | null) => {
    const next = stated(text);
    if (text && !next) return;
    writeStored(key, next ?? null);
    setParams(
      (before) => {
        const now = new URLSearchParams(before);
        now.set('value', next ?? '');
        return now;
      },
      { replace: true },
    );
  };
  return [value, state];
}

export function PointValue({ value, onState }: { value: string | undefined; onState: (text: string | null) => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Card>
      <div className="point-value">
        <label htmlFor={id}>{t('points.value.label')}</label>
        <InputNumber<string> id={id} stringMode min="0" max="999999" step="0.01" placeholder="0.01" value={value ?? null} onChange={onState} />
        <p className="muted small">{value ? t('points.value.set', { value }) : t('points.value.ask')}</p>
      </div>
    </Card>
  );
}

/** What a figure of points buys, below it; nothing where no value was stated, nor below a nought unless figures stand in one line. */
export function Worth({ of, nought = false }: { of: Money | null | undefined; nought?: boolean }) {
  return of && (nought || of.amount !== 0) ? <span className="muted small amount block">{formatMoney(of)}</span> : null;
}
