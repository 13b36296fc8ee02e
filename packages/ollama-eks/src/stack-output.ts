import { ValidationError } from './errors';
import { type Construct, type ITerraformDependable, TerraformOutput, TerraformStack } from './framework';

/** An output of a stack. */
export interface StackOutput {
  readonly value: unknown;
  readonly description: string;
  /** What must be there before others read the value. @default - nothing but what the value itself refers to */
  readonly dependsOn?: ITerraformDependable[];
}

/** Whether the stack around a construct has an output of that name. */
export function hasStackOutput(scope: Construct, name: string): boolean {
  return TerraformOutput.isTerraformOutput(TerraformStack.of(scope).node.tryFindChild(name));
}

/** Beginning of a name of Terraform's. @see https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers */
const PREFIX = /^([A-Za-z_][A-Za-z0-9_-]*)?$/;

/**
 * Gives the stack around a construct an output of a fixed name, which begins with that construct's `outputPrefix`.
 * @throws ValidationError where the stack has an output of that name, or Terraform takes no name with that beginning
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
        problem: `the stack has an output ${id} already`,
        allowed: 'a prefix of its own for each construct of a stack that has outputs',
        remedy: 'set outputPrefix, or outputs: false',
      },
      scope,
    );
  }
  // Terraform has a variable and an output of one name; CDKTF's tree has one child of it
  const isTaken = stack.node.tryFindChild(id) !== undefined;
  new TerraformOutput(stack, isTaken ? `output-${id}` : id, { ...output }).overrideLogicalId(id);
}

function checkPrefix(prefix: string, scope: Construct): void {
  if (PREFIX.test(prefix)) return;
  throw new ValidationError(
    {
      property: 'outputPrefix',
      value: prefix,
      problem: 'can’t begin the name of an output',
      allowed: 'letters, digits, _ and -, not beginning with a digit or -, known at synth',
      remedy: 'choose another one, such as blue_',
    },
    scope,
  );
}
