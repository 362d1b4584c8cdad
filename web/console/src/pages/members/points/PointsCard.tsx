/** At the side of a member's page: tier, what is free to be spent, what ends soon, what is wanting to the next tier. */
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { Card, Mark } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { useBooks, useTierName } from '../../programme/use';

function TierMark({ programme, id }: { programme: string; id: string }) {
  const tierName = useTierName(programme);
  return <Mark tone="info">{tierName(id)}</Mark>;
}

export function PointsCard({ id, onOpen }: { id: string; onOpen: () => void }) {
  const { t } = useTranslation();
  const answer = useBooks(id);
  const books = answer.data ?? [];
  if (answer.data && books.length === 0) return null;
  return (
    <Card
      title={t('points.title')}
      extra={
        <button type="button" className="link-button" onClick={onOpen}>
          {t('points.all')}
        </button>
      }
    >
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? <Skeleton active paragraph={{ rows: 2 }} /> : null}
      <ul className="books-short">
        {books.map((book) => {
          const soon = book.expiring.reduce((sum, one) => sum + one.points, 0);
          return (
            <li key={book.programme.id}>
              {books.length > 1 ? <span className="muted small">{book.programme.name}</span> : null}
              <span className="book-short">
                {book.tier ? <TierMark programme={book.programme.id} id={book.tier.id} /> : null}
                <span>
                  <span className="mini-value amount">{formatNumber(book.accounts.available ?? 0)}</span> {t('programme.points')}
                </span>
              </span>
              {book.next ? <span className="small">{book.next.sentence}</span> : null}
              {soon > 0 ? <span className="small warn-text">{t('points.soon', { n: formatNumber(soon), day: book.expiring[0]?.day ?? '' })}</span> : null}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
