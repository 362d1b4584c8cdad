/** Pages by cursor: forward, back along the way one came, and how many rows a page has. */
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../app/format';

interface Props {
  count: number;
  /** All rows of all pages, where that is known without counting. */
  total?: number | null | undefined;
  /** 0 when the page was opened by a link and its number is not known. */
  pageNumber: number;
  limit: string;
  hasPrevious: boolean;
  hasNext: boolean;
  busy: boolean;
  onLimit: (limit: string) => void;
  onPrevious: () => void;
  onNext: () => void;
}

export function Pager(props: Props) {
  const { t } = useTranslation();
  const single = !props.hasPrevious && !props.hasNext;
  return (
    <nav className="pager" aria-label={t('list.pages')}>
      <span className="muted small">
        {single
          ? t('list.allRows', { count: props.count })
          : props.pageNumber > 0
            ? t('list.pageRows', { page: props.pageNumber, count: props.count })
            : t('list.someRows', { count: props.count })}
        {!single && props.total && props.total > props.count ? t('list.pageOf', { n: formatNumber(props.total) }) : null}
      </span>
      <span className="pager-tools">
        {single && props.count <= 20 ? null : (
          <Select
            size="small"
            value={props.limit}
            aria-label={t('list.perPage')}
            onChange={props.onLimit}
            options={['20', '50', '100', '200'].map((n) => ({ value: n, label: t('list.perPageN', { n }) }))}
            popupMatchSelectWidth={false}
          />
        )}
        {single ? null : (
          <>
            <Button size="small" disabled={!props.hasPrevious} onClick={props.onPrevious}>
              {t('list.previous')}
            </Button>
            <Button size="small" disabled={!props.hasNext || props.busy} onClick={props.onNext}>
              {t('list.next')}
            </Button>
          </>
        )}
      </span>
    </nav>
  );
}
