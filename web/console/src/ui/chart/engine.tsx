/** The drawing of charts. Only the parts in use are taken in, and only a page that shows a chart loads this file. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useStill } from '../../app/prefs';
import type { ChartProps } from './Chart';

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export default function Engine({ label, option, height = 280, onPick }: ChartProps) {
  const still = useStill();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current, null, { renderer: 'svg' });
    chart.current = made;
    made.on('click', (event) => pick.current?.({ series: event.seriesIndex ?? 0, index: event.dataIndex }));
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption({ animation: !still, ...option }, { notMerge: true });
  }, [option, still]);

  return <div ref={box} role="img" aria-label={label} className={onPick ? 'chart chart-pick' : 'chart'} style={{ height }} />;
}
