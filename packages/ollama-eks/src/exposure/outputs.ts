import { ValidationError } from '../errors';
import { TerraformOutput, TerraformStack, type Construct } from '../framework';
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
  const stack = TerraformStack.of(scope);
  for (const [name, { value, description }] of Object.entries(outputs)) {
    const id = `${prefix}${name}`;
    const exists = stack.node.tryFindChild(id) !== undefined;
    if (value === undefined || (exists && name === EXPOSURE_OUTPUTS.vpcCidr)) continue;
    if (exists) throw taken(scope, prefix, id);
    new TerraformOutput(stack, id, { value, description, staticId: true });
  }
}

function taken(scope: Construct, prefix: string, id: string): ValidationError {
  const refusal = {
    property: 'outputPrefix',
    value: prefix,
    problem: `the stack has an output ${id} already`,
    allowed: 'a prefix of its own for each exposure of a stack',
    remedy: 'set outputPrefix, or outputs: false',
  };
  return new ValidationError(refusal, scope);
}
