/** Second step: what each file was recognised as, and what each column means; a mapping can be saved and used again. */
import { type ColumnMapping, type ImportDetail, type ImportFile, type Mapping, type Page, SHAPES } from '@api';
import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Select } from 'antd';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { formatNumber } from '../../app/format';
import { useSession } from '../../app/session';
import { useAct } from '../../ui/act';
import { Card, Mark, useWord } from '../../ui/bits';
import { useShopOptions } from '../options';
import { FIELDS, fullMapping, shapeOf, unknownFormat } from './model';
import { askedStates, useFilePreview } from './preview';

type Change = { file: string; columns?: Pick<ColumnMapping, 'column' | 'field'>[]; mapping_id?: string; shop?: string; shape?: string; day_order?: string };

export function StepMapping({ detail, queryKey, onNext }: { detail: ImportDetail; queryKey: QueryKey; onNext: () => void }) {
  const { t } = useTranslation();
  const known = detail.files.every((f) => !unknownFormat(f) || (f.good ?? 0) > 0);
  return (
    <div className="stack">
      {detail.files.map((file) => (
        <FileCard key={file.name} detail={detail} file={file} queryKey={queryKey} />
      ))}
      <div className="step-foot card">
        <span className="muted small">{known ? t('imports.mappingNote') : t('imports.unknownNote')}</span>
        <Button type="primary" onClick={onNext}>
          {t('imports.toPreview')}
        </Button>
      </div>
    </div>
  );
}

/** Only what the server asks for: the confidence is its own. */
const bare = (columns: ColumnMapping[]) => columns.map(({ column, field }) => ({ column, field }));

function useFieldOptions() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      Object.entries(FIELDS).map(([group, fields]) => ({
        label: t(`fields.group.${group}`),
        options: fields.map((value) => ({ value, label: t(`fields.${value}`) })),
      })),
    [t],
  );
}

function FileCard({ detail, file, queryKey }: { detail: ImportDetail; file: ImportFile; queryKey: QueryKey }) {
  const { t } = useTranslation();
  const word = useWord();
  const client = useQueryClient();
  const { merchant } = useSession();
  const shops = useShopOptions();
  const options = useFieldOptions();
  const unknown = unknownFormat(file);
  const [open, setOpen] = useState(unknown);
  const [edited, setEdited] = useState<ColumnMapping[] | null>(null);
  const [shape, setShape] = useState<string | null>(null);
  const shown = shape ?? shapeOf(file);
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const nameId = useId();
  const columns = edited ?? fullMapping(file);
  const used = columns.filter((c) => c.field).length;
  // Nobody's known export, but its columns are understood: what is left to say are its states.
  const asked = askedStates(useFilePreview(detail.id, file.name, unknown && used > 0).data);
  const badge = !unknown
    ? { tone: 'good' as const, text: t(`formats.${file.format ?? ''}`, { defaultValue: file.format ?? '' }) }
    : asked.length > 0
      ? { tone: 'warn' as const, text: t('imports.statesAsked', { count: asked.length }) }
      : (file.good ?? 0) > 0
        ? { tone: 'plain' as const, text: t('imports.ownTable') }
        : { tone: 'warn' as const, text: t('imports.unknownFormat') };
  const mappingsKey = ['mappings', merchant.id];
  const mappings = useQuery<Page<Mapping>>({ queryKey: mappingsKey, queryFn: () => api.get<Page<Mapping>>('/mappings'), enabled: open });
  const put = useAct<Change, ImportDetail>((c, change) => c.put<ImportDetail>(`/imports/${detail.id}/mapping`, change), {
    done: t('imports.mappingApplied'),
    onDone: (answer) => {
      setEdited(null);
      setShape(null);
      if (answer?.files) client.setQueryData(queryKey, answer);
    },
    touches: [queryKey, ['preview', detail.id]],
  });
  const save = useAct<void, Mapping>(
    (c) => c.post<Mapping>('/mappings', { name: name.trim(), format_kind: shown, columns: bare(columns), ...(file.platform ? { platform: file.platform } : {}) }),
    { done: t('imports.mappingSaved'), touches: [mappingsKey], onDone: () => setNaming(false) },
  );
  const change = (column: string, field: string | undefined) =>
    setEdited(columns.map((c) => (c.column === column ? { column, field: field ?? null } : c)));

  return (
    <Card
      title={<span className="break">{file.name}</span>}
      extra={<Mark tone={badge.tone}>{badge.text}</Mark>}
    >
      <div className="file-facts">
        <span>
          <span className="muted">{t('imports.platform')}</span> {word('platform', file.platform)}
        </span>
        <span>
          <span className="muted">{t('imports.encoding')}</span> {file.encoding ?? '–'}
        </span>
        <span>
          <span className="muted">{t('imports.records')}</span> {formatNumber(file.records)}
        </span>
        <span>
          <span className="muted">{t('imports.columnsUsed')}</span> {t('imports.columnsOf', { used, all: columns.length })}
        </span>
        <span className="file-shop">
          <span className="muted">{t('imports.dayOrder')}</span>
          <Select
            size="small"
            value={file.day_order ?? 'auto'}
            options={(['auto', 'day_first', 'month_first'] as const).map((value) => ({ value, label: t(`imports.dayOrders.${value}`) }))}
            aria-label={t('imports.dayOrder')}
            popupMatchSelectWidth={false}
            onChange={(value: string) => put.mutate({ file: file.name, day_order: value })}
          />
        </span>
        {shops.length > 0 ? (
          <span className="file-shop">
            <span className="muted">{t('imports.shop')}</span>
            <Select
              size="small"
              value={detail.shop ?? undefined}
              options={shops}
              placeholder={t('imports.shopNone')}
              aria-label={t('imports.shop')}
              popupMatchSelectWidth={false}
              onChange={(shop: string | null) => shop && put.mutate({ file: file.name, shop })}
            />
          </span>
        ) : null}
      </div>
      {file.error ? <p className="bad-text">{file.error}</p> : null}
      {asked.length > 0 ? <p className="warn-text">{t((file.good ?? 0) > 0 ? 'imports.statesAskedText' : 'imports.statesAskedAll', { words: asked.slice(0, 10).join('、'), more: asked.length > 10 ? '…' : '' })}</p> : null}
      <div className="row-gap">
        <Button onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? t('imports.hideMapping') : t('imports.showMapping')}
        </Button>
        {open ? (
          <>
            <Select
              className="mapping-choice"
              aria-label={t('imports.shape')}
              title={t('imports.shape')}
              value={shown}
              options={SHAPES.map((value) => ({ value, label: t(`words.shape.${value}`) }))}
              onChange={setShape}
              popupMatchSelectWidth={false}
            />
            <Select
              className="mapping-choice"
              placeholder={t('imports.useMapping')}
              aria-label={t('imports.useMapping')}
              value={null}
              notFoundContent={t('imports.noMappings')}
              options={(mappings.data?.items ?? []).map((m) => ({ value: m.id, label: m.name }))}
              onChange={(mapping: string | null) => mapping && put.mutate({ file: file.name, mapping_id: mapping })}
              popupMatchSelectWidth={false}
            />
            <Button
              onClick={() => {
                setName(file.name.replace(/\.[^.]+$/, ''));
                setNaming(true);
              }}
            >
              {t('imports.saveMapping')}
            </Button>
          </>
        ) : null}
      </div>
      {open ? (
        <>
          <ul className="mapping">
            {columns.map((c) => (
              <li key={c.column}>
                <span className="mapping-column break">{c.column}</span>
                <span aria-hidden="true" className="muted">
                  →
                </span>
                <Select
                  showSearch
                  allowClear
                  className="mapping-field"
                  value={c.field ?? undefined}
                  placeholder={t('imports.notRead')}
                  aria-label={t('imports.meaningOf', { column: c.column })}
                  options={options}
                  optionFilterProp="label"
                  onChange={(field: string | undefined) => change(c.column, field)}
                  popupMatchSelectWidth={false}
                />
              </li>
            ))}
          </ul>
          {edited || shape ? (
            <div className="step-foot">
              <span className="warn-text">{t('imports.unapplied')}</span>
              <span className="row-gap">
                <Button
                  onClick={() => {
                    setEdited(null);
                    setShape(null);
                  }}
                >
                  {t('common.cancel')}
                </Button>
                <Button type="primary" loading={put.isPending} onClick={() => put.mutate({ file: file.name, columns: bare(columns), shape: shown })}>
                  {t('imports.apply')}
                </Button>
              </span>
            </div>
          ) : null}
        </>
      ) : null}
      <Modal
        open={naming}
        title={t('imports.saveMapping')}
        okText={t('common.save')}
        cancelText={t('common.cancel')}
        okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }}
        onOk={() => save.mutate()}
        onCancel={() => setNaming(false)}
      >
        <p className="muted">{t('imports.saveMappingNote')}</p>
        <label htmlFor={nameId} className="field-label">
          {t('common.name')}
        </label>
        <Input id={nameId} value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
      </Modal>
    </Card>
  );
}
