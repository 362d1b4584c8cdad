/** What can be added: the conditions that shops ask for, by people's words, and everything else by search. */
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Button, Drawer, Dropdown, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useNarrow } from '../../../app/prefs';
import { PRESET_GROUPS, PRESETS } from '../model/presets';
import { factOf, type Registry, tableOf, typeOf } from '../model/registry';
import { freshRows, memberSubjects, valueFor } from '../model/subjects';
import { howsOf, takesList, writeTest } from '../model/test';
import type { Cond } from '../model/tree';
import { headed, nameOf, useBuilder } from './context';

interface Props {
  table: string | null;
  first: boolean;
  onAdd: (cond: Cond) => void;
}

/** A condition on any subject of the registry, still to be filled in. */
function condOn(subject: string, registry: Registry): Cond {
  if (/^(exists|none):/.test(subject)) {
    const exists: Cond = { op: 'exists', ...freshRows(subject.slice(subject.indexOf(':') + 1), registry) };
    return subject.startsWith('none') ? { op: 'not', arg: exists } : exists;
  }
  const value = valueFor(subject, null, registry);
  const type = typeOf(value, registry, null);
  const how = howsOf(type)[0] ?? 'eq';
  return writeTest({ value, how, words: type === 'bool' ? [true] : takesList(how) ? [] : [null] });
}

const SHOWN = 40;

function Choices({ onAdd }: { onAdd: (cond: Cond) => void }) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const [query, setQuery] = useState('');
  const word = query.trim().toLowerCase();
  const usable = PRESETS.filter((preset) => (preset.needs ?? []).every((name) => factOf(registry, name)?.filled));
  const nameOfPreset = (key: string) => t(`builder.preset.${key}`);
  const hits = (text: string) => word === '' || text.toLowerCase().includes(word);
  // People have other words for the same: 沉睡 is 流失, 地区 is 省份 or 城市.
  const oneOf = (words: string) => word !== '' && words.split(' ').some((also) => also !== '' && (also.includes(word) || word.includes(also)));
  const alsoHits = (key: string) => oneOf(t(`builder.presetAlso.${key}`, { defaultValue: '' }));
  // Who has a phone is no fact of the columns that segments read; the list of members knows.
  const phoneAsked = word.length > 1 && oneOf(t('builder.phoneWords'));
  const groups = PRESET_GROUPS.map((name) => ({
    name,
    presets: usable.filter((p) => p.group === name && (hits(nameOfPreset(p.key)) || alsoHits(p.key) || hits(t(`builder.presetGroup.${name}`)))),
  })).filter((g) => g.presets.length > 0);
  // A word that members have (a province, a stage) is a condition at once.
  const words = registry.facts
    .filter((fact) => word !== '' && fact.filled && fact.type === 'text')
    .flatMap((fact) => (fact.values ?? []).filter((v) => v.label.toLowerCase().includes(word) || v.value.toLowerCase() === word).map((v) => ({ fact, ...v })))
    .slice(0, SHOWN);
  const all = [...new Set(memberSubjects(registry, true).flatMap((g) => g.subjects))]
    .map((subject) => ({ subject, name: nameOf(subject, registry, null, t) }))
    .filter(({ name }) => word !== '' && hits(name))
    .slice(0, SHOWN);
  return (
    <div className="add-menu">
      <Input allowClear autoFocus placeholder={t('builder.search')} aria-label={t('builder.search')} value={query} onChange={(e) => setQuery(e.target.value)} />
      <div className="add-scroll" tabIndex={-1}>
        <div className="add-groups">
          {groups.map((group) => (
            <section key={group.name} className="add-group">
              <h3>{t(`builder.presetGroup.${group.name}`)}</h3>
              <ul>
                {group.presets.map((preset) => (
                  <li key={preset.key}>
                    <button type="button" className="add-choice" onClick={() => onAdd(preset.make(registry))}>
                      {nameOfPreset(preset.key)}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {words.length > 0 ? (
            <section className="add-group add-words">
              <h3>{t('builder.wordHits')}</h3>
              <ul>
                {words.map(({ fact, value, label }) => (
                  <li key={`${fact.name} ${value}`}>
                    <button type="button" className="add-choice" onClick={() => onAdd({ op: 'in', value: { fact: fact.name }, list: [value] })}>
                      {t('builder.wordOf', { fact: headed(fact.label), word: label })}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          {all.length > 0 ? (
            <section className="add-group add-all">
              <h3>{t('builder.everything')}</h3>
              <ul>
                {all.map(({ subject, name }) => (
                  <li key={subject}>
                    <button type="button" className="add-choice" onClick={() => onAdd(condOn(subject, registry))}>
                      {name}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          {groups.length + words.length + all.length === 0 && !phoneAsked ? <p className="muted">{t('builder.noChoice')}</p> : null}
        </div>
        {phoneAsked ? (
          <p className="muted small">
            {t('builder.phoneElsewhere')}{' '}
            <Link to="/members?has_phone=true" target="_blank">
              {t('builder.phoneElsewhereDo')}
            </Link>
          </p>
        ) : null}
      </div>
      {word === '' ? <p className="muted small">{t('builder.searchNote')}</p> : null}
    </div>
  );
}

/** In a filter on rows: another column. */
function RowAdd({ table, onAdd }: { table: string; onAdd: (cond: Cond) => void }) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  const columns = tableOf(registry, table)?.columns ?? [];
  const make = (name: string): Cond => {
    const type = columns.find((c) => c.name === name)?.type ?? null;
    if (name === 'category') return { op: 'under', value: { col: name }, paths: [] };
    const how = howsOf(type)[0] ?? 'eq';
    return writeTest({ value: { col: name }, how, words: type === 'bool' ? [true] : takesList(how) ? [] : [null] });
  };
  return (
    <Dropdown trigger={['click']} menu={{ className: 'filter-menu', items: columns.map((c) => ({ key: c.name, label: headed(c.label) })), onClick: ({ key }) => onAdd(make(key)) }}>
      <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden="true" />}>
        {t('builder.addFilter')}
      </Button>
    </Dropdown>
  );
}

export function AddMenu({ table, first, onAdd }: Props) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  if (table !== null) return <RowAdd table={table} onAdd={onAdd} />;
  const add = (cond: Cond) => {
    setOpen(false);
    onAdd(cond);
  };
  const button = (
    <Button type={first ? 'primary' : 'dashed'} icon={<PlusOutlined aria-hidden="true" />} onClick={() => setOpen(true)}>
      {t(first ? 'builder.addFirst' : 'builder.add')}
    </Button>
  );
  return (
    <div className="group-foot">
      {narrow ? (
        <>
          {button}
          <Drawer open={open} placement="bottom" size="85vh" title={t('builder.add')} onClose={() => setOpen(false)} destroyOnHidden>
            <Choices onAdd={add} />
          </Drawer>
        </>
      ) : (
        <>
          {button}
          {/* In the middle of the window, wherever the button stands: beside it the list ends below the edge. */}
          <Modal open={open} centered width={720} title={t('builder.add')} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
            <Choices onAdd={add} />
          </Modal>
        </>
      )}
      {first ? null : (
        <Button type="text" onClick={() => onAdd({ op: 'or', args: [] })}>
          {t('builder.addGroup')}
        </Button>
      )}
    </div>
  );
}
