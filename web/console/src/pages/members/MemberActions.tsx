/** What can be done to a member as a whole: hand out a link to their own page, merge with another, hand out a copy of the data, erase. */
import DownOutlined from '@ant-design/icons/DownOutlined';
import type { Member } from '@api';
import { App, Button, Dropdown, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCan } from '../../app/session';
import { useAct } from '../../ui/act';
import { Needed } from '../../ui/bits';
import { PickMember } from './PickMember';

export function MergeDialog({ member, open, onClose }: { member: Member; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [other, setOther] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const reasonId = useId();
  const merge = useAct<void, { merge_id: string; member: Member }>(
    (client) => client.post(`/members/${member.id}/merge`, { other, reason: reason.trim() }),
    {
      done: t('members.mergeDone'),
      touches: [['member'], ['identity'], ['list'], ['overview'], ['standing'], ['timeline'], ['consents']],
      followed: true,
      onDone: (answer) => {
        onClose();
        void navigate(`/members/${answer.member.id}?tab=identity`);
      },
    },
  );
  return (
    <Modal
      open={open}
      title={t('members.merge')}
      okText={t('members.mergeDo')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !other || reason.trim() === '', loading: merge.isPending }}
      onOk={() => merge.mutate()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p>{t('members.mergeText')}</p>
      <PickMember value={other} except={member.id} onChange={setOther} />
      <label htmlFor={reasonId} className="field-label">
        <Needed>{t('common.reason')}</Needed>
      </label>
      <Input id={reasonId} aria-required value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} />
    </Modal>
  );
}

/** What is done to a member more seldom, behind one button so that the head of the page stays in one row. */
export function MoreActions({ member, onMerge }: { member: Member; onMerge: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const mayWrite = useCan('members:write');
  const mayPrivacy = useCan('privacy:manage');
  const mayLink = useCan('shopper:link');
  const navigate = useNavigate();
  const ask = useAct<'copy' | 'erasure'>((client, kind) => client.post('/privacy/requests', { member: member.id, kind }), {
    done: t('members.privacyAsked'),
    touches: [['list', '/privacy/requests']],
    onDone: () => void navigate('/privacy'),
  });
  const link = useAct<void, { url: string }>((client) => client.post(`/members/${member.id}/shopper-link`, {}), {
    touches: [],
    onDone: ({ url }) =>
      void modal.info({
        title: t('members.shopperLink'),
        content: (
          <>
            <p>{t('members.shopperLinkText')}</p>
            <Input.TextArea readOnly autoSize aria-label={t('members.shopperLink')} value={new URL(url, window.location.origin).href} onFocus={(e) => e.target.select()} />
          </>
        ),
        okText: t('common.close'),
      }),
  });
  const confirm = (kind: 'copy' | 'erasure') =>
    modal.confirm({
      title: t(kind === 'copy' ? 'members.copyTitle' : 'members.eraseTitle'),
      content: t(kind === 'copy' ? 'members.copyText' : 'members.eraseText'),
      okText: t('members.privacyCreate'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: kind === 'erasure' },
      onOk: () => ask.mutateAsync(kind).catch(() => undefined),
    });
  if (!mayWrite && !mayPrivacy && !mayLink) return null;
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          ...(mayLink ? [{ key: 'link', label: t('members.shopperLink') }] : []),
          ...(mayWrite ? [{ key: 'merge', label: t('members.merge') }] : []),
          ...(mayPrivacy
            ? [
                { key: 'copy', label: t('members.copyTitle') },
                { key: 'erasure', label: t('members.eraseTitle'), danger: true },
              ]
            : []),
        ],
        onClick: ({ key }) => {
          if (key === 'merge') onMerge();
          else if (key === 'link') link.mutate();
          else confirm(key as 'copy' | 'erasure');
        },
      }}
    >
      <Button>
        {t('common.more')} <DownOutlined className="tiny" aria-hidden="true" />
      </Button>
    </Dropdown>
  );
}
