import { ValidationError } from './errors';
import { type Construct, type ITerraformDependable, TerraformOutput, TerraformStack } from './framework';

/** An output of a stack. */
export interface StackOutput {
  readonly value: unknown;
  readonly description: string;
  /** What must exist before others read the value. @default - only what the value refers to */
  readonly dependsOn?: ITerraformDependable[];
}

/** Returns whether the enclosing stack has an output with that name. */
export function hasStackOutput(scope: Construct, name: string): boolean {
  return TerraformOutput.isTerraformOutput(TerraformStack.of(scope).node.tryFindChild(name));
}

/** Valid start of a Terraform identifier. @see https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers */
const PREFIX = /^([A-Za-z_][A-Za-z0-9_-]*)?$/;

/**
 * Adds an output to the enclosing stack. Its fixed name begins with the construct's `outputPrefix`.
 * @throws ValidationError if the stack has an output with that name, or if no Terraform identifier can begin with the prefix
 */
export function addStackOutput(scope: Construct, prefix: string, name: string, output: StackOutput): void {
  checkPrefix(prefix, scope);
  const stack = TerraformStack.of(scope);
  const id = `${prefix}${name}`;
  if (hasStackOutput(scope, id)) {
    throw new ValidationError(
      {
        property: 'outputPrefix',
        value: prefix,
        problem: `would add the output ${id}, which already exists in the stack`,
        allowed: 'a different prefix for each construct of the stack that has outputs',
        remedy: 'set outputPrefix, or outputs: false',
      },
      scope,
    );
  }
  // Terraform allows a variable and an output with the same name; CDKTF's tree allows one child.
  const isTaken = stack.node.tryFindChild(id) !== undefined;
  new TerraformOutput(stack, isTaken ? `output-${id}` : id, { ...output }).overrideLogicalId(id);
}

function checkPrefix(prefix: string, scope: Construct): void {
  if (PREFIX.test(prefix)) return;
  throw new ValidationError(
    {
      property: 'outputPrefix',
      value: prefix,
      problem: 'is not a valid start of an output name',
      allowed: 'letters, digits, _ and -, not beginning with a digit or -, known at synth',
      remedy: 'choose another prefix, such as blue_',
    },
    scope,
  );
}
