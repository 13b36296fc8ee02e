import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';
import type { Context } from '../program/context';
import type { Tool } from '../program/process';
import { ToolError } from '../program/tool-error';

/** A program that commands run. */
interface ToolRule {
  readonly args: readonly string[];
  /** Finds the version in what it prints. */
  readonly version: RegExp;
  /** What is tried with every release of ours, or what a feature that we use came with. */
  readonly least: string;
  readonly usedFor: string;
  /** Whether most commands do without it. */
  readonly optional?: true;
}

const TOOLS: Readonly<Partial<Record<Tool, ToolRule>>> = {
  // check blocks: https://developer.hashicorp.com/terraform/language/checks
  terraform: {
    args: ['version', '-json'],
    version: /"terraform_version":\s*"([\d.]+)/,
    least: '1.5.0',
    usedFor: 'deploy, destroy',
  },
  tofu: {
    args: ['version', '-json'],
    version: /"terraform_version":\s*"([\d.]+)/,
    least: '1.6.0',
    usedFor: 'deploy, destroy',
  },
  // version 1 has no update-kubeconfig that fits current clusters
  aws: { args: ['--version'], version: /aws-cli\/([\d.]+)/, least: '2.0.0', usedFor: 'everything in AWS' },
  kubectl: {
    args: ['version', '--client', '--output', 'json'],
    version: /"gitVersion":\s*"v([\d.]+)/,
    least: '1.30.0',
    usedFor: 'everything in the cluster',
  },
  deck: { args: ['version'], version: /v([\d.]+)/, least: '1.40.0', usedFor: "Kong's configuration" },
  gh: { args: ['--version'], version: /gh version ([\d.]+)/, least: '2.40.0', usedFor: 'github setup', optional: true },
};

/** A check for each program that is needed. */
export function toolChecks(context: Context): Check[] {
  const terraform = context.settings.require('terraformBinary') as 'terraform' | 'tofu';
  const wanted: Tool[] = [terraform, 'aws', 'kubectl', 'deck', 'gh'];
  return wanted.flatMap((tool) => {
    const rule = TOOLS[tool];
    if (rule === undefined) return [];
    return [{ id: `tool-${tool}`, title: `${tool} is installed`, run: () => checkTool(context, tool, rule) }];
  });
}

async function checkTool(context: Context, tool: Tool, rule: ToolRule): Promise<Outcome> {
  const { args, version: pattern, least, usedFor, optional } = rule;
  try {
    const { stdout, stderr } = await context.runner.run(tool, args);
    const version = pattern.exec(stdout + stderr)?.[1];
    if (version === undefined) return warn(`${tool} does not tell its version`, `it should be ${least} or later`);
    if (compareVersions(version, least) < 0) return warn(`${tool} ${version}`, `update it to ${least} or later`);
    return ok(`${tool} ${version}`);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return (optional === true ? warn : fail)(`${error.problem}; it is for ${usedFor}`, error.remedy);
  }
}

/** Negative where the first is older. */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [left, right].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
