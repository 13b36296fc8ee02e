import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import type { ControlPlane, KonnectClient } from '../konnect';
import { Entities } from '../konnect/entities';
import { Deck, type DeckInput } from '../systems/deck';
import type { DeckSecrets } from '../systems/deck-error';
import { findConflicts, requireNoConflicts, requireNoTwinCertificates } from './conflicts';
import { isKey } from './environment';
import { guardPlan, type GuardOptions, type GuardVerdict } from './guard';
import type { StateFile } from './state-file';

/** Kinds of objects in the consumers file. */
const CONSUMER_KINDS = ['acl', 'acl-group', 'consumer', 'key-auth', 'plugin'];

/** Maximum number of attempts to create a plan that lists all changes that it counts. */
const PLANS = 3;

/** A file to sync, and the number of deletions that it may cause. */
export interface SyncRequest {
  readonly file: StateFile;
  readonly controlPlane: Pick<ControlPlane, 'id' | 'name'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly maxDeletes: number;
}

/** Result of a sync. */
export interface SyncResult {
  readonly counts: GuardVerdict['counts'];
  /** Whether there were changes. */
  readonly changes: boolean;
}

/** Returns what a sync would do, and why it must not. Throws CommandError like {@link syncKong}. */
export async function diffKong(context: Context, client: KonnectClient, request: SyncRequest): Promise<GuardVerdict> {
  return withDeck(context, client, request, (deck, input) => plan(context, deck, input, request));
}

/**
 * Syncs one file to Kong after the guard has approved the plan. Does nothing if there are no changes.
 * Throws UsageError with every refusal of the guard, and CommandError for conflicts with existing objects, for failures of decK, and if it
 * does not produce a complete plan.
 */
export async function syncKong(context: Context, client: KonnectClient, request: SyncRequest): Promise<SyncResult> {
  return withDeck(context, client, request, async (deck, input) => {
    const { refusals, counts } = await plan(context, deck, input, request);
    if (refusals.length > 0) throw new UsageError(refusalText(refusals));
    const changes = hasChanges(counts);
    if (changes) await deck.sync(input);
    return { counts, changes };
  });
}

/** Whether a plan contains changes. */
export function hasChanges(counts: GuardVerdict['counts']): boolean {
  return Object.values(counts).some((count) => count > 0);
}

/** Explains why nothing was done. */
export function refusalText(refusals: readonly string[]): string {
  return `the plan was not applied: ${refusals.join('; ')}`;
}

/** Throws CommandError with the remedy for a plan with gaps. */
export function requireComplete(gaps: readonly string[], remedy: string): void {
  if (gaps.length === 0) return;
  throw new CommandError(
    ExitCode.timeout,
    `decK did not list every change (${gaps.join('; ')}); nothing was changed: ${remedy}`,
  );
}

/** `3 to create, 1 to update, 0 to delete` */
export function describeCounts({ creating, updating, deleting }: GuardVerdict['counts']): string {
  return `${String(creating)} to create, ${String(updating)} to update, ${String(deleting)} to delete`;
}

/** Plans until the plan is complete, and returns the verdict of the guard. */
async function plan(
  { reporter }: Pick<Context, 'reporter'>,
  deck: Deck,
  input: DeckInput,
  request: SyncRequest,
): Promise<GuardVerdict> {
  for (let attempt = 1; ; attempt += 1) {
    const verdict = guardPlan(await deck.diff(input), guardOptions(request, input));
    if (attempt === PLANS) requireComplete(verdict.gaps, 'run the command again');
    if (verdict.gaps.length === 0) return verdict;
    reporter.detail(`plan   decK did not list every change (${verdict.gaps.join('; ')}): planning again`);
  }
}

function guardOptions({ file, maxDeletes }: SyncRequest, secrets: DeckSecrets): GuardOptions {
  return { maxDeletes, secrets, ...(file.kind === 'consumers' && { kinds: CONSUMER_KINDS }) };
}

async function withDeck<Result>(
  context: Context,
  client: KonnectClient,
  { file, environment, controlPlane }: SyncRequest,
  work: (deck: Deck, input: DeckInput) => Promise<Result>,
): Promise<Result> {
  const entities = new Entities(client, controlPlane);
  requireNoConflicts(await findConflicts(entities, file), file);
  await requireNoTwinCertificates(entities, file, environment);
  const { settings } = context;
  const directory = mkdtempSync(join(tmpdir(), 'ollama-eks-deck-'));
  try {
    const configFile = join(directory, 'no-settings.yaml');
    const stateFile = join(directory, `${file.kind}.yaml`);
    writeFileSync(configFile, '{}\n');
    writeFileSync(stateFile, file.content, { mode: 0o600 });
    const target = {
      address: client.regionUrl,
      controlPlane: controlPlane.name,
      token: settings.get('konnectConfigToken') ?? settings.require('konnectToken'),
    };
    const skipConsumers = file.kind === 'configuration';
    const keys = [
      ...file.keys,
      ...Object.keys(environment)
        .filter(isKey)
        .map((name) => environment[name] ?? ''),
    ];
    return await work(new Deck(context, target, configFile), { file: stateFile, environment, keys, skipConsumers });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
