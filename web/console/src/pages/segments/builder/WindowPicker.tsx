/** A stretch of time: the usual ones by name, any other by its numbers, and from which day to which. */
import ClockCircleOutlined from '@ant-design/icons/ClockCircleOutlined';
import { Button, DatePicker, Drawer, InputNumber, Popover, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { today } from '../../../app/format';
import { useNarrow } from '../../../app/prefs';
import { useZone } from '../../../app/session';
import { same, type Window } from '../model/tree';
import { WINDOW_PRESETS, windowText } from '../model/windows';
import { clockOf } from '../model/zone';

interface Props {
  label: string;
  window: Window | undefined;
  /** `null` where a window must be given. */
  onChange: (window: Window | undefined) => void;
  /** The instants that a row has besides its own time. */
  on?: { value: string | undefined; options: { value: string; label: string }[]; onChange: (on: string | undefined) => void };
}

type Last = Extract<Window, { last: number }>;
const LIMIT = 10_000;

function LastPart({ window, onChange }: { window: Last; onChange: (window: Window) => void }) {
  const { t } = useTranslation();
  const { last, unit, until } = window;
  const mode = window.complete ? 'complete' : window.rolling ? 'rolling' : 'days';
  const rest = (more: Partial<Last>): Last => {
    const next = { last, unit, ...(until !== undefined ? { until } : {}), ...(window.complete ? { complete: true } : {}), ...(window.rolling ? { rolling: true } : {}), ...more };
    if (next.unit === 'hours') return { last: next.last, unit: 'hours' };
    return next;
  };
  return (
    <>
      <div className="window-line">
        <span>{t('builder.window.past')}</span>
        <InputNumber aria-label={t('builder.window.number')} min={(until ?? 0) + 1} max={LIMIT} precision={0} value={last} onChange={(n) => n && onChange(rest({ last: n }))} />
        <Select<Last['unit']>
          aria-label={t('builder.window.unit')}
          value={unit}
          options={(['hours', 'days', 'months'] as const).map((value) => ({ value, label: t(`builder.window.unitName.${value}`) }))}
          onChange={(value) => onChange(rest({ unit: value }))}
          popupMatchSelectWidth={false}
        />
      </div>
      {unit === 'hours' ? null : (
        <>
          <div className="window-line">
            <span>{t('builder.window.endsBefore')}</span>
            <InputNumber
              aria-label={t('builder.window.endsBefore')}
              min={0}
              max={last - 1}
              precision={0}
              value={until ?? 0}
              onChange={(n) => {
                const { until: _, complete: __, ...bare } = rest({});
                onChange(n ? { ...bare, until: n } : bare);
              }}
            />
            <span>{t('builder.window.ago', { unit: t(`builder.window.unitName.${unit}`) })}</span>
          </div>
          {until === undefined ? (
            <Segmented
              size="small"
              value={mode}
              options={(['days', 'complete', 'rolling'] as const).map((value) => ({ value, label: t(`builder.window.mode.${value}`) }))}
              onChange={(value) => onChange({ last, unit, ...(value === 'days' ? {} : { [value]: true }) })}
            />
          ) : null}
          <p className="muted small">{t(`builder.window.modeNote.${mode}`)}</p>
        </>
      )}
    </>
  );
}

function RangePart({ window, onChange }: { window: Window; onChange: (window: Window | undefined) => void }) {
  const { t } = useTranslation();
  const { from, to } = window as { from?: string; to?: string };
  const put = (next: { from?: string | undefined; to?: string | undefined }) => {
    const kept = { ...(next.from ? { from: next.from } : {}), ...(next.to ? { to: next.to } : {}) };
    onChange(kept.from || kept.to ? (kept as Window) : undefined);
  };
  // An instant stays an instant until another day is chosen.
  const zone = useZone();
  const day = (edge: string | undefined) => (edge ? dayjs(edge.includes('T') ? clockOf(edge, zone) : edge) : null);
  return (
    <div className="window-line window-range">
      <DatePicker aria-label={t('builder.window.first')} placeholder={t('builder.window.first')} value={day(from)} onChange={(d) => put({ from: d?.format('YYYY-MM-DD'), to })} />
      <DatePicker aria-label={t('builder.window.until')} placeholder={t('builder.window.until')} value={day(to)} onChange={(d) => put({ from, to: d?.format('YYYY-MM-DD') })} />
    </div>
  );
}

export function WindowPicker({ label, window, onChange, on }: Props) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const kind = !window ? 'none' : 'last' in window ? 'last' : 'from' in window || 'to' in window ? 'range' : 'named';
  const body = (
    <div className="window-pick">
      <ul className="window-presets" aria-label={label}>
        {WINDOW_PRESETS.map((preset) => {
          const chosen = preset.window === null ? !window : same(preset.window, window);
          return (
            <li key={preset.key}>
              <button type="button" className={chosen ? 'pill pill-on' : 'pill'} aria-pressed={chosen} onClick={() => onChange(preset.window ?? undefined)}>
                {windowText(preset.window, t)}
              </button>
            </li>
          );
        })}
      </ul>
      <Segmented
        size="small"
        value={kind === 'last' || kind === 'range' ? kind : ''}
        options={[
          { value: 'last', label: t('builder.window.byNumber') },
          { value: 'range', label: t('builder.window.byDays') },
        ]}
        onChange={(value) => onChange(value === 'last' ? { last: 60, unit: 'days' } : { from: `${today(zone).slice(0, 8)}01` })}
      />
      {window && 'last' in window ? <LastPart window={window} onChange={onChange} /> : null}
      {window && kind === 'range' ? <RangePart window={window} onChange={onChange} /> : null}
      {on && on.options.length > 1 ? (
        <div className="window-line">
          <span>{t('builder.window.on')}</span>
          <Select aria-label={t('builder.window.on')} value={on.value ?? 'time'} options={on.options} onChange={(value) => on.onChange(value === 'time' ? undefined : value)} popupMatchSelectWidth={false} />
        </div>
      ) : null}
    </div>
  );
  const onName = on?.value ? on.options.find((o) => o.value === on.value)?.label : null;
  const shown = `${windowText(window, t)}${onName ? ` · ${onName}` : ''}`;
  const button = (
    <Button className="window-button" icon={<ClockCircleOutlined aria-hidden="true" />} aria-label={`${label}: ${shown}`} {...(narrow ? { onClick: () => setOpen(true) } : {})}>
      {shown}
    </Button>
  );
  return narrow ? (
    <>
      {button}
      <Drawer open={open} placement="bottom" size="auto" title={label} onClose={() => setOpen(false)} destroyOnHidden>
        {body}
      </Drawer>
    </>
  ) : (
    <Popover trigger="click" placement="bottomLeft" open={open} onOpenChange={setOpen} content={body} destroyOnHidden>
      {button}
    </Popover>
  );
}
