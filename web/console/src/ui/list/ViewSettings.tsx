/** Which columns are shown, and how close the rows stand. */
import SettingOutlined from '@ant-design/icons/SettingOutlined';
import { Button, Checkbox, Popover, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Column } from '../DataTable';

interface Props<T> {
  columns: Column<T>[];
  shown: Column<T>[];
  dense: boolean;
  onColumns: (keys: string[] | null) => void;
  onDense: (dense: boolean) => void;
}

export function ViewSettings<T>({ columns, shown, dense, onColumns, onDense }: Props<T>) {
  const { t } = useTranslation();
  const keys = new Set(shown.map((c) => c.key));
  const toggle = (key: string, on: boolean) =>
    onColumns(columns.filter((c) => (c.key === key ? on : keys.has(c.key))).map((c) => c.key));
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="view-settings">
          <div className="field-label">{t('list.density')}</div>
          <Segmented
            value={dense ? 'dense' : 'roomy'}
            options={[
              { value: 'roomy', label: t('list.roomy') },
              { value: 'dense', label: t('list.dense') },
            ]}
            onChange={(value) => onDense(value === 'dense')}
          />
          <div className="field-label">{t('list.columns')}</div>
          {columns.map((column, index) => (
            <Checkbox
              key={column.key}
              checked={keys.has(column.key)}
              disabled={index === 0}
              onChange={(e) => toggle(column.key, e.target.checked)}
            >
              {column.title}
            </Checkbox>
          ))}
          <Button type="link" size="small" onClick={() => onColumns(null)}>
            {t('list.defaultColumns')}
          </Button>
        </div>
      }
    >
      <Button icon={<SettingOutlined />} aria-label={t('list.settings')} title={t('list.settings')} />
    </Popover>
  );
}
