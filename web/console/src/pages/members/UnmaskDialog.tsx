/** Shows personal data in clear for one reason, which the audit log keeps with the name of who asked. */
import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { ReasonModal } from '../../ui/bits';

interface Props {
  id: string;
  open: boolean;
  onClose: () => void;
  onShown: (values: Record<string, string | null>) => void;
}

export function UnmaskDialog({ id, open, onClose, onShown }: Props) {
  const { t } = useTranslation();
  const [fields, setFields] = useState<string[]>(['phone', 'name']);
  const show = useAct<string, Record<string, string | null>>(
    (client, reason) => client.post<Record<string, string | null>>(`/members/${id}/unmask`, { fields, reason }),
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
      title={t('members.unmask')}
      text={t('members.unmaskText')}
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
        options={['phone', 'name', 'email'].map((value) => ({ value, label: t(`members.${value}`) }))}
      />
    </ReasonModal>
  );
}
