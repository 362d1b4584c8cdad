/** A member's points and tier, in each programme that they are in: what they have, what ends when, and every entry. */
import '../../../styles/programme.css';
import type { Member } from '@api';
import { Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useCan } from '../../../app/session';
import { AsOf, EmptyTeach } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { type Book, type Programme, WRITE_POINTS } from '../../programme/contract';
import { useBooks, useProgrammes } from '../../programme/use';
import { BookActions } from './BookActions';
import { BookFigures } from './BookFigures';
import { BookEntries } from './BookEntries';
import { WhyNone } from './WhyNone';

/** The book of somebody who has none yet. */
const blank = ({ id, name }: Programme): Book => ({ programme: { id, name }, accounts: {}, debt: 0, lots: [], expiring: [], check_in: { run: 0 }, known_at: '' });

/** Nothing is booked yet: the first thing may be done here. */
function NoBook({ member, may }: { member: Member; may: boolean }) {
  const { t } = useTranslation();
  const programmes = useProgrammes().data;
  const running = (programmes ?? []).filter((p) => p.state === 'active');
  return (
    <EmptyTeach
      title={t('points.noBooks')}
      text={
        <>
          {t('points.noBooksText')}
          {programmes ? <WhyNone book={null} member={member} programme={running[0] ?? programmes.find((p) => p.state !== 'archived')} /> : null}
        </>
      }
      actions={
        may && running.length > 0 ? (
          running.map((p) => (
            <span key={p.id} className="row-gap tight">
              {running.length > 1 ? p.name : null}
              <BookActions member={member.id} book={blank(p)} />
            </span>
          ))
        ) : (
          <Link to="/programmes">{t('nav.programmes')}</Link>
        )
      }
    />
  );
}

export function PointsTab({ member }: { member: Member }) {
  const { id } = member;
  const { t } = useTranslation();
  const programmes = useProgrammes();
  const may = useCan(WRITE_POINTS);
  const answer = useBooks(id);
  const [params, setParams] = useSearchParams();
  if (answer.error) return <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />;
  if (!answer.data) return <Skeleton active className="pad" />;
  const books = answer.data;
  const book = books.find((one) => one.programme.id === params.get('programme')) ?? books[0];
  if (!book) return <NoBook member={member} may={may} />;
  const choose = (programme: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('cursor');
        next.set('programme', programme);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <div className="tab-bar">
        {books.length > 1 ? (
          <Select aria-label={t('nav.programmes')} value={book.programme.id} options={books.map((one) => ({ value: one.programme.id, label: one.programme.name }))} onChange={choose} popupMatchSelectWidth={false} />
        ) : (
          <Link to={`/programmes/${book.programme.id}`}>{book.programme.name}</Link>
        )}
        <span className="grow">
          <AsOf at={book.known_at} busy={answer.isFetching} />
        </span>
        {may ? <BookActions member={id} book={book} /> : null}
      </div>
      <BookFigures book={book}>{programmes.data ? <WhyNone book={book} member={member} programme={programmes.data.find((p) => p.id === book.programme.id)} /> : null}</BookFigures>
      <BookEntries member={id} book={book} />
    </>
  );
}
