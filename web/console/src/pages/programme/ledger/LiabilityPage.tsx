/**
 * The month's book of points: what was owed when it began, what came and went, what is owed at its end, by the month in
 * which the points were made; and that it adds up.
 */
import '../../../styles/insight.css';
import '../../../styles/programme.css';
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import type { Money } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button, DatePicker, Skeleton } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '../../../app/api';
import { formatMoney, formatNumber, formatTime, plainMoney, today } from '../../../app/format';
import { useSession, useZone } from '../../../app/session';
import { Card, downloadBlob, EmptyTeach, Mark } from '../../../ui/bits';
import { type Column, DataTable } from '../../../ui/DataTable';
import { Tile } from '../../../ui/figures';
import { ProblemAlert } from '../../../ui/problem';
import { BOM, csvRow } from '../../../ui/sheet';
import type { Liability, LiabilityLine, Programme } from '../contract';
import { balanced, booksNote, MOVES, monthOf, withMonth } from '../model/liability';
import { ForecastCard } from './ForecastCard';
import { OfProgramme } from './Head';
import { PointValue, usePointValue, Worth } from './PointValue';

const SIGN: Record<(typeof MOVES)[number], string> = { opening: '', issued: '+', redeemed: '−', expired: '−', reversed: '−', closing: '=' };

/** The sum as one reads it aloud, with a word on whether it is right. */
function Equation({ book }: { book: Liability }) {
  const { t } = useTranslation();
  const right = balanced(book);
  return (
    <Card title={t('points.equation', { month: book.month })} extra={<Mark tone={book.closed ? 'good' : 'info'}>{t(book.closed ? 'points.closed' : 'points.open')}</Mark>}>
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
              <Worth nought of={book.totals.worth?.[key]} />
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

function Book({ book, programme, value }: { book: Liability; programme: Programme; value: string | undefined }) {
  const { t } = useTranslation();
  const rows: LiabilityLine[] = [...book.lines, { ...book.totals, lot_month: TOTAL }];
  const number = (key: (typeof MOVES)[number]): Column<LiabilityLine> => ({
    key,
    title: t(`points.book.${key}`),
    align: 'right',
    render: (line) => (
      <>
        <span className={line.lot_month === TOTAL || key === 'closing' ? 'amount strong' : 'amount'}>{formatNumber(line[key])}</span>
        <Worth of={line.worth?.[key]} />
      </>
    ),
    sheet: (line) => line[key],
  });
  const name = (line: LiabilityLine) => (line.lot_month === TOTAL ? t('points.total') : (line.lot_month ?? t('points.noLot')));
  const columns: Column<LiabilityLine>[] = [{ key: 'month', title: t('points.lotMonth'), render: (line) => <span className={line.lot_month === TOTAL ? 'strong' : ''}>{name(line)}</span>, sheet: name }, ...MOVES.map(number)];
  const worths = book.totals.worth ? MOVES : [];
  const sheet = [
    [t('points.bookMonth'), ...columns.map((c) => c.title), ...worths.map((key) => t('points.value.column', { name: t(`points.book.${key}`) }))],
    ...rows.map((row) => [book.month, ...columns.map((c) => c.sheet?.(row)), ...worths.map((key) => plainMoney(row.worth?.[key]))]),
  ];
  const save = () => downloadBlob(new Blob([BOM, ...sheet.map(csvRow)], { type: 'text/csv;charset=utf-8' }), `${programme.name}-${t('nav.liability')}-${book.month}.csv`);
  const tile = (label: string, points: number, worth: Money | null | undefined, note: string) => (
    <Tile
      label={label}
      value={formatNumber(points)}
      note={
        <>
          {worth ? <span className="block strong">{t('points.value.worth', { money: formatMoney(worth) })}</span> : null}
          {note}
        </>
      }
    />
  );
  return (
    <>
      <div className="tiles tiles-head">
        {tile(t('points.book.closing'), book.totals.closing, book.totals.worth?.closing, t('points.closingParts', { available: formatNumber(book.available), frozen: formatNumber(book.frozen), debt: formatNumber(book.debt) }))}
        {tile(t('points.account.pending'), book.pending, book.worth?.pending, t('points.pendingNote'))}
        {tile(t('points.book.issued'), book.totals.issued, book.totals.worth?.issued, t('points.issuedNote', { month: book.month }))}
        {tile(t('points.book.expired'), book.totals.expired, book.totals.worth?.expired, t('points.expiredNote', { month: book.month }))}
      </div>
      <Equation book={book} />
      <Card
        flush
        title={t('points.byLotMonth', { month: book.month })}
        extra={
          <Button size="small" icon={<DownloadOutlined aria-hidden="true" />} disabled={book.lines.length === 0} onClick={save}>
            {t('insight.exportData')}
          </Button>
        }
      >
        {book.lines.length === 0 ? (
          <EmptyTeach title={t('points.noBook')} text={t('points.noBookText')} />
        ) : (
          <>
            <p className="muted small pad">{t('points.lotMonthNote', { month: book.month })}</p>
            <DataTable label={t('points.byLotMonth', { month: book.month })} columns={columns} rows={rows} rowKey={(line) => line.lot_month ?? ''} />
          </>
        )}
      </Card>
      <ForecastCard book={book} programme={programme} value={value} />
      <p className="muted small">{t('points.bookNote')}</p>
    </>
  );
}

/** Where the month lies before or at the beginning of the books: why it holds what it holds. */
function Begun({ book, programme }: { book: Liability; programme: Programme }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [, setParams] = useSearchParams();
  const note = booksNote(book, programme);
  if (!note) return null;
  const from = book.books_from ?? '';
  const text = t(`points.books.${note}`, { month: book.month, from, begins: formatTime(programme.begins_at, zone) });
  if (!note.startsWith('before')) return <p className="muted small">{text}</p>;
  return (
    <Alert
      type="warning"
      showIcon
      message={text}
      action={
        <Button size="small" onClick={() => setParams((before) => withMonth(before, from))}>
          {t('points.seeMonth', { month: from })}
        </Button>
      }
    />
  );
}

function Month({ programme }: { programme: Programme }) {
  const { merchant } = useSession();
  const zone = useZone();
  const [params] = useSearchParams();
  const month = params.get('month') ?? monthOf(today(zone));
  const [value, state] = usePointValue(programme.id);
  const answer = useQuery<Liability>({
    queryKey: ['liability', merchant.id, programme.id, month, value],
    queryFn: ({ signal }) => api.get<Liability>(`/programmes/${programme.id}/liability`, { month, value }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: programme.filling ? 5_000 : false,
  });
  return (
    <div className="stack">
      <PointValue value={value} onState={state} />
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.data && !answer.error && !answer.isPlaceholderData ? <Begun book={answer.data} programme={programme} /> : null}
      {answer.data && !answer.error ? <Book book={answer.data} programme={programme} value={value} /> : answer.error ? null : <Skeleton active />}
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
        <label className="row-gap tight">
          <span className="muted">{t('points.bookMonth')}</span>
          <DatePicker
            picker="month"
            aria-label={t('points.bookMonth')}
            allowClear={false}
            value={dayjs(`${month}-01`)}
            disabledDate={(day) => day.format('YYYY-MM') > now}
            onChange={(day) =>
              setParams(
                (before) => (day ? withMonth(before, day.format('YYYY-MM')) : before),
                { replace: true },
              )
            }
          />
        </label>
      }
    >
      {(programme) => <Month programme={programme} />}
    </OfProgramme>
  );
}
