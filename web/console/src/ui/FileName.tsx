/** A file's name, which may break anywhere but inside a date. */
const DATE = /(\d{4}-\d{1,2}-\d{1,2})/;

export function FileName({ name }: { name: string }) {
  return (
    <span className="break">
      {name.split(DATE).map((part, index) => (
        // Every second part is a date.
        <span key={index} className={index % 2 === 1 ? 'nowrap' : undefined}>
          {part}
        </span>
      ))}
    </span>
  );
}

/** Letters at the end of a name, its last date and its kind, that stay where it is cut. */
const KEPT = 14;

/** In a narrow place: cut in the middle, since names of one shop's files differ at their end. */
export function ShortFileName({ name }: { name: string }) {
  const letters = [...name];
  return (
    <span className="file-name" title={name}>
      <span className="file-name-start">{letters.slice(0, -KEPT).join('')}</span>
      <span>{letters.slice(-KEPT).join('')}</span>
    </span>
  );
}
