/** Turns `./zh/members.json` and its like into `{ members: … }`. */
export function gather(files: Record<string, unknown>): Record<string, unknown> {
  const texts: Record<string, unknown> = {};
  for (const [path, content] of Object.entries(files)) {
    const area = path.split('/').pop()?.replace('.json', '');
    if (area) texts[area] = content;
  }
  return texts;
}
