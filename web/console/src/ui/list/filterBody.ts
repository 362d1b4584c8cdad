/** Filters that are yes or no; what is searched for stays text, also where it reads `true`. */
const FLAGS = ['has_phone', 'identified'];

/** A list's filter as the body of a request names it: typed as the fields are, not as the words of an address. */
export function filterBody(query: Record<string, string | undefined>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (name === 'tag') body.tags = value.split(',');
    else body[name] = FLAGS.includes(name) ? value === 'true' : value;
  }
  return body;
}
