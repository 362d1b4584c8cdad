/** Where in a statement something is wrong. */
import type { Problem } from '@api';

export interface Place {
  line: number;
  column: number;
}

/** The place that a refusal names, if it names one. */
export function placeOf(problem: Problem): Place | null {
  const params = (problem.body.params ?? {}) as Record<string, unknown>;
  const [line, column] = [Number(params.line), Number(params.column)];
  return line > 0 && column > 0 ? { line, column } : null;
}

/** How many code units into the text a place lies; columns count characters. */
export function offsetOf(text: string, place: Place): number {
  const lines = text.split('\n');
  const before = lines.slice(0, place.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const within = Array.from(lines[place.line - 1] ?? '').slice(0, place.column - 1).join('').length;
  return Math.min(text.length, before + within);
}
