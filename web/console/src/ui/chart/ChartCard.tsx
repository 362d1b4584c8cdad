/** A card with a figure that can be read three ways: drawn, as a table, as a file with every row of that table. */
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import { Button, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, downloadBlob } from '../bits';
import { type Column, DataTable } from '../DataTable';
import { BOM, csvRow } from '../sheet';

interface Props<T> {
  title: string;
  note?: ReactNode;
  /** Choices of this card alone. */
  tools?: ReactNode;
  children: ReactNode;
  columns: Column<T>[];
  /** What the file gets, where that is more than the table shows. */
  exported?: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** The file's name, without ending. */
  file: string;
  /** The server's file instead of one made here. */
  onSave?: () => void;
  /** The table stands below the drawing for good. */
  both?: boolean;
}

export function ChartCard<T>({ title, note, tools, children, columns, exported, rows, rowKey, file, onSave, both }: Props<T>) {
  const { t } = useTranslation();
  const [look, setLook] = useState<'chart' | 'table'>('chart');
  const save = () => {
    const told = (exported ?? columns).filter((c) => c.sheet);
    const lines = [csvRow(told.map((c) => c.title)), ...rows.map((row) => csvRow(told.map((c) => c.sheet?.(row))))];
    downloadBlob(new Blob([BOM, ...lines], { type: 'text/csv;charset=utf-8' }), `${file}.csv`);
  };
  const table = <DataTable label={title} columns={columns} rows={rows} rowKey={rowKey} dense wide />;
  return (
    <Card
      title={title}
      extra={
        <div className="chart-tools">
          {tools}
          {both ? null : (
            <Segmented<'chart' | 'table'>
              size="small"
              value={look}
              aria-label={t('insight.look')}
              options={[
                { value: 'chart', label: t('insight.asChart') },
                { value: 'table', label: t('insight.asTable') },
              ]}
              onChange={setLook}
            />
          )}
          <Button size="small" icon={<DownloadOutlined />} disabled={rows.length === 0} onClick={onSave ?? save}>
            {t('insight.exportData')}
          </Button>
        </div>
      }
    >
      {note ? <p className="muted">{note}</p> : null}
      {look === 'chart' || both ? children : null}
      {look === 'table' || both ? <div className={both ? 'chart-table' : 'chart-table chart-table-low'}>{table}</div> : null}
    </Card>
  );
}
