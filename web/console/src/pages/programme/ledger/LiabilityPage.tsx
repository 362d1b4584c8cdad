/**
 * The month's book of points: what was owed when it began, what came and went, what is owed at its end, by the month in
 * which the points were made; and that it adds up.
 */
import '../../../styles/insight.css';
import '../../../styles/programme.css';
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Skeleton } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '../../../app/api';
import { formatNumber, today } from '../../../app/format';
import { useSession, useZone } from '../../../app/session';
import { Card, downloadBlob, EmptyTeach, Mark } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { Tile } from '../../../ui/figures';
import { ProblemAlert } from '../../../ui/problem';
import { BOM, csvRow } from '../../../ui/sheet';
import type { Liability, LiabilityLine, Programme } from '../contract';
import { balanced, MOVES, monthOf } from '../model/liability';
import { ForecastCard } from './ForecastCard';
import { OfProgramme } from './Head';

const SIGN: Record<(typeof MOVES)[number], string> = { opening: '', issued: '+', redeemed: '−', expired: '−', reversed: '−', closing: '=' };

/** The sum as one reads it aloud, with a word on whether it is right. */
function Equation({ book }: { book: Liability }) {
  const { t } = useTranslation();
  const right = balanced(book);
  return (
    <Card title={t('points.equation')} extra={<Mark tone={book.closed ? 'good' : 'info'}>{t(book.closed ? 'points.closed' : 'points.open')}</Mark>}>
      <div className="equation">
        {MOVES.map((key) => (
          <span key={key} className="equation-part">
            {SIGN[key] ? (
              <span className="equation-sign" aria-hidden="true">
                {SIGN[key]}
              </span>
            ) : null}
            <span className="cell-two">
              <span className="muted small">{t(`points.book.${key}`)}</span>
              <span className="amount strong">{formatNumber(book.totals[key])}</span>
            </span>
          </span>
        ))}
      </div>
      <p className={right ? 'good-text small' : 'bad-text'} role="status">
        {t(right ? 'points.addsUp' : 'points.addsNotUp', { n: book.lines.length })}
      </p>
    </Card>
  );
}

const TOTAL = 'total';

function Book({ book, programme }: { book: Liability; programme: Programme }) {
  const { t } = useTranslation();
  const rows: LiabilityLine[] = [...book.lines, { ...book.totals, lot_month: TOTAL }];
  const number = (key: (typeof MOVES)[number]): Column<LiabilityLine> => ({
    key,
    title: t(`points.book.${key}`),
    align: 'right',
    render: (line) => <span className={line.lot_month === TOTAL || key === 'closing' ? 'amount strong' : 'amount'}>{formatNumber(line[key])}</span>,
    sheet: (line) => line[key],
  });
  const name = (line: LiabilityLine) => (line.lot_month === TOTAL ? t('points.total') : (line.lot_month ?? t('points.noLot')));
  const columns: Column<LiabilityLine>[] = [{ key: 'month', title: t('points.lotMonth'), render: (line) => <span className={line.lot_month === TOTAL ? 'strong' : ''}>{name(line)}</span>, sheet: name }, ...MOVES.map(number)];
  const save = () =>
    downloadBlob(new Blob([BOM, csvRow(columns.map((c) => c.title)), ...rows.map((row) => csvRow(columns.map((c) => c.sheet?.(row))))], { type: 'text/csv;charset=utf-8' }), `${programme.name}-${t('nav.liability')}-${book.month}.csv`);
  return (
    <>
      <div className="tiles tiles-head">
        <Tile label={t('points.book.closing')} value={formatNumber(book.totals.closing)} note={t('points.closingParts', { available: formatNumber(book.available), frozen: formatNumber(book.frozen), debt: formatNumber(book.debt) })} />
        <Tile label={t('points.account.pending')} value={formatNumber(book.pending)} note={t('points.pendingNote')} />
        <Tile label={t('points.book.issued')} value={formatNumber(book.totals.issued)} note={t('points.issuedNote')} />
        <Tile label={t('points.book.expired')} value={formatNumber(book.totals.expired)} note={t('points.expiredNote')} />
      </div>
      <Equation book={book} />
      <Card
        flush
        title={t('points.byLotMonth')}
        extra={
          <Button size="small" icon={<DownloadOutlined aria-hidden="true" />} disabled={book.lines.length === 0} onClick={save}>
            {t('insight.exportData')}
          </Button>
        }
      >
        {book.lines.length === 0 ? <EmptyTeach title={t('points.noBook')} text={t('points.noBookText')} /> : <DataTable label={t('points.byLotMonth')} columns={columns} rows={rows} rowKey={(line) => line.lot_month ?? ''} />}
      </Card>
      <ForecastCard book={book} programme={programme} />
      <p className="muted small">{t('points.bookNote')}</p>
    </>
  );
}

function Month({ programme }: { programme: Programme }) {
  const { merchant } = useSession();
  const zone = useZone();
  const [params] = useSearchParams();
  const month = params.get('month') ?? monthOf(today(zone));
  const answer = useQuery<Liability>({
    queryKey: ['liability', merchant.id, programme.id, month],
    queryFn: ({ signal }) => api.get<Liability>(`/programmes/${programme.id}/liability`, { month }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="stack">
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.data && !answer.error ? <Book book={answer.data} programme={programme} /> : answer.error ? null : <Skeleton active />}
    </div>
  );
}

export function Component() {
  const { t } = useTranslation();
  const zone = useZone();
  const [params, setParams] = useSearchParams();
  const now = monthOf(today(zone));
  const month = params.get('month') ?? now;
  return (
    <OfProgramme
      title={t('nav.liability')}
      note={t('points.liabilityNote')}
      tools={
        <DatePicker
          picker="month"
          aria-label={t('points.month')}
          allowClear={false}
          value={dayjs(`${month}-01`)}
          disabledDate={(day) => day.format('YYYY-MM') > now}
          onChange={(day) =>
            setParams(
              (before) => {
                const next = new URLSearchParams(before);
                if (day) next.set('month', day.format('YYYY-MM'));
                return next;
              },
              { replace: true },
            )
          }
        />
      }
    >
      {(programme) => <Month programme={programme} />}
    </OfProgramme>
  );
}
