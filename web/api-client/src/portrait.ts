/** Portraits are as the server's document words them. */
export type {
  SegmentPortrait,
  SegmentPortraitAttribute as PortraitAttribute,
  SegmentPortraitBar as PortraitBar,
  SegmentPortraitLift as PortraitLift,
  SegmentPortraitMetric as PortraitMetric,
  SegmentPortraitTotals as PortraitTotals,
} from './generated';
