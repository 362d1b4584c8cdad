/** A span of the shop's days, with the spans that shops ask for, the two great sales among them. */
import { DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { today } from '../../app/format';
import { useZone } from '../../app/session';

interface Props {
  label: string;
  from: string | null;
  to: string | null;
  onChange: (from: string | undefined, to: string | undefined) => void;
}

/** The latest sale that has begun: days are given as month and day. */
function latest(now: Dayjs, first: string, last: string): [Dayjs, Dayjs] {
  const year = now.isBefore(dayjs(`${now.year()}-${first}`)) ? now.year() - 1 : now.year();
  return [dayjs(`${year}-${first}`), dayjs(`${year}-${last}`)];
}

export default function DateRange({ label, from, to, onChange }: Props) {
  const { t } = useTranslation();
  const now = dayjs(today(useZone()));
  return (
    <DatePicker.RangePicker
      className="filter-dates"
      value={from || to ? [from ? dayjs(from) : null, to ? dayjs(to) : null] : null}
      allowEmpty={[true, true]}
      placeholder={[`${label} ${t('list.from')}`, t('list.to')]}
      aria-label={label}
      onChange={(span) => onChange(span?.[0]?.format('YYYY-MM-DD'), span?.[1]?.format('YYYY-MM-DD'))}
      presets={[
        { label: t('list.today'), value: [now, now] },
        { label: t('list.last7'), value: [now.subtract(6, 'day'), now] },
        { label: t('list.last30'), value: [now.subtract(29, 'day'), now] },
        { label: t('list.thisWeek'), value: [now.startOf('week'), now] },
        { label: t('list.thisMonth'), value: [now.startOf('month'), now] },
        { label: t('list.lastMonth'), value: [now.startOf('month').subtract(1, 'month'), now.startOf('month').subtract(1, 'day')] },
        { label: t('list.thisQuarter'), value: [now.startOf('month').subtract(now.month() % 3, 'month'), now] },
        { label: t('list.sale618'), value: latest(now, '06-01', '06-20') },
        { label: t('list.sale1111'), value: latest(now, '11-01', '11-11') },
      ]}
    />
  );
}
