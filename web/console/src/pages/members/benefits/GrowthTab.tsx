/** A member's growth tasks: how far they are in each, what is missing, what it brings; and what they have done. */
import '../../../styles/benefits.css';
import type { MemberGrowthTask } from '@api';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatMoney, formatNumber, formatTime } from '../../../app/format';
import { usePrefs } from '../../../app/prefs';
import { useCan, useMerchant, useZone } from '../../../app/session';
import { EmptyTeach, Mark, type Tone } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { WRITE_BENEFITS } from '../../benefits/scopes';
import { useMemberGrowthTasks } from '../../benefits/use';
import { lastDay, useWhy } from '../../benefits/words';
import { Completions } from '../../growth/Completions';
import { useGrowthWords } from '../../growth/words';

const TONES: Record<string, Tone> = { done: 'good', open: 'info' };

function One({ item }: { item: MemberGrowthTask }) {
  const { t } = useTranslation();
  const zone = useZone();
  const why = useWhy();
  const words = useGrowthWords();
  const { language } = usePrefs();
  const currency = useMerchant().data?.currency ?? 'CNY';
  const of = (n: number) => (item.kind === 'spend' ? formatMoney({ amount: n, currency }) : formatNumber(n));
  const far = t('growth.farOf', { have: of(item.have), need: of(item.need) });
  return (
    <li className={item.state === 'open' ? 'entitled entitled-may' : 'entitled'}>
      <div className="entitled-head">
        <span className="strong">{item.task.name}</span>
        <Mark tone={TONES[item.state] ?? 'plain'}>{t(`growth.standOf.${item.state}`, { defaultValue: item.state })}</Mark>
      </div>
      {item.says ? <p className="muted small">{item.says}</p> : null}
      <p>{item.goal[language]}</p>
      <progress className="growth-bar" max={Math.max(item.need, 1)} value={item.state === 'done' ? Math.max(item.need, 1) : Math.min(item.have, item.need)} aria-label={`${item.task.name} ${far}`} />
      <p className="muted small">
        {[far, item.period === 'once' ? null : words.period(item.period), item.until ? t('benefits.spanTo', { to: lastDay(item.until, zone) }) : null].filter(Boolean).join(' · ')}
      </p>
      {item.state === 'open' ? <p className="strong">{item.missing[language]}</p> : null}
      {item.state === 'done' && item.done_at ? <p>{t('growth.givenOn', { at: formatTime(item.done_at, zone) })}</p> : null}
      {item.why ? <p>{why(item.why)}</p> : null}
      <p className="small">{t('growth.brings', { reward: item.reward[language] })}</p>
    </li>
  );
}

export function GrowthTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const answer = useMemberGrowthTasks(id);
  const mayMake = useCan(WRITE_BENEFITS);
  if (answer.isPending) return <Skeleton active className="pad" />;
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  return (
    <div className="tab-pad">
      {answer.data.length === 0 ? (
        <EmptyTeach
          title={t('growth.noneNow')}
          text={t('growth.emptyText')}
          actions={
            mayMake ? (
              <Link to="/growth-tasks">
                <Button>{t('nav.growth')}</Button>
              </Link>
            ) : null
          }
        />
      ) : (
        <ul className="entitlements" aria-label={t('nav.growth')}>
          {answer.data.map((item) => (
            <One key={item.task.id} item={item} />
          ))}
        </ul>
      )}
      <h3 className="sub-title">{t('growth.tab.done')}</h3>
      <Completions member={id} empty={<p className="muted">{t('growth.neverDone')}</p>} />
    </div>
  );
}
