/**
 * The promotion calendar on time charts: a line where a sale or a holiday lies, its name above where there is room.
 * Everybody's sales and holidays come from the server, the merchant's own are kept there.
 */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import type { Occasion, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Form, Input } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { nextDay } from '../../../app/format';
import { usePrefs } from '../../../app/prefs';
import { useCan, useSession } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { Mark } from '../../../ui/bits';
import type { ChartColours } from '../../../ui/chart/colours';
import { placeNames } from '../../../ui/chart/scale';
import { ProblemAlert } from '../../../ui/problem';
import { decades } from './spans';

const DateRange = lazy(() => import('../../../ui/list/DateRange'));

const dayBefore = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

const NONE: Occasion[] = [];
const keyOf = (o: Occasion) => o.id ?? `${o.code} ${o.from}`;

/** Those that touch the days from `from` until before `to`, each once, in order. */
export function useOccasions(from: string | undefined, to: string | undefined): { occasions: Occasion[]; error: unknown; retry: () => void } {
  const { merchant } = useSession();
  const answer = useQuery<Occasion[]>({
    queryKey: ['occasions', merchant.id, from, to],
    queryFn: async ({ signal }) => {
      const parts = await Promise.all(decades(from ?? '', to ?? '').map((part) => api.get<{ items: Occasion[] }>('/calendar/occasions', { ...part }, signal)));
      return [...new Map(parts.flatMap((part) => part.items).map((o) => [keyOf(o), o])).values()];
    },
    enabled: from !== undefined && to !== undefined && from < to,
    staleTime: 300_000,
  });
  return { occasions: answer.data ?? NONE, error: answer.error, retry: () => void answer.refetch() };
}

/** Among months only what moves a whole month is worth a line. */
const GREAT = ['spring_festival', 'national_day'];
export const weighty = (o: Occasion) => o.kind === 'sale' || o.kind === 'own' || GREAT.includes(o.code ?? '');

/** Room above a chart for two rows of names. */
export const NAME_ROOM = 32;
const ROW = 15;
/** About what the axis at the left takes, and what is free at the right. */
const LEFT = 58;
const RIGHT = 16;

/** Lines for points of a chart, with the names that find room above it. */
export function useMarks() {
  const { language } = usePrefs();
  const name = (o: Occasion) => o.name[language] || o.name.zh;
  const at = (occasions: Occasion[], points: { from: string; to: string }[]) => {
    const found = new Map<number, string[]>();
    for (const o of occasions) {
      const index = points.findIndex((p) => o.day >= p.from && o.day < p.to);
      if (index >= 0) found.set(index, [...new Set([...(found.get(index) ?? []), name(o)])]);
    }
    return found;
  };
  const line = (found: Map<number, string[]>, count: number, width: number, c: ChartColours) => {
    const marks = [...found.entries()].sort((x, y) => x[0] - y[0]);
    const placed = placeNames(marks.map(([index, names]) => ({ x: LEFT + ((width - LEFT - RIGHT) * (index + 0.5)) / count, names })), width);
    const data = marks.map(([index], i) => {
      const place = placed[i];
      return { xAxis: index, label: { show: Boolean(place), formatter: place?.text ?? '', color: c.muted, fontSize: 11, distance: 4 + (place?.row ?? 0) * ROW } };
    });
    return { silent: true, symbol: 'none', animation: false, lineStyle: { type: 'dotted', width: 1.5, color: c.before }, data };
  };
  return { name, at, line };
}

function Own({ occasion, touches }: { occasion: Occasion; touches: string[][] }) {
  const { t } = useTranslation();
  const { name } = useMarks();
  const remove = useAct<void>((client) => client.delete(`/calendar/occasions/${occasion.id}`), { touches, done: t('insight.occasion.removed') });
  return <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t('insight.occasion.remove', { name: name(occasion) })} loading={remove.isPending} onClick={() => remove.mutate()} />;
}

/** The calendar of the shown days, with the merchant's own occasions to add and take away. */
export function OccasionsDrawer({ open, occasions, onClose }: { open: boolean; occasions: Occasion[]; onClose: () => void }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const may = useCan('orders:write');
  const { name } = useMarks();
  const [days, setDays] = useState<{ from?: string; to?: string }>({});
  const touches = [['occasions', merchant.id]];
  const [form] = Form.useForm<{ name: string }>();
  const add = useAct<{ name: string }, Page<Occasion>>(
    (client, given) => client.post('/calendar/occasions', { name: given.name.trim(), from: days.from, to: nextDay(days.to ?? days.from ?? '') }),
    {
      touches,
      quiet: true,
      done: t('insight.occasion.added'),
      onDone: () => {
        form.resetFields();
        setDays({});
      },
    },
  );
  return (
    <Drawer open={open} size={480} title={t('insight.occasion.title')} onClose={onClose} destroyOnHidden>
      <p className="muted">{t('insight.occasion.text')}</p>
      {may ? (
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(given) => add.mutate(given)}>
          <ProblemAlert error={add.error} />
          <Form.Item name="name" label={t('insight.occasion.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
            <Input maxLength={40} />
          </Form.Item>
          <div className="row-gap">
            <Suspense>
              <DateRange label={t('insight.occasion.days')} from={days.from ?? null} to={days.to ?? null} onChange={(from, to) => setDays({ from, to })} />
            </Suspense>
            <Button type="primary" htmlType="submit" disabled={!days.from} loading={add.isPending}>
              {t('common.add')}
            </Button>
          </div>
        </Form>
      ) : null}
      <ul className="file-rows">
        {occasions.map((o) => (
          <li key={keyOf(o)}>
            <Mark tone={o.kind === 'sale' ? 'warn' : o.kind === 'own' ? 'good' : 'info'}>{t(`insight.occasion.kind.${o.kind}`, { defaultValue: o.kind })}</Mark>
            <span className="grow">{name(o)}</span>
            <span className="muted small nowrap">{dayBefore(o.to) === o.from ? o.from : t('insight.fromTo', { from: o.from, to: dayBefore(o.to).slice(5) })}</span>
            {o.id && may ? <Own occasion={o} touches={touches} /> : null}
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
