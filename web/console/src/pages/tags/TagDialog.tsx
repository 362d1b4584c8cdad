/** Makes a tag or changes one: name, category, colour, with the tag as it will look. */
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import type { Tag, TagCategory } from '@api';
import { TAG_COLORS } from '@api';
import { Button, Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../ui/act';
import { ProblemAlert } from '../../ui/problem';
import { TagChip } from './TagChip';
import { TAG_TOUCHES, useCategories } from './useTags';

interface Given {
  name: string;
  category: string | null;
  color: string | null;
}

interface Props {
  tag: Tag | null;
  /** The category that a new one is made in. */
  category?: string | null;
  onClose: () => void;
}

export function TagDialog({ tag, category, onClose }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Given>();
  const categories = useCategories();
  const name = Form.useWatch('name', form) ?? tag?.name ?? '';
  const color = Form.useWatch('color', form) ?? tag?.color ?? 'teal';
  const save = useAct<Given>(
    (client, given) => {
      const body = { name: given.name.trim(), category: given.category ?? null, color: given.color };
      return tag ? client.patch(`/tags/${tag.id}`, body) : client.post('/tags', body);
    },
    { quiet: true, done: t(tag ? 'tags.changed' : 'tags.made'), touches: [...TAG_TOUCHES, ['list'], ['member']], onDone: onClose },
  );
  const [typed, setTyped] = useState('');
  const word = typed.trim();
  const known = (categories.data?.items ?? []).some((c) => c.name.toLowerCase() === word.toLowerCase());
  const make = useAct<string, TagCategory>((client, called) => client.post<TagCategory>('/tag-categories', { name: called }), {
    touches: TAG_TOUCHES,
    onDone: (made) => {
      setTyped('');
      form.setFieldValue('category', made.id);
    },
  });
  return (
    <Modal open title={t(tag ? 'tags.change' : 'tags.new')} footer={null} onCancel={onClose} destroyOnHidden>
      <ProblemAlert error={save.error} />
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: tag?.name ?? '', category: tag?.category?.id ?? category ?? undefined, color: tag?.color ?? 'teal' }}
        onFinish={(given) => save.mutate(given)}
      >
        <Form.Item name="name" label={t('tags.name')} extra={t('tags.nameNote')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
          <Input maxLength={40} autoComplete="off" />
        </Form.Item>
        <Form.Item name="category" label={t('tags.category')}>
          <Select
            allowClear
            placeholder={t('tags.noCategory')}
            showSearch={{ searchValue: typed, onSearch: setTyped, optionFilterProp: 'label' }}
            notFoundContent={<span className="muted">{t('tags.categoryType')}</span>}
            popupRender={(menu) => (
              <>
                {menu}
                {word && !known ? (
                  <Button type="link" icon={<PlusOutlined aria-hidden="true" />} loading={make.isPending} onMouseDown={(e) => e.preventDefault()} onClick={() => make.mutate(word)}>
                    {t('tags.createNamed', { name: word })}
                  </Button>
                ) : null}
              </>
            )}
            options={(categories.data?.items ?? []).map((c) => ({ value: c.id, label: c.name }))}
          />
        </Form.Item>
        <Form.Item name="color" label={t('tags.color')}>
          <Radio.Group className="swatches">
            {TAG_COLORS.map((word) => (
              <Radio key={word} value={word}>
                <span className={`tag-chip tag-${word}`}>{t(`tags.colors.${word}`)}</span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <p className="tag-preview">
          <span className="muted small">{t('tags.looks')}</span> <TagChip tag={{ name: name.trim() || t('tags.name'), color }} />
        </p>
        <div className="drawer-footer">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
