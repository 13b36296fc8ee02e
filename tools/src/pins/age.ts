import type { Pin } from '@org/ollama-eks';

const DAY = 86_400_000;
/** Days before the end of support from which a pin is reported. */
const NOTICE_DAYS = 90;

/** A pin on a day. */
export interface PinAge {
  readonly pin: Pin;
  /** Days since it was verified. */
  readonly days: number;
  /** Newest version that is known: what its registry has now, or else what was seen when it was verified. */
  readonly newest: string;
  readonly isBehind: boolean;
  /** Days of support that are left; undefined if its publisher names no date. */
  readonly supportDays?: number;
  readonly state: 'supported' | 'ends soon' | 'out of support';
}

/** Returns what is to be said of a pin. @param found newest version in its registry, if that could be read */
export function ageOf(pin: Pin, today: Date, found?: string): PinAge {
  const newest = found ?? pin.newestSeen;
  const between = (from: number, to: number): number => Math.floor((to - from) / DAY);
  const midnight = Math.floor(today.getTime() / DAY) * DAY;
  const supportDays = pin.endOfSupport === undefined ? undefined : between(midnight, Date.parse(pin.endOfSupport));
  return {
    pin,
    days: between(Date.parse(pin.verified), midnight),
    newest,
    isBehind: compareVersions(newest, pin.version) > 0,
    ...(supportDays !== undefined && { supportDays }),
    state:
      supportDays === undefined || supportDays > NOTICE_DAYS
        ? 'supported'
        : supportDays < 0
          ? 'out of support'
          : 'ends soon',
  };
}

/** Compares two versions by their numbers; a release comes after its candidates. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(b.includes('-')) - Number(a.includes('-'));
}

function numbersOf(version: string): readonly number[] {
  return (version.split('-')[0] ?? '').split('.').map(Number);
}
