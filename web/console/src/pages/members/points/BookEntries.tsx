/** A member's entries, newest first, each with why; what was spent can be taken back here. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../../app/session';
import { EmptyTeach, Mark, Time } from '../../../ui/bits';
import type { Column } from '../../../ui/DataTable';
import { ResourceList } from '../../../ui/list/ResourceList';
import { type Book, type Entry, WRITE_POINTS } from '../../programme/contract';
import { EntryDrawer } from '../../programme/ledger/EntryDrawer';
import { CauseCell, ChangeCell, useAccountName } from '../../programme/ledger/words';
import { isSpend } from '../../programme/model/cause';
import { ReverseDialog } from './ReverseDialog';

export function BookEntries({ member, book }: { member: string; book: Book }) {
  const { t } = useTranslation();
  const account = useAccountName();
  const may = useCan(WRITE_POINTS);
  const [open, setOpen] = useState<Entry | null>(null);
  const [reversing, setReversing] = useState<Entry | null>(null);
  const programme = book.programme.id;
  const columns: Column<Entry>[] = [
    {
      key: 'why',
      title: t('points.why'),
      render: (e) => (
        <span className="cell-two">
          <CauseCell entry={e} named />
          {e.corrects ? <Mark tone="info">{t('points.corrects')}</Mark> : null}
        </span>
      ),
    },
    { key: 'move', title: t('points.move'), render: (e) => `${account(e.from)} → ${account(e.to)}` },
    { key: 'change', title: t('points.change'), align: 'right', render: (e) => <ChangeCell entry={e} /> },
    { key: 'at', title: t('points.happenedAt'), render: (e) => <Time at={e.happened_at} /> },
  ];
  return (
    <>
      <h3 className="book-entries">{t('points.entries')}</h3>
      <ResourceList<Entry>
        key={programme}
        plain
        page="member-points"
        label={t('points.entries')}
        path={`/members/${member}/points/${programme}/entries`}
        columns={columns}
        rowKey={(e) => String(e.seq)}
        actions={(e) => (
          <span className="row-actions">
            {may && isSpend(e) ? (
              <Button size="small" onClick={() => setReversing(e)}>
                {t('points.reverse')}
              </Button>
            ) : null}
            <Button size="small" onClick={() => setOpen(e)}>
              {t('points.openEntry')}
            </Button>
          </span>
        )}
        empty={<EmptyTeach title={t('points.noEntries')} text={t('points.noEntriesText')} />}
      />
      <EntryDrawer programme={programme} entry={open} member={member} onClose={() => setOpen(null)} />
      {reversing ? <ReverseDialog member={member} programme={programme} entry={reversing} onClose={() => setReversing(null)} /> : null}
    </>
  );
}
