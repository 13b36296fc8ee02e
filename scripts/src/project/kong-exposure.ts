import { EXPOSURE_OUTPUTS } from '@org/ollama-eks/pure';
import { UsageError } from '../program/errors';
import type { Project, Stack } from './project';

/** The way in from Kong that a stack makes. */
export interface KongExposure {
  readonly stack: Stack;
  /** Before each of the exposure's outputs. */
  readonly prefix: string;
  /** IPv4 range that the Kong network is to have. */
  readonly kongCidr: string;
  readonly adminRoutes: boolean;
}

/** The way in from Kong; undefined where the project makes none. Throws UsageError where it makes several. */
export function findKongExposure({ stacks }: Project): KongExposure | undefined {
  const name = EXPOSURE_OUTPUTS.ramShareArn;
  const found = stacks.flatMap((stack) =>
    Object.keys(stack.outputs)
      .filter((output) => output.endsWith(name))
      .map((output) => ({ stack, prefix: output.slice(0, -name.length) })),
  );
  if (found.length > 1) {
    const outputs = found.map(({ stack, prefix }) => `${stack.name}.${prefix}${name}`);
    throw new UsageError(`the project makes several ways in from Kong (${outputs.join(', ')})`, {
      remedy: 'keep one a project',
    });
  }
  const [only] = found;
  if (only === undefined) return undefined;
  const { stack, prefix } = only;
  const kongCidr = stack.outputs[`${prefix}${EXPOSURE_OUTPUTS.kongCidr}`];
  if (typeof kongCidr !== 'string')
    throw new UsageError(`stack ${stack.name} does not tell the range of the Kong network`, {
      remedy: 'synthesize again',
    });
  const adminRoutes = `${prefix}${EXPOSURE_OUTPUTS.gatewayAdminHostname}` in stack.outputs;
  return { stack, prefix, kongCidr, adminRoutes };
}

/** IPv4 ranges of the project's own networks, as far as synth knows them: the Kong network may overlap none. */
export function ownCidrs({ stacks }: Project): readonly string[] {
  const cidrs = stacks.flatMap(({ outputs, resources }) => [
    ...Object.entries(outputs).flatMap(([name, value]) => (name.endsWith(EXPOSURE_OUTPUTS.vpcCidr) ? [value] : [])),
    ...Object.values(resources['aws_vpc'] ?? {}).map(({ cidr_block: cidr }) => cidr),
  ]);
  return [...new Set(cidrs.filter((cidr): cidr is string => typeof cidr === 'string' && !cidr.includes('${')))];
}
