/** The keys a member is known by, the ids that lead here, and every merge with the means to take it apart again. */
import type { MemberIdentity, MemberKey, Merge, UnmergeOutcome } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useCan, useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { Mark, ReasonModal, ShortId, Time } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { KeyClass, useKeyName } from './cells';
import { grouped } from './keys';

/** Keys of a kind that are shown at first; whoever bought for many has hundreds of one kind. */
const SHOWN = 5;

/** The keys of one kind, with how many they are; what all of them are is said once, in the head. */
/** Keys that look the same while they are masked, told once with how many they are. */
function folded(keys: MemberKey[]): { item: MemberKey; n: number }[] {
  const rows = new Map<string, { item: MemberKey; n: number }>();
  for (const item of keys) {
    const looks = `${item.value_masked} ${String(item.verified)}`;
    const row = rows.get(looks);
    if (row) row.n += 1;
    else rows.set(looks, { item, n: 1 });
  }
  return [...rows.values()];
}

function KeyGroup({ keys }: { keys: MemberKey[] }) {
  const { t } = useTranslation();
  const keyName = useKeyName();
  const [all, setAll] = useState(false);
  const first = keys[0];
  if (!first) return null;
  const rows = folded(keys);
  return (
    <section className="key-group">
      <h4>
        {keyName(first)} <span className="muted small">{t('members.keysOf', { n: formatNumber(keys.length) })}</span>
        <KeyClass item={first} />
      </h4>
      <ul className="key-rows">
        {rows.slice(0, all ? undefined : SHOWN).map(({ item, n }, index) => (
          <li key={index}>
            <span className="grow break">
              {item.value_masked}
              {n > 1 ? <span className="muted small"> × {formatNumber(n)}</span> : null}
            </span>
            {item.verified ? <Mark tone="good">{t('members.verified')}</Mark> : null}
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && !all ? (
        <Button size="small" onClick={() => setAll(true)}>
          {t('members.allKeys', { n: formatNumber(keys.length) })}
        </Button>
      ) : null}
    </section>
  );
}

export function IdentityTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const may = useCan('members:write');
  const [undoing, setUndoing] = useState<Merge | null>(null);
  const [outcome, setOutcome] = useState<UnmergeOutcome | null>(null);
  const key = ['identity', merchant.id, id];
  const answer = useQuery<MemberIdentity>({ queryKey: key, queryFn: () => api.get<MemberIdentity>(`/members/${id}/identity`) });
  const unmerge = useAct<string, UnmergeOutcome>(
    (client, reason) => client.post<UnmergeOutcome>(`/merges/${undoing?.id ?? ''}/unmerge`, { reason }),
    {
      touches: [key, ['member'], ['list'], ['reviews'], ['overview'], ['standing'], ['timeline'], ['consents']],
      followed: true,
      onDone: (result) => {
        setUndoing(null);
        setOutcome(result);
      },
    },
  );
  const data = answer.data;
  if (!data) return answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active className="pad" />;
  return (
    <div className="pad stack identity">
      <section>
        <h3>{t('members.keys')}</h3>
        <p className="muted small">{t('members.keysNote')}</p>
        {grouped(data.keys).map((keys, index) => (
          <KeyGroup key={index} keys={keys} />
        ))}
      </section>
      {data.aliases.length > 0 ? (
        <section>
          <h3>{t('members.aliases')}</h3>
          <p className="muted small">{t('members.aliasesNote')}</p>
          <div className="row-gap">
            {data.aliases.map((alias) => (
              <ShortId key={alias} id={alias} />
            ))}
          </div>
        </section>
      ) : null}
      <section>
        <h3>{t('members.merges')}</h3>
        {data.merges.length === 0 ? <p className="muted">{t('members.noMerges')}</p> : null}
        <ul className="key-rows">
          {data.merges.map((merge) => (
            <li key={merge.id}>
              <span className="grow">
                <Time at={merge.at} /> · {t('members.absorbed')} <ShortId id={merge.absorbed} />
                {merge.reason ? <span className="muted small block">{merge.reason}</span> : null}
              </span>
              {merge.undone_at ? (
                <Mark>{t('members.undone')}</Mark>
              ) : may ? (
                <Button size="small" onClick={() => setUndoing(merge)}>
                  {t('members.unmerge')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      </section>
      <ReasonModal
        open={undoing !== null}
        title={t('members.unmerge')}
        text={t('members.unmergeText')}
        confirm={t('members.unmerge')}
        pending={unmerge.isPending}
        onConfirm={(reason) => unmerge.mutate(reason)}
        onClose={() => setUndoing(null)}
      />
      <Modal
        open={outcome !== null}
        title={t('members.unmergedTitle')}
        onCancel={() => setOutcome(null)}
        footer={<Button onClick={() => setOutcome(null)}>{t('common.close')}</Button>}
      >
        {outcome?.differences.length === 0 ? (
          <p>{t('members.unmergedExact')}</p>
        ) : (
          <>
            <p>{t('members.unmergedDiffers')}</p>
            <ul className="bullets">
              {outcome?.differences.map((d, index) => (
                <li key={index}>{d.text}</li>
              ))}
            </ul>
          </>
        )}
        <div className="row-gap">
          {outcome?.members.map((member) => (
            <Link key={member} to={`/members/${member}`} onClick={() => setOutcome(null)}>
              {t('members.open')} {member.slice(-6)}
            </Link>
          ))}
          <Link to="/reviews">{t('nav.reviews')}</Link>
        </div>
      </Modal>
    </div>
  );
}
