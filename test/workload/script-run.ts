import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** Output of a finished script. */
export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** Returns the first of these shells that is installed: that of the image, or an equally strict one. */
export function shell(...candidates: readonly (readonly string[])[]): readonly string[] {
  const found = candidates.find(([command = '', ...args]) => {
    return spawnSync(command, [...args, '-c', 'exit 0']).status === 0;
  });
  if (found === undefined) throw new Error(`none of these shells is installed: ${candidates.flat().join(', ')}`);
  return found;
}

/** A shell script that runs in the background of a test. */
export class ScriptRun {
  public output = '';
  private readonly child: ChildProcess;
  private readonly finished: Promise<Finished>;

  public constructor(command: readonly string[], env: Readonly<Record<string, string>>) {
    const [file = '', ...args] = command;
    this.child = spawn(file, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.finished = new Promise((resolve) =>
      this.child.on('exit', (code) => setImmediate(() => resolve({ code, output: this.output }))),
    );
  }

  /** Result of the script. */
  public async end(): Promise<Finished> {
    return this.finished;
  }

  /** Asks the script to stop, as the kubelet does. */
  public async terminate(): Promise<Finished> {
    this.child.kill('SIGTERM');
    return this.finished;
  }
}
