/**
 * Where the member stands today: lifecycle stage by their own rhythm and group by recency, frequency and money, each
 * with the reason in few words; the exact sentence and the figures that it rests on lie behind a fold.
 */
import type { Standing, StandingRfm, StandingStage } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatMoney, formatNumber, today } from '../../app/format';
import { usePrefs } from '../../app/prefs';
import { useSession, useZone } from '../../app/session';
import { AsOf, Card, Facts, Mark, type Tone } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { spanOf } from '../insight/frame/spans';
import { besides, decimal } from './figures';
import { ENOUGH_BUYERS } from '../insight/enough';

const TONES: Record<string, Tone> = { join: 'info', active: 'good', declining: 'warn', lost: 'bad' };

/** How far the member has come from active through declining to lost, in expected gaps: the cuts lie at two and four. */
function Gauge({ times, label }: { times: number; label: string }) {
  const { t } = useTranslation();
  const at = Math.min(100, (times / 6) * 100);
  return (
    <div className="gauge" role="img" aria-label={label}>
      <div className="gauge-bar">
        <span className="gauge-zone gauge-active" />
        <span className="gauge-zone gauge-declining" />
        <span className="gauge-zone gauge-lost" />
        <span className="gauge-mark" style={{ left: `${at}%` }} />
      </div>
      <div className="gauge-words muted small" aria-hidden="true">
        <span>{t('standing.zone.active')}</span>
        <span>{t('standing.zone.declining')}</span>
        <span>{t('standing.zone.lost')}</span>
      </div>
    </div>
  );
}

/** What the server says to the letter, for who wants to know exactly. */
function Exactly({ title, reasons, children }: { title: string; reasons: string[]; children?: ReactNode }) {
  return (
    <details>
      <summary>{title}</summary>
      {reasons.map((text) => (
        <p key={text} className="small">
          {text}
        </p>
      ))}
      {children}
    </details>
  );
}

function Stage({ stage, reasons }: { stage: StandingStage; reasons: string[] }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const days = (n: string) => t(n === '1' ? 'standing.oneDay' : 'standing.days', { n });
  const times = stage.times?.value ? Number(stage.times.value) : null;
  const bought = stage.since === 'purchase';
  const told = stage.since_days != null && times !== null;
  const rows: [ReactNode, ReactNode][] = [
    [t(stage.since === 'registration' ? 'standing.sinceJoined' : 'standing.sinceBought'), stage.since_days == null ? null : days(formatNumber(stage.since_days))],
    [t('standing.expected'), stage.expected_gap?.value ? days(decimal(stage.expected_gap)) : null],
    [t('standing.ownGaps'), t('standing.ownGapsText', { n: formatNumber(stage.own_gaps), days: formatNumber(stage.own_gap_days) })],
    [
      t('standing.base'),
      stage.base_gap?.value
        ? `${days(decimal(stage.base_gap))} · ${t(`standing.gapFrom.${stage.gap_from ?? 'default'}`, { category: stage.category ?? '' })}`
        : null,
    ],
  ];
  return (
    <section className="standing-half">
      <h3>
        {t('standing.stage')} <Mark tone={TONES[stage.stage] ?? 'plain'}>{language === 'zh' ? stage.zh : stage.en}</Mark>
      </h3>
      {told ? (
        <p>
          {t(bought ? 'standing.short.bought' : 'standing.short.joined', { days: days(formatNumber(stage.since_days)), gap: days(decimal(stage.expected_gap)), times: decimal(stage.times) })}
          {stage.next ? ` ${t('standing.short.next', { on: stage.next.on, stage: language === 'zh' ? stage.next.zh : stage.next.en })}` : ''}
        </p>
      ) : (
        reasons.map((text) => <p key={text}>{text}</p>)
      )}
      {times === null ? null : <Gauge times={times} label={t('standing.gauge', { n: decimal(stage.times) })} />}
      <Exactly title={t(told ? 'standing.exactly' : 'standing.figures')} reasons={told ? reasons : []}>
        <Facts rows={rows} />
      </Exactly>
    </section>
  );
}

function Rfm({ rfm, currency, since, reasons }: { rfm: StandingRfm | null | undefined; currency: string | null | undefined; since: string; reasons: string[] }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  if (!rfm || !currency) {
    return (
      <section className="standing-half">
        <h3>RFM</h3>
        {reasons.length === 0 ? <p className="muted">{t('standing.noRfm')}</p> : null}
        {reasons.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </section>
    );
  }
  const money = (amount: number) => formatMoney({ amount: Math.round(amount), currency });
  const days = (n: string) => t(n === '1' ? 'standing.oneDay' : 'standing.days', { n });
  const parts: { name: string; value: string; cut: string }[] = [
    { name: 'r', value: days(formatNumber(rfm.r_days)), cut: days(besides(rfm.r_days, rfm.cut_at?.r_days)) },
    { name: 'f', value: t('standing.times', { n: formatNumber(rfm.f) }), cut: t('standing.times', { n: besides(rfm.f, rfm.cut_at?.f, 2) }) },
    { name: 'm', value: money(rfm.m), cut: rfm.cut_at?.m.value ? money(Number(rfm.cut_at.m.value)) : '–' },
  ];
  const above = parts.filter((part) => rfm.group.includes(`${part.name.toUpperCase()}+`)).map((part) => t(`standing.short.${part.name}`));
  const short = above.length === 3 ? t('standing.short.all') : above.length === 0 ? t('standing.short.none') : t('standing.short.some', { what: above.join(t('members.listComma')) });
  return (
    <section className="standing-half">
      <h3>
        RFM <Mark tone={rfm.group.includes('M+') ? 'good' : 'plain'}>{language === 'zh' ? rfm.zh : rfm.en}</Mark>
      </h3>
      <p>{short}</p>
      <p className="muted small fine">{t('standing.window', { since })}</p>
      <table className="rfm-table">
        <caption className="visually-hidden">{t('standing.rfmTable')}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('standing.this')}</th>
            <th scope="col">{t('standing.mean')}</th>
            <th scope="col">{t('standing.score')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part, n) => {
            const better = rfm.group.includes(`${part.name.toUpperCase()}+`);
            return (
              <tr key={part.name}>
                <th scope="row">{t(`standing.part.${part.name}`)}</th>
                <td className="amount">{part.value}</td>
                <td className="amount muted">{part.cut}</td>
                <td>
                  <span className={better ? 'good-text' : 'muted'}>
                    {t('standing.of5', { n: rfm.score[n] ?? '–' })}
                    <span aria-hidden="true"> {better ? '▲' : '▽'}</span>
                    <span className="visually-hidden"> {t(better ? 'standing.better' : 'standing.notBetter')}</span>
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={`${rfm.members < ENOUGH_BUYERS ? 'warn-text' : 'muted'} small fine`}>{t(rfm.members < ENOUGH_BUYERS ? 'standing.comparedFew' : 'standing.compared', { n: formatNumber(rfm.members) })}</p>
      <Exactly title={t('standing.exactly')} reasons={reasons} />
    </section>
  );
}

export function StandingCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { merchant } = useSession();
  const zone = useZone();
  // RFM over the same months as the report shows when it is opened, so that both name the same group.
  const since = spanOf('12m', today(zone), { from: null, to: null }).from ?? '';
  const answer = useQuery<Standing>({
    queryKey: ['standing', merchant.id, id, since],
    queryFn: () => api.get<Standing>(`/members/${id}/standing`, { from: since }),
  });
  const data = answer.data;
  const reasons = (...of: string[]) => (data?.reasons ?? []).filter((r) => of.includes(r.of)).map((r) => (language === 'zh' ? r.zh : r.en));
  return (
    <Card title={t('standing.title')} extra={<AsOf at={data?.known.at} busy={answer.isFetching} />}>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {data ? (
        <div className="standing">
          <Stage stage={data.lifecycle} reasons={reasons('stage', 'expected_gap', 'next')} />
          <Rfm rfm={data.rfm} currency={data.currency} since={since} reasons={reasons('rfm')} />
        </div>
      ) : answer.isPending ? (
        <Skeleton active paragraph={{ rows: 3 }} title={false} />
      ) : null}
      {data?.rfm ? <p className="muted small standing-both">{t('standing.both')}</p> : null}
    </Card>
  );
}
