/** Which filters hold beside the number that was typed, in words, for whoever found nothing. */
import type { Filter } from '../../ui/list/Filters';

export interface InForce {
  /** Its parameters in the address: what goes when it is dropped. */
  names: string[];
  label: string;
  value: string;
}

export function inForce(filters: Filter[], params: URLSearchParams): InForce[] {
  return filters.flatMap((filter): InForce[] => {
    if (filter.kind === 'search') return [];
    const { name, label } = filter;
    const value = params.get(name);
    if (filter.kind === 'dates') {
      const until = params.get(filter.until);
      return value || until ? [{ names: [name, filter.until], label, value: `${value ?? '…'} – ${until ?? '…'}` }] : [];
    }
    if (!value) return [];
    const chosen = filter.kind === 'select' ? filter.options.find((o) => o.value === value)?.label : undefined;
    return [{ names: [name], label, value: chosen ?? value }];
  });
}
