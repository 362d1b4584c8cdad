/** Which filters hold, in words: what stands in a box that is not in sight, and what is to go where nothing is found. */
import type { Filter } from './Filters';

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
    const options = filter.kind === 'select' ? filter.options : filter.kind === 'many' ? filter.options.flatMap((group) => group.options) : [];
    const called = (one: string) => options.find((o) => o.value === one)?.label ?? one;
    return [{ names: [name], label, value: filter.kind === 'many' ? value.split(',').map(called).join(' + ') : called(value) }];
  });
}
