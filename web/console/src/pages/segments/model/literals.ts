/** Literals between the tree and the boxes: yuan for fen by their digits, never through a float. */
import type { Literal } from './tree';
import type { Type } from './registry';

const YUAN = /^(-?)(\d+)(?:[.](\d{1,2}))?$/;

/** `128.50` for 12850; what is no whole number stays as it is, so that it can be seen and mended. */
export function yuanOf(fen: Literal): string {
  if (fen === null) return '';
  if (typeof fen !== 'number' || !Number.isInteger(fen)) return String(fen);
  const size = Math.abs(fen);
  const rest = size % 100;
  return `${fen < 0 ? '-' : ''}${Math.floor(size / 100)}${rest ? `.${String(rest).padStart(2, '0')}` : ''}`;
}

/** 12850 for `128.50`; `null` for what is no amount. */
export function fenOf(yuan: string): number | null {
  const found = YUAN.exec(yuan.trim().replaceAll(',', ''));
  if (!found) return null;
  const fen = Number(found[2]) * 100 + Number((found[3] ?? '').padEnd(2, '0') || '0');
  return Number.isSafeInteger(fen) ? (found[1] ? -fen : fen) : null;
}

/** What a person typed, as the literal of a type; `null` while it is none. */
export function literalOf(type: Type | null, text: string): Literal {
  const typed = text.trim();
  if (typed === '') return null;
  if (type === 'fen') return fenOf(typed);
  if (type === 'int') return /^-?\d{1,15}$/.test(typed) ? Number(typed) : null;
  if (type === 'dec') return /^-?\d{1,12}([.]\d{1,6})?$/.test(typed) ? typed : null;
  return text;
}

export function textOf(type: Type | null, literal: Literal): string {
  if (literal === null) return '';
  return type === 'fen' ? yuanOf(literal) : String(literal);
}
