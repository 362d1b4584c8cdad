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
