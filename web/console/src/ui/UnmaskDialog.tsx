/** Shows personal data in clear for one reason, which the audit log keeps with the name of who asked. */
import type { Client } from '@api';
import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from './act';
import { ReasonModal } from './bits';

/** What an unmask call answers: several values of one field stand in one text, in the order of the member's keys. */
export type Clear = Record<string, string | null>;

/** Asks for one member's fields in clear. */
export const unmask = (client: Client, id: string, fields: string[], reason: string) =>
  client.post<Clear>(`/members/${id}/unmask`, { fields, reason });

interface Props<T> {
  title: string;
  text: string;
  /** What can be asked for, with its name; those in `chosen` at first, all where it is absent. */
  fields: { value: string; label: string }[];
  chosen?: string[];
  ask: (client: Client, fields: string[], reason: string) => Promise<T>;
  open: boolean;
  onClose: () => void;
  onShown: (values: T) => void;
}

export function UnmaskDialog<T>({ title, text, fields, chosen, ask, open, onClose, onShown }: Props<T>) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(chosen ?? fields.map((f) => f.value));
  const show = useAct<string, T>((client, reason) => ask(client, wanted, reason), {
    touches: [['list', '/audit']],
    onDone: (values) => {
      onShown(values);
      onClose();
    },
  });
  return (
    <ReasonModal
      open={open}
      title={title}
      text={text}
      label={t('members.unmaskReason')}
      confirm={t('members.unmaskDo')}
      pending={show.isPending}
      onConfirm={(reason) => show.mutate(reason)}
      onClose={onClose}
    >
      <Checkbox.Group
        className="gap-below"
        value={wanted}
        onChange={(values) => setWanted(values.length > 0 ? values : wanted)}
        options={fields}
      />
    </ReasonModal>
  );
}
