/** A chart whose drawing is loaded when the first one is shown. What it says stands in words and in a table as well. */
import { Skeleton } from 'antd';
import { lazy, Suspense } from 'react';

const Engine = lazy(() => import('./engine'));

export interface ChartProps {
  /** What the chart shows, for who cannot see it. */
  label: string;
  /** What is drawn; told by the width where that matters, as for names that must not lie on each other. */
  option: Record<string, unknown> | ((width: number) => Record<string, unknown>);
  height?: number;
  /** A bar or point was clicked. */
  onPick?: (what: { series: number; index: number }) => void;
}

export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height: props.height ?? 280 }} />}>
      <Engine {...props} />
    </Suspense>
  );
}
