import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import type { KonnectClient } from '../konnect';
import { Deck, type DeckInput } from '../systems/deck';
import { guardPlan, type GuardVerdict } from './guard';
import type { StateFile } from './state-file';

/** Kinds of objects that the consumers' file is made of. */
const CONSUMER_KINDS = ['acl', 'acl-group', 'consumer', 'key-auth', 'plugin'];

/** How often a plan is made until it lists all that it counts. */
const PLANS = 3;

/** What is to be synced, and how much of it may be a deletion. */
export interface SyncRequest {
  readonly file: StateFile;
  /** Name of the control plane. */
  readonly controlPlane: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly maxDeletes: number;
}

/** What a sync would do, or did. */
export interface SyncResult {
  readonly counts: GuardVerdict['counts'];
  /** Whether anything was to do. */
  readonly changes: boolean;
}

/** What a sync would do, and why it must not. Throws CommandError where decK makes no whole plan. */
export async function diffKong(context: Context, client: KonnectClient, request: SyncRequest): Promise<GuardVerdict> {
  return withDeck(context, client, request, (deck, input) => plan(context, deck, input, request));
}

/**
 * Brings Kong in line with one file. The plan passes the guard first; where nothing is to do, nothing is done.
 * Throws UsageError with every reason for which the guard refuses, and CommandError where decK makes no whole plan.
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

/** Whether a plan holds anything to do. */
export function hasChanges(counts: GuardVerdict['counts']): boolean {
  return Object.values(counts).some((count) => count > 0);
}

/** Why nothing was done, for people. */
export function refusalText(refusals: readonly string[]): string {
  return `the plan was not carried out: ${refusals.join('; ')}`;
}

/** Throws CommandError for a plan with gaps; what to do about it ends the message. */
export function requireWhole(gaps: readonly string[], remedy: string): void {
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

/** Plans until the plan is whole. What it lists is judged by the guard. */
async function plan(
  { reporter }: Pick<Context, 'reporter'>,
  deck: Deck,
  input: DeckInput,
  request: SyncRequest,
): Promise<GuardVerdict> {
  for (let attempt = 1; ; attempt += 1) {
    const verdict = guardPlan(await deck.diff(input), guardOptions(request));
    if (attempt === PLANS) requireWhole(verdict.gaps, 'run the command again');
    if (verdict.gaps.length === 0) return verdict;
    reporter.detail(`plan   decK did not list every change (${verdict.gaps.join('; ')}): planning again`);
  }
}

function guardOptions({ file, maxDeletes }: SyncRequest) {
  return file.kind === 'configuration' ? { maxDeletes } : { maxDeletes, kinds: CONSUMER_KINDS };
}

async function withDeck<Result>(
  context: Context,
  client: KonnectClient,
  { file, environment, controlPlane }: SyncRequest,
  work: (deck: Deck, input: DeckInput) => Promise<Result>,
): Promise<Result> {
  const { settings } = context;
  const directory = mkdtempSync(join(tmpdir(), 'ollama-eks-deck-'));
  try {
    const configFile = join(directory, 'no-settings.yaml');
    const stateFile = join(directory, `${file.kind}.yaml`);
    writeFileSync(configFile, '{}\n');
    writeFileSync(stateFile, file.content, { mode: 0o600 });
    const target = {
      address: client.regionUrl,
      controlPlane,
      token: settings.get('konnectConfigToken') ?? settings.require('konnectToken'),
    };
    const skipConsumers = file.kind === 'configuration';
    return await work(new Deck(context, target, configFile), { file: stateFile, environment, skipConsumers });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
