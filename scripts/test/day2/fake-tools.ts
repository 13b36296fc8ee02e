import type { KubernetesObject } from '../../src/systems/kubectl';
import type { RunOptions, Runner, RunResult, Tool } from '../../src/program/process';
import { ToolError } from '../../src/program/tool-error';

/** A call of a child. */
export interface ToolCall {
  readonly tool: Tool;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

/** What a child answers: text or JSON on standard output, or an error. */
export type Answer = (args: readonly string[], call: ToolCall) => unknown;

/**
 * kubectl on objects in memory, and the AWS CLI by answers to its operations. Everything that is asked is kept.
 * @see https://kubernetes.io/docs/reference/kubectl/
 */
export class FakeTools implements Runner {
  public readonly calls: ToolCall[] = [];
  /** Objects of the cluster. */
  public objects: KubernetesObject[] = [];
  /** Local ports by `namespace/object`; `*` for all others. */
  public readonly ports = new Map<string, number>();
  /** Answers of the AWS CLI, by `service operation`. */
  public readonly aws = new Map<string, Answer>();
  /** Answers of `kubectl exec`, by the first word of the command. */
  public readonly exec = new Map<string, Answer>();
  /** Fields that are asked for by their JSONPath, by `kind/name`. */
  public readonly fields = new Map<string, string>();
  /** Logs by `pod/container`. */
  public readonly logs = new Map<string, string>();
  /** Answers of everything else, by tool. */
  public readonly other = new Map<Tool, Answer>();

  public async run(tool: Tool, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const call = { tool, args, options };
    this.calls.push(call);
    if (tool === 'kubectl') return done(await this.kubectl(withoutAccess(args), call));
    if (tool === 'aws') return done(await this.answerOfAws(args, call));
    const answer = this.other.get(tool);
    if (answer === undefined) throw new ToolError(tool, 127, `${tool} is not on the PATH`);
    return done(await answer(args, call));
  }

  /** Command lines of a tool, without the access to the cluster. */
  public lines(tool: Tool): readonly string[] {
    return this.calls.filter((call) => call.tool === tool).map(({ args }) => withoutAccess(args).join(' '));
  }

  /** Makes the children of a kind fail from now on. */
  public failing(tool: Tool, stderr: string): void {
    const answer = () => {
      throw new ToolError(tool, 1, `${tool}: exit code 1\n${stderr}`, stderr);
    };
    if (tool === 'aws') for (const operation of this.aws.keys()) this.aws.set(operation, answer);
    else this.other.set(tool, answer);
  }

  private answerOfAws(args: readonly string[], call: ToolCall): unknown {
    const operation = args.slice(0, 2).join(' ');
    if (operation === 'eks update-kubeconfig') return '';
    const answer = this.aws.get(operation);
    if (answer === undefined) throw new ToolError('aws', 254, `no answer for aws ${operation}`);
    return answer(args, call);
  }

  private async kubectl(args: readonly string[], call: ToolCall): Promise<unknown> {
    const fault = this.other.get('kubectl');
    if (fault !== undefined) return fault(args, call);
    switch (args[0]) {
      case 'get':
        return this.get(args);
      case 'scale':
        return this.scale(args);
      case 'patch':
        return this.patch(args);
      case 'delete':
        return this.delete(args);
      case 'exec': {
        const command = args.slice(args.indexOf('--') + 1);
        return (this.exec.get(command[0] ?? '') ?? missing(args))(args, call);
      }
      case 'logs':
        return this.logs.get(`${args[1] ?? ''}/${valueOf(args, '--container') ?? ''}`) ?? '';
      case 'port-forward':
        return this.forward(args, call.options);
      default:
        return missing(args)([], call);
    }
  }

  private get(args: readonly string[]): unknown {
    const [, kind = '', second] = args;
    const namespace = valueOf(args, '--namespace');
    const found = this.objects.filter(
      (object) =>
        isOfKind(object, kind) &&
        (namespace === undefined || object.metadata.namespace === namespace) &&
        matches(object, valueOf(args, '--selector')),
    );
    if (second !== undefined && !second.startsWith('--')) {
      if (valueOf(args, '--output')?.startsWith('jsonpath=') === true)
        return this.fields.get(`${kind}/${second}`) ?? '';
      return found.find(({ metadata }) => metadata.name === second) ?? '';
    }
    return { items: found };
  }

  private scale([, kind = '', name, , namespace, replicas = '']: readonly string[]): unknown {
    const object = this.objects.find(
      (candidate) =>
        isOfKind(candidate, kind) && candidate.metadata.name === name && candidate.metadata.namespace === namespace,
    ) as { spec?: { replicas?: number } } | undefined;
    if (object === undefined) throw new ToolError('kubectl', 1, 'not found', 'NotFound');
    object.spec = { ...object.spec, replicas: Number(replicas.split('=')[1]) };
    return '';
  }

  /** Merges fields, as a JSON Merge Patch does. */
  private patch([, kind = '', name, ...args]: readonly string[]): unknown {
    const at = this.objects.findIndex((object) => isOfKind(object, kind) && object.metadata.name === name);
    const object = this.objects[at];
    if (object === undefined) throw new ToolError('kubectl', 1, 'not found', 'NotFound');
    this.objects[at] = merged(object, JSON.parse(valueOf(args, '--patch') ?? '{}')) as KubernetesObject;
    return '';
  }

  private delete(args: readonly string[]): unknown {
    for (const name of args.slice(1, args.indexOf('--namespace'))) {
      const [kind = '', own = ''] = name.split('/');
      this.objects = this.objects.filter((object) => !isOfKind(object, kind) || object.metadata.name !== own);
      this.fields.delete(name);
    }
    return '';
  }

  private async forward(args: readonly string[], { signal, onOutput }: RunOptions): Promise<never> {
    const [object = '', ports = ''] = args.slice(-2);
    const key = `${valueOf(args, '--namespace') ?? ''}/${object}`;
    const port = this.ports.get(key) ?? this.ports.get('*');
    if (port === undefined) throw new ToolError('kubectl', 1, `error: pods "${object}" not found`, 'NotFound');
    onOutput?.('Forwarding from 127.0.0.1:');
    onOutput?.(`${String(port)} -> ${ports.split(':')[1] ?? ''}\n`);
    await new Promise<void>((resolve) => {
      if (signal?.aborted === true) resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    throw new ToolError('kubectl', 130, 'kubectl: interrupted');
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7396 */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const fields = { ...(target as Record<string, unknown> | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(fields, key);
    else fields[key] = merged(fields[key], value);
  }
  return fields;
}

function done(answer: unknown): RunResult {
  const stdout = typeof answer === 'string' ? answer : JSON.stringify(answer ?? {});
  return { exitCode: 0, stdout, stderr: '' };
}

function missing(args: readonly string[]): Answer {
  return () => {
    throw new ToolError('kubectl', 1, `no answer for kubectl ${args.join(' ')}`);
  };
}

function withoutAccess(args: readonly string[]): readonly string[] {
  return args.filter(
    (argument, index) =>
      !['--context', '--kubeconfig'].includes(argument) &&
      !['--context', '--kubeconfig'].includes(args[index - 1] ?? ''),
  );
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const index = args.indexOf(option);
  return index < 0 ? undefined : args[index + 1];
}

/** `pods`, `deployment`, `peerauthentications.security.istio.io`. */
function isOfKind({ kind }: KubernetesObject, name: string): boolean {
  const asked = name.split('.')[0]?.toLowerCase() ?? '';
  const own = kind.toLowerCase();
  return [own, `${own}s`, `${own}es`, own.replace(/y$/, 'ies')].includes(asked);
}

function matches({ metadata }: KubernetesObject, selector: string | undefined): boolean {
  if (selector === undefined) return true;
  return selector.split(',').every((term) => {
    const [label = '', value] = term.split('=');
    return metadata.labels?.[label] === value;
  });
}
