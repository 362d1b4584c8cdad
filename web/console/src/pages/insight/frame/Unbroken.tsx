/** A sentence whose dates stay whole where a line ends. */
const DATE = /(\d{4}-\d{2}-\d{2}|\b\d{2}-\d{2}\b)/;

export function Unbroken({ text }: { text: string }) {
  const parts = text.split(DATE);
  return (
    <>
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          <span key={`${i} ${part}`} className="nowrap">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </>
  );
}
