/** A value with a bar under it that says how large it is beside the largest. */
import type { ReactNode } from 'react';

export function Bar({ part, whole, children }: { part: number; whole: number; children: ReactNode }) {
  const width = whole > 0 ? Math.max(0, Math.min(100, (part * 100) / whole)) : 0;
  return (
    <span className="bar-cell">
      <span>{children}</span>
      <span className="bar-track" aria-hidden="true">
        <span style={{ width: `${width}%` }} />
      </span>
    </span>
  );
}
