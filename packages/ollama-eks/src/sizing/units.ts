/** Bytes in a MiB and in a GiB. */
export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

/** Bytes as people write them: `17.3 GiB`. */
export function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** The value rounded up to a multiple of the step. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** Bytes per second that a rate in Mbit/s stands for. */
export function bytesPerSecond(mbps: number): number {
  return (mbps * 1e6) / 8;
}

/** The list that one value or several stand for. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
