/**
 * Tabs that keep to the pattern for screen readers: arrow keys move, one panel shows. They stand in one row however
 * many there are: what does not fit is scrolled to, the chosen one is always in sight, and the ends say that there is more.
 */
import LeftOutlined from '@ant-design/icons/LeftOutlined';
import RightOutlined from '@ant-design/icons/RightOutlined';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface Tab {
  key: string;
  label: string;
  content: () => ReactNode;
}

/** Part of the row that a press on an end moves: what was last in sight stays in sight. */
const STEP = 0.7;

export function TabBar({ tabs, active, label, onChange }: { tabs: Tab[]; active: string; label: string; onChange: (key: string) => void }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState({ before: false, after: false });
  const shown = tabs.find((tab) => tab.key === active) ?? tabs[0];
  const names = tabs.map((tab) => tab.label).join('\n');
  useEffect(() => {
    const row = list.current;
    if (!row) return;
    const look = () => {
      const before = row.scrollLeft > 1;
      const after = row.scrollLeft + row.clientWidth < row.scrollWidth - 1;
      setMore((was) => (was.before === before && was.after === after ? was : { before, after }));
    };
    look();
    row.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(row);
    return () => {
      row.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, [names]);
  useEffect(() => {
    const row = list.current;
    const tab = row?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!row || !tab) return;
    // The row alone is moved: `scrollIntoView` would move the page as well. Again when sizes change: letters come late.
    const sizes = new ResizeObserver(() => row.scrollTo({ left: tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2 }));
    for (const part of [row, ...row.children]) sizes.observe(part);
    return () => sizes.disconnect();
  }, [shown?.key, names]);
  if (!shown) return null;
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = (tabs.indexOf(shown) + step + tabs.length) % tabs.length;
    const next = tabs[index];
    if (!next) return;
    onChange(next.key);
    list.current?.querySelectorAll<HTMLButtonElement>('[role="tab"]')[index]?.focus({ preventScroll: true });
  };
  // For the mouse alone: the keys and a screen reader come to every tab without them.
  const end = (way: -1 | 1) => (
    <button
      type="button"
      className={way < 0 ? 'tabs-end tabs-before' : 'tabs-end tabs-after'}
      aria-hidden="true"
      tabIndex={-1}
      onClick={() => list.current?.scrollBy({ left: way * STEP * list.current.clientWidth, behavior: 'smooth' })}
    >
      {way < 0 ? <LeftOutlined /> : <RightOutlined />}
    </button>
  );
  return (
    <>
      <div className="tabs-row">
        {more.before ? end(-1) : null}
        <div ref={list} className="tabs" role="tablist" aria-label={label} tabIndex={-1} onKeyDown={move}>
          {tabs.map((tab) => (
            <button
              key={tab.key}
              type="button"
              role="tab"
              id={`${id}-${tab.key}`}
              aria-selected={tab === shown}
              aria-controls={tab === shown ? `${id}-panel` : undefined}
              tabIndex={tab === shown ? 0 : -1}
              className={tab === shown ? 'tab tab-on' : 'tab'}
              onClick={() => onChange(tab.key)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {more.after ? end(1) : null}
      </div>
      <div key={shown.key} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.key}`}>
        {shown.content()}
      </div>
    </>
  );
}
