/**
 * By which pages each page of a list was reached, so that "previous" leads back along them, also after a record was
 * opened and left again. A cursor says only what follows it; the way is kept for as long as the tab lives.
 */
const ways = new Map<string, string[]>();

const place = (list: string, cursor: string) => `${list} ${cursor}`;

/** The cursors of the pages before this one, the first page's (which is empty) first; `null` where a link led here. */
export function wayTo(list: string, cursor: string): string[] | null {
  return cursor === '' ? [] : (ways.get(place(list, cursor)) ?? null);
}

/** Somebody goes on from one page to the next. */
export function goneOn(list: string, from: string, to: string): void {
  const before = wayTo(list, from);
  // Who began at a link is led back to where they began.
  ways.set(place(list, to), [...(before ?? []), from]);
}

/** Which page it is, from 1; 0 where nobody knows: the way began at a link. */
export function pageNumber(list: string, cursor: string): number {
  const way = wayTo(list, cursor);
  return way === null || (way.length > 0 && way[0] !== '') ? 0 : way.length + 1;
}
