/**
 * Pairs of members that may be one person. Both sides stand beside each other with what speaks for and against, and
 * a person decides; the decision is asked for once more, because it moves orders.
 */
import type { Page, Review } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Button, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api } from '../../app/api';
import { formatDate } from '../../app/format';
import { useCan, useSession, useZone } from '../../app/session';
import { useOverview } from '../../app/shell/Nav';
import { useAct } from '../../ui/act';
import { EmptyTeach, Mark, PageHead, StateMark, Time, useWord } from '../../ui/bits';
import { useOwner } from '../../ui/list/BackToList';
import { Pager } from '../../ui/list/Pager';
import { goneOn, pageNumber, wayTo } from '../../ui/list/trail';
import { ProblemAlert } from '../../ui/problem';
import { UnmaskDialog } from '../../ui/UnmaskDialog';
import { MemberBox } from '../members/MemberBox';
import { agreement, compare, evidenceOf, fieldsOf, staysOf, type Uncovered } from './compare';
import { SHOWN, Side, sideName } from './Side';

function ReviewCard({ review }: { review: Review }) {
  const { t } = useTranslation();
  const word = useWord();
  const zone = useZone();
  const { modal, message } = App.useApp();
  const navigate = useNavigate();
  const may = useCan('members:write');
  // Once they are merged both sides lead to the one member that is left.
  const one = review.left.id === review.right.id;
  const mayUncover = useCan('members:unmask') && !one;
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<Uncovered | null>(null);
  const uncovered = mayUncover ? shown : null;
  const touches = [['reviews'], ['overview'], ['list'], ['member'], ['standing'], ['timeline']];
  const merge = useAct<void, { member?: { id: string } | null }>((client) => client.post(`/reviews/${review.id}/merge`), {
    touches,
    followed: true,
    onDone: ({ member }) => {
      const key = `merged-${review.id}`;
      const see = () => {
        message.destroy(key);
        void navigate(`/members/${member?.id}?tab=identity`);
      };
      // Messages stand outside of the router: a button in place of a link.
      const link = member ? (
        <Button type="link" size="small" onClick={see}>
          {t('reviews.takeApart')}
        </Button>
      ) : null;
      void message.success({ key, duration: 8, content: <>{t('reviews.merged')} {link}</> });
    },
  });
  const apart = useAct((client) => client.post(`/reviews/${review.id}/keep-apart`), { done: t('reviews.keptApart'), touches });
  const keys = compare(review, uncovered);
  const evidence = evidenceOf(review, keys);
  const { same, differ } = agreement(review, uncovered);
  // A single key that the sentence names and both lists mark needs no third place.
  const told = review.reason === 'contact_match' && evidence.length === 1 && [keys.left, keys.right].every((side) => side[0]?.likeness === 'same');
  const matched = same.map((kind) => word('keyKind', kind)).join(t('reviews.and'));
  // Whom the card names at this moment, in clear where it does.
  const names = { left: sideName(review.left, uncovered?.left), right: sideName(review.right, uncovered?.right) };
  const stays = staysOf(review);
  const goes = stays === 'left' ? 'right' : 'left';
  const kept = review[stays];
  const since = kept.first_seen_at ?? kept.created_at;
  const seen = Date.parse(since) === 0 ? t('common.timeUnknown') : formatDate(since, zone);
  const ask = (kind: 'merge' | 'apart') =>
    modal.confirm({
      title: t(kind === 'merge' ? 'reviews.mergeTitle' : 'reviews.apartTitle'),
      content:
        kind === 'apart' ? (
          t('reviews.apartText', names)
        ) : (
          <div className="stack">
            <p>{t('reviews.mergeText', names)}</p>
            <p>{t('reviews.mergeNumber', { which: t(`reviews.${stays}`), day: seen, kept: kept.id.slice(-6), other: review[goes].id.slice(-6) })}</p>
            <p>{t('reviews.mergePoints')}</p>
          </div>
        ),
      okText: t(kind === 'merge' ? 'reviews.merge' : 'reviews.apart'),
      cancelText: t('common.cancel'),
      onOk: () => (kind === 'merge' ? merge : apart).mutateAsync().catch(() => undefined),
    });
  return (
    <li className="card review">
      <div className="card-head">
        <span className="marks">
          {(review.reasons ?? [review.reason]).map((reason) => (
            <Mark key={reason} tone={reason === 'conflict' ? 'bad' : 'info'}>
              {word('reviewReason', reason)}
            </Mark>
          ))}
          {review.state === 'open' ? null : <StateMark state={review.state} area="reviewState" />}
        </span>
        <span className="muted small">
          {t('reviews.found')} <Time at={review.created_at} />
        </span>
      </div>
      <p className="muted">
        {review.reason === 'contact_match' && matched ? t(same.length === 1 ? 'reviews.onlySame' : 'reviews.severalSame', { what: matched }) : t(`reviews.why.${review.reason}`, { defaultValue: '' })}
      </p>
      {one || differ.length === 0 ? null : (
        <p className="marks review-differ">
          {differ.map((what) => (
            <Mark key={what} tone="bad">
              {t(`reviews.differ.${what}`)}
            </Mark>
          ))}
        </p>
      )}
      <div className="sides">
        <Side member={review.left} title={t(one ? 'reviews.one' : 'reviews.left')} keys={one ? keys.left.map((key) => ({ ...key, likeness: null })) : keys.left} clear={uncovered?.left ?? null} />
        {one ? null : <Side member={review.right} title={t('reviews.right')} keys={keys.right} clear={uncovered?.right ?? null} />}
      </div>
      {evidence.length > 0 && !told ? (
        <div className="evidence">
          <span className="muted">{t('reviews.evidence')}</span>
          {evidence.slice(0, SHOWN).map((e, index) => (
            <Mark key={index} tone="warn">
              {word('keyKind', e.kind)} {e.text}
            </Mark>
          ))}
        </div>
      ) : null}
      {(review.state === 'open' && may) || mayUncover || one ? (
        <div className="review-actions">
          {one ? <Link to={`/members/${review.left.id}?tab=identity`}>{t('reviews.takeApart')}</Link> : null}
          {mayUncover ? (
            <Button className="review-uncover" onClick={() => (uncovered ? setShown(null) : setAsking(true))}>
              {t(uncovered ? 'reviews.cover' : 'reviews.uncover')}
            </Button>
          ) : null}
          {review.state === 'open' && may ? (
            <>
              <Button onClick={() => ask('apart')} loading={apart.isPending}>
                {t('reviews.apart')}
              </Button>
              <Button type="primary" onClick={() => ask('merge')} loading={merge.isPending}>
                {t('reviews.merge')}
              </Button>
            </>
          ) : null}
        </div>
      ) : null}
      {mayUncover ? (
        <UnmaskDialog<Uncovered>
          title={t('reviews.uncover')}
          text={t('reviews.uncoverText')}
          fields={fieldsOf(review).map((value) => ({ value, label: t(`reviews.field.${value}`) }))}
          ask={(client, fields, reason) => client.post<Uncovered>(`/reviews/${review.id}/unmask`, { fields, reason })}
          open={asking}
          onClose={() => setAsking(false)}
          onShown={setShown}
        />
      ) : null}
    </li>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') ?? 'open';
  const cursor = params.get('cursor') ?? '';
  const limit = params.get('limit') ?? '20';
  const member = params.get('member') ?? '';
  const list = `${useOwner()} reviews ${state} ${member} ${limit}`;
  const answer = useQuery<Page<Review>>({
    queryKey: ['reviews', merchant.id, state, member, cursor, limit],
    queryFn: () => api.get<Page<Review>>('/reviews', { state, member, cursor, limit }),
    placeholderData: keepPreviousData,
  });
  const open = useOverview().data?.reviews_open;
  const rows = answer.data?.items ?? [];
  const goto = (next: Record<string, string>) =>
    setParams(Object.fromEntries(Object.entries({ state, member, limit, ...next }).filter(([k, v]) => v && !(k === 'state' && v === 'open') && !(k === 'limit' && v === '20'))));
  return (
    <>
      <PageHead
        title={t('nav.reviews')}
        note={t('reviews.note')}
        actions={
          <Segmented
            aria-label={t('orders.state')}
            value={state}
            options={['open', 'merged', 'kept_apart'].map((value) => ({ value, label: t(`words.reviewState.${value}`) }))}
            onChange={(value) => goto({ state: value, cursor: '' })}
          />
        }
      />
      <div className="filter-row gap-below">
        <MemberBox className="filter-member" label={t('reviews.ofMember')} value={member || null} onChange={(value) => goto({ member: value ?? '', cursor: '' })} />
        <span className="muted small">{t('reviews.order')}</span>
      </div>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active />
      ) : rows.length === 0 && !answer.error ? (
        <div className="card">
          {member ? (
            <EmptyTeach title={t('reviews.noneOf')} actions={<Button onClick={() => goto({ member: '', cursor: '' })}>{t('list.clear')}</Button>} />
          ) : (
            <EmptyTeach title={t(state === 'open' ? 'reviews.empty' : 'list.nothingFound')} text={state === 'open' ? t('reviews.emptyText') : undefined} />
          )}
        </div>
      ) : (
        <>
          <ul className="stack reviews">
            {rows.map((review) => (
              <ReviewCard key={review.id} review={review} />
            ))}
          </ul>
          <Pager
            count={rows.length}
            total={state === 'open' && !member ? open : null}
            pageNumber={pageNumber(list, cursor)}
            limit={limit}
            hasPrevious={cursor !== ''}
            hasNext={Boolean(answer.data?.next_cursor)}
            busy={answer.isPlaceholderData}
            onLimit={(value) => goto({ limit: value, cursor: '' })}
            onPrevious={() => goto({ cursor: wayTo(list, cursor)?.at(-1) ?? '' })}
            onNext={() => {
              const next = answer.data?.next_cursor ?? '';
              goneOn(list, cursor, next);
              goto({ cursor: next });
            }}
          />
        </>
      )}
    </>
  );
}
