import { fail, ok, skip, warn, type Check, type Outcome } from '../checks/findings';
import type { Context } from '../program/context';
import type { Tool } from '../program/process';
import { ToolError } from '../program/tool-error';

/** Why a check was skipped that is about Kong. */
export const NO_KONG = 'the project has no ingress from Kong';

/** A program that commands run. */
interface ToolRule {
  readonly args: readonly string[];
  /** Finds the version in its output. */
  readonly version: RegExp;
  /** Oldest version that every release is tested with, or that has a feature that is used. */
  readonly minimum: string;
  readonly usedFor: string;
  /** Set if most commands work without it. */
  readonly optional?: true;
}

const TOOLS: Readonly<Partial<Record<Tool, ToolRule>>> = {
  // check blocks: https://developer.hashicorp.com/terraform/language/checks
  terraform: {
    args: ['version', '-json'],
    version: /"terraform_version":\s*"([\d.]+)/,
    minimum: '1.5.0',
    usedFor: 'deploy, destroy',
  },
  tofu: {
    args: ['version', '-json'],
    version: /"terraform_version":\s*"([\d.]+)/,
    minimum: '1.6.0',
    usedFor: 'deploy, destroy',
  },
  // update-kubeconfig of version 1 does not support current clusters
  aws: { args: ['--version'], version: /aws-cli\/([\d.]+)/, minimum: '2.0.0', usedFor: 'everything in AWS' },
  kubectl: {
    args: ['version', '--client', '--output', 'json'],
    version: /"gitVersion":\s*"v([\d.]+)/,
    minimum: '1.30.0',
    usedFor: 'everything in the cluster',
  },
  deck: { args: ['version'], version: /v([\d.]+)/, minimum: '1.40.0', usedFor: "Kong's configuration" },
  gh: {
    args: ['--version'],
    version: /gh version ([\d.]+)/,
    minimum: '2.40.0',
    usedFor: 'github setup',
    optional: true,
  },
};

/**
 * Returns a check for each program that is needed.
 * @param kong whether the project has ingress from Kong, or may have
 */
export function toolChecks(context: Context, kong: boolean): Check[] {
  const terraform = context.settings.require('terraformBinary') as 'terraform' | 'tofu';
  const wanted: Tool[] = [terraform, 'aws', 'kubectl', 'deck', 'gh'];
  return wanted.flatMap((tool) => {
    const rule = TOOLS[tool];
    if (rule === undefined) return [];
    const run = () => checkTool(context, tool, rule);
    const check = { id: `tool-${tool}`, title: `${tool} is installed`, run };
    return [tool === 'deck' && !kong ? skip(NO_KONG)(check) : check];
  });
}

async function checkTool(context: Context, tool: Tool, rule: ToolRule): Promise<Outcome> {
  const { args, version: pattern, minimum, usedFor, optional } = rule;
  try {
    const { stdout, stderr } = await context.runner.run(tool, args);
    const version = pattern.exec(stdout + stderr)?.[1];
    if (version === undefined) return warn(`${tool} does not print its version`, `use version ${minimum} or later`);
    if (compareVersions(version, minimum) < 0) return warn(`${tool} ${version}`, `update it to ${minimum} or later`);
    return ok(`${tool} ${version}`);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return (optional === true ? warn : fail)(`${error.problem}; needed for ${usedFor}`, error.remedy);
  }
}

/** Compares two versions. Returns a negative number if the first is older. */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [left, right].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
