/**
 * An act on many that may go on as a task: the key that it has, and its end. Nothing of the screen, so that tests can
 * ask it.
 */
import type { Job } from '@api';

export interface ActKey {
  of: string;
  key: string;
}

/** The key of what is asked: the same while the same is tried again, another as soon as something else is asked. */
export function keyOf(kept: ActKey | null, asked: unknown, make: () => string): ActKey {
  const of = JSON.stringify(asked);
  return kept?.of === of ? kept : { of, key: make() };
}

export const over = (job: Pick<Job, 'state'> | null | undefined) => Boolean(job) && job?.state !== 'running' && job?.state !== 'queued';

/** Failures in a row after which a task is no longer asked about: somebody signed out, or the server is gone. */
const PATIENCE = 5;

/**
 * Waits for the end of a task, also when the dialogue that began it was closed meanwhile; `false`: it is not known.
 * `pause` waits before each look.
 */
export async function untilOver(look: () => Promise<Pick<Job, 'state'>>, pause: (looks: number) => Promise<void>): Promise<boolean> {
  let failed = 0;
  for (let looks = 0; failed < PATIENCE; looks += 1) {
    await pause(looks);
    try {
      if (over(await look())) return true;
      failed = 0;
    } catch {
      failed += 1;
    }
  }
  return false;
}
