/** At the side of a member's page: tier, what is free to be spent, what ends soon, what is wanting to the next tier. */
import type { Member } from '@api';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { Card, Mark } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { useBooks, useProgrammes, useTierName } from '../../programme/use';
import { WhyNone } from './WhyNone';

function TierMark({ programme, id }: { programme: string; id: string }) {
  const tierName = useTierName(programme);
  return <Mark tone="info">{tierName(id)}</Mark>;
}

export function PointsCard({ member, onOpen }: { member: Member; onOpen: () => void }) {
  const { t } = useTranslation();
  const answer = useBooks(member.id);
  const programmes = useProgrammes();
  const books = answer.data ?? [];
  const without = answer.data && books.length === 0 ? (programmes.data ?? []).filter((p) => p.state !== 'archived') : [];
  // A shop without a programme has no points to speak of.
  if (answer.data && books.length === 0 && without.length === 0) return null;
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
              {programmes.data ? <WhyNone book={book} member={member} programme={programmes.data.find((p) => p.id === book.programme.id)} /> : null}
              {book.next ? <span className="small">{book.next.sentence}</span> : null}
              {soon > 0 ? <span className="small warn-text">{t('points.soon', { n: formatNumber(soon), day: book.expiring[0]?.day ?? '' })}</span> : null}
            </li>
          );
        })}
        {without.map((programme) => (
          <li key={programme.id}>
            {without.length > 1 ? <span className="muted small">{programme.name}</span> : null}
            <span className="book-short">
              <span>
                <span className="mini-value amount">0</span> {t('programme.points')}
              </span>
            </span>
            <WhyNone book={null} member={member} programme={programme} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
