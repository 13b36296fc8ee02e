import type { Construct } from '../framework';
import { addStackOutput, hasStackOutput } from '../stack-output';
import { EXPOSURE_OUTPUTS } from './output-names';

/** Value and description of an output. */
export interface OutputDefinition {
  /** `undefined` for an output that is left out. */
  readonly value: string | undefined;
  readonly description: string;
}

/** Adds outputs with fixed names to the stack, each with the prefix. */
export function addOutputs(
  scope: Construct,
  prefix: string,
  outputs: Readonly<Record<string, OutputDefinition>>,
): void {
  for (const [name, { value, description }] of Object.entries(outputs)) {
    const exists = name === EXPOSURE_OUTPUTS.vpcCidr && hasStackOutput(scope, `${prefix}${name}`);
    if (value !== undefined && !exists) addStackOutput(scope, prefix, name, { value, description });
  }
}
