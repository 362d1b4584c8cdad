/** Colours of charts in both themes; every one keeps 3:1 on the card it is drawn on, neighbours differ in lightness. */
export interface ChartColours {
  text: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  /** For the period compared with. */
  before: string;
  series: string[];
}

const light: ChartColours = {
  text: '#17211f',
  muted: '#56636a',
  line: '#e0e6e4',
  surface: '#ffffff',
  accent: '#0f766e',
  before: '#8a9794',
  series: ['#0f766e', '#2f6fb5', '#c77800', '#b3363d', '#7d6a9e', '#7f8c88'],
};

const dark: ChartColours = {
  text: '#e6eceb',
  muted: '#a9b6bc',
  line: '#2c383d',
  surface: '#1a2226',
  accent: '#2dd4bf',
  before: '#7d8c93',
  series: ['#2dd4bf', '#7db2ef', '#f0b03f', '#f08a8f', '#b8a4dd', '#93a2a8'],
};

export const chartColours = (isDark: boolean): ChartColours => (isDark ? dark : light);
