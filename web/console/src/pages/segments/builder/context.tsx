/** What every part of the builder asks for: the registry, the names of subjects, and what the server said of each node. */
import type { ExpressionFault, SegmentPart } from '@api';
import type { TFunction } from 'i18next';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { columnOf, factOf, type Registry, tableOf } from '../model/registry';
import { keyOf } from '../model/subjects';

export interface BuilderState {
  registry: Registry;
  parts: Map<string, SegmentPart>;
  fault: ExpressionFault | null;
  /** Where something is still to be filled in. */
  gap: string | null;
  /** The segment being edited: it cannot refer to itself. */
  self: string | null;
}

export const BuilderContext = createContext<BuilderState | null>(null);

export function useBuilder(): BuilderState {
  const state = useContext(BuilderContext);
  if (!state) throw new Error('a part of the builder stands outside of it');
  return state;
}

/** A label of the registry at the beginning of a line. */
export const headed = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1);

/** What a subject is called: by a phrase of its own where people have one, else after the registry's labels. */
export function nameOf(subject: string, registry: Registry, table: string | null, t: TFunction): string {
  const own = t(`builder.subject.${keyOf(subject)}`, { defaultValue: '' });
  if (own) return own;
  const bar = subject.indexOf('|');
  if (bar > 0) return t(`builder.fn.${subject.slice(0, bar)}`, { of: nameOf(subject.slice(bar + 1), registry, table, t) });
  const [head = '', first = '', of = '', column] = subject.split(':');
  if (head === 'fact') return headed(factOf(registry, first)?.label ?? first);
  if (head === 'col') return headed(columnOf(registry, table, first)?.label ?? first);
  if (head === 'exists' || head === 'none') return t(head === 'exists' ? 'builder.hasRows' : 'builder.hasNoRows', { table: tableOf(registry, first)?.label ?? first });
  if (head === 'agg') {
    const words = { table: tableOf(registry, of)?.label ?? of, column: columnOf(registry, of, column)?.label ?? column ?? '' };
    return headed(t(`builder.agg.${first}`, words));
  }
  return t(`builder.arithmetic.${head}`);
}

export function useNameOf(table: string | null) {
  const { t } = useTranslation();
  const { registry } = useBuilder();
  return (subject: string) => nameOf(subject, registry, table, t);
}
