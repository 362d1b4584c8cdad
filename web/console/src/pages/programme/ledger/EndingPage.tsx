/** Whose points end soon, how many and on which day: whom to remind. The whole list is a file that the server writes. */
import '../../../styles/programme.css';
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import TagsOutlined from '@ant-design/icons/TagsOutlined';
import type { Page } from '@api';
import { Button, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '../../../app/api';
import { formatNumber } from '../../../app/format';
import { useCan } from '../../../app/session';
import { useAct } from '../../../ui/act';
import { downloadBlob, EmptyTeach } from '../../../ui/bits';
import type { Column } from '../../../ui/DataTable';
import { ResourceList } from '../../../ui/list/ResourceList';
import { BulkTags } from '../../members/BulkTags';
import type { Ending, Programme } from '../contract';
import { useTierName } from '../use';
import { OfProgramme } from './Head';

/** Days ahead that can be chosen; the server takes thirty where none is. */
const DAYS = ['7', '15', '30', '60', '90', '180', '365'];

/** A long split is told by its first days; the file has them all. */
const SHOWN = 3;

function Days({ ending }: { ending: Ending }) {
  const { t } = useTranslation();
  const more = ending.days.length - SHOWN;
  return (
    <span className="cell-two">
      {ending.days.slice(0, SHOWN).map((one) => (
        <span key={one.day} className="small nowrap">
          {t('points.ending.onDay', { day: one.day, n: formatNumber(one.points) })}
        </span>
      ))}
      {more > 0 ? <span className="muted small">{t('points.ending.moreDays', { n: more, day: ending.last_day })}</span> : null}
    </span>
  );
}

function Endings({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const tierName = useTierName(programme.id);
  const columns: Column<Ending>[] = [
    {
      key: 'member',
      title: t('members.one'),
      render: (e) => (
        <Link to={`/members/${e.member}?tab=points`} title={e.member} className="mono nowrap">
          <span className="visually-hidden">{t('members.open')} </span>…{e.member.slice(-6)}
        </Link>
      ),
    },
    { key: 'points', title: t('points.ending.points'), align: 'right', render: (e) => <span className="amount strong">{formatNumber(e.points)}</span> },
    { key: 'first', title: t('points.ending.first'), render: (e) => <span className="nowrap">{e.first_day}</span> },
    { key: 'days', title: t('points.ending.days'), render: (e) => <Days ending={e} /> },
    { key: 'available', title: t('points.account.available'), align: 'right', render: (e) => <span className="amount">{formatNumber(e.available)}</span> },
    { key: 'tier', title: t('points.tier'), render: (e) => (e.tier ? tierName(e.tier) : '–') },
  ];
  return (
    <ResourceList<Ending>
      key={programme.id}
      page="points-ending"
      label={t('nav.ending')}
      path={`/programmes/${programme.id}/ending`}
      columns={columns}
      rowKey={(e) => e.member}
      filters={[{ kind: 'select', name: 'within', label: t('points.ending.within'), options: DAYS.map((value) => ({ value, label: t('points.ending.inDays', { n: value }) })) }]}
      empty={
        <EmptyTeach
          title={t('points.ending.none')}
          text={t('points.ending.noneText')}
          actions={
            <Link to={`/points/ending?programme=${programme.id}&within=365`}>
              <Button>{t('points.ending.inDays', { n: 365 })}</Button>
            </Link>
          }
        />
      }
    />
  );
}

function Tools({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const within = params.get('within') ?? undefined;
  const mayTag = useCan('members:write');
  const [tagging, setTagging] = useState(false);
  const save = useAct(async (client) => {
    const file = await client.download(`/programmes/${programme.id}/ending/export`, { within, format: 'csv' });
    downloadBlob(file, `${programme.name}-${t('nav.ending')}.csv`);
  });
  const everybody = async function* () {
    let cursor: string | undefined;
    do {
      const page: Page<Ending> = await api.get<Page<Ending>>(`/programmes/${programme.id}/ending`, { within, limit: 200, cursor });
      if (page.items.length > 0) yield page.items.map((e) => e.member);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
  };
  return (
    <Space wrap>
      <Button icon={<DownloadOutlined aria-hidden="true" />} loading={save.isPending} onClick={() => save.mutate()}>
        {t('points.ending.file')}
      </Button>
      {mayTag ? (
        <Button icon={<TagsOutlined aria-hidden="true" />} onClick={() => setTagging(true)}>
          {t('points.ending.tag')}
        </Button>
      ) : null}
      {tagging ? <BulkTags choice={{ behind: everybody }} onClose={() => setTagging(false)} onDone={() => setTagging(false)} /> : null}
    </Space>
  );
}

export function Component() {
  const { t } = useTranslation();
  return (
    <OfProgramme title={t('nav.ending')} note={t('points.ending.note')}>
      {(programme) => (
        <div className="stack">
          <div>
            <Tools programme={programme} />
          </div>
          <Endings programme={programme} />
        </div>
      )}
    </OfProgramme>
  );
}
