/** The greatest or smallest of a value: as many members, or a share of them; among everybody, or among some. */
import { Button, Input, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { literalOf } from '../model/literals';
import { asGroup, at, type Cond, type Value } from '../model/tree';
import { Group } from './Group';
import { WholeValue } from './ValuePart';

type Top = Extract<Cond, { op: 'top' }>;

/** A share is an exact decimal: it is kept as it was typed. */
function Percent({ value, label, onChange }: { value: string | number; label: string; onChange: (percent: string) => void }) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const good = (typed: string) => literalOf('dec', typed) !== null && Number(typed) > 0 && Number(typed) <= 100;
  return (
    <Input
      className="literal literal-number"
      aria-label={label}
      inputMode="decimal"
      suffix="%"
      value={text}
      {...(good(text) ? {} : { status: 'error' as const })}
      onChange={(e) => {
        setText(e.target.value);
        if (good(e.target.value.trim())) onChange(e.target.value.trim());
      }}
    />
  );
}

export function TopRow({ cond, path, onChange }: { cond: Top; path: string; onChange: (cond: Cond) => void }) {
  const { t } = useTranslation();
  const put = (change: { by?: Value; n?: number | undefined; percent?: string | number | undefined; of?: Cond | undefined; as_of?: string | undefined; end?: Top['end'] | undefined }) => {
    const next = { ...cond, ...change };
    onChange({
      op: 'top',
      by: next.by,
      ...(next.n !== undefined ? { n: next.n } : {}),
      ...(next.percent !== undefined ? { percent: next.percent } : {}),
      ...(next.of ? { of: next.of } : {}),
      ...(next.as_of ? { as_of: next.as_of } : {}),
      ...(next.end ? { end: next.end } : {}),
    });
  };
  const byShare = cond.percent !== undefined;
  const dated = cond.as_of !== undefined && cond.as_of !== 'day_start' ? cond.as_of : null;
  return (
    <div className="top-row">
      <div className="cond-line">
        <Select
          className="how"
          aria-label={t('builder.top.end')}
          value={cond.end === 'low' ? 'low' : 'high'}
          options={['high', 'low'].map((value) => ({ value, label: t(`builder.top.${value}`) }))}
          onChange={(end) => put({ end: end === 'low' ? 'low' : undefined })}
          popupMatchSelectWidth={false}
        />
        {byShare ? (
          <Percent label={t('builder.top.share')} value={cond.percent ?? ''} onChange={(percent) => put({ percent })} />
        ) : (
          <InputNumber aria-label={t('builder.top.number')} min={1} precision={0} value={cond.n ?? null} onChange={(n) => put({ n: n ?? undefined })} />
        )}
        <Select
          aria-label={t('builder.top.by')}
          value={byShare ? 'share' : 'number'}
          options={['share', 'number'].map((value) => ({ value, label: t(`builder.top.as.${value}`) }))}
          onChange={(value) => put(value === 'share' ? { percent: '10', n: undefined } : { n: 1000, percent: undefined })}
          popupMatchSelectWidth={false}
        />
        <span className="muted">{t('builder.top.asOf')}</span>
        <Select
          aria-label={t('builder.top.asOf')}
          value={cond.as_of ?? ''}
          options={[{ value: '', label: t('builder.top.now') }, { value: 'day_start', label: t('builder.top.dayStart') }, ...(dated ? [{ value: dated, label: dated }] : [])]}
          onChange={(as_of) => put({ as_of: as_of || undefined })}
          popupMatchSelectWidth={false}
        />
      </div>
      <div className="other-value">
        <span className="muted small">{t('builder.top.value')}</span>
        <WholeValue label={t('builder.top.value')} value={cond.by} path={at(path, 'by')} table={null} onChange={(by) => put({ by })} />
      </div>
      {cond.of ? (
        <div className="other-value">
          <span className="muted small">{t('builder.top.among')}</span>
          <Group
            group={asGroup(cond.of)}
            path={at(path, 'of')}
            alone={cond.of.op !== 'and' && cond.of.op !== 'or'}
            table={null}
            nested
            onChange={(of) => put({ of: of.op === 'and' && of.args.length === 1 ? of.args[0] : of })}
            onRemove={() => put({ of: undefined })}
          />
        </div>
      ) : (
        <Button size="small" type="dashed" onClick={() => put({ of: { op: 'all' } })}>
          {t('builder.top.addAmong')}
        </Button>
      )}
    </div>
  );
}
