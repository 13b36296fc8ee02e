import { setTimeout as sleep } from 'node:timers/promises';

/** Longest wait, in milliseconds. */
const PATIENCE = 15_000;

/** Waits until a condition is true. Throws if it is not within 15 s, or as many milliseconds as are given. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patience: number = PATIENCE,
): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${String(patience)} ms: ${what}`);
    await sleep(10);
  }
}
