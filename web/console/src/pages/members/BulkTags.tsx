/**
 * Tags for many members at once: those ticked, everybody whom the list's filter finds (large ones go on as a task), or
 * those behind a number of a report, page by page as the report names them.
 */
import type { BulkTagged, Member } from '@api';
import { Alert, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';
import { useAct } from '../../ui/act';
import { filterBody } from '../../ui/list/filterBody';
import type { Choice } from '../../ui/list/ResourceList';
import { ProblemAlert } from '../../ui/problem';
import { TagPicker } from '../tags/TagPicker';
import { TAG_TOUCHES } from '../tags/useTags';

/** Everybody is never asked for by leaving the filter empty. */
const everybodyOr = (filter: Record<string, unknown>) => (Object.keys(filter).length > 0 ? filter : { all: true });

interface Props {
  choice: Choice<Member> | { behind: () => AsyncGenerator<string[]> };
  onClose: () => void;
  onDone: () => void;
}

export function BulkTags({ choice, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const [soFar, setSoFar] = useState(0);
  const [outcome, setOutcome] = useState<BulkTagged | null>(null);
  const run = useAct<void, BulkTagged>(
    async (client) => {
      if (!('behind' in choice)) {
        const whom = choice.all ? { filter: everybodyOr(filterBody(choice.query)) } : { members: choice.rows.map((m) => m.id) };
        return client.post<BulkTagged>('/members/tags', { add, remove, ...whom });
      }
      const sum: BulkTagged = { changed: 0, unchanged: 0, not_found: 0 };
      for await (const members of choice.behind()) {
        const part = await client.post<BulkTagged>('/members/tags', { add, remove, members });
        sum.changed += part.changed;
        sum.unchanged += part.unchanged;
        sum.not_found += part.not_found;
        setSoFar(sum.changed + sum.unchanged);
      }
      return sum;
    },
    { quiet: true, touches: [['list'], ['member'], ['jobs'], ...TAG_TOUCHES], onDone: setOutcome },
  );
  const close = () => (outcome ? onDone() : onClose());
  return (
    <Modal
      open
      title={'behind' in choice ? t('tags.bulkBehind') : choice.all ? t('tags.bulkAll') : t('tags.bulkSome', { n: formatNumber(choice.rows.length) })}
      onCancel={close}
      footer={
        outcome ? (
          <Button type="primary" onClick={close}>
            {t('common.close')}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button type="primary" disabled={add.length + remove.length === 0} loading={run.isPending} onClick={() => run.mutate()}>
              {t('tags.bulkDo')}
            </Button>
          </>
        )
      }
    >
      {outcome ? (
        <Alert
          type="success"
          showIcon
          title={outcome.job ? t('tags.bulkStarted') : t('tags.bulkDone', { changed: formatNumber(outcome.changed), unchanged: formatNumber(outcome.unchanged) })}
          description={outcome.job ? t('tags.bulkStartedText') : undefined}
        />
      ) : (
        <div className="stack">
          <ProblemAlert error={run.error} />
          {'all' in choice && choice.all ? <p className="muted">{t('tags.bulkAllText')}</p> : null}
          {run.isPending && soFar > 0 ? (
            <p className="muted" aria-live="polite">
              {t('tags.bulkSoFar', { n: formatNumber(soFar) })}
            </p>
          ) : null}
          <div>
            <span className="field-label">{t('tags.bulkAdd')}</span>
            <TagPicker label={t('tags.bulkAdd')} placeholder={t('tags.pick')} value={add} onChange={setAdd} without={remove} create />
          </div>
          <div>
            <span className="field-label">{t('tags.bulkRemove')}</span>
            <TagPicker label={t('tags.bulkRemove')} placeholder={t('tags.pick')} value={remove} onChange={setRemove} without={add} archived />
          </div>
        </div>
      )}
    </Modal>
  );
}
