/** The head that ledger and liability share: which programme, and what to do where there is none. */
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Select, Skeleton } from 'antd';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatShare } from '../../../app/format';
import { useCan } from '../../../app/session';
import { Card, EmptyTeach, PageHead } from '../../../ui/bits';
import { ProblemAlert } from '../../../ui/problem';
import { type Programme, WRITE_PROGRAMMES } from '../contract';
import { useChosen } from '../use';

/** What is read of books, by the first word of its key. */
const OF_BOOKS = ['liability', 'points-forecast', 'list'];

interface Props {
  title: string;
  note: string;
  tools?: ReactNode;
  children: (programme: Programme) => ReactNode;
}

/** While books are being made for all members, that they are and how far; what was read meanwhile is read again at their end. */
function Building({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const was = useRef(false);
  const is = Boolean(programme.filling);
  useEffect(() => {
    if (was.current && !is) for (const key of OF_BOOKS) void client.invalidateQueries({ queryKey: [key] });
    was.current = is;
  }, [client, is]);
  if (!programme.filling) return null;
  const { done, total, running } = programme.filling;
  if (!running) return <Alert className="building" type="warning" showIcon title={t('points.buildingStopped', { share: formatShare(done, total || 1) })} />;
  return <Alert className="building" type="info" showIcon title={total ? t('points.buildingShare', { share: formatShare(done, total) }) : t('points.building')} />;
}

export function OfProgramme({ title, note, tools, children }: Props) {
  const { t } = useTranslation();
  const may = useCan(WRITE_PROGRAMMES);
  const { all, items, chosen, choose } = useChosen();
  return (
    <>
      <PageHead
        title={title}
        note={note}
        actions={
          <>
            {items.length > 1 && chosen ? (
              <Select aria-label={t('nav.programmes')} value={chosen.id} options={items.map((p) => ({ value: p.id, label: p.name }))} onChange={choose} popupMatchSelectWidth={false} />
            ) : null}
            {chosen ? tools : null}
          </>
        }
      />
      <ProblemAlert error={all.error} retry={() => void all.refetch()} />
      {all.isPending ? (
        <Skeleton active />
      ) : chosen ? (
        <>
          <Building key={chosen.id} programme={chosen} />
          {children(chosen)}
        </>
      ) : all.error ? null : (
        <Card>
          <EmptyTeach
            title={t('programme.empty')}
            text={t('programme.emptyText')}
            actions={
              may ? (
                <Link to="/programmes/new">
                  <Button type="primary">{t('programme.new')}</Button>
                </Link>
              ) : null
            }
          />
        </Card>
      )}
    </>
  );
}
