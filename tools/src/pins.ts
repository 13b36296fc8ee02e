/**
 * Lists what this repository pins: age, newest version, end of support, and what other versions are accepted.
 *
 *     npm run pins                  a table, with the newest versions of their registries
 *     npm run pins -- --offline     without network: with the newest versions that were seen when they were verified
 *     npm run pins -- --json        for machines
 *
 * Exit codes: 0 all pins are supported, 1 one is out of support, 2 invalid usage.
 */
import { parseArgs } from 'node:util';
import { PINS, type Pin } from '@org/ollama-eks';
import { columns } from './columns';
import { command } from './command';
import { ageOf, type PinAge } from './pins/age';
import { newestVersion } from './pins/newest';

interface Request {
  readonly json: boolean;
  readonly offline: boolean;
}

function parse(args: string[]): Request {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, offline: { type: 'boolean' } } });
  return { json: values.json ?? false, offline: values.offline ?? false };
}

/** Reads the newest version of a pin; undefined, with a line on stderr, if its registry cannot be read. */
async function find({ name, releases, verified }: Pin): Promise<string | undefined> {
  if (releases === undefined) return undefined;
  try {
    return await newestVersion(releases, fetch);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `${name}: newest version not read (${reason}); the one that was seen on ${verified} is shown\n`,
    );
    return undefined;
  }
}

function words({ pin, isBehind, newest, supportDays, state }: PinAge): string {
  if (state === 'out of support') return 'OUT OF SUPPORT';
  if (state === 'ends soon') return `support ends in ${String(supportDays)} days`;
  return isBehind ? `${newest} is newer than ${pin.version}` : '';
}

const MORE = ['newest', 'support until', '', 'accepts'].map((title) => ({ title }));

function table(ages: readonly PinAge[]): string {
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

async function report({ json, offline }: Request): Promise<number> {
  const pins = Object.values<Pin>(PINS);
  const found = await Promise.all(offline ? [] : pins.map(find));
  const ages = pins.map((pin, index) => ageOf(pin, new Date(), found[index]));
  process.stdout.write(`${json ? JSON.stringify(ages, undefined, 2) : table(ages)}\n`);
  return ages.some(({ state }) => state === 'out of support') ? 1 : 0;
}

command(parse, report);
