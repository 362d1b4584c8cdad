/** Pairs that somebody has to judge in which this member is a side; nothing where there are none. */
import type { Page, Review } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { useSession } from '../../app/session';

/** So many are counted; of more it is said that there are more. */
const COUNTED = 10;

export function WaitingReviews({ id }: { id: string }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const { data } = useQuery<Page<Review>>({
    queryKey: ['reviews', merchant.id, 'of', id],
    queryFn: () => api.get<Page<Review>>('/reviews', { member: id, limit: COUNTED }),
  });
  const n = data?.items.length ?? 0;
  if (n === 0 && !data?.next_cursor) return null;
  return (
    <Alert
      type="info"
      showIcon
      className="gap-below"
      title={<Link to={`/reviews?member=${id}`}>{t(data?.next_cursor ? 'members.reviewsMany' : n === 1 ? 'members.reviewsOne' : 'members.reviewsSome', { n })}</Link>}
    />
  );
}
