import { MODELS_PATH, OLLAMA, OLLAMA_PORT } from '@org/ollama-eks/pure';
import { Endpoint } from '../endpoint/endpoint';
import { isServing, serverPods } from '../pools/server-pods';
import type { Context } from '../program/context';
import { CommandError, ExitCode } from '../program/exit-codes';
import { findProject } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl } from '../systems/kubectl';
import { withPort } from '../systems/port-forward';

/** Longest pull of a model, in milliseconds. */
const PULL_TIMEOUT = 6 * 3_600_000;

/** Usage of a volume in bytes. */
export interface Disk {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** The servers of a cluster, accessed directly, since Kong does not route requests that change models. */
export class Servers {
  private constructor(
    private readonly context: Context,
    private readonly kubectl: Kubectl,
    public readonly target: Target,
    /** Names of the pods. */
    public readonly names: readonly string[],
  ) {}

  /** Opens the servers whose Ollama runs. Throws CommandError with exit code 6 if none does. */
  public static async open(context: Context, pod?: string): Promise<Servers> {
    const target = findTarget(context, findProject(context));
    const kubectl = await openCluster(context, target);
    const pods = (await serverPods(kubectl)).filter(isServing);
    const names = pods.map(({ metadata }) => metadata.name).filter((name) => pod === undefined || name === pod);
    if (names.length === 0) {
      const problem = pod === undefined ? 'no server is running' : `server ${pod} is not running`;
      throw new CommandError(ExitCode.failedState, problem, {
        remedy: 'run ollama-eks scale resume, or ollama-eks diagnose',
      });
    }
    return new Servers(context, kubectl, target, names);
  }

  /** Connects to a server's Ollama. */
  public use<Result>(name: string, action: (endpoint: Endpoint) => Promise<Result>): Promise<Result> {
    return withPort(this.kubectl, { namespace: OLLAMA, object: `pod/${name}`, port: OLLAMA_PORT }, (port) =>
      action(new Endpoint(this.context, `http://127.0.0.1:${String(port)}`, undefined, PULL_TIMEOUT)),
    );
  }

  /** Reads the usage of the volume with the models. */
  public async disk(name: string): Promise<Disk> {
    const printed = await this.kubectl.exec(OLLAMA, name, OLLAMA, [
      'df',
      '--block-size=1',
      '--output=size,avail',
      MODELS_PATH,
    ]);
    const [total, free] = (printed.trim().split('\n').at(-1) ?? '').trim().split(/\s+/).map(Number);
    if (total === undefined || free === undefined || Number.isNaN(total + free)) {
      throw new CommandError(ExitCode.unexpected, `df in ${name} prints ${JSON.stringify(printed)}`);
    }
    return { totalBytes: total, freeBytes: free };
  }
}
