// https://developer.konghq.com/deck/
import type { Context } from '../program/context';
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
  /** Whether decK ignores consumers and their credentials, without even reading them. */
  readonly skipConsumers: boolean;
}

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
    const { stdout } = await this.context.runner.run('deck', args, {
      cleanEnv: true,
      env: { ...input.environment, DECK_ANALYTICS: 'off', DECK_KONNECT_TOKEN: token },
    });
    return stdout;
  }
}
