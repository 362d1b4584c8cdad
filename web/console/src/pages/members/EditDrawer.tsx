/**
 * Facts of a member, corrected by hand with a reason that the audit log keeps. What is said here is newer than every
 * file so far; a file of a later day may say otherwise again. An emptied field takes the fact back.
 */
import type { Member } from '@api';
import { Button, Drawer, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../../app/prefs';
import { useAct } from '../../ui/act';
import { useWord } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';

interface Facts {
  name: string;
  gender: string | null;
  birthday: string;
  province: string;
  city: string;
  reason: string;
}

const BIRTHDAY = /^(\d{4}|-)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])L?$/;

function known(member: Member): Facts {
  return {
    name: '',
    gender: member.gender ?? null,
    birthday: member.birthday ?? '',
    province: member.region?.province ?? '',
    city: member.region?.city ?? '',
    reason: '',
  };
}

/** Only what differs is said: a fact that nobody touched keeps the source that it has. */
function changes(member: Member, given: Facts): Record<string, unknown> {
  const before = known(member);
  const said: Record<string, unknown> = {};
  const text = (value: string | null | undefined) => (value ?? '').trim();
  if (text(given.name)) said.name = text(given.name);
  if ((given.gender ?? null) !== before.gender) said.gender = given.gender ?? null;
  if (text(given.birthday) !== before.birthday) said.birthday = text(given.birthday) || null;
  if (text(given.province) !== before.province || text(given.city) !== before.city) {
    const region = { province: text(given.province) || null, city: text(given.city) || null };
    said.region = region.province || region.city ? region : null;
  }
  return said;
}

export function EditDrawer({ member, open, onClose }: { member: Member; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const narrow = useNarrow();
  const [form] = Form.useForm<Facts>();
  const save = useAct<Record<string, unknown>>((client, body) => client.patch(`/members/${member.id}`, body), {
    quiet: true,
    done: t('members.editDone'),
    touches: [['member'], ['list'], ['identity']],
    onDone: onClose,
  });
  const submit = (given: Facts) => {
    const said = changes(member, given);
    if (Object.keys(said).length === 0) onClose();
    else save.mutate({ ...said, reason: given.reason.trim() });
  };
  return (
    <Drawer
      open={open}
      onClose={onClose}
      size={narrow ? '100%' : 480}
      title={t('members.edit')}
      destroyOnHidden
      footer={
        <div className="drawer-footer">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <p className="muted">{t('members.editText')}</p>
      <ProblemAlert error={save.error} />
      <Form<Facts> form={form} layout="vertical" requiredMark={false} initialValues={known(member)} onFinish={submit}>
        <Form.Item name="name" label={t('members.name')} extra={t('members.editName')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name="gender" label={t('members.gender')}>
          <Select allowClear options={['female', 'male', 'other'].map((value) => ({ value, label: word('gender', value) }))} />
        </Form.Item>
        <Form.Item name="birthday" label={t('members.birthday')} extra={t('members.editBirthday')} rules={[{ pattern: BIRTHDAY, message: t('members.editBirthday') }]}>
          <Input maxLength={12} placeholder="1990-05-01" autoComplete="off" />
        </Form.Item>
        <Form.Item name="province" label={t('members.province')}>
          <Input maxLength={40} autoComplete="off" />
        </Form.Item>
        <Form.Item name="city" label={t('members.city')}>
          <Input maxLength={40} autoComplete="off" />
        </Form.Item>
        <Form.Item name="reason" label={t('common.reason')} extra={t('members.editReason')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
