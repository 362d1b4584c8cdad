/** A tag as it looks everywhere: a small coloured label; the colour never says anything that the name does not. */
import CloseOutlined from '@ant-design/icons/CloseOutlined';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

interface Props {
  tag: { name: string; color?: string | null; archived?: boolean; category?: { name: string } | null };
  /** Told beside the category when pointed at: since when and by whom. */
  note?: string;
  onRemove?: (() => void) | undefined;
  busy?: boolean;
}

export function TagChip({ tag, note, onRemove, busy }: Props) {
  const { t } = useTranslation();
  const title = [tag.category?.name, note].filter(Boolean).join(' · ');
  const chip = (
    <span className={`tag-chip tag-${tag.color ?? 'grey'}${tag.archived ? ' tag-archived' : ''}`}>
      <span className="tag-name">{tag.name}</span>
      {onRemove ? (
        <button type="button" className="tag-remove" aria-label={t('tags.takeOff', { name: tag.name })} disabled={busy} onClick={onRemove}>
          <CloseOutlined aria-hidden="true" />
        </button>
      ) : null}
    </span>
  );
  return title ? <Tooltip title={title}>{chip}</Tooltip> : chip;
}

/** The first of many tags, and how many more there are. */
export function TagChips({ tags, most = 3 }: { tags: Props['tag'][]; most?: number }) {
  const { t } = useTranslation();
  if (tags.length === 0) return <span className="muted">–</span>;
  return (
    <span className="tag-chips">
      {tags.slice(0, most).map((tag) => (
        <TagChip key={`${tag.category?.name ?? ''} ${tag.name}`} tag={tag} />
      ))}
      {tags.length > most ? (
        <Tooltip title={tags.slice(most).map((tag) => tag.name).join('、')}>
          <span className="muted small">{t('tags.more', { n: tags.length - most })}</span>
        </Tooltip>
      ) : null}
    </span>
  );
}
