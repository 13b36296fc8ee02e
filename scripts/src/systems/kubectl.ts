import type { Context } from '../program/context';
import type { RunOptions } from '../program/process';
import { ToolError } from '../program/tool-error';
import { parseJsonObject } from './json';

/** What kubectl prints if no resource type of that name is defined. */
const NO_RESOURCE_TYPE = /the server doesn't have a resource type "[\w.-]+"/;

/** Whether kubectl failed because the cluster does not define the type: Argo CD, or the Gateway API, is not installed. */
export function isTypeMissing(error: unknown): boolean {
  return error instanceof ToolError && NO_RESOURCE_TYPE.test(error.stderr);
}

/** The fields common to all Kubernetes objects. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
  };
}

/** Client for kubectl, with one method per command that is used. */
export class Kubectl {
  public constructor(
    private readonly context: Pick<Context, 'runner'>,
    /** Name of the kubeconfig context. @default - the current context */
    private readonly kubeContext?: string,
    /** Path of the kubeconfig. @default - the default of kubectl */
    private readonly kubeconfig?: string,
  ) {}

  /** Returns the objects of a kind, in all namespaces if none is given. */
  public async list<Type extends KubernetesObject>(
    kind: string,
    namespace?: string,
    selector?: string,
  ): Promise<readonly Type[]> {
    const { stdout } = await this.run([
      'get',
      kind,
      ...(namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace]),
      ...(selector === undefined ? [] : ['--selector', selector]),
      '--output',
      'json',
    ]);
    return parseJsonObject<{ items: readonly Type[] }>('kubectl', stdout).items;
  }

  /** Returns one object, or undefined if it does not exist. */
  public async get<Type extends KubernetesObject>(
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<Type | undefined> {
    const { stdout } = await this.run([
      'get',
      kind,
      name,
      ...(namespace === undefined ? [] : ['--namespace', namespace]),
      '--ignore-not-found',
      '--output',
      'json',
    ]);
    return stdout.trim() === '' ? undefined : parseJsonObject<Type>('kubectl', stdout);
  }

  public async scale(kind: string, name: string, namespace: string, replicas: number): Promise<void> {
    await this.run(['scale', kind, name, '--namespace', namespace, `--replicas=${String(replicas)}`]);
  }

  /** Merges fields into an object. */
  public async patch(kind: string, name: string, namespace: string, fields: object): Promise<void> {
    const patch = JSON.stringify(fields);
    await this.run(['patch', kind, name, '--namespace', namespace, '--type', 'merge', '--patch', patch]);
  }

  /** Deletes objects, such as `secret/name`, in one call; those that do not exist are skipped. */
  public async delete(objects: readonly string[], namespace: string): Promise<void> {
    await this.run(['delete', ...objects, '--namespace', namespace, '--ignore-not-found']);
  }

  /** Returns one field of an object by its JSONPath, or '' if it does not exist. For objects whose other fields must not be read. */
  public async field(kind: string, name: string, namespace: string, jsonPath: string): Promise<string> {
    const { stdout } = await this.run([
      'get',
      kind,
      name,
      '--namespace',
      namespace,
      '--ignore-not-found',
      '--output',
      `jsonpath=${jsonPath}`,
    ]);
    return stdout;
  }

  /** Returns the last lines of a container's log. */
  public async logs(namespace: string, pod: string, container: string, lines: number): Promise<string> {
    const { stdout } = await this.run([
      'logs',
      pod,
      '--namespace',
      namespace,
      '--container',
      container,
      `--tail=${String(lines)}`,
    ]);
    return stdout;
  }

  /** Returns the first bytes of a container's log. */
  public async firstLogs(namespace: string, pod: string, container: string, bytes: number): Promise<string> {
    const limit = `--limit-bytes=${String(bytes)}`;
    const { stdout } = await this.run(['logs', pod, '--namespace', namespace, '--container', container, limit]);
    return stdout;
  }

  /** Runs a command in a container and returns its output. */
  public async exec(namespace: string, pod: string, container: string, command: readonly string[]): Promise<string> {
    const { stdout } = await this.run([
      'exec',
      '--namespace',
      namespace,
      pod,
      '--container',
      container,
      '--',
      ...command,
    ]);
    return stdout;
  }

  /** Forwards a local port until the signal is aborted. `withPort` waits until the port is open. */
  public async portForward(
    namespace: string,
    object: string,
    ports: string,
    options: Pick<RunOptions, 'signal' | 'onOutput'>,
  ): Promise<void> {
    await this.run(['port-forward', '--namespace', namespace, '--address', '127.0.0.1', object, ports], options);
  }

  private run(args: readonly string[], options?: RunOptions) {
    const which = [
      ...(this.kubeconfig === undefined ? [] : ['--kubeconfig', this.kubeconfig]),
      ...(this.kubeContext === undefined ? [] : ['--context', this.kubeContext]),
    ];
    return this.context.runner.run('kubectl', [...which, ...args], options);
  }
}
