import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { newToolState, type ToolAnswer, type ToolCall, type ToolState } from './state';
import { runTool, TERRAFORM_SECONDS, type Attachment } from './tools';

/** Programs that have a stand-in. */
export const TOOL_NAMES = ['terraform', 'tofu', 'aws', 'kubectl', 'deck', 'gh', 'git'] as const;

/** Number of 10 ms waits for a lock: longer than any stand-in holds one. */
const MOST_ATTEMPTS = 6000;

/** Files that the executables share. */
export interface ToolBench {
  /** Folder that must come first on PATH. */
  readonly bin: string;
  readonly state: string;
  /** One line of JSON per call. */
  readonly journal: string;
}

/**
 * Writes stand-ins for the tools: each call is recorded, and answered from a state that they share in a file.
 * @param konnect address of the emulated Konnect
 * @param speed virtual seconds per real second, as in the emulator
 */
export function writeExecutables(directory: string, konnect: string, speed: number): ToolBench {
  const bin = join(directory, 'bin');
  mkdirSync(bin, { recursive: true });
  const bench = { bin, state: join(directory, 'state.json'), journal: join(directory, 'journal.jsonl') };
  writeFileSync(bench.state, JSON.stringify(newToolState()));
  writeFileSync(bench.journal, '');
  for (const tool of [...TOOL_NAMES, 'synth']) {
    const path = join(bin, tool);
    const options = JSON.stringify({ tool, konnect, speed, directory });
    writeFileSync(
      path,
      `#!/usr/bin/env node\nrequire(${JSON.stringify(resolve(__dirname, 'main.js'))}).run(${options});\n`,
    );
    chmodSync(path, 0o755);
  }
  return bench;
}

/** State and calls that the tools have left. */
export function readToolState({ state }: Pick<ToolBench, 'state'>): ToolState {
  return JSON.parse(readFileSync(state, 'utf8')) as ToolState;
}

export interface ExecutableOptions {
  readonly tool: string;
  readonly konnect: string;
  readonly speed: number;
  readonly directory: string;
}

/** Performs one call of an executable: reads the state, answers, and writes the state back. */
export async function call(
  { tool, konnect, speed, directory }: ExecutableOptions,
  args: readonly string[],
  input: string | undefined,
): Promise<ToolAnswer> {
  const path = join(directory, 'state.json');
  const request: ToolCall =
    tool === 'synth'
      ? { tool: 'sh', args: ['-c', ['synth', ...args].join(' ')], env: process.env, cwd: process.cwd() }
      : { tool, args, env: process.env, input, cwd: process.cwd() };
  const stack = stackOf(tool, args);
  const locks = stack !== undefined && LOCKING.includes(args[1] ?? '') && !args.includes('-lock=false');
  const run = () => answerTo({ konnect, speed }, path, request, stack);
  return locks ? exclusively(`${path}.${stack}`, run) : run();
}

/** Commands that hold the lock of a stack's state while they run. */
const LOCKING = ['plan', 'apply', 'destroy'];

/** Returns the stack of a Terraform call; undefined for any other tool. */
function stackOf(tool: string, [chdir = '']: readonly string[]): string | undefined {
  return ['terraform', 'tofu'].includes(tool) && chdir.startsWith('-chdir=') ? basename(chdir) : undefined;
}

async function answerTo(
  { konnect, speed }: Pick<ExecutableOptions, 'konnect' | 'speed'>,
  path: string,
  request: ToolCall,
  stack: string | undefined,
): Promise<ToolAnswer> {
  const state = readToolState({ state: path });
  const answer = await runTool(
    {
      state,
      now: () => Date.now() * speed,
      sleep: (seconds) => new Promise((done) => setTimeout(done, (seconds * 1000) / speed)),
      fetch,
      attachments: () => attachments(konnect),
      accept: async (attachmentId) => {
        await fetch(`${konnect}/_emulator/accept`, { method: 'POST', body: JSON.stringify({ attachmentId }) });
      },
    },
    request,
    TERRAFORM_SECONDS,
  );
  await exclusively(path, () => {
    // changes of other calls are kept: only what this call changed is written
    const before = JSON.parse(JSON.stringify(readToolState({ state: path }))) as ToolState;
    writeFileSync(`${path}.new`, JSON.stringify(merge(before, state, request.tool, stack)));
    renameSync(`${path}.new`, path);
  });
  return answer;
}

/** Parts of the state that a tool may change: Terraform its stack and shares, the AWS CLI those of AWS, gh those of GitHub. */
function merge(current: ToolState, mine: ToolState, tool: string, stack: string | undefined): ToolState {
  switch (tool) {
    case 'terraform':
    case 'tofu': {
      if (stack === undefined) return current;
      const others = Object.entries(current.stacks).filter(([name]) => name !== stack);
      const own = Object.entries(mine.stacks).filter(([name]) => name === stack);
      return {
        ...current,
        stacks: Object.fromEntries([...others, ...own]),
        ...(stack === 'infra' && { aws: { ...current.aws, sharePrincipals: mine.aws.sharePrincipals } }),
        ...(stack === 'platform' && { platformSince: mine.platformSince }),
      };
    }
    case 'aws':
      return { ...current, aws: mine.aws };
    case 'kubectl':
      return { ...current, olderSyncs: mine.olderSyncs };
    case 'gh':
      return { ...current, github: mine.github };
    default:
      return current;
  }
}

/** Waits for the holder of the lock, unless its process has exited. */
async function exclusively<Result>(path: string, work: () => Result | Promise<Result>): Promise<Result> {
  const lock = `${path}.lock`;
  for (let attempt = 0; !take(lock); attempt += 1) {
    if (attempt > MOST_ATTEMPTS) throw new Error(`${lock} is held for too long`);
    await new Promise((done) => setTimeout(done, 10));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** Returns whether the holder of a lock is still running; a lock without its process id is being acquired. */
function isHeld(lock: string): boolean {
  try {
    const holder = readFileSync(lock, 'utf8');
    if (holder !== '') process.kill(Number(holder), 0);
    return true;
  } catch {
    return false; // the lock or its holder no longer exists
  }
}

async function attachments(konnect: string): Promise<readonly Attachment[]> {
  const response = await fetch(`${konnect}/_emulator/attachments`);
  return (await response.json()) as Attachment[];
}
