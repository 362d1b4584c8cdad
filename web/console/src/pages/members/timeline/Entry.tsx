/** One entry of the timeline: a line that says what happened, and under it what is worth knowing about it. */
import type { TimelineEntry } from '@api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatMoney, formatNumber } from '../../../app/format';
import { useWhoName } from '../../../app/who';
import { Amount, Mark, ShortId, StateMark, Time, useSourceName, useWord } from '../../../ui/bits';
import { TagChip } from '../../tags/TagChip';
import { countedApart } from './counted';
import { groupOf } from './kinds';

interface Told {
  line: ReactNode;
  more?: ReactNode;
}

function useTold(entry: TimelineEntry): Told {
  const { t } = useTranslation();
  const word = useWord();
  const sourceName = useSourceName();
  const { order, refund, behaviour, consent, merge, tag, profile } = entry;
  if (order) {
    const [first, ...others] = order.titles;
    const apart = countedApart(order);
    const counted = apart ? t(apart.shipping ? 'timeline.countedNoShipping' : 'timeline.counted', { net: formatMoney(apart.net), shipping: formatMoney(apart.shipping) }) : null;
    return {
      line: (
        <>
          {t('timeline.ordered', { platform: word('platform', order.platform) })} <Link to={`/orders/${order.id}`}>{order.number}</Link>{' '}
          <StateMark state={order.state} area="orderState" /> {order.paid ? <Amount value={order.paid} strong /> : null} {counted ? <span className="muted small timeline-counted">{counted}</span> : null}
        </>
      ),
      more: [
        first ? (others.length > 0 ? t('timeline.goods', { first, n: order.titles.length }) : first) : null,
        order.refunded.amount > 0 ? t('timeline.ofWhichRefunded', { amount: formatMoney(order.refunded) }) : null,
        order.purchase ? null : t('timeline.noPurchase'),
      ]
        .filter(Boolean)
        .join(' · '),
    };
  }
  if (refund) {
    return {
      line: (
        <>
          {t('timeline.refunded')} <Amount value={refund.amount} strong /> <StateMark state={refund.state} area="refundState" />
        </>
      ),
      more: (
        <>
          {t(`timeline.refundKind.${refund.reason_kind}`, { defaultValue: refund.reason_kind })}
          {refund.refunded_at ? null : ` · ${t('timeline.refundUndated')}`}
          {refund.order ? (
            <>
              {' · '}
              <Link to={`/orders/${refund.order}`}>{t('timeline.itsOrder')}</Link>
            </>
          ) : null}
        </>
      ),
    };
  }
  if (behaviour) {
    const details = [
      behaviour.words,
      behaviour.sku,
      behaviour.quantity ? `× ${formatNumber(behaviour.quantity)}` : null,
      behaviour.rating ? `★ ${behaviour.rating}` : null,
      sourceName(behaviour.source),
    ];
    return { line: word('event', behaviour.type), more: details.filter(Boolean).join(' · ') };
  }
  if (consent) {
    return {
      line: (
        <>
          {word('purpose', consent.purpose)} · {word('channel', consent.channel)}{' '}
          <Mark tone={consent.granted ? 'good' : 'bad'}>{consent.granted ? t('members.granted') : t('members.withdrawn')}</Mark>
        </>
      ),
      more: sourceName(consent.by_merge ? 'merge' : consent.source),
    };
  }
  if (merge) {
    return {
      line: (
        <>
          {t(entry.kind === 'merge' ? 'timeline.merged' : 'timeline.unmerged')} <ShortId id={merge.absorbed} />
        </>
      ),
      more: merge.reason || t(`timeline.mergeCause.${merge.cause}`, { defaultValue: merge.cause }),
    };
  }
  if (tag) {
    return {
      line: (
        <>
          {t(entry.kind === 'tag' ? 'timeline.tagged' : 'timeline.untagged')} <TagChip tag={tag} />
        </>
      ),
    };
  }
  if (entry.import) {
    return {
      line: (
        <>
          {t('timeline.imported')} <Link to={`/imports/${entry.import.id}`}>{entry.import.title}</Link>
        </>
      ),
    };
  }
  if (profile) {
    const names = profile.fields.map((name) => t(`timeline.field.${name}`, { defaultValue: name }));
    return {
      line: t('timeline.told', { what: names.join(t('members.listComma')) }),
      more: t(`timeline.toldBy.${profile.source}`, { defaultValue: sourceName(profile.source) ?? '' }),
    };
  }
  if (entry.kind === 'joined') return { line: t('timeline.joined'), more: sourceName(entry.join_source) };
  if (entry.kind === 'first_seen') return { line: t('timeline.firstSeen') };
  return { line: entry.kind };
}

export function Entry({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation();
  const who = useWhoName();
  const { line, more } = useTold(entry);
  const group = groupOf(entry.kind);
  const by = entry.by && !entry.by.startsWith('system') ? t('timeline.by', { who: who(entry.by) }) : null;
  return (
    <li className="timeline-item">
      <span className={`timeline-dot timeline-${group}`} aria-hidden="true" />
      <span className="timeline-at muted small">
        <Time at={entry.at} />
      </span>
      <div className="timeline-line">
        <span className="visually-hidden">{t(`timeline.kind.${group}`)}: </span>
        {line}
      </div>
      {more || by ? (
        <div className="timeline-more muted small break">
          {more}
          {more && by ? ' · ' : ''}
          {by}
        </div>
      ) : null}
    </li>
  );
}
