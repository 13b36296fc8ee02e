import { spawn } from 'node:child_process';

/** Output of a program. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** Added to the environment of the tests; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Kills the program with its children. */
  readonly signal?: AbortSignal;
  /** Written to its standard input. */
  readonly input?: string;
  /**
   * Exit codes that do not count as failures.
   * @default [0]
   */
  readonly exitCodes?: readonly number[];
}

/** Runs a program to its end. Rejects, with its whole output, if the exit code is not allowed. */
export async function runProgram(path: string, args: readonly string[], options: ProgramOptions = {}): Promise<Output> {
  const { cwd, env, signal: stop, input = '', exitCodes = [0] } = options;
  const child = spawn(path, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'pipe',
    detached: stop !== undefined,
  });
  stop?.addEventListener('abort', () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdin.on('error', () => undefined); // a program may exit before it has read everything; its exit code counts
  child.stdin.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve(signal === null ? (status ?? 1) : 1);
    });
  });
  if (!exitCodes.includes(code)) {
    throw new Error(`${path} ${args.join(' ')} (in ${cwd ?? '.'}) exited with ${code}\n${stdout}\n${stderr}`);
  }
  return { code, stdout, stderr };
}
