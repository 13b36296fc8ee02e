import type { Pin } from '@org/ollama-eks';
import { columns } from '../columns';
import { ageOf, type PinAge } from './age';

/** A pin whose support has ended or ends soon, as a line. */
export interface PinWarning {
  readonly level: 'error' | 'warning';
  readonly text: string;
}

/** What is to be said of all pins on a day. */
export interface PinReport {
  readonly ages: readonly PinAge[];
  /** Table for people. */
  readonly table: string;
  /** Pins whose support has ended (errors) or ends soon (warnings). */
  readonly warnings: readonly PinWarning[];
  /** 1 if a pin is out of support, 0 otherwise. */
  readonly exitCode: 0 | 1;
}

/** Returns the report of a day. @param found newest version of each pin in its registry, where that could be read */
export function reportOf(pins: readonly Pin[], today: Date, found: readonly (string | undefined)[] = []): PinReport {
  const ages = pins.map((pin, index) => ageOf(pin, today, found[index]));
  return {
    ages,
    table: tableOf(ages),
    warnings: ages.filter(({ state }) => state !== 'supported').map(warning),
    exitCode: ages.some(({ state }) => state === 'out of support') ? 1 : 0,
  };
}

function warning({ pin: { name, version, endOfSupport = '' }, newest, state }: PinAge): PinWarning {
  const ended = state === 'out of support';
  const when = ended ? 'has been out of support since' : 'is supported until';
  const text = `${name} ${version} ${when} ${endOfSupport}; the newest version is ${newest}`;
  return { level: ended ? 'error' : 'warning', text };
}

function words({ pin, isBehind, newest, supportDays, state }: PinAge): string {
  if (state === 'out of support') return 'OUT OF SUPPORT';
  if (state === 'ends soon') return `support ends in ${String(supportDays)} days`;
  return isBehind ? `${newest} is newer than ${pin.version}` : '';
}

const MORE = ['newest', 'support until', '', 'accepts'].map((title) => ({ title }));

function tableOf(ages: readonly PinAge[]): string {
  return columns(
    [{ title: 'pin' }, { title: 'version' }, { title: 'verified' }, { title: 'days', align: 'right' }, ...MORE],
    ages.map((age) => [
      age.pin.name,
      age.pin.version,
      age.pin.verified,
      String(age.days),
      age.newest,
      age.pin.endOfSupport ?? '-',
      words(age),
      age.pin.accepts,
    ]),
  );
}
