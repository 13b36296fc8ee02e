import { resolve } from 'node:path';
import { aws } from './aws';
import { deck } from './deck';
import { gh } from './gh';
import { git } from './git';
import { kubectl } from './kubectl';
import { synthProject } from './project';
import { answer, failure, type ToolAnswer, type ToolCall, type ToolState } from './state';
import { terraform } from './terraform';

/** An attachment as Kong sees it. */
export interface Attachment {
  readonly id: string;
  readonly state: string;
  readonly transitGatewayId: string;
}

/** Connections between the tools, and to Kong. */
export interface ToolSurroundings {
  readonly state: ToolState;
  readonly now: () => number;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly fetch: typeof globalThis.fetch;
  /** Kong's attachments to transit gateways, by AWS's id. */
  readonly attachments: () => Promise<readonly Attachment[]>;
  readonly accept: (id: string) => Promise<void>;
}

/** Durations of Terraform in seconds: about those of EKS. */
export const TERRAFORM_SECONDS: Readonly<Record<string, number>> = {
  'apply infra': 18 * 60,
  'apply platform': 6 * 60,
  'destroy infra': 12 * 60,
  'destroy platform': 8 * 60,
};

/** Answers as the tool does. */
export async function runTool(
  world: ToolSurroundings,
  call: ToolCall,
  seconds = TERRAFORM_SECONDS,
): Promise<ToolAnswer> {
  switch (call.tool) {
    case 'terraform':
    case 'tofu':
      return terraform({ ...world, takes: (stack, verb) => world.sleep(seconds[`${verb} ${stack}`] ?? 1) }, call);
    case 'aws':
      return aws(world, call);
    case 'kubectl':
      return kubectl(world.state, world.now(), call);
    case 'git':
      return git(world.state, call);
    case 'gh':
      return gh(world.state, call);
    case 'deck':
      return deck(call, world);
    case 'sh':
      return synth(call);
    default:
      return failure(`${call.tool}: command not found`, 127);
  }
}

/** Returns whether a call is meant to change anything. */
export function isWrite({ tool, args }: Pick<ToolCall, 'tool' | 'args'>): boolean {
  const words = args.filter((word) => !word.startsWith('-')).slice(0, 2);
  if (tool === 'terraform' || tool === 'tofu') return args.includes('apply') || args.includes('destroy');
  if (tool === 'aws') return words.length === 2 && !/^(describe|get|list|update-kubeconfig)/.test(words[1] ?? '');
  if (tool === 'deck') return words[1] === 'sync';
  return tool === 'gh' && ['set', 'run'].includes(words[1] ?? '');
}

function synth({ args, env, cwd = '.' }: ToolCall): ToolAnswer {
  const app = args[1] ?? '';
  if (!app.startsWith('synth')) return failure(`sh: ${app}: not found`, 127);
  synthProject(
    resolve(cwd, env['CDKTF_OUTDIR'] ?? 'cdktf.out'),
    env['CDKTF_CONTEXT_JSON'] ?? '{}',
    !app.includes('--no-kong'),
  );
  return answer('');
}
