import type { Construct } from '../framework';
import { addStackOutput, hasStackOutput } from '../stack-output';
import { EXPOSURE_OUTPUTS } from './output-names';

/** The value of an output, and what it says. */
export interface OutputDefinition {
  /** `undefined` for an output that there is not. */
  readonly value: string | undefined;
  readonly description: string;
}

/** Gives the stack outputs of fixed names, each with the prefix before it. */
export function addOutputs(
  scope: Construct,
  prefix: string,
  outputs: Readonly<Record<string, OutputDefinition>>,
): void {
  for (const [name, { value, description }] of Object.entries(outputs)) {
    const isThere = name === EXPOSURE_OUTPUTS.vpcCidr && hasStackOutput(scope, `${prefix}${name}`);
    if (value !== undefined && !isThere) addStackOutput(scope, prefix, name, { value, description });
  }
}
