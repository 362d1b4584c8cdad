/** A sentence whose dates stay whole where a line ends, with the time of day or the short name that goes with them. */
const DATE = /(\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?::\d{2})?)?|[^\s·：:][^·：:\u00a0]{0,17}\u00a0\d{2}-\d{2}\b|\b\d{2}-\d{2}\b)/;

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
