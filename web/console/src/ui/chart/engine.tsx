/** The drawing of charts. Only the parts in use are taken in, and only a page that shows a chart loads this file. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState } from 'react';
import { useStill } from '../../app/prefs';
import type { ChartProps } from './Chart';

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export default function Engine({ label, option, height = 280, onPick }: ChartProps) {
  const still = useStill();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [width, setWidth] = useState(0);

  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current, null, { renderer: 'svg' });
    chart.current = made;
    made.on('click', (event) => pick.current?.({ series: event.seriesIndex ?? 0, index: event.dataIndex }));
    const watch = new ResizeObserver(() => {
      made.resize();
      setWidth(made.getWidth());
    });
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  // A drawing that does not ask for the width is not made anew with it.
  const asked = typeof option === 'function' ? width : 0;
  useEffect(() => {
    const drawn = chart.current;
    if (!drawn) return;
    drawn.setOption({ animation: !still, ...(typeof option === 'function' ? option(drawn.getWidth()) : option) }, { notMerge: true });
  }, [option, asked, still]);

  return <div ref={box} role="img" aria-label={label} className={onPick ? 'chart chart-pick' : 'chart'} style={{ height }} />;
}
