/** Which tags a member has, or has none of; since when, if that is asked. */
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Cond, Window } from '../model/tree';
import { WindowPicker } from './WindowPicker';
import { Words } from './Words';

const HOWS = ['has_any', 'has_all', 'not_has_any', 'not_has_all'] as const;
type How = (typeof HOWS)[number];
type Has = Extract<Cond, { tags: string[] }>;

export function TagsRow({ cond, onChange }: { cond: Cond; onChange: (cond: Cond) => void }) {
  const { t } = useTranslation();
  const has = (cond.op === 'not' ? cond.arg : cond) as Has;
  const how = `${cond.op === 'not' ? 'not_' : ''}${has.op}` as How;
  const put = (change: { how?: How; tags?: string[]; added?: Window | undefined }) => {
    const next = { how, tags: has.tags, added: has.added, ...change };
    const made: Cond = { op: next.how.replace('not_', '') as Has['op'], tags: next.tags, ...(next.added ? { added: next.added } : {}) };
    onChange(next.how.startsWith('not_') ? { op: 'not', arg: made } : made);
  };
  return (
    <div className="cond-line">
      <Select<How>
        className="how"
        aria-label={t('builder.howOf')}
        value={how}
        options={HOWS.map((value) => ({ value, label: t(`builder.tags.${value}`) }))}
        onChange={(value) => put({ how: value })}
        popupMatchSelectWidth={false}
      />
      <Words label={t('nav.tags')} vocabulary="tag" values={null} value={has.tags} wanting={has.tags.length === 0} onChange={(tags) => put({ tags })} />
      <span className="muted">{t('builder.tags.added')}</span>
      <WindowPicker label={t('builder.tags.added')} window={has.added} onChange={(added) => put({ added })} />
    </div>
  );
}
