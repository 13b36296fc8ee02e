import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newToolState, type ToolAnswer, type ToolCall, type ToolState } from './state';
import { runTool, TERRAFORM_SECONDS, type Attachment } from './tools';

/** Programs that are stood in for. */
export const TOOL_NAMES = ['terraform', 'tofu', 'aws', 'kubectl', 'deck', 'gh'] as const;

/** Where executables keep what they know of each other. */
export interface ToolBench {
  /** First on the PATH. */
  readonly bin: string;
  readonly state: string;
  /** One line of JSON a call. */
  readonly journal: string;
}

/**
 * Writes executables that stand in for the tools: each call is recorded, and answered from a state that they share in a file.
 * @param konnect address of the emulated Konnect
 * @param speed virtual seconds in a real one, as the emulator has it
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

/** What the tools of a bench have left. */
export function readToolState({ state }: Pick<ToolBench, 'state'>): ToolState {
  return JSON.parse(readFileSync(state, 'utf8')) as ToolState;
}

export interface ExecutableOptions {
  readonly tool: string;
  readonly konnect: string;
  readonly speed: number;
  readonly directory: string;
}

/** One call of an executable: reads the state, answers, and writes the state back. */
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
    // what others changed meanwhile stays: only what this call changed is written
    const before = JSON.parse(JSON.stringify(readToolState({ state: path }))) as ToolState;
    writeFileSync(`${path}.new`, JSON.stringify(merge(before, state, tool)));
    renameSync(`${path}.new`, path);
  });
  return answer;
}

/** Terraform changes stacks and shares, the AWS CLI what AWS has, gh what GitHub has. */
function merge(current: ToolState, mine: ToolState, tool: string): ToolState {
  switch (tool) {
    case 'terraform':
    case 'tofu':
      return {
        ...current,
        stacks: mine.stacks,
        aws: { ...current.aws, sharePrincipals: mine.aws.sharePrincipals },
        platformSince: mine.platformSince,
      };
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

async function exclusively(path: string, work: () => void): Promise<void> {
  const lock = `${path}.lock`;
  for (let attempt = 0; ; attempt += 1) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (attempt > 500 || !existsSync(lock)) throw error;
      await new Promise((done) => setTimeout(done, 10));
    }
  }
  try {
    work();
  } finally {
    rmdirSync(lock);
  }
}

async function attachments(konnect: string): Promise<readonly Attachment[]> {
  const response = await fetch(`${konnect}/_emulator/attachments`);
  return (await response.json()) as Attachment[];
}
