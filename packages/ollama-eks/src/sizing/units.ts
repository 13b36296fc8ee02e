/** Bytes in a MiB and in a GiB. */
export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

/** Formats bytes for people: `17.3 GiB`. */
export function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** Rounds a value up to a multiple of the step. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** Converts a rate from Mbit/s to bytes per second. */
export function bytesPerSecond(mbps: number): number {
  return (mbps * 1e6) / 8;
}

/** Returns a list of one value or several. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
