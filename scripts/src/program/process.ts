import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ProcessOutput } from 'zx';
import { Lines } from './lines';
import { PROXY_VARIABLES } from './proxy';
import type { Masker } from './masker';
import { ToolError, NOT_FOUND } from './tool-error';

/** An external program that the command line runs. */
export type Tool = 'terraform' | 'tofu' | 'aws' | 'kubectl' | 'deck' | 'gh' | 'git' | 'npm' | 'node' | 'sh';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of the child. Secrets belong here or in `input`, never in the arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Pass only PATH, HOME and the proxy from this process's environment, so that no stray variable influences the child.
   * @default false
   */
  readonly cleanEnv?: boolean;
  /** Written to the child's standard input. */
  readonly input?: string;
  /** Exit codes that count as success. @default [0] */
  readonly ok?: readonly number[];
  /** Interrupts this child only; Ctrl-C interrupts all of them. */
  readonly signal?: AbortSignal;
  /** Called with each masked chunk of output. */
  readonly onOutput?: (text: string) => void;
  /** Called with each masked line of standard output. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs. Every child process is started here. */
export interface Runner {
  run(tool: Tool, args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

const INSTALL: Readonly<Record<Tool, string>> = {
  terraform: 'https://developer.hashicorp.com/terraform/install',
  tofu: 'https://opentofu.org/docs/intro/install/',
  aws: 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
  deck: 'https://developer.konghq.com/deck/',
  gh: 'https://cli.github.com/',
  git: 'https://git-scm.com/downloads',
  npm: 'https://nodejs.org/',
  node: 'https://nodejs.org/',
  sh: 'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sh.html',
};

/**
 * Runs child processes with zx, without a shell: arguments are passed unchanged, and no shell needs to be installed. Commands are not
 * echoed, and secrets are masked in everything that is shown.
 */
export class ZxRunner implements Runner {
  public constructor(
    private readonly masker: Masker,
    private readonly signal: AbortSignal,
    private readonly environment: NodeJS.ProcessEnv = process.env,
    private readonly onCommand: (line: string) => void = () => undefined,
  ) {}

  public async run(tool: Tool, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const { $ } = require('zx') as typeof import('zx'); // takes as long to load as everything else combined
    this.onCommand(this.masker.mask([tool, ...args].join(' ')));
    const signal = options.signal === undefined ? this.signal : AbortSignal.any([this.signal, options.signal]);
    const started: ChildProcess[] = [];
    const interrupt = (): void => started.forEach(interruptGroup);
    const direct = (_command: string, _args: readonly string[], spawnOptions: SpawnOptions): ChildProcess => {
      const child = spawn(tool, args, { ...spawnOptions, shell: false });
      started.push(child);
      return child;
    };
    const run = $({
      quiet: true,
      nothrow: true,
      quote: (text) => text, // the command string is never shown
      spawn: direct as typeof spawn,
      detached: process.platform !== 'win32', // so that the child receives Ctrl-C once, from `interrupt`
      env: { ...this.baseEnvironment(options.cleanEnv ?? false), ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.input === undefined ? {} : { input: options.input }),
    });
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      signal.throwIfAborted();
      const child = run`${[tool, ...args]}`;
      if (options.onOutput !== undefined) {
        const show = options.onOutput;
        const forward = (chunk: Buffer) => show(this.masker.mask(chunk.toString()));
        child.stdout.on('data', forward);
        child.stderr.on('data', forward);
      }
      const lines = options.onLine && new Lines((line) => options.onLine?.(this.masker.mask(line)));
      if (lines !== undefined) child.stdout.on('data', (chunk: Buffer) => lines.add(chunk));
      const output = await child;
      lines?.end();
      return this.judge(tool, args, output, options);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  private baseEnvironment(clean: boolean): NodeJS.ProcessEnv {
    if (!clean) return this.environment;
    const names = ['PATH', 'HOME', ...PROXY_VARIABLES];
    return Object.fromEntries(names.map((name) => [name, this.environment[name]]));
  }

  private judge(
    tool: Tool,
    args: readonly string[],
    output: ProcessOutput,
    { ok = [0], cwd }: Pick<RunOptions, 'ok' | 'cwd'>,
  ): RunResult {
    const cause = output.cause as NodeJS.ErrnoException | null | undefined;
    if (cause?.code === 'ENOENT' && (cwd === undefined || existsSync(cwd))) {
      throw new ToolError(tool, NOT_FOUND, `${tool} is not on the PATH`, '', `install it: ${INSTALL[tool]}`);
    }
    const exitCode = output.exitCode ?? 1;
    if (!ok.includes(exitCode)) {
      const stderr = this.masker.mask(cause?.message ?? output.stderr.trim());
      const command = this.masker.mask([tool, ...args].join(' '));
      throw new ToolError(tool, exitCode, `${command}: exit code ${String(exitCode)}\n${stderr}`, stderr);
    }
    return { exitCode, stdout: output.stdout, stderr: output.stderr };
  }
}

/** Interrupts a child and its own children. Sends the signal once, because Terraform aborts without saving its state on a second one. */
function interruptGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has already exited
  }
}
