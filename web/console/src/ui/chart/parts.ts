/** What most charts have in common: a frame, axes, legend and tooltip in the colours of the theme. */
import type { ChartColours } from './colours';

const small = (c: ChartColours) => ({ color: c.muted, fontSize: 12 });

export function base(c: ChartColours, legend: string[] = []) {
  // A long legend takes a second line on a phone.
  const lines = legend.length < 2 ? 0 : legend.length > 3 && window.innerWidth < 768 ? 2 : 1;
  return {
    // By name: what is only inherited cannot be measured, and labels would overlap.
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: c.text },
    color: c.series,
    grid: { left: 4, right: 12, top: [16, 36, 60][lines], bottom: 4, containLabel: true },
    ...(lines > 0 ? { legend: { data: legend, top: 0, left: 0, itemGap: 18, itemWidth: 16, itemHeight: 10, textStyle: small(c) } } : {}),
  };
}

export function tooltip(c: ChartColours, format: (rows: { name: string; seriesName: string; marker: string; value: unknown; dataIndex: number }[]) => string) {
  return {
    trigger: 'axis',
    confine: true,
    axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.25 } },
    backgroundColor: c.surface,
    borderColor: c.line,
    textStyle: { color: c.text, fontSize: 13 },
    formatter: format,
  };
}

export const categories = (c: ChartColours, data: string[], more: Record<string, unknown> = {}) => ({
  type: 'category',
  data,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: c.line } },
  axisLabel: { ...small(c), hideOverlap: true },
  ...more,
});

export const values = (c: ChartColours, format: (n: number) => string, more: Record<string, unknown> = {}) => ({
  type: 'value',
  splitNumber: 4,
  axisLabel: { ...small(c), formatter: format },
  splitLine: { lineStyle: { color: c.line } },
  ...more,
});

/** Text that came from data, safe inside a tooltip. */
export const safe = (text: string) => text.replace(/[&<>"]/g, (ch) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[ch] ?? ch);
