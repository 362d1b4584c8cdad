/** Whose points end soon, how many and on which day: whom to remind. The whole list is a file that the server writes. */
import '../../../styles/programme.css';
import DownloadOutlined from '@ant-design/icons/DownloadOutlined';
import TagsOutlined from '@ant-design/icons/TagsOutlined';
import type { Page } from '@api';
import { Button, Select, Space } from 'antd';
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
import { EndingTotal } from './EndingTotal';
import { OfProgramme } from './Head';

/** Days ahead that can be chosen. */
const DAYS = [7, 15, 30, 60, 90, 180, 365];
/** What the server takes where none are. */
const USUAL = 30;

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
  const [params] = useSearchParams();
  const days = Number(params.get('within') ?? USUAL);
  const said = (n: number) => (n % 30 === 0 || n === 365 ? t('points.ending.inMonths', { n, m: Math.floor(n / 30) }) : t('points.ending.inDays', { n }));
  const nobody = { title: t('points.ending.none'), text: t('points.ending.noneText') };
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
    <>
      <EndingTotal programme={programme} days={days} />
      <ResourceList<Ending>
        key={programme.id}
        page="points-ending"
        label={t('nav.ending')}
        path={`/programmes/${programme.id}/ending`}
        columns={columns}
        rowKey={(e) => e.member}
        filters={[
          {
            kind: 'own',
            name: 'within',
            label: t('points.ending.within'),
            // Some days always hold: an empty box would not say which.
            box: (value, put) => (
              <span className="row-gap tight">
                <span className="muted">{t('points.ending.within')}</span>
                <Select
                  aria-label={t('points.ending.within')}
                  value={Number(value ?? USUAL)}
                  options={DAYS.map((n) => ({ value: n, label: said(n) }))}
                  popupMatchSelectWidth={false}
                  onChange={(n) => put(n === USUAL ? undefined : String(n))}
                />
              </span>
            ),
          },
        ]}
        nothing={() => nobody}
        empty={
          <EmptyTeach
            {...nobody}
            actions={
              <Link to={`/points/ending?programme=${programme.id}&within=365`}>
                <Button>{said(365)}</Button>
              </Link>
            }
          />
        }
      />
    </>
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
