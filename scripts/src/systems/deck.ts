// https://developer.konghq.com/deck/
import type { Context } from '../program/context';
import { NOT_FOUND, ToolError } from '../program/tool-error';
import { DeckError } from './deck-error';
import { parseJson } from './json';

/** Control plane that decK reads and writes. Everything is explicit, since decK defaults to the control plane `default` in the US. */
export interface DeckTarget {
  /** Regional address of Konnect. */
  readonly address: string;
  readonly controlPlane: string;
  /** Passed in the environment. */
  readonly token: string;
}

/** A state file and the values that it needs. */
export interface DeckInput {
  readonly file: string;
  /** Environment variables that the file refers to. */
  readonly environment: Readonly<Record<string, string>>;
  /** Keys in the file and in the environment, which no message may show. */
  readonly keys: readonly string[];
  /** Whether decK ignores consumers and their credentials, without even reading them. */
  readonly skipConsumers: boolean;
}

/** What a command of decK does, for errors. */
const DOING = { diff: 'decK could not plan the sync', sync: 'decK could not finish the sync' } as const;

/**
 * Runs decK in a clean environment, since a stray DECK_KONG_ADDR or `~/.deck.yaml` would redirect it, and without analytics. Values that
 * are not secret are passed as flags, since decK masks the value of every DECK_ variable in its output.
 */
export class Deck {
  public constructor(
    private readonly context: Pick<Context, 'runner'>,
    private readonly target: DeckTarget,
    /** An empty file that replaces `~/.deck.yaml`. */
    private readonly configFile: string,
  ) {}

  /** Returns the plan of a sync. Uses one worker, because several workers append to the list of changes without a lock and lose entries. */
  public async diff(input: DeckInput): Promise<unknown> {
    return parseJson('deck', await this.run('diff', input, ['--json-output', '--parallelism', '1']));
  }

  /** Syncs. The output of decK may contain complete objects, so it is not shown. */
  public async sync(input: DeckInput): Promise<void> {
    await this.run('sync', input, ['--yes']);
  }

  private async run(command: 'diff' | 'sync', input: DeckInput, flags: readonly string[]): Promise<string> {
    const { address, controlPlane, token } = this.target;
    const args = [
      'gateway',
      command,
      input.file,
      '--config',
      this.configFile,
      '--konnect-addr',
      address,
      '--konnect-control-plane-name',
      controlPlane,
      ...(input.skipConsumers ? ['--skip-consumers'] : []),
      ...flags,
    ];
    try {
      const { stdout } = await this.context.runner.run('deck', args, {
        cleanEnv: true,
        env: { ...input.environment, DECK_ANALYTICS: 'off', DECK_KONNECT_TOKEN: token },
      });
      return stdout;
    } catch (error) {
      if (!(error instanceof ToolError) || error.status === NOT_FOUND) throw error;
      throw new DeckError(DOING[command], error.stderr, error.exitCode, input);
    }
  }
}
