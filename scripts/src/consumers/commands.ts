import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openKonnect } from '../konnect/access';
import { Entities } from '../konnect/entities';
import { requireControlPlane } from '../konnect/names';
import type { Context } from '../program/context';
import { reportDeclined } from '../program/declined';
import { UsageError } from '../program/errors';
import { fileError } from '../program/file-error';
import { print, printSecret, table } from '../program/output';
import { counted } from '../program/words';
import { Teams, type NewKey, type TeamLimits } from './teams';

/** Destination of a new key. */
export interface KeyOptions {
  /** A new file that only its owner can read. @default - standard output */
  readonly output?: string;
}

/** `consumers list` */
export async function listTeams(context: Context): Promise<void> {
  const all = await openTeams(context);
  const teams = await all.list();
  const fromFile = await all.namesFromFile();
  if (fromFile.length > 0) context.reporter.note(`also, from a file: ${fromFile.join(', ')}`);
  print(context, { teams, fromFile }, () =>
    teams.length === 0
      ? 'no teams; create one with `ollama-eks consumers add NAME`'
      : table(
          ['team', 'keys', 'newest key', 'admin', 'limit'],
          teams.map(({ name, keys, admin, limits }) => [
            name,
            keys.length > 1 ? `${String(keys.length)} (rotating)` : String(keys.length),
            keys.at(-1)?.created ?? '',
            admin ? 'yes' : 'no',
            describeLimits(limits),
          ]),
        ),
  );
}

/** `consumers add` */
export async function addTeam(
  context: Context,
  name: string,
  options: KeyOptions & { readonly admin?: boolean },
): Promise<void> {
  const teams = await openTeams(context);
  if (context.flags.dryRun) {
    const existing = await teams.findWithoutKey(name);
    print(context, { add: name }, () =>
      existing === undefined ? `would create team "${name}" with a key` : `would give team "${name}" a key`,
    );
    return;
  }
  await withOutput(context, options, () => teams.add(name, options.admin === true));
}

export interface RotateOptions extends KeyOptions {
  readonly finish?: boolean;
  readonly cancel?: boolean;
}

/** `consumers rotate` */
export async function rotateKey(context: Context, name: string, options: RotateOptions): Promise<void> {
  if (options.finish === true && options.cancel === true)
    throw new UsageError('--finish and --cancel must not be combined');
  const teams = await openTeams(context);
  if (context.flags.dryRun) {
    const { keys } = await teams.require(name);
    print(
      context,
      { team: name, keys: keys.length },
      () => `team "${name}" has ${counted(keys.length, 'key')}; nothing was changed`,
    );
    return;
  }
  if (options.finish === true || options.cancel === true) {
    const deleted = await (options.finish === true ? teams.finishRotation(name) : teams.cancelRotation(name));
    print(context, { team: name, deleted }, () =>
      deleted === 0
        ? `team "${name}" has one key: no rotation is in progress`
        : `${counted(deleted, 'key')} of team "${name}" deleted`,
    );
    return;
  }
  const { team } = await withOutput(context, options, () => teams.rotate(name));
  if (team.keys.length > 1)
    context.reporter.note(`the old key remains valid until \`ollama-eks consumers rotate ${name} --finish\``);
}

export interface LimitOptions extends TeamLimits {
  readonly reset?: boolean;
}

/** `consumers limit` */
export async function limitTeam(context: Context, name: string, { reset, ...limits }: LimitOptions): Promise<void> {
  const isEmpty = limits.perMinute === undefined && limits.perDay === undefined;
  if (isEmpty !== (reset === true)) {
    throw new UsageError('either a limit or --reset is required', { allowed: '--per-minute, --per-day, --reset' });
  }
  const teams = await openTeams(context);
  const wanted = reset === true ? undefined : limits;
  if (context.flags.dryRun) {
    const team = await teams.require(name);
    await teams.findLimiter(team);
    print(
      context,
      { team: name, limits: team.limits ?? null, wanted: wanted ?? null },
      () => `would change the limit of team "${name}" from ${describeLimits(team.limits)} to ${describeLimits(wanted)}`,
    );
    return;
  }
  const team = await teams.limit(name, wanted);
  print(
    context,
    { team: name, limits: team.limits ?? null },
    () => `limit of team "${name}": ${describeLimits(team.limits)}`,
  );
  if (wanted !== undefined) context.reporter.note('each node of Kong counts separately');
}

/** `60 per minute, 1000 per day` */
function describeLimits(limits: TeamLimits | undefined): string {
  if (limits === undefined) return 'of the configuration';
  const { perMinute, perDay } = limits;
  if (perMinute === undefined && perDay === undefined) return 'set by another program';
  return [
    ...(perMinute === undefined ? [] : [`${String(perMinute)} per minute`]),
    ...(perDay === undefined ? [] : [`${String(perDay)} per day`]),
  ].join(', ');
}

/** `consumers remove` */
export async function removeTeam(context: Context, name: string): Promise<void> {
  const teams = await openTeams(context);
  const team = await teams.require(name);
  await teams.requireRemovable(team);
  const keys = team.keys.length === 0 ? 'no keys' : `its keys ${team.keys.map(({ id }) => id).join(', ')}`;
  const what = `team "${name}" (${team.id}) and ${keys}`;
  if (context.flags.dryRun) {
    print(context, { remove: team }, () => `would remove ${what}`);
    return;
  }
  if (!(await context.confirm(`Remove ${what}?`))) {
    reportDeclined(context);
    return;
  }
  await teams.remove(team);
  print(context, { removed: team }, () => `team "${name}" removed`);
}

async function openTeams(context: Context): Promise<Teams> {
  const client = openKonnect(context);
  const controlPlane = await requireControlPlane(context, client);
  return new Teams(new Entities(client, controlPlane), (key) => context.masker.add(key));
}

/** Creates the file before the key, because a key that cannot be delivered must not exist. */
async function withOutput(context: Context, { output }: KeyOptions, create: () => Promise<NewKey>): Promise<NewKey> {
  if (output === undefined) {
    const created = await create();
    const { team, key } = created;
    printSecret(
      context,
      { team: team.name, key },
      () => `${key}\n\nteam "${team.name}"; the key is shown only this once`,
    );
    return created;
  }
  const path = resolve(context.directory, output);
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UsageError(`${path} already exists`, { remedy: 'choose another file, or delete it' });
    throw fileError(path, 'written', cause);
  });
  try {
    const created = await create();
    const { team, key } = created;
    await file.writeFile(`${key}\n`).catch((cause: unknown) => {
      throw fileError(path, 'written', cause);
    });
    print(context, { team: team.name, output: path }, () => `key of team "${team.name}" written to ${path}`);
    return created;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
