// https://developer.konghq.com/deck/
import type { Context } from '../program/context';
import { parseJson } from './json';

/** Where decK writes to. Everything is said outright: its own defaults are the control plane `default` in us. */
export interface DeckTarget {
  /** Regional address of Konnect. */
  readonly address: string;
  readonly controlPlane: string;
  /** Handed over in the environment. */
  readonly token: string;
}

/** One state file, as a child reads it. */
export interface DeckInput {
  readonly file: string;
  /** Values that the file takes from the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Leaves consumers and their credentials alone, and does not even read them. */
  readonly skipConsumers: boolean;
}

/**
 * decK as a child: in an environment of its own, since a stray DECK_KONG_ADDR or `~/.deck.yaml` would lead it elsewhere; without
 * analytics; with what is no secret as flags, since decK masks the value of every DECK_ variable in its output.
 */
export class Deck {
  public constructor(
    private readonly context: Pick<Context, 'runner'>,
    private readonly target: DeckTarget,
    /** An empty file, in place of `~/.deck.yaml`. */
    private readonly configFile: string,
  ) {}

  /** The plan of a sync. One worker makes it: several lose entries of the list, which they share without a lock. */
  public async diff(input: DeckInput): Promise<unknown> {
    return parseJson('deck', await this.run('diff', input, ['--json-output', '--parallelism', '1']));
  }

  /** Carries the plan out; what it prints may hold whole bodies, so it is not shown. */
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
