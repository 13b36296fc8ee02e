/**
 * Lists what this repository pins: age, newest version, end of support, and what other versions are accepted.
 *
 *     npm run pins                  a table, with the newest versions of their registries
 *     npm run pins -- --offline     without network: with the newest versions that were seen when they were verified
 *     npm run pins -- --json        for machines
 *
 * It warns of support that ends within 90 days. Exit codes: 0 all pins are supported, 1 one is out of support, 2 invalid usage.
 */
import { parseArgs } from 'node:util';
import { PINS, type Pin } from '@org/ollama-eks';
import { command } from './command';
import { newestVersion } from './pins/newest';
import { reportOf } from './pins/report';

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

async function report({ json, offline }: Request): Promise<number> {
  const pins = Object.values<Pin>(PINS);
  const found = await Promise.all(offline ? [] : pins.map(find));
  const { ages, table, warnings, exitCode } = reportOf(pins, new Date(), found);
  process.stdout.write(`${json ? JSON.stringify(ages, undefined, 2) : table}\n`);
  // GitHub shows such a line on the page of the run: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
  const onGitHub = process.env['GITHUB_ACTIONS'] === 'true';
  for (const { level, text } of warnings)
    process.stderr.write(onGitHub ? `::${level}::${text}\n` : `${level}: ${text}\n`);
  return exitCode;
}

command(parse, report);
