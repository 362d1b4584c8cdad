/**
 * What will become of the points that are owed: used or ended month by month, with the range in which nine of ten cases lie,
 * and the share that ends unused. It stands at the end of a closed month. Where history is too short the card says so.
 */
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Skeleton, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { formatNumber, formatShare } from '../../../app/format';
import { useSession } from '../../../app/session';
import { Card, downloadBlob } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { Tile } from '../../../ui/figures';
import { ProblemAlert } from '../../../ui/problem';
import type { Forecast, ForecastMonth, ForecastRange, Liability, Programme } from '../contract';
import { Worth } from './PointValue';

const PARTS = ['issued', 'used', 'expired', 'closing'] as const;

/** A share such as 0.1834 in percent. */
const percent = (share: string) => formatShare(Number(share), 1);

function Span({ range }: { range: ForecastRange }) {
  return (
    <span className="cell-two">
      <span className="amount">{range.estimate == null ? '–' : formatNumber(range.estimate)}</span>
      <span className="muted small amount">
        {formatNumber(range.low)} – {formatNumber(range.high)}
      </span>
      <Worth of={range.worth} />
    </span>
  );
}

/** Why nothing is estimated: how many months it needs and how many there are, and why lots on the page may not count. */
function NotYet({ told, book }: { told: Forecast; book: Liability }) {
  const { t } = useTranslation();
  const late = book.lines.filter((line) => line.lot_month && line.lot_month <= told.month).length > told.lots.length;
  return (
    <>
      <p role="status">{t('points.forecast.why.few_months', { needs: told.needed_months, has: told.history_months, month: told.month })}</p>
      {late ? <p className="muted small">{t('points.forecast.why.few_months_late')}</p> : null}
    </>
  );
}

export function ForecastCard({ book, programme, value }: { book: Liability; programme: Programme; value: string | undefined }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const month = book.closed ? book.month : undefined;
  const path = `/programmes/${programme.id}/forecast`;
  const answer = useQuery<Forecast>({
    queryKey: ['points-forecast', merchant.id, programme.id, month, value],
    queryFn: ({ signal }) => api.get<Forecast>(path, { month, value }, signal),
    placeholderData: keepPreviousData,
  });
  const told = answer.data;
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (!told) return <Skeleton active />;
  const save = async (table: 'lots' | 'ahead') => {
    const file = await api.download(`/programmes/${programme.id}/liability/export`, { month: told.month, table, format: 'xlsx', value });
    downloadBlob(file, `${programme.name}-${t(`points.forecast.${table}`)}-${told.month}.xlsx`);
  };
  const columns: Column<ForecastMonth>[] = [
    { key: 'month', title: t('points.month'), render: (m) => m.month },
    ...PARTS.map((part): Column<ForecastMonth> => ({ key: part, title: t(`points.forecast.${part}`), align: 'right', render: (m) => <Span range={m[part]} /> })),
  ];
  if (told.too_little === 'few_months') {
    return (
      <Card title={t('points.forecast.title', { month: told.month })}>
        <NotYet told={told} book={book} />
      </Card>
    );
  }
  return (
    <Card
      title={t('points.forecast.title', { month: told.month })}
      extra={
        <Space wrap>
          {(['lots', 'ahead'] as const).map((table) => (
            <Button key={table} size="small" icon={<DownloadOutlined aria-hidden="true" />} disabled={told[table].length === 0} onClick={() => void save(table)}>
              {t(`points.forecast.${table}`)}
            </Button>
          ))}
        </Space>
      }
    >
      <div className="tiles">
        <Tile
          label={t('points.forecast.breakage')}
          value={told.breakage.estimate == null ? '–' : percent(told.breakage.estimate)}
          note={t('points.forecast.between', { low: percent(told.breakage.low), high: percent(told.breakage.high) })}
        />
        <Tile label={t('points.forecast.history')} value={formatNumber(told.history_months)} note={t('points.forecast.historyNote', { month: told.month })} />
        {told.check ? (
          <Tile
            label={t('points.forecast.check')}
            value={formatNumber(told.check.used_really)}
            note={t('points.forecast.checkNote', { low: formatNumber(told.check.used.low), high: formatNumber(told.check.used.high) })}
          />
        ) : null}
      </div>
      {told.too_little ? <p className="muted">{t(`points.forecast.why.${told.too_little}`)}</p> : null}
      {told.ahead.length > 0 ? <DataTable label={t('points.forecast.ahead')} columns={columns} rows={told.ahead} rowKey={(m) => m.month} /> : null}
      <p className="muted small">{t('points.forecast.note')}</p>
    </Card>
  );
}
