/** The member's tags, added and taken off in place; what was done is told in the timeline and by the audit log. */
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import type { Member, MemberTag, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../app/format';
import { api } from '../../app/api';
import { useCan, useSession, useZone } from '../../app/session';
import { useWhoName } from '../../app/who';
import { useAct } from '../../ui/act';
import { Card } from '../../ui/bits';
import { TagChip } from '../tags/TagChip';
import { TagPicker } from '../tags/TagPicker';
import { TAG_TOUCHES } from '../tags/useTags';

export function TagsCard({ member }: { member: Member }) {
  const { t } = useTranslation();
  const zone = useZone();
  const who = useWhoName();
  const may = useCan('members:write');
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const { merchant } = useSession();
  const labels = member.assigned_tags ?? [];
  const told = useQuery<Page<MemberTag>>({
    queryKey: ['member', merchant.id, member.id, 'tags'],
    queryFn: () => api.get<Page<MemberTag>>(`/members/${member.id}/tags`),
    enabled: labels.length > 0,
  });
  // Who says it in a file, with score and end: for those whom a file named.
  const lines = (told.data?.items ?? []).flatMap((label) =>
    (label.said ?? []).map((s) =>
      [
        `${label.name} · ${s.source}`,
        s.score == null ? null : t('tags.saidScore', { n: s.score }),
        s.valid_until ? t('tags.saidUntil', { at: formatTime(s.valid_until, zone).slice(0, 10) }) : null,
      ]
        .filter(Boolean)
        .join(' · '),
    ),
  );
  const touches = [['member'], ['list'], ['timeline'], ...TAG_TOUCHES];
  const give = useAct<string[]>(
    async (client, ids) => {
      for (const id of ids) await client.put(`/members/${member.id}/tags/${id}`, {});
    },
    {
      touches,
      done: t('tags.given'),
      onDone: () => {
        setChosen([]);
        setAdding(false);
      },
    },
  );
  const take = useAct<string>((client, id) => client.delete(`/members/${member.id}/tags/${id}`), { touches, done: t('tags.taken') });
  return (
    <Card
      title={t('nav.tags')}
      extra={
        may && !adding ? (
          <Button type="link" size="small" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t('tags.add')}
          </Button>
        ) : null
      }
    >
      {labels.length > 0 ? (
        <div className="tag-chips">
          {labels.map((label) => (
            <TagChip
              key={label.id}
              tag={label}
              note={t('tags.since', { at: formatTime(label.since, zone).slice(0, 10), who: who(label.by) })}
              busy={take.isPending}
              onRemove={may ? () => take.mutate(label.id) : undefined}
            />
          ))}
        </div>
      ) : adding ? null : (
        <p className="muted">{t('tags.memberNone')}</p>
      )}
      {lines.length > 0 ? (
        <ul className="tag-said muted small">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      {adding ? (
        <div className="tag-add">
          <TagPicker
            label={t('tags.add')}
            placeholder={t('tags.pick')}
            value={chosen}
            onChange={setChosen}
            without={labels.map((label) => label.id)}
            create
            autoFocus
          />
          <div className="row-gap">
            <Button type="primary" size="small" disabled={chosen.length === 0} loading={give.isPending} onClick={() => give.mutate(chosen)}>
              {t('tags.give')}
            </Button>
            <Button
              size="small"
              onClick={() => {
                setAdding(false);
                setChosen([]);
              }}
            >
              {t('common.cancel')}
            </Button>
          </div>
        </div>
      ) : null}
      {member.tags && member.tags.length > 0 ? (
        <div className="tag-source">
          <span className="muted small">{t('tags.fromList')}</span>
          <span>{member.tags.join('、')}</span>
        </div>
      ) : null}
    </Card>
  );
}
