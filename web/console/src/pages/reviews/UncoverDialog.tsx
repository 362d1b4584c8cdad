/** Shows both sides of a review in clear, for one reason that the audit log keeps for each of the two. */
import type { Review } from '@api';
import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { ReasonModal } from '../../ui/bits';
import { type Clear, fieldsOf, type Uncovered } from './compare';

interface Props {
  review: Review;
  open: boolean;
  onClose: () => void;
  onShown: (values: Uncovered) => void;
}

export function UncoverDialog({ review, open, onClose, onShown }: Props) {
  const { t } = useTranslation();
  const known = fieldsOf(review);
  const [fields, setFields] = useState(known);
  const show = useAct<string, Uncovered>(
    async (client, reason) => {
      const ask = (id: string) => client.post<Clear>(`/members/${id}/unmask`, { fields, reason });
      return { left: await ask(review.left.id), right: await ask(review.right.id) };
    },
    {
      touches: [['list', '/audit']],
      onDone: (values) => {
        onShown(values);
        onClose();
      },
    },
  );
  return (
    <ReasonModal
      open={open}
      title={t('reviews.uncover')}
      text={t('reviews.uncoverText')}
      label={t('members.unmaskReason')}
      confirm={t('members.unmaskDo')}
      pending={show.isPending}
      onConfirm={(reason) => show.mutate(reason)}
      onClose={onClose}
    >
      <Checkbox.Group
        className="gap-below"
        value={fields}
        onChange={(values) => setFields(values.length > 0 ? values : fields)}
        options={known.map((value) => ({ value, label: t(`reviews.field.${value}`) }))}
      />
    </ReasonModal>
  );
}
