import { EXPOSURE_OUTPUTS } from '@org/ollama-eks/pure';
import { UsageError } from '../program/errors';
import type { Project, Stack } from './project';

/** Ingress from Kong that a stack creates. */
export interface KongExposure {
  readonly stack: Stack;
  /** Prefix of the exposure's outputs. */
  readonly prefix: string;
  /** IPv4 range of the Kong network. */
  readonly kongCidr: string;
  readonly adminRoutes: boolean;
}

/** Finds the ingress from Kong; undefined if the project has none. Throws UsageError if it has several. */
export function findKongExposure({ stacks }: Project): KongExposure | undefined {
  const name = EXPOSURE_OUTPUTS.ramShareArn;
  const found = stacks.flatMap((stack) =>
    Object.keys(stack.outputs)
      .filter((output) => output.endsWith(name))
      .map((output) => ({ stack, prefix: output.slice(0, -name.length) })),
  );
  if (found.length > 1) {
    const outputs = found.map(({ stack, prefix }) => `${stack.name}.${prefix}${name}`);
    throw new UsageError(`the project has several KongTransitExposures (${outputs.join(', ')})`, {
      remedy: 'keep one per project',
    });
  }
  const [only] = found;
  if (only === undefined) return undefined;
  const { stack, prefix } = only;
  const kongCidr = stack.outputs[`${prefix}${EXPOSURE_OUTPUTS.kongCidr}`];
  if (typeof kongCidr !== 'string')
    throw new UsageError(`stack ${stack.name} has no output with the range of the Kong network`, {
      remedy: 'synthesize again',
    });
  const adminRoutes = `${prefix}${EXPOSURE_OUTPUTS.gatewayAdminHostname}` in stack.outputs;
  return { stack, prefix, kongCidr, adminRoutes };
}

/** Whether a project has ingress, but none from Kong. */
export function isInternal(project: Project): boolean {
  const hasIngress = project.stacks.some(({ outputs }) =>
    Object.keys(outputs).some((output) => output.endsWith(EXPOSURE_OUTPUTS.gatewayHostname)),
  );
  return hasIngress && findKongExposure(project) === undefined;
}

/** Lists the IPv4 ranges of the project's networks that synth knows: the Kong network must not overlap them. */
export function ownCidrs({ stacks }: Project): readonly string[] {
  const cidrs = stacks.flatMap(({ outputs, resources }) => [
    ...Object.entries(outputs).flatMap(([name, value]) => (name.endsWith(EXPOSURE_OUTPUTS.vpcCidr) ? [value] : [])),
    ...Object.values(resources['aws_vpc'] ?? {}).map(({ cidr_block: cidr }) => cidr),
  ]);
  return [...new Set(cidrs.filter((cidr): cidr is string => typeof cidr === 'string' && !cidr.includes('${')))];
}
