import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { KillableClock, KonnectEmulator, VirtualClock, type Timeline } from '../../../test/emulators/konnect';
import {
  CLUSTER,
  isWrite,
  newToolState,
  runTool,
  synthProject,
  writeProject,
  type ToolAnswer,
  type ToolCall,
  type ToolState,
} from '../../../test/emulators/tools';
import { COMMANDS } from '../../src/commands';
import type { ExitCode } from '../../src/program/exit-codes';
import type { RunOptions, Runner, RunResult, Tool } from '../../src/program/process';
import { ToolError } from '../../src/program/tool-error';
import { main } from '../../src/program/program';
import { SHORT } from '../konnect/rig';
import { watched } from '../support/declared-settings';
import { requirePublished } from '../support/published-schemas';

/** A sentinel token, which must not appear in any output. */
export const TOKEN = 'kpat_SENTINEL0123456789';

/** Domain of the emulated Konnect's gateways, after the name of their control plane. */
const GATEWAYS = '.us-west-2.gateways.example.com';

/** Address that it gives those of the project. */
export const GATEWAY = `https://${CLUSTER}${GATEWAYS}`;

/** How a run ended. */
export interface RunEnd {
  /** Undefined for a run that was killed. */
  readonly code: ExitCode | undefined;
  readonly out: string;
  readonly err: string;
  /** Calls to other systems: requests and children. */
  readonly calls: readonly string[];
}

export interface RunControl {
  /** Kill the process after this number of calls to other systems. */
  readonly killAt?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Answers in place of a tool; undefined lets it through. */
  readonly tool?: (call: ToolCall, index: number) => ToolAnswer | undefined;
  /** Called with each line of progress. */
  readonly onError?: (line: string) => void;
  /** Answers to questions, of which the last one repeats. Without it, stdin is not a terminal. */
  readonly answer?: string | readonly string[];
}

/** Everything outside of the command line, in process, in virtual time. */
export class CliRig {
  public readonly clock: VirtualClock;
  public readonly konnect: KonnectEmulator;
  public readonly tools: ToolState = newToolState();
  public readonly directory = mkdtempSync(join(tmpdir(), 'ollama-eks-cli-'));
  /** Every child that was started. */
  public readonly children: ToolCall[] = [];
  readonly #locks = new Map<string, Promise<unknown>>();

  /** @param konnect another rig's, with its clock: both are of one organization */
  public constructor({
    timeline = SHORT,
    kong = true,
    clock = new VirtualClock(),
    konnect = new KonnectEmulator({ clock, token: TOKEN, timeline }),
  }: { timeline?: Timeline; kong?: boolean; clock?: VirtualClock; konnect?: KonnectEmulator } = {}) {
    this.clock = clock;
    this.konnect = konnect;
    writeProject(this.directory, kong);
  }

  /** One call of `ollama-eks`. */
  public async run(argv: readonly string[], control: RunControl = {}): Promise<RunEnd> {
    const clock = new KillableClock(this.clock);
    const out: string[] = [];
    const err: string[] = [];
    const calls: string[] = [];
    const answers = [control.answer ?? []].flat();
    let kill: () => void = () => undefined;
    let isKilled = (): boolean => false;
    const end = new Promise<undefined>((resolve) => {
      kill = () => {
        isKilled = () => true;
        clock.kill();
        resolve(undefined);
      };
    });
    /** A killed process sends no request and receives no answer. */
    const outside = async <Answer>(name: string, call: (index: number) => Promise<Answer>): Promise<Answer> => {
      if (isKilled()) return new Promise(() => undefined);
      calls.push(name);
      const index = calls.length;
      const answer = await call(index);
      if (index === control.killAt) kill();
      return isKilled() ? new Promise(() => undefined) : answer;
    };
    const code = await Promise.race([
      end,
      main(
        argv,
        {
          streams: {
            get in() {
              const input = new Readable({
                read() {
                  this.push(
                    answers.length === 0 ? null : `${(answers.length > 1 ? answers.shift() : answers[0]) ?? ''}\n`,
                  );
                  this.push(null);
                },
              });
              return Object.assign(input, { isTTY: answers.length > 0 });
            },
            out: { write: (text) => out.push(text) },
            err: {
              write: (text) => {
                control.onError?.(text);
                err.push(text);
              },
            },
          },
          environment: watched({ KONNECT_TOKEN: TOKEN, ...control.env }, argv),
          directory: this.directory,
          clock,
          fetch: (input, init) =>
            outside(`${init?.method ?? 'GET'} ${input as string}`, () => this.#fetch(input as string, init)),
          signal: new AbortController().signal,
          runner: this.#runner(outside, control),
        },
        COMMANDS,
      ),
    ]);
    if (code !== undefined) requirePublished(argv, out.join(''));
    return { code, out: out.join(''), err: err.join(''), calls };
  }

  /** Synthesizes as a user would. */
  public synth(): void {
    const { app, context } = JSON.parse(readFileSync(join(this.directory, 'cdktf.json'), 'utf8')) as {
      app: string;
      context?: object;
    };
    synthProject(join(this.directory, 'cdktf.out'), JSON.stringify(context ?? {}), !app.includes('--no-kong'));
  }

  /** Deploys up to a verified answer. */
  public deploy(control?: RunControl): Promise<RunEnd> {
    return this.run(['deploy', '--yes'], control);
  }

  public destroy(control?: RunControl): Promise<RunEnd> {
    return this.run(['destroy', '--yes'], control);
  }

  /** Returns everything that exists, without random values. */
  public snapshot(): unknown {
    const text = JSON.stringify({
      konnect: this.konnect.snapshot(),
      tools: { ...this.tools, platformSince: undefined },
    });
    const plain: unknown = JSON.parse(
      text
        .replace(/"applied":"[0-9a-f]{64}"/g, '"applied":true')
        .replace(/"serial":\d+/g, '"serial":1')
        .replace(/\b\d{13}\b/g, '1')
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, '<id>')
        .replace(/tgw-attach-[0-9a-f]+/g, '<attachment>')
        .replace(/"key":"[A-Za-z0-9_-]{43}"/g, '"key":"<key>"'),
    );
    return inOrder(plain);
  }

  /** Number of changes to other systems so far. */
  public get writes(): number {
    return this.konnect.writes.length + this.children.filter(isWrite).length;
  }

  /** Text of every file in the project. */
  public files(directory = this.directory): string[] {
    return readdirSync(directory).flatMap((name) => {
      const path = join(directory, name);
      return statSync(path).isDirectory() ? this.files(path) : [readFileSync(path, 'utf8')];
    });
  }

  /** Removes the project, and checks the requests to Konnect against its contract. */
  public dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
    expect(this.konnect.contract.misses).toEqual([]);
  }

  readonly #fetch = async (input: string, init?: RequestInit): Promise<Response> => {
    const { hostname, pathname } = new URL(input);
    const [name = ''] = hostname.split(GATEWAYS);
    if (!hostname.endsWith(GATEWAYS)) return this.konnect.fetch(input, init);
    return this.#gateway(name, pathname, new Headers(init?.headers));
  };

  /** The gateway: knows the keys, and the models when Argo CD has brought them up. */
  #gateway(name: string, path: string, headers: Headers): Response {
    const response = (status: number, body: unknown) => {
      const answer = new Response(null, { status });
      Object.defineProperty(answer, 'text', { value: () => Promise.resolve(JSON.stringify(body)) });
      return answer;
    };
    if (path === '/___konnect/healthz') return response(200, {});
    const controlPlane = [...this.konnect.world.controlPlanes.values()].find(({ fields }) => fields['name'] === name);
    const keys = controlPlane === undefined ? [] : this.konnect.entities.list(controlPlane.id, 'key-auths');
    const known = keys.some(({ key }) => key === headers.get('apikey'));
    if (!known) return response(401, { message: 'No API key found in request' });
    const services = controlPlane === undefined ? [] : this.konnect.entities.list(controlPlane.id, 'services');
    return services.length === 0 ? response(404, { message: 'no Route matched with those values' }) : response(200, {});
  }

  #runner(
    outside: <Answer>(name: string, call: (index: number) => Promise<Answer>) => Promise<Answer>,
    control: RunControl,
  ): Runner {
    const run = (tool: Tool, args: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
      outside([tool, ...args].join(' '), async (index) => {
        const inherited = options.cleanEnv === true ? {} : { KONNECT_TOKEN: TOKEN, ...control.env };
        const call = { tool, args, env: { ...inherited, ...options.env }, input: options.input, cwd: options.cwd };
        this.children.push(call);
        const answer = control.tool?.(call, index) ?? (await this.#exclusively(call));
        if (options.onLine !== undefined) answer.stdout.split('\n').filter(Boolean).forEach(options.onLine);
        if ((options.ok ?? [0]).includes(answer.exitCode)) return answer;
        const problem = `${tool} ${args.join(' ')}: exit code ${String(answer.exitCode)}\n${answer.stderr}`;
        const missing = answer.exitCode === 127 && tool !== 'sh';
        if (missing) {
          throw new ToolError(
            tool,
            answer.exitCode,
            `${tool} is not on the PATH`,
            '',
            'install it: https://example.com/',
          );
        }
        throw new ToolError(tool, answer.exitCode, problem, answer.stderr);
      });
    return { run };
  }

  /** Terraform locks a state: a run that outlived its caller is waited for. */
  async #exclusively(call: ToolCall): Promise<ToolAnswer> {
    const surroundings = {
      state: this.tools,
      now: () => this.clock.now(),
      sleep: (seconds: number) => this.clock.sleep(seconds * 1000),
      fetch: this.konnect.fetch,
      attachments: () => Promise.resolve(this.konnect.attachments()),
      accept: (id: string) => {
        this.konnect.acceptAttachment(id);
        return Promise.resolve();
      },
    };
    const locks = isWrite(call) || (call.args.includes('plan') && !call.args.includes('-lock=false'));
    if (!['terraform', 'tofu'].includes(call.tool) || !locks) return runTool(surroundings, call);
    const lock = call.args[0] ?? '';
    const before = this.#locks.get(lock) ?? Promise.resolve();
    const running = before.then(() => runTool(surroundings, call));
    this.#locks.set(
      lock,
      running.catch(() => undefined),
    );
    return running;
  }
}

/** Sorts what is written in parallel, and so in any order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder).sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, inOrder(inner)]),
  );
}
