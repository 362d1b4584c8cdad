/**
 * Colours and sizes. Text colours are darker than the component library's own where those fall below the contrast
 * of 4.5 to 1 that reading needs.
 */
import { theme, type ThemeConfig } from 'antd';

export function themeOf(dark: boolean, still: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      // Which fonts come first hangs on the language: styles/base.css.
      fontFamily: 'var(--font)',
      // Switched off in the library itself: shortening its transitions by style would swallow the events it waits for.
      motion: !still,
      borderRadius: 8,
      colorPrimary: dark ? '#2dd4bf' : '#0f766e',
      colorLink: dark ? '#5eead4' : '#0f766e',
      // The library lightens a link under the pointer to a contrast of 3.8.
      colorLinkHover: dark ? '#99f6e4' : '#0b5f58',
      colorLinkActive: dark ? '#2dd4bf' : '#134e4a',
      colorInfo: dark ? '#2dd4bf' : '#0f766e',
      colorError: dark ? '#ffa3a3' : '#c0262d',
      colorWarning: dark ? '#fbbf24' : '#a15c00',
      colorSuccess: dark ? '#4ade80' : '#15803d',
      ...(dark
        ? {
            colorBgBase: '#12181b',
            colorBgContainer: '#1a2226',
            colorBgElevated: '#212b30',
            colorBgLayout: '#12181b',
            colorTextPlaceholder: '#98a6ad',
            colorTextDescription: '#a9b6bc',
            colorTextTertiary: '#a9b6bc',
            colorTextQuaternary: '#98a6ad',
          }
        : {
            colorTextBase: '#17211f',
            colorWarningBg: '#fdf4e3',
            colorWarningBorder: '#ecd0a0',
            colorErrorBg: '#fdeeee',
            colorErrorBorder: '#f2c4c6',
            colorSuccessBg: '#e9f7ee',
            colorSuccessBorder: '#b5dfc3',
            colorInfoBg: '#e8f5f2',
            colorInfoBorder: '#b4ddd5',
            colorBgLayout: '#f4f6f5',
            colorTextPlaceholder: '#67737a',
            colorTextDescription: '#56636a',
            colorTextTertiary: '#56636a',
            colorTextQuaternary: '#67737a',
          }),
    },
    components: {
      Button: dark ? { primaryColor: '#06201d', defaultShadow: 'none', primaryShadow: 'none' } : { defaultShadow: 'none', primaryShadow: 'none' },
      Steps: { iconSize: 28 },
      Checkbox: { borderRadiusSM: 4 },
    },
  };
}
